package conns

import (
	"net"
	"sync/atomic"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/crash"
)

// Guarded makes errors of panics in closing a connection of a foreign dialer. A timer, the end of a context or a
// goroutine of net/http may close it, and none of these recovers.
type Guarded struct {
	net.Conn

	// Report is called with what is recovered.
	Report func(error)
}

// Close implements net.Conn.
func (c *Guarded) Close() (err error) {
	defer c.recovered(&err)
	return c.Conn.Close()
}

// SetDeadline implements net.Conn.
func (c *Guarded) SetDeadline(t time.Time) (err error) {
	defer c.recovered(&err)
	return c.Conn.SetDeadline(t)
}

// SetReadDeadline implements net.Conn.
func (c *Guarded) SetReadDeadline(t time.Time) (err error) {
	defer c.recovered(&err)
	return c.Conn.SetReadDeadline(t)
}

// SetWriteDeadline implements net.Conn. Closing a TLS connection calls it.
func (c *Guarded) SetWriteDeadline(t time.Time) (err error) {
	defer c.recovered(&err)
	return c.Conn.SetWriteDeadline(t)
}

// NetConn is the connection below, as that of tls.Conn.
func (c *Guarded) NetConn() net.Conn { return c.Conn }

// recovered must be deferred itself.
func (c *Guarded) recovered(err *error) {
	if p := recover(); p != nil {
		*err = crash.Of(p)
		c.Report(*err)
	}
}

// Owned is a connection over TCP that is lent.
type Owned struct {
	Guarded

	owner atomic.Pointer[Conns] // nil: it is not counted
}

func (c *Owned) lentBy(owner *Conns) { c.owner.Store(owner) }

// Close implements net.Conn.
func (c *Owned) Close() error {
	if owner := c.owner.Swap(nil); owner != nil {
		owner.Forget(c)
	}
	return c.Guarded.Close()
}

// Read implements net.Conn. A panic must not end the goroutine of net/http.
func (c *Owned) Read(p []byte) (n int, err error) {
	defer crash.To(&err)
	return c.Conn.Read(p)
}

// Write implements net.Conn, as Read does.
func (c *Owned) Write(p []byte) (n int, err error) {
	defer crash.To(&err)
	return c.Conn.Write(p)
}
