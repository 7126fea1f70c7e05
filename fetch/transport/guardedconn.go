package transport

import (
	"net"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/crash"
)

// guardedConn makes errors of panics in ending a connection of somebody else's. What ends it may be a timer, the end of
// a context or a goroutine of net/http, where nobody would recover.
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

// SetWriteDeadline implements net.Conn. Closing a connection of TLS calls it.
func (c *guardedConn) SetWriteDeadline(t time.Time) (err error) {
	defer c.recovered(&err)
	return c.Conn.SetWriteDeadline(t)
}

// NetConn is the connection below, as that of tls.Conn.
func (c *guardedConn) NetConn() net.Conn { return c.Conn }

// recovered is to be deferred itself.
func (c *guardedConn) recovered(err *error) {
	if p := recover(); p != nil {
		*err = crash.Of(p)
		c.client.report(*err)
	}
}
