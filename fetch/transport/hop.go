package transport

import (
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/conns"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/failure"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/tracing"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/urltext"
)

// hop is one HTTP request of an attempt, from before it is sent until its body has been read.
type hop struct {
	pending     bool
	method, url string
	stamp       string // the header of its trace, if it goes directly and has one
	marks       *trace
	// The response, or the failure. over is the protocol of a request that goes directly.
	over   protocol
	status int
	proto  string
	early  bool // it was sent as early data
	// fallback says why the request went over TCP although its server had offered HTTP/3.
	fallback string
	info     *ConnInfo
	err      error
}

// begin starts a hop. The hop before ends then, as in k6.
func (a *attempt) begin(method, url string, marks *trace) {
	a.finish(nil)
	marks.reset(a.began)
	a.hop = hop{pending: true, method: method, url: url, marks: marks}
	a.out.Requests++
}

// failed notes why a hop failed.
func (a *attempt) failed(err error) error {
	err = a.unspoken(err)
	if failure.TimedOut(err) {
		err = a.hop.timeout(err)
	}
	a.hop.err = err
	return err
}

// timeout names what took too long: connecting, a server that kept refusing, or the answer.
func (h *hop) timeout(err error) error {
	if op, ok := failure.As[*net.OpError](err); ok && op.Op == "dial" {
		return failure.DialTimeout(err)
	}
	return failure.TookTooLong(err)
}

// RoundTrip makes one hop for net/http's client, and for logins.
func (a *attempt) RoundTrip(req *http.Request) (*http.Response, error) {
	marks := a.marksOf(req)
	a.begin(req.Method, a.shown(req.URL), marks)
	resp, err := a.roundTripDirect(req)
	if errors.Is(err, errNotDirect) {
		if resp, err = a.overNetHTTP(req); err == nil {
			a.hop.info = a.known.of(a.hop.marks.netConn(), resp.TLS)
		}
	}
	if err != nil {
		return nil, a.failed(err)
	}
	a.hop.status, a.hop.proto = resp.StatusCode, resp.Proto
	return resp, nil
}

// finish ends the pending hop, if there is one, and reports its exchange.
func (a *attempt) finish(err error) *Exchange {
	h := &a.hop
	if !h.pending {
		return nil
	}
	if err != nil {
		h.err = err // if the hop has failed already, this is the same failure with its cause
	}
	if h.err != nil && a.ctx.Err() != nil && !h.marks.sent() {
		h.pending = false
		a.out.Requests-- // the run ended before the request was sent
		return nil
	}
	x := a.exchanged()
	if h.err == nil && isRedirect(x.Status) {
		r := &a.out.Response
		r.Redirects = append(r.Redirects, Redirect{URL: x.URL, Status: x.Status, Timings: x.Timings})
	}
	h.pending = false
	a.endSpan(x)
	a.out.Resent += h.marks.resent()
	a.cfg.Exchanged(x)
	return x
}

// exchanged is the exchange of the pending hop, which ends now.
func (a *attempt) exchanged() *Exchange {
	h, now := &a.hop, time.Now()
	a.last = Exchange{
		Method: h.method, URL: h.url,
		Conn: h.info, Reused: h.marks.reused.Load(), Timings: h.marks.timings(now), End: now,
		TraceID: tracing.IDOf(a.req.Trace),
	}
	x := &a.last
	if x.Conn == nil {
		x.Conn = (&knownConn{}).of(h.marks.netConn(), nil)
	}
	if h.err != nil {
		x.ErrorCode, x.Error = a.name(h.err)
	} else {
		x.Status, x.Proto = h.status, h.proto
		if x.Status >= http.StatusBadRequest {
			x.ErrorCode = failure.CodeHTTPStatus + x.Status
		}
	}
	a.judge(x)
	return x
}

// judge decides whether the status was expected. The status of a challenge that is answered counts as expected.
func (a *attempt) judge(x *Exchange) {
	if a.spec.Expected == nil {
		return
	}
	x.Judged = true
	if a.crashed {
		return
	}
	x.Expected = a.spec.Expected(x.Status)
	if a.challenged {
		a.challenged, x.Expected = false, true
	}
}

// unsent reports a request that could not be built, because every target must have a sample.
func (a *attempt) unsent(err error) {
	a.out.Response.Redirects = nil
	a.url = urltext.Mask(a.req.URL)
	a.out.Response.SentHeader = a.spec.Header
	a.last = Exchange{
		Method: a.spec.method(), URL: a.url, Conn: conns.None, End: time.Now(), TraceID: tracing.IDOf(a.req.Trace),
	}
	x := &a.last
	x.ErrorCode, x.Error = a.name(err)
	a.judge(x)
	a.out.Requests++
	a.cfg.Exchanged(x)
}

// NetConn is the connection that net/http took for the hop, nil if it took none.
func (a *attempt) NetConn() net.Conn { return a.hop.marks.netConn() }

// name returns k6's code and a text for a failure. It also reports a panic, because the text does not say what it was.
func (a *attempt) name(err error) (int, string) {
	if !a.crashed {
		a.client.report(err)
	}
	code, text := failure.Classify(err, a.client.classify)
	if len(a.out.Response.Redirects) > 0 || strings.Contains(a.req.URL, "@") {
		text = failure.WithoutScheme(text)
	}
	return code, text
}

// knownConn is the connection of the last request. With HTTP/2 the next request has the same one.
type knownConn struct {
	conn net.Conn
	info *ConnInfo
}

// of is what results say about a connection that net/http made.
func (k *knownConn) of(conn net.Conn, state *tls.ConnectionState) *ConnInfo {
	switch {
	case conn == nil:
		return conns.None
	case conn != k.conn:
		*k = knownConn{conn, conns.NewInfo(conn.RemoteAddr(), state)}
	}
	return k.info
}

// stamped returns the bytes of a request with the header of the pending hop's trace: they are those of a plan, which
// others share. Without a trace it returns them as they are.
func (a *attempt) stamped(bytes []byte, over protocol) []byte {
	if a.hop.stamp == "" {
		return bytes
	}
	w, name := &a.wire, a.spec.Tracer.Header()
	w.stamped = over.appendField(append(w.stamped[:0], bytes...), name, a.hop.stamp)
	return w.stamped
}

// stamper gives requests of net/http's client, and of logins, the header of their trace. Logs of requests show it,
// because it comes before them.
type stamper struct {
	attempt *attempt
	next    http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (s *stamper) RoundTrip(req *http.Request) (*http.Response, error) {
	a := s.attempt
	a.finish(nil) // the exchange before ends before the next begins
	value := a.req.Trace.Next(req.Method, a.shown(req.URL))
	return s.next.RoundTrip(tracing.Stamped(req, a.spec.Tracer.Header(), value))
}

// endSpan ends the span of an exchange, if it is traced.
func (a *attempt) endSpan(x *Exchange) {
	if a.req.Trace != nil {
		a.req.Trace.End(tracing.Ended{Status: x.Status, Error: x.Error, At: x.End})
	}
}
