package transport

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"strconv"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/conns"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/failure"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/http3"
)

// DialUDPFunc makes a UDP socket that is connected to an address.
type DialUDPFunc func(ctx context.Context, addr string) (http3.Socket, error)

func dialUDP(ctx context.Context, addr string) (http3.Socket, error) {
	nc, err := new(net.Dialer).DialContext(ctx, "udp", addr)
	if err != nil {
		return http3.Socket{}, err
	}
	return http3.SocketOf(nc)
}

// maxSessions bounds the sessions of TLS that a client keeps for early data.
const maxSessions = 64

// exchangeHTTP3 sends the pending hop's request over a connection of HTTP/3, and waits for the head of the answer in
// the session's stream.
func (a *attempt) exchangeHTTP3(o origin, m *message) error {
	req := http3.Request{
		Method: m.method, Fields: m.bytes, Body: m.body, Repeatable: m.replayable,
		Early: a.spec.EarlyData && isSafe(m.method),
	}
	return a.exchangeShared(o, func(t *trace) (trip, error) {
		conn, dialed, way, err := a.quicConn(o, t)
		if err != nil {
			return trip{}, err
		}
		if way.alternative != "" {
			a.wire.alternative = overHTTP3.appendField(append(a.wire.alternative[:0], m.bytes...), altUsed, way.alternative)
			req.Fields = a.wire.alternative
		}
		err = a.quic.RoundTrip(conn.Conn, req, a.deadline)
		a.hop.info, a.hop.early = conn.Describe(), a.quic.Early
		return trip{
			reply: &a.quic.Reply, dialed: dialed, hasServed: conn.HasServed,
			forget: func() { a.client.conns.HTTP3.Forget(way.key, conn) },
		}, err
	})
}

// quicWay is where a connection of HTTP/3 goes.
type quicWay struct {
	key         string // in the pool
	alternative string // the authority of the alternative, empty if it is the origin itself
}

// quicConn returns the connection to send a request over, and reports whether this request has made it.
func (a *attempt) quicConn(o origin, t *trace) (conn *conns.QUIC, dialed bool, way quicWay, err error) {
	if o.version != Version3 {
		return a.alternative(o, t)
	}
	conn, dialed, err = a.client.quic(a.ctx, o, a.deadline, a.spec.EarlyData, t)
	return conn, dialed, quicWay{key: o.key}, err
}

// isSafe reports whether a method only asks for something (RFC 9110, section 9.2.1), so that it may be early data,
// which somebody could send again (RFC 8470, section 2).
func isSafe(method string) bool { return isReplayable(method, nil) }

// quic returns the connection of HTTP/3 to a server, and reports whether this request has made it.
func (c *Client) quic(
	ctx context.Context, o origin, deadline time.Time, early bool, t *trace,
) (*conns.QUIC, bool, error) {
	if conn, ok := c.conns.HTTP3.Peek(o.key); ok {
		return conn, false, nil
	}
	ctx, cancel := context.WithDeadline(ctx, deadline)
	defer cancel()
	dialed := false
	conn, err := c.conns.HTTP3.Get(ctx, o.key, func() (*conns.QUIC, error) {
		dialed = true
		return c.dialQUIC(ctx, o, o.addr, o.key, early, t)
	})
	if err != nil && ctx.Err() != nil {
		err = context.Cause(ctx) // as in net/http, the end of the context is the better reason
	}
	return conn, dialed, err
}

// dialQUIC makes a connection of HTTP/3 to an origin at an address, for a key in the pool. The connection is counted
// then.
func (c *Client) dialQUIC(
	ctx context.Context, o origin, addr, key string, early bool, t *trace,
) (*conns.QUIC, error) {
	cfg, err := c.tlsForQUIC(o.host, early)
	if err != nil {
		return nil, err
	}
	c.conns.Reserve()
	defer c.conns.Unreserve()
	socket, err := c.connectUDP(ctx, addr, t)
	if err != nil {
		return nil, err
	}
	qc, shaken, err := http3.Dial(ctx, socket, cfg, early)
	t.connectStart.Store(t.at(shaken.Began))
	if err != nil {
		return nil, noHTTP3(err)
	}
	t.connectDone.Store(t.at(shaken.Ended))
	t.tlsStart.Store(t.at(shaken.TLS))
	t.tlsDone.Store(t.at(shaken.Ended))
	conn := &conns.QUIC{}
	forget := func() { c.conns.HTTP3.Forget(key, conn) }
	conn.Conn = http3.NewConn(qc, shaken.Heard, forget) //nolint:contextcheck // it has its own
	c.conns.Lend(conn)
	return conn, nil
}

// connectUDP looks an address up and makes a socket for it.
func (c *Client) connectUDP(ctx context.Context, addr string, t *trace) (http3.Socket, error) {
	ctx = t.dialContext(ctx)
	if c.dialer.resolve != nil {
		ip, port, err := c.dialer.lookUp(ctx, addr)
		if err != nil {
			return http3.Socket{}, err
		}
		addr = net.JoinHostPort(ip.String(), strconv.Itoa(port))
	}
	ctx, over := dialing(ctx)
	defer over()
	socket, err := c.dialUDP(ctx, addr)
	var looked *net.DNSError
	if err != nil && !errors.As(err, &looked) {
		return socket, &http3.SocketError{Err: err}
	}
	return socket, err
}

// tlsForQUIC returns the TLS configuration for HTTP/3.
func (c *Client) tlsForQUIC(host string, early bool) (*tls.Config, error) {
	cfg := c.tlsFor(VersionAny, host)
	if cfg.MaxVersion != 0 && cfg.MaxVersion < tls.VersionTLS13 {
		return nil, failure.NoHTTP3("without TLS 1.3, which the versions of TLS leave out")
	}
	cfg.NextProtos, cfg.MinVersion = []string{http3.NextProto}, tls.VersionTLS13
	if early {
		cfg.ClientSessionCache = c.sessions
	}
	return cfg, nil
}

// noHTTP3 replaces errors that mean that a server speaks something else over QUIC.
func noHTTP3(err error) error {
	if alert, ok := failure.As[http3.AlertError](err); ok && alert.NoProtocol() {
		return failure.ErrNoHTTP3
	}
	return err
}
