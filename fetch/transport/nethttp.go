package transport

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/failure"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/http1"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/http2"
)

// netHTTP are net/http's transports: one for what ALPN chooses, and one for each version that was ever asked for.
type netHTTP struct {
	anyVersion *http.Transport
	make       func(v Version) *http.Transport

	mu   sync.Mutex
	only [versions]*http.Transport
}

// of returns the transport for a version.
func (n *netHTTP) of(v Version) *http.Transport {
	if v == VersionAny {
		return n.anyVersion
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.only[v] == nil {
		n.only[v] = n.make(v)
	}
	return n.only[v]
}

// CloseIdleConnections closes those of all versions.
func (n *netHTTP) CloseIdleConnections() {
	n.anyVersion.CloseIdleConnections()
	n.mu.Lock()
	only := n.only
	n.mu.Unlock()
	for _, transport := range only {
		if transport != nil {
			transport.CloseIdleConnections()
		}
	}
}

// transportFor makes net/http's transport for a version.
func (c *Client) transportFor(v Version) *http.Transport {
	t := c.transport.Clone()
	t.TLSClientConfig = c.tlsFor(v, "")
	t.ForceAttemptHTTP2, t.Protocols = false, nil
	t.TLSNextProto = make(map[string]func(string, *tls.Conn) http.RoundTripper)
	if v == Version2 {
		t.TLSNextProto[protoHTTP2] = c.overTLS
	}
	c.dialsTLS(t, v)
	return t
}

// dialsTLS has a transport of net/http connect by dialTLS. Proxies that speak TLS themselves are asked for tunnels,
// which net/http does with HTTP/1.1 alone.
func (c *Client) dialsTLS(t *http.Transport, v Version) {
	var proxies sync.Map // by address
	if proxy := t.Proxy; proxy != nil {
		t.Proxy = func(req *http.Request) (*url.URL, error) {
			via, err := proxy(req)
			if via != nil {
				if o, ok := originOf(via, VersionAny); ok && o.secure {
					proxies.Store(o.addr, struct{}{})
				}
			}
			return via, err
		}
	}
	t.DialTLSContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
		if _, isProxy := proxies.Load(addr); isProxy {
			return c.dialTLS(ctx, network, addr, Version1)
		}
		return c.dialTLS(ctx, network, addr, v)
	}
}

// checkVersion fails for a request that net/http cannot send with the version asked for: HTTP/2 without TLS, or HTTP/3.
func (a *attempt) checkVersion(req *http.Request) error {
	if a.spec.Version == Version3 && (req.URL.Scheme == "http" || req.URL.Scheme == "https") {
		return a.noHTTP3(req)
	}
	if a.spec.Version != Version2 || req.URL.Scheme != "http" {
		return nil
	}
	why := "for this target"
	switch {
	case a.cfg.Wrap != nil:
		why = "with httpDebug"
	case a.spec.Auth != AuthBasic:
		why = "with a digest or NTLM login"
	case isSpecial(req.Header):
		why = "with headers that change how a connection is used"
	default:
		via, err := a.client.proxyOf(req)
		if err != nil {
			return err // for example, because the host is blocked
		}
		if via {
			why = "through a proxy"
		}
	}
	return failure.NoPlainHTTP2(why)
}

// noHTTP3 is why a request cannot be sent over HTTP/3.
func (a *attempt) noHTTP3(req *http.Request) error {
	if req.URL.Scheme != "https" {
		return failure.NoHTTP3("without TLS")
	}
	via, err := a.client.proxyOf(req)
	switch {
	case err != nil:
		return err
	case via:
		return failure.NoHTTP3("through a proxy")
	default:
		return failure.NoHTTP3("for this target") // its host is not in ASCII
	}
}

// proxyOf reports whether a request goes through a proxy.
func (c *Client) proxyOf(req *http.Request) (bool, error) {
	if c.transport.Proxy == nil {
		return false, nil
	}
	via, err := c.transport.Proxy(req)
	return via != nil, err
}

// hopContext is the context of one request over net/http. It replaces several contexts with a value each.
type hopContext struct {
	context.Context //nolint:containedctx // is one, with the hooks of marks

	attempt context.Context //nolint:containedctx // the context that the next hop's is made of
	marks   *trace
	bounds  bounds
	taken   bool // a hop has begun with it
}

func (a *attempt) newHopContext(ctx context.Context, marks *trace) *hopContext {
	marks.closeIdle = a.client.netHTTP.of(a.spec.Version).CloseIdleConnections
	return &hopContext{
		Context: httptrace.WithClientTrace(ctx, marks.hooks()),
		attempt: ctx, marks: marks, bounds: bounds{a.ctx, a.deadline},
	}
}

// Value returns the trace for the dialer, and the bounds.
func (c *hopContext) Value(key any) any {
	switch key.(type) {
	case traceKey:
		return c.marks
	case boundsKey:
		return &c.bounds
	default:
		return c.Context.Value(key)
	}
}

// marksOf returns the trace for a hop: that of the request's context, unless a hop has begun with it before.
func (a *attempt) marksOf(req *http.Request) *trace {
	if ctx, ok := req.Context().(*hopContext); ok && !ctx.taken {
		ctx.taken = true
		return ctx.marks
	}
	return &trace{}
}

