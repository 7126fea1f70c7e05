package transport

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/http1"
)

// exchange sends the pending hop's request, and reads the head of the answer into the session's reply. Like net/http it
// repeats a request if an idle connection turns out to be closed and a repeat is safe. It does so once, over a new
// connection, because the other idle ones may be closed as well.
func (a *attempt) exchange(o origin, wire []byte, method string, replayable bool) error {
	t := a.hop.marks
	t.markOnce(&t.getConn)
	for idle := true; ; idle = false {
		conn, reused, err := a.client.acquire(a.ctx, o, a.deadline, idle, replayable, t)
		if err != nil {
			return err
		}
		a.hop.info = connInfo(conn)
		a.hold(a.ctx, conn)
		conn.SetDeadline(a.deadline)
		reply := &a.reply
		err = conn.RoundTrip(wire, method, reply)
		if reply.Sent {
			t.tries.Add(1)
		}
		t.markAt(&t.wroteRequest, reply.Wrote)
		t.markAt(&t.firstByte, reply.FirstByte)
		if err == nil {
			a.hop.status, a.hop.proto = reply.Status, reply.Proto
			return nil
		}
		_ = a.free().Close()
		if !reused || a.ctx.Err() != nil || !conn.ShouldRetry(replayable) {
			return err
		}
		a.client.conns.idle.Doubt(o.key)
		t.forgetConn()
	}
}

// acquire returns an idle connection if allowed, or makes one. It returns errHTTP2 for a host that speaks HTTP/2.
func (c *Client) acquire(
	ctx context.Context, o origin, deadline time.Time, idle, replayable bool, t *trace,
) (*http1.Conn, bool, error) {
	if idle {
		if conn := c.conns.idle.Get(o.key, replayable); conn != nil {
			t.gotDirect(true, o.secure)
			return conn, true, nil
		}
	}
	ctx, cancel := context.WithDeadline(ctx, deadline)
	defer cancel()
	nc, err := c.connect(ctx, o, t)
	if err != nil {
		if ctx.Err() != nil {
			err = context.Cause(ctx) // as in net/http, the end of the context is the better reason
		}
		return nil, false, err
	}
	conn := http1.NewConn(nc)
	t.gotDirect(false, o.secure)
	return conn, false, nil
}

// infoConn is a connection with what results say about it.
type infoConn struct {
	guardedConn

	info *ConnInfo
}

func connInfo(conn *http1.Conn) *ConnInfo {
	if c, ok := conn.NetConn().(*infoConn); ok {
		return c.info
	}
	return noConn
}

// connect makes a connection for HTTP/1.1. It returns errHTTP2 if the server chooses HTTP/2.
func (c *Client) connect(ctx context.Context, o origin, t *trace) (net.Conn, error) {
	dial := func() (net.Conn, error) { return c.dialer.DialContext(t.dialContext(ctx), "tcp", o.addr) }
	if !o.secure {
		nc, err := dial()
		if err != nil {
			return nil, err
		}
		return &infoConn{guardedConn{nc, c}, newConnInfo(nc.RemoteAddr(), nil)}, nil
	}
	return c.alpn.connect(ctx, o.key, func() (net.Conn, bool, error) {
		raw, err := dial()
		if err != nil {
			return nil, false, err
		}
		nc := &ownedConn{guardedConn: guardedConn{raw, c}}
		cfg := c.tlsConfig.Clone()
		if cfg.ServerName == "" {
			cfg.ServerName = o.host
		}
		secure := tls.Client(nc, cfg)
		t.markOnce(&t.tlsStart)
		if err := secure.HandshakeContext(ctx); err != nil {
			_ = nc.Close()
			return nil, false, err
		}
		t.markOnce(&t.tlsDone)
		state := secure.ConnectionState()
		if state.NegotiatedProtocol == "h2" {
			c.conns.lend(nc)
			c.conns.probed.put(o.addr, secure)
			return nil, true, nil
		}
		return &infoConn{guardedConn{secure, c}, newConnInfo(nc.RemoteAddr(), &state)}, false, nil
	})
}

// response converts the session's reply for net/http's client, if the reply is a redirect.
func (a *attempt) response(req *http.Request, o origin) *http.Response {
	reply := &a.reply
	resp := &http.Response{
		Status: reply.StatusText, StatusCode: reply.Status, Proto: reply.Proto, ProtoMajor: 1, ProtoMinor: 1,
		Header: reply.Header(), ContentLength: reply.ContentLength, Request: req,
		Body: &directBody{Reader: reply.Body(), close: func() { a.release(o) }},
	}
	return resp
}

// directBody is a body that releases the connection at its end.
type directBody struct {
	io.Reader

	close func()
}

func (b *directBody) Close() error {
	b.close()
	return nil
}

// maxDirectBody is the longest request body, in bytes, that is copied behind its head, to be sent with it.
const maxDirectBody = 64 << 10

// errNotDirect reports that a request needs net/http.
var errNotDirect = errors.New("not to be made directly")

// roundTripDirect makes a request of net/http's client directly. It returns errNotDirect or errHTTP2 if it cannot.
func (a *attempt) roundTripDirect(req *http.Request) (*http.Response, error) {
	o, ok := a.reach(req.URL)
	length := req.ContentLength
	if !ok || isSpecial(req.Header) || a.spec.Auth != AuthBasic || length < 0 || length > maxDirectBody {
		return nil, errNotDirect
	}
	wire, err := http1.AppendWire(a.wire.bytes[:0], req, a.client.transport.DisableKeepAlives)
	if err != nil {
		return nil, err
	}
	a.wire.bytes = wire
	if err := a.exchange(o, wire, req.Method, isReplayable(req.Method, req.Header)); err != nil {
		return nil, err
	}
	return a.response(req, o), nil
}

// isReplayable is net/http's rule for requests that may be repeated on another connection.
func isReplayable(method string, header http.Header) bool {
	switch method {
	case "", http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace:
		return true
	}
	_, plain := header["Idempotency-Key"]
	_, experimental := header["X-Idempotency-Key"]
	return plain || experimental
}
