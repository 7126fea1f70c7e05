package http1

import (
	"net"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/crash"
)

const (
	// longRequest is the size in bytes from which a goroutine of its own writes the request, while the reply is awaited.
	// net/http always does so, because a server may answer and close, or fill the connection with its answer, before it
	// has read a long request. A shorter one fits into the buffers of the two kernels, even if the server does not read.
	longRequest = 16 << 10

	// uploadGrace is how long net/http waits, after the end of the reply, until the request is written in full.
	uploadGrace = 50 * time.Millisecond
)

// beforeFlush splits wire where net/http's Transport reports the request as written. That is before it flushes its
// write buffer, which is as large as the read buffer. Of a short request nothing has been sent by then.
func beforeFlush(wire []byte) (early, late []byte) {
	n := 0
	if len(wire) > bufferSize {
		n = (len(wire) - 1) / bufferSize * bufferSize
	}
	return wire[:n], wire[n:]
}

// send writes the request. If it is long, send only begins to.
func (c *Conn) send(wire []byte, r *Response) error {
	// A TLS connection is useless once a write has timed out, so its deadline must not be much too early.
	if len(wire) > longRequest {
		c.armExactly()
		c.startUpload(wire)
		return nil
	}
	if c.tls {
		c.armNearly()
	}
	early, late := beforeFlush(wire)
	n, err := c.write(early)
	if err == nil {
		r.Wrote = c.now()
		var m int
		m, err = c.write(late)
		n += m
	}
	r.Sent = n > 0
	if err == nil {
		return nil
	}
	// The server may have answered before it closed. net/http, which is reading already, has that answer, and does not
	// keep the connection.
	if !isTimeout(err) {
		if _, rerr := c.br.Peek(1); rerr == nil {
			c.sawEOF = true
			return nil
		}
	}
	return c.writeFailed(err, r)
}

// write writes all of p. It resumes if an earlier request's deadline ends a write.
func (c *Conn) write(p []byte) (n int, err error) {
	for n < len(p) {
		var m int
		m, err = c.nc.Write(p[n:])
		n += m
		if err != nil && (c.tls || !c.rearm(err)) {
			return n, err
		}
	}
	return n, nil
}

// writeFailed reports a failed write as net/http does: unchanged if no byte was written.
func (c *Conn) writeFailed(err error, r *Response) error {
	if r.Sent {
		return broken(err)
	}
	if !isTimeout(err) {
		c.failed = failedNothingWritten
	}
	return err
}

// An upload is a long request being written. The owner may read its fields once done is closed.
type upload struct {
	stamp chan time.Time
	done  chan struct{}
	n     int
	err   error
}

func (c *Conn) startUpload(wire []byte) {
	u := &upload{stamp: make(chan time.Time, 1), done: make(chan struct{})}
	c.upload = u
	go func() {
		if err := crash.Guard(func() { u.write(c.nc, wire) }); err != nil {
			u.err = err
		}
		failed := u.err != nil
		close(u.done) // first, so that a reader woken by the close below finds the reason
		if failed {
			// net/http closes the connection under its reader, too.
			_ = c.nc.Close()
		}
	}()
}

func (u *upload) write(nc net.Conn, wire []byte) {
	early, late := beforeFlush(wire)
	u.n, u.err = nc.Write(early)
	if u.err == nil {
		u.stamp <- time.Now()
		var m int
		m, u.err = nc.Write(late)
		u.n += m
	}
}

// stampUpload notes, when the reply begins, when the request had been written. Wrote stays zero if it is not.
func (c *Conn) stampUpload(r *Response) {
	if c.upload == nil {
		return
	}
	r.Sent = true
	select {
	case r.Wrote = <-c.upload.stamp:
	default:
	}
}

// abandonUpload ends an upload whose connection has failed to read. It returns the upload's own error if that broke the
// connection.
func (c *Conn) abandonUpload(r *Response) error {
	u := c.upload
	var werr error
	select {
	case <-u.done:
		werr = u.err
	default:
		_ = c.nc.Close()
		<-u.done
	}
	r.Sent = u.n > 0
	select {
	case r.Wrote = <-u.stamp:
	default:
	}
	return werr
}

// uploadDone waits for the upload, if there is one. It reports whether it succeeded.
func (c *Conn) uploadDone() bool {
	u := c.upload
	if u == nil {
		return true
	}
	timer := time.NewTimer(uploadGrace)
	defer timer.Stop()
	select {
	case <-u.done:
		if u.err != nil {
			return false
		}
		c.upload = nil
		return true
	case <-timer.C:
		return false
	}
}
