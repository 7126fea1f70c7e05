package http1

import "time"

const (
	// probeTime is how long a probe that must read waits for what is pending to be read.
	probeTime = time.Millisecond

	// probeAfter is how long a connection must have been idle to be worth such a probe where the socket cannot be asked.
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

// Stale reports whether an idle connection must not be used again: the server has closed it or has sent what nobody
// asked for. net/http learns that from the read it keeps pending on every idle connection. A deadline is to be set
// before the connection is used: looking may have dropped the one there was.
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

// staleInside is as much of Stale as can be known without asking the socket: whether more than the reply has been read
// from it already.
func (c *Conn) staleInside() bool { return c.spent() || c.tls && c.probe(0) }

// spent is what is known of the connection without looking anywhere.
func (c *Conn) spent() bool { return c.Expired() || c.sawEOF || c.br.Buffered() > 0 }

// staleTLS looks below and into the TLS layer. Bytes on the socket need not be a reply: they may be session tickets,
// which a read takes in, or the notice that the server closes. And bytes may be in the layer, read along with the last
// record: a read whose time is up before it begins finds those without touching the socket.
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

// probe reads for no longer than wait. The connection is stale unless there was nothing to read in that time.
func (c *Conn) probe(wait time.Duration) (stale bool) {
	until := time.Unix(1, 0)
	if wait > 0 {
		until = time.Now().Add(wait)
	}
	ok := c.locked(func() {
		c.armed, c.deadline = until, until
		_ = c.nc.SetReadDeadline(until) // fails only on a closed connection, which the read will show
	})
	if !ok {
		return true
	}
	c.limit = maxHeadBytes
	if _, err := c.br.Peek(1); !isTimeout(err) {
		return true
	}
	// What is armed now is a deadline that has passed like any other: what comes next arms its own.
	c.deadline = time.Time{}
	return c.Expired()
}
