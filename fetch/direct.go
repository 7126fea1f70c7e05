package fetch

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/http1"
)

// lane is what a worker uses to make requests directly: on a connection that is its own for the time, which it writes
// and reads itself. It keeps the connection where the end of the run can reach it.
type lane struct {
	mu    sync.Mutex
	conn  *http1.Conn
	reply http1.Response
	marks trace
	wire  []byte // of requests whose bytes are not kept
	// template is of the last request that was put together, which had the shape.
	template http1.Template
	shape    *shape
	near     near
	reached  namedReach // the URL before
	heads    []byte     // room for the heads that results keep
	last     *outcome   // the last that a result keeps
	lastHead int        // its number
}

// Room for heads is made for several at once: one by one, each would cost an allocation and its rounding up. It begins
// small, since most workers of most runs have few.
const (
	minHeadRoom = 1 << 10
	maxHeadRoom = 32 << 10
)

// keep returns what results keep of an answer. Many a server says the same for a second, until its Date changes:
// results then share it.
func (l *lane) keep(head []byte, number int, conn *ConnInfo) *outcome {
	switch {
	case l.last == nil || l.lastHead != number:
		l.last, l.lastHead = &outcome{conn: conn, head: l.copied(head)}, number
	case l.last.conn != conn:
		l.last = &outcome{conn: conn, head: l.last.head}
	}
	return l.last
}

func (l *lane) copied(head []byte) []byte {
	if len(head) > minHeadRoom {
		return slices.Clone(head)
	}
	if len(head) > cap(l.heads)-len(l.heads) {
		l.heads = make([]byte, 0, min(max(2*cap(l.heads), minHeadRoom), maxHeadRoom))
	}
	from := len(l.heads)
	l.heads = append(l.heads, head...)
	return l.heads[from:len(l.heads):len(l.heads)]
}

// hold makes the connection one that the end of the run cuts off.
func (l *lane) hold(ctx context.Context, conn *http1.Conn) {
	l.mu.Lock()
	l.conn = conn
	l.mu.Unlock()
	if ctx.Err() != nil {
		conn.Expire() // the run ended before it could see the connection
	}
}

// free takes the connection back, so that the end of the run no longer reaches it: another run may use it next.
func (l *lane) free() *http1.Conn {
	l.mu.Lock()
	defer l.mu.Unlock()
	conn := l.conn
	l.conn = nil
	return conn
}

// expire cuts off what is under way.
func (l *lane) expire() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.conn != nil {
		l.conn.Expire()
	}
}

// exchange sends the pending hop's request and reads the head of its answer into the lane's reply. Like net/http it
// repeats a request that an idle connection turns out to be closed for, if that does no harm; but once, over a
// connection of its own, because the other idle ones may be closed as well.
func (a *attempt) exchange(o origin, wire []byte, method string, replayable bool) error {
	t := a.hop.marks
	t.markOnce(&t.getConn)
	for idle := true; ; idle = false {
		conn, reused, err := a.client.acquire(a.ctx, o, a.deadline, idle, replayable, t)
		if err != nil {
			return err
		}
		a.hop.info = connInfo(conn)
		a.lane.hold(a.ctx, conn)
		conn.SetDeadline(a.deadline)
		reply := &a.lane.reply
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
		_ = a.lane.free().Close()
		if !reused || a.ctx.Err() != nil || !conn.ShouldRetry(replayable) {
			return err
		}
		a.client.conns.idle.Doubt(o.key)
		t.forgetConn()
	}
}

// release gives the lane's connection back to those that are kept, if it can serve another request.
func (a *attempt) release(o origin) {
	conn := a.lane.free()
	if conn == nil {
		return
	}
	if a.client.transport.DisableKeepAlives {
		_ = conn.Close()
		return
	}
	a.client.conns.keep(o.key, conn)
}

// acquire returns an idle connection, if it may be one, or makes one. It returns errHTTP2 for a host that speaks
// HTTP/2.
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

// infoConn is a connection that knows what results say of it.
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

// connect makes a connection for HTTP/1.1. It returns errHTTP2 when the server would rather speak HTTP/2.
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

// response is the lane's reply for those who need net/http's: its client, where the reply is a redirect.
func (a *attempt) response(req *http.Request, o origin) *http.Response {
	reply := &a.lane.reply
	resp := &http.Response{
		Status: reply.StatusText, StatusCode: reply.Status, Proto: reply.Proto, ProtoMajor: 1, ProtoMinor: 1,
		Header: reply.Header(), ContentLength: reply.ContentLength, Request: req,
		Body: &laneBody{Reader: reply.Body(), close: func() { a.release(o) }},
	}
	return resp
}

// laneBody is a body whose end gives the connection back.
type laneBody struct {
	io.Reader

	close func()
}

func (b *laneBody) Close() error {
	b.close()
	return nil
}

// maxDirectBody is the longest request body that is copied behind its head, to be sent with it.
const maxDirectBody = 64 << 10

// errNotDirect says that a request is net/http's to make.
var errNotDirect = errors.New("not to be made directly")

// roundTripDirect makes a request of net/http's client directly. It returns errNotDirect or errHTTP2 where it cannot.
func (a *attempt) roundTripDirect(req *http.Request) (*http.Response, error) {
	o, ok := a.reach(req.URL)
	length := req.ContentLength
	if !ok || isSpecial(req.Header) || a.spec.Auth != AuthBasic || length < 0 || length > maxDirectBody {
		return nil, errNotDirect
	}
	wire, err := http1.AppendWire(a.lane.wire[:0], req, a.client.transport.DisableKeepAlives)
	if err != nil {
		return nil, err
	}
	a.lane.wire = wire
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
