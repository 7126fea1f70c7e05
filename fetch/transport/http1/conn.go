package http1

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"math"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

const (
	// bufferSize is that of net/http's Transport. It matters not only for speed: net/http refuses chunk size lines and
	// trailers that exceed its buffer.
	bufferSize = 4 << 10

	// maxHeadBytes is the Transport's default for MaxResponseHeaderBytes, which k6 does not change. As there, it bounds
	// all bytes until the final head is complete: 1xx heads and bytes read ahead count as well.
	maxHeadBytes = 10 << 20
)

// A Conn is a connection to a server, used for one request at a time. Only the goroutine that uses it may call its
// methods, except for [Conn.Expire] and [Conn.Expired]. It has many fields because it is all of a connection: the
// socket, the request under way, its deadline, and what is known of it while it is idle.
type Conn struct {
	nc  net.Conn
	br  *bufio.Reader
	tls bool
	raw syscall.RawConn // the socket below, nil if not accessible

	limit  int64 // how many bytes may still be read
	sawEOF bool  // the server has closed its side
	late   error // the timeout that ended the reading of a head
	used   int   // round trips begun
	resp   *Response
	failed failure
	upload *upload // a long request that is written while the reply is read

	deadline time.Time // asked for by the owner
	armed    time.Time // the deadline of the connection itself, never later than deadline unless that is zero
	mu       sync.Mutex
	expired  atomic.Bool

	born time.Time
	peek peeker
	idle idleState
}

// failure is how a round trip failed, as far as retrying depends on it.
type failure uint8

const (
	failedOtherwise failure = iota
	failedNothingWritten
	failedFirstRead
)

// NewConn wraps a connection whose handshake, if any, is done. A wrapper around a socket, such as one that counts
// bytes, should have NetConn() net.Conn like [tls.Conn], so that [Conn.Stale] can look at the socket.
func NewConn(nc net.Conn) *Conn {
	c := &Conn{nc: nc, limit: maxHeadBytes, born: time.Now()}
	c.br = bufio.NewReaderSize((*source)(c), bufferSize)
	for below := nc; below != nil; {
		if _, ok := below.(*tls.Conn); ok {
			c.tls = true
		}
		if socket, ok := below.(syscall.Conn); ok {
			c.raw, _ = socket.SyscallConn()
			break
		}
		wrapper, ok := below.(interface{ NetConn() net.Conn })
		if !ok {
			break
		}
		below = wrapper.NetConn()
	}
	return c
}

// now is the monotonic time, for differences. Reading the wall clock as well takes twice as long.
func (c *Conn) now() time.Time { return c.born.Add(time.Since(c.born)) }

// NetConn is the connection that NewConn was given.
func (c *Conn) NetConn() net.Conn { return c.nc }

// Close closes the connection, and waits for the goroutine that may still write to it.
func (c *Conn) Close() error {
	err := c.nc.Close()
	if c.upload != nil {
		<-c.upload.done
	}
	return err
}

// RoundTrip sends a request, given as its bytes and its method, and reads the head of the final reply into r, which it
// overwrites. Read the body to its end before the next round trip. After an error, close the connection. The bytes must
// not change until the connection is [Conn.Reusable] or closed.
//
// Errors are those of net/http's Transport. An error in reading the first byte is returned unchanged: io.EOF if the
// server closed. A later error says that the connection is broken.
func (c *Conn) RoundTrip(wire []byte, method string, r *Response) error {
	r.reset(c, method)
	c.resp, c.failed, c.late, c.limit = r, failedOtherwise, nil, maxHeadBytes
	c.used++
	if err := c.send(wire, r); err != nil {
		return err
	}
	if _, err := c.br.Peek(1); err != nil {
		return c.readFailed(err, r)
	}
	// Like net/http, this is the first byte of any reply, even an interim one.
	r.FirstByte, r.Received = c.now(), true
	c.stampUpload(r)
	if err := c.readHead(r); err != nil {
		// net/http returns this error, whatever the cause, when the limit is used up.
		if c.limit <= 0 {
			err = fmt.Errorf("net/http: server response headers exceeded %d bytes; aborted", maxHeadBytes)
		}
		if c.late != nil {
			err = c.late // what was read until then may not even look like a head
		}
		return broken(err)
	}
	c.limit = math.MaxInt64
	return nil
}

// broken is the error of net/http for a connection that fails in the middle of a request or a reply.
func broken(err error) error {
	return fmt.Errorf("net/http: HTTP/1.x transport connection broken: %w", err)
}

// readFailed handles a connection that fails before the first byte of the reply. net/http does not wrap that error, and
// may retry.
func (c *Conn) readFailed(err error, r *Response) error {
	if c.upload != nil {
		if werr := c.abandonUpload(r); werr != nil {
			return c.writeFailed(werr, r)
		}
	}
	switch {
	case isTimeout(err):
	case r.Sent:
		c.failed = failedFirstRead
	default:
		c.failed = failedNothingWritten
	}
	return err
}

// ShouldRetry reports whether net/http would send the request again on another connection after the last round trip
// failed. It does so only if this connection had served a request before, so that the server may have closed it while
// idle, and no byte of a reply was read. The request must also be replayable (GET, HEAD, OPTIONS, TRACE or one with an
// idempotency key), unless no byte of it was written.
func (c *Conn) ShouldRetry(replayable bool) bool {
	switch {
	case c.used < 2 || c.Expired():
		return false
	case c.failed == failedNothingWritten:
		return true
	default:
		return replayable && c.failed == failedFirstRead
	}
}

// Reusable reports whether the connection can carry another request. As in net/http it cannot: if the body was not read
// to its end, if the reply or HTTP/1.0 asks to close, if the reply was a 1xx, if the server closed its side or sent
// more than its reply, or if the request was not written in full within 50 ms of the end of the reply.
func (c *Conn) Reusable() bool {
	r := c.resp
	return r != nil && isEOF(r.body.err) && !r.Close && r.Status > 199 &&
		!c.sawEOF && c.br.Buffered() == 0 && c.uploadDone() && !c.Expired()
}

// source is the Conn as the input of its buffer. It counts bytes towards the limit and notices the end.
type source Conn

func (s *source) Read(p []byte) (int, error) {
	c := (*Conn)(s)
	if c.limit <= 0 {
		return 0, fmt.Errorf("read limit of %d bytes exhausted", maxHeadBytes)
	}
	if int64(len(p)) > c.limit {
		p = p[:c.limit]
	}
	for {
		n, err := c.nc.Read(p)
		c.limit -= int64(n)
		switch {
		case err == nil:
		case isEOF(err):
			c.sawEOF = true
		case n == 0 && c.rearm(err):
			continue
		case isTimeout(err):
			c.late = err
		}
		return n, err
	}
}
