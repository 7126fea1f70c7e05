package transport

import (
	"net"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/crash"
)

// guardedConn makes errors of panics in closing a connection of a foreign dialer. A timer, the end of a context or a
// goroutine of net/http may close it, and none of these recovers.
type guardedConn struct {
	net.Conn

	client *Client
}

// Close implements net.Conn.
func (c *guardedConn) Close() (err error) {
	defer c.recovered(&err)
	return c.Conn.Close()
}

// SetDeadline implements net.Conn.
func (c *guardedConn) SetDeadline(t time.Time) (err error) {
	defer c.recovered(&err)
	return c.Conn.SetDeadline(t)
}

// SetReadDeadline implements net.Conn.
func (c *guardedConn) SetReadDeadline(t time.Time) (err error) {
	defer c.recovered(&err)
	return c.Conn.SetReadDeadline(t)
}

// SetWriteDeadline implements net.Conn. Closing a TLS connection calls it.
func (c *guardedConn) SetWriteDeadline(t time.Time) (err error) {
	defer c.recovered(&err)
	return c.Conn.SetWriteDeadline(t)
}

// NetConn is the connection below, as that of tls.Conn.
func (c *guardedConn) NetConn() net.Conn { return c.Conn }

// recovered must be deferred itself.
func (c *guardedConn) recovered(err *error) {
	if p := recover(); p != nil {
		*err = crash.Of(p)
		c.client.report(*err)
	}
}
