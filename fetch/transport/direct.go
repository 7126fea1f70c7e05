package transport

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/alpn"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/conns"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/http1"
)

// message is an encoded request: of the attempt's plan, or of net/http's client.
type message struct {
	req        *http.Request // nil: it is the plan's
	method     string
	replayable bool
	// bytes are those of HTTP/1.1, with the body, or the field block of the other protocols, whose body is apart.
	bytes []byte
	over  protocol
	body  []byte
}

// maxProtocols is how often a request finds that the server speaks another protocol than before.
const maxProtocols = 3

// exchange sends the pending hop's request, and reads the answer's head. If the server turns out to speak another
// protocol than the message is for, it is encoded for that.
func (a *attempt) exchange(o origin, m *message) error {
	if o.altSvc && m.over != overHTTP3 {
		if why := a.client.alts.known.Broken(o.key, time.Now()); why != nil {
			a.fallBack(why)
		}
	}
	for turn := 0; ; turn++ {
		a.hop.over = m.over
		var err error
		switch m.over {
		case overHTTP2:
			err = a.exchangeHTTP2(o, m)
		case overHTTP3:
			err = a.exchangeHTTP3(o, m)
		default:
			err = a.exchangeHTTP1(o, m)
		}
		if err == nil && o.altSvc {
			a.learn(o)
		}
		if !errors.Is(err, alpn.ErrProtocol) || turn == maxProtocols {
			return err
		}
		m.over = a.client.instead(m.over, o)
		if err := a.encodeMessage(m); err != nil {
			return err
		}
	}
}

// encodeMessage encodes a message for the protocol that it is to be sent with.
func (a *attempt) encodeMessage(m *message) (err error) {
	req := m.req
	if req == nil {
		m.bytes, err = a.encode(a.near.shape, a.planned.url, m.over)
		m.bytes = a.stamped(m.bytes, m.over)
		return err
	}
	if m.over == overHTTP1 && req.ContentLength > maxDirectBody {
		return errNotDirect
	}
	if req.GetBody != nil { // encoding for HTTP/1.1 reads it
		if req.Body, err = req.GetBody(); err != nil {
			return err
		}
	}
	m.bytes, err = a.encodeRequest(req, m.over)
	return err
}

// exchangeHTTP1 reads the head of the answer into the session's reply. Like net/http it repeats a request if an idle
// connection turns out to be closed and a repeat is safe. It does so once, over a new connection, because the other
// idle ones may be closed as well.
func (a *attempt) exchangeHTTP1(o origin, m *message) error {
	t := a.hop.marks
	t.markOnce(&t.getConn)
	for idle := true; ; idle = false {
		conn, reused, err := a.client.acquire(a.ctx, o, a.deadline, idle, m.replayable, t)
		if err != nil {
			return err
		}
		a.hop.info = conns.InfoOf(conn.NetConn())
		a.hold(a.ctx, conn)
		conn.SetDeadline(a.deadline)
		reply := &a.reply
		err = conn.RoundTrip(m.bytes, m.method, reply)
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
		if !reused || a.ctx.Err() != nil || !conn.ShouldRetry(m.replayable) {
			return err
		}
		a.client.conns.Idle.Doubt(o.key)
		t.forgetConn()
	}
}

// acquire returns an idle connection if allowed, or makes one. It returns alpn.ErrProtocol for a host that speaks
// HTTP/2.
func (c *Client) acquire(
	ctx context.Context, o origin, deadline time.Time, idle, replayable bool, t *trace,
) (*http1.Conn, bool, error) {
	if idle {
		if conn := c.conns.Idle.Get(o.key, replayable); conn != nil {
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

// connect makes a connection for HTTP/1.1. If the server chooses HTTP/2, it keeps the connection for that, and returns
// alpn.ErrProtocol.
func (c *Client) connect(ctx context.Context, o origin, t *trace) (net.Conn, error) {
	if !o.secure {
		nc, err := c.dial(ctx, o, t)
		if err != nil {
			return nil, err
		}
		return &conns.Described{Guarded: c.guarded(nc), Info: conns.NewInfo(nc.RemoteAddr(), nil)}, nil
	}
	if o.version == Version1 {
		nc, _, err := c.handshake(ctx, o, t)
		return nc, err
	}
	return c.alpn.Connect(ctx, o.key, func() (net.Conn, bool, error) {
		nc, isHTTP2, err := c.handshake(ctx, o, t)
		if isHTTP2 {
			c.share(o, nc)
		}
		return nc, isHTTP2, err
	})
}

func (c *Client) dial(ctx context.Context, o origin, t *trace) (net.Conn, error) {
	return c.dialer.DialContext(t.dialContext(ctx), "tcp", o.addr)
}

// handshake makes a connection with TLS, and reports whether the server chose HTTP/2. The connection is counted then.
func (c *Client) handshake(ctx context.Context, o origin, t *trace) (_ net.Conn, isHTTP2 bool, _ error) {
	c.conns.Reserve()
	defer c.conns.Unreserve()
	raw, err := c.dial(ctx, o, t)
	if err != nil {
		return nil, false, err
	}
	nc := &conns.Owned{Guarded: c.guarded(raw)}
	secure := tls.Client(nc, c.tlsFor(o.version, o.host))
	t.markOnce(&t.tlsStart)
	if err := secure.HandshakeContext(ctx); err != nil {
		_ = nc.Close()
		return nil, false, err
	}
	t.markOnce(&t.tlsDone)
	state := secure.ConnectionState()
	if isHTTP2 = state.NegotiatedProtocol == protoHTTP2; isHTTP2 {
		c.conns.Lend(nc)
	}
	return &conns.Described{Guarded: c.guarded(secure), Info: conns.NewInfo(nc.RemoteAddr(), &state)}, isHTTP2, nil
}

// response converts the answer for net/http's client, if it is a redirect.
func (a *attempt) response(req *http.Request, o origin) *http.Response {
	if a.hop.over != overHTTP1 {
		return a.streamResponse(req)
	}
	reply := &a.reply
	return &http.Response{
		Status: reply.StatusText, StatusCode: reply.Status, Proto: reply.Proto, ProtoMajor: 1, ProtoMinor: 1,
		Header: reply.Header(), ContentLength: reply.ContentLength, Request: req,
		Body: &directBody{Reader: reply.Body(), close: func() { a.release(o) }},
	}
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

// maxDirectBody is the longest request body, in bytes, that is copied behind its head, to be sent with it over
// HTTP/1.1.
const maxDirectBody = 64 << 10

// errNotDirect reports that a request needs net/http.
var errNotDirect = errors.New("not to be made directly")

// roundTripDirect makes a request of net/http's client directly. It returns errNotDirect if it cannot.
func (a *attempt) roundTripDirect(req *http.Request) (*http.Response, error) {
	o, ok := a.reach(req.URL)
	needs := a.cfg.Wrap != nil || isSpecial(req.Header) || a.spec.Auth != AuthBasic || req.ContentLength < 0
	if !ok || needs && o.version != Version3 { // net/http does not speak HTTP/3
		return nil, errNotDirect
	}
	m := message{
		req: req, method: req.Method, replayable: isReplayable(req.Method, req.Header), over: a.client.protocolFor(o),
	}
	if req.ContentLength > 0 {
		m.body = a.spec.Body // the only one that an attempt sends
	}
	err := a.encodeMessage(&m)
	if err == nil {
		err = a.exchange(o, &m)
	}
	if err != nil {
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