// traced returns the request with the current hop's trace in its context.
func (a *attempt) traced(req *http.Request) *http.Request {
	parent := req.Context() //nolint:contextcheck // the request has it
	if ctx, ok := parent.(*hopContext); ok {
		if ctx.marks == a.hop.marks {
			return req
		}
		parent = ctx.attempt
	}
	return req.WithContext(a.newHopContext(parent, a.hop.marks))
}

// timed returns a context that ends at the attempt's deadline. Making one is expensive, so later attempts reuse it.
// It may end too late, by the slack of the timeout at most.
func (a *attempt) timed() context.Context {
	if a.timer.ctx != nil {
		if end, _ := a.timer.ctx.Deadline(); !end.Before(a.deadline) && end.Sub(a.deadline) <= http1.Slack(a.spec.Timeout) &&
			a.timer.ctx.Err() == nil {
			return a.timer.ctx
		}
		a.End()
	}
	ctx, cancel := context.WithDeadline(a.ctx, a.deadline.Add(http1.Slack(a.spec.Timeout)))
	a.timer = timer{ctx, cancel}
	return ctx
}

// overTLS is called by net/http with a connection whose server has chosen HTTP/2, such as one through a proxy.
func (c *Client) overTLS(_ string, nc *tls.Conn) http.RoundTripper {
	state := nc.ConnectionState()
	rt := &http2Transport{client: c, state: &state}
	o := origin{key: fmt.Sprintf("net/http %p", rt)} // a name of its own, because net/http knows what it is for
	rt.conn = c.speak(o, nc)
	c.conns.HTTP2.Put(o.key, rt.conn)
	return rt
}

// http2Transport makes requests of net/http over one connection of HTTP/2.
type http2Transport struct {
	client *Client
	conn   *http2.Conn
	state  *tls.ConnectionState
}

// fullError is an error that net/http knows: it makes the request again, over another connection.
type fullError struct{ error }

func (fullError) IsHTTP2NoCachedConnError() {}

// RoundTrip implements http.RoundTripper.
func (h *http2Transport) RoundTrip(req *http.Request) (*http.Response, error) {
	var body []byte
	if req.Body != nil {
		var err error
		if body, err = io.ReadAll(req.Body); err != nil {
			return nil, err
		}
		_ = req.Body.Close()
	}
	fields, err := http2.NewEncoder().Append(nil, req)
	if err != nil {
		return nil, err
	}
	stream := &http2.Stream{}
	stop := context.AfterFunc(req.Context(), stream.Expire)
	end := func() {
		stop()
		stream.Close()
		stream.Release()
	}
	deadline, _ := req.Context().Deadline()
	err = stream.RoundTrip(h.conn, http2.Request{Method: req.Method, Fields: fields, Body: body, Keeps: true}, deadline)
	again := h.mark(req, stream)
	if err != nil {
		end()
		if again && req.Context().Err() == nil {
			return nil, fullError{err}
		}
		return nil, err
	}
	resp := responseOf(stream, &stream.Reply, overHTTP2, req, end)
	resp.TLS = h.state
	return resp, nil
}

// mark marks what has become of a request, and reports whether it may be made again.
func (h *http2Transport) mark(req *http.Request, stream *http2.Stream) (again bool) {
	t, ok := req.Context().Value(traceKey{}).(*trace)
	if !ok {
		return false
	}
	nc := h.conn.NetConn()
	t.conn.Store(&nc)
	t.markStream(&stream.Reply, t.connectDone.Load() != 0, true)
	reply := &stream.Reply
	return reply.Untaken && (!reply.Sent || t.tries.Load() <= maxUntaken || !reply.Refused && h.conn.HasServed())
}

// errStray says that net/http closed the connection for the end of another request.
var errStray = errors.New("connection lost: the request before it on the connection was cut off")

// maxStrays is how often a request is made again for the ends of others. Each takes another one that was cut off in a
// moment of microseconds; what happens more often is something else.
const maxStrays = 8

// overNetHTTP makes a request with net/http's transport.
//
// net/http gives a connection of HTTP/1.1 to the next request before the one before has taken its response. If that is
// cut off in between, or runs out of time, net/http closes the connection under the next request, and hands that the
// other's end as its error. Such a request is made again, as after a connection that turned out to be closed: freely if
// nothing of it went out, and else once if it is replayable.
func (a *attempt) overNetHTTP(req *http.Request) (*http.Response, error) {
	if err := a.checkVersion(req); err != nil {
		return nil, err
	}
	transport := a.client.netHTTP.of(a.spec.Version)
	for strays := 0; ; strays++ {
		if req.GetBody != nil { // the direct way, or the last try, may have read the body
			var err error
			if req.Body, err = req.GetBody(); err != nil {
				return nil, err
			}
		}
		resp, err := transport.RoundTrip(a.traced(req))
		if err == nil || !a.strayed(req, err) {
			return resp, err
		}
		marks := a.hop.marks
		again := !marks.sent() || marks.resent() == 0 && isReplayable(req.Method, req.Header)
		if !again || strays == maxStrays {
			return nil, errStray
		}
	}
}

// strayed reports whether an error is the end of a context that is not the request's, on a connection that it had got.
func (a *attempt) strayed(req *http.Request, err error) bool {
	ended := errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
	return ended && req.Context().Err() == nil && a.hop.marks.gotMetered()
}
