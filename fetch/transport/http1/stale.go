package http1

import "time"

const (
	// probeTime is how long a probe waits for pending bytes.
	probeTime = time.Millisecond

	// probeAfter is how long a connection must have been idle before a probe is worth its time, if the socket cannot be
	// asked.
	probeAfter = time.Second
)

// socketState is what a look at the socket shows.
type socketState uint8

const (
	socketUnknown socketState = iota // it cannot be looked at
	socketQuiet
	socketPending // there are bytes to read
	socketClosed
)

// Stale reports whether an idle connection must not be used again, because the server has closed it or has sent
// unrequested bytes. net/http learns that from the read that it keeps pending on every idle connection. Set a deadline
// before using the connection, because Stale may have dropped it.
func (c *Conn) Stale() bool {
	if c.spent() {
		return true
	}
	if c.tls {
		return c.staleTLS()
	}
	switch c.lookAtSocket() {
	case socketQuiet:
		return false
	case socketUnknown:
		return c.idle.duration() >= probeAfter && c.probe(probeTime)
	default:
		return true
	}
}

// staleInside reports what Stale can know without asking the socket: whether more than the reply has been read already.
func (c *Conn) staleInside() bool { return c.spent() || c.tls && c.probe(0) }

// spent reports what is known of the connection without a system call.
func (c *Conn) spent() bool { return c.Expired() || c.sawEOF || c.br.Buffered() > 0 }

// staleTLS looks at the socket and into the TLS layer. Bytes on the socket need not be a reply: they may be session
// tickets, which a read consumes, or the notice that the server closes. The layer may hold bytes that were read with
// the last record. A read with an expired deadline finds those without touching the socket.
func (c *Conn) staleTLS() bool {
	switch c.lookAtSocket() {
	case socketQuiet:
		return c.probe(0)
	case socketPending:
		return c.probe(probeTime)
	case socketUnknown:
		return c.idle.duration() >= probeAfter && c.probe(probeTime)
	default:
		return true
	}
}

// probe reads for at most wait. The connection is stale unless nothing could be read in that time.
func (c *Conn) probe(wait time.Duration) (stale bool) {
	until := time.Unix(1, 0)
	if wait > 0 {
		until = time.Now().Add(wait)
	}
	ok := c.locked(func() {
		c.armed, c.deadline = until, until
		_ = c.nc.SetReadDeadline(until) // fails only on a closed connection, and the read will show that
	})
	if !ok {
		return true
	}
	c.limit = maxHeadBytes
	if _, err := c.br.Peek(1); !isTimeout(err) {
		return true
	}
	// The armed deadline has passed, like any other earlier one: the next operation arms its own.
	c.deadline = time.Time{}
	return c.Expired()
}
