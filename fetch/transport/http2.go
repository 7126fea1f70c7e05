package transport

import (
	"context"
	"errors"
	"net"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/alpn"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/conns"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/http2"
)

// exchangeHTTP2 sends the pending hop's request over a connection of HTTP/2, and waits for the answer in the session's
// stream.
func (a *attempt) exchangeHTTP2(o origin, m *message) error {
	req := http2.Request{
		Method: m.method, Fields: m.bytes, Body: m.body,
		Keeps: a.spec.ResponseType != ResponseNone || a.spec.MaxBodySize > 0 || a.isInspected(),
	}
	return a.exchangeShared(o, func(t *trace) (trip, error) {
		conn, dialed, err := a.client.sharedConn(a.ctx, o, a.deadline, t)
		if err != nil {
			return trip{}, err
		}
		a.hop.info = conns.InfoOf(conn.NetConn())
		err = a.stream.RoundTrip(conn, req, a.deadline)
		return trip{
			reply: &a.stream.Reply, dialed: dialed, hasServed: conn.HasServed,
			forget: func() { a.client.conns.HTTP2.Forget(o.key, conn) },
		}, err
	})
}

// sharedConn returns the connection of HTTP/2 to a server, and reports whether this request has made it. It returns
// alpn.ErrProtocol if the server speaks HTTP/2 no longer.
func (c *Client) sharedConn(ctx context.Context, o origin, deadline time.Time, t *trace) (*http2.Conn, bool, error) {
	// The connection that found out about HTTP/2 is this request's, if it was: then its marks are there.
	dialed := t.connectDone.Load() != 0
	if conn, ok := c.conns.HTTP2.Peek(o.key); ok {
		return conn, dialed, nil
	}
	ctx, cancel := context.WithDeadline(ctx, deadline)
	defer cancel()
	conn, err := c.conns.HTTP2.Get(ctx, o.key, func() (*http2.Conn, error) {
		dialed = true
		if !o.secure {
			return c.speakAtOnce(ctx, o, t)
		}
		nc, isHTTP2, err := c.handshake(ctx, o, t)
		if err != nil {
			return nil, err
		}
		if !isHTTP2 {
			_ = nc.Close()
			c.alpn.Unlearn(o.key)
			return nil, alpn.ErrProtocol
		}
		return c.speak(o, nc), nil
	})
	if err != nil && ctx.Err() != nil && !errors.Is(err, alpn.ErrProtocol) {
		err = context.Cause(ctx) // as in net/http, the end of the context is the better reason
	}
	return conn, dialed, err
}

// share keeps a connection that found out about HTTP/2 for all, unless there is one.
func (c *Client) share(o origin, nc net.Conn) {
	conn := c.speak(o, nc)
	if !c.conns.HTTP2.Put(o.key, conn) {
		conn.Close()
	}
}

// speak begins to speak HTTP/2 on a connection.
func (c *Client) speak(o origin, nc net.Conn) *http2.Conn {
	return http2.NewConn(nc, func(conn *http2.Conn) { c.conns.HTTP2.Forget(o.key, conn) })
}

// speakAtOnce connects to a server without TLS that is known to speak HTTP/2. The connection is counted then.
func (c *Client) speakAtOnce(ctx context.Context, o origin, t *trace) (*http2.Conn, error) {
	c.conns.Reserve()
	defer c.conns.Unreserve()
	raw, err := c.dial(ctx, o, t)
	if err != nil {
		return nil, err
	}
	nc := &conns.Owned{Guarded: c.guarded(raw)}
	c.conns.Lend(nc)
	return c.speak(o, &conns.Described{Guarded: c.guarded(nc), Info: conns.NewInfo(nc.RemoteAddr(), nil)}), nil
}
