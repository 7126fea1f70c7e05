package transport

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/tracing"
)

// newRequest returns the request for a URL, without cookies and body. Its headers are the spec's and must not be
// changed.
func newRequest(ctx context.Context, s *Spec, u *url.URL) *http.Request {
	req := http.Request{
		Method: s.method(), URL: u, Host: s.Host, Header: s.Header,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}
	if req.Header == nil {
		req.Header = make(http.Header)
	}
	return req.WithContext(ctx) // a copy, and the only one
}

// authorize sends the user info of the URL, as net/http's client does. It sets it on a copy of the headers, because the
// headers that are shown must not hold it.
func authorize(req *http.Request) {
	if req.URL.User == nil || req.Header.Get("Authorization") != "" {
		return
	}
	req.Header = req.Header.Clone()
	password, _ := req.URL.User.Password()
	req.SetBasicAuth(req.URL.User.Username(), password)
}

// request builds the request of the attempt. Others share the spec, so this changes copies only.
func (a *attempt) request(p *plan) *http.Request {
	ctx := a.timed()
	if !p.direct {
		ctx = a.newHopContext(ctx, &trace{})
	}
	req := newRequest(ctx, a.spec, p.url)
	if len(a.spec.Cookies) > 0 || a.hasCookies(p.url) {
		req.Header = req.Header.Clone()
		a.addCookies(req, true)
	}
	a.out.Response.SentHeader = req.Header
	if a.spec.Auth != AuthDigest {
		authorize(req)
	}
	if a.spec.Body != nil {
		setBody(req, a.spec.Body)
	}
	return req
}

// setBody gives a request a body that can be sent again. net/http must know if it is empty, or it sends chunks. With an
// empty body POST, PUT and PATCH have a Content-Length of 0, and other methods have none.
func setBody(req *http.Request, body []byte) {
	if len(body) == 0 {
		req.ContentLength, req.Body = 0, http.NoBody
		req.GetBody = func() (io.ReadCloser, error) { return http.NoBody, nil }
		return
	}
	req.ContentLength = int64(len(body))
	req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	req.Body, _ = req.GetBody()
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
