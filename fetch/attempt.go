package fetch

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"time"
)

// attempt asks for one target once: with the redirects and challenges on its way, until its body has been read.
type attempt struct {
	client *Client
	target *Target
	spec   *Spec
	result *Result
	obs    Observer

	// pending is the last hop, whose exchange ends when its body has been read or the next hop begins.
	pending *hop
	// cut tells that the run was cut off by its caller.
	cut func() bool
	// challenged tells that the answer to the first request may be the server's challenge.
	challenged bool
	finalURL   string
	sentHeader http.Header
	redirects  []Redirect
}

// do makes the attempt and fills in the result. It returns what went wrong, and the response without its body.
func (a *attempt) do(ctx context.Context) (*http.Response, error) {
	req, err := a.request()
	if err != nil {
		a.unsent(err)
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, a.spec.Timeout)
	defer cancel()
	a.finalURL = MaskURL(req.URL.String())

	resp, err := a.follow(req.WithContext(ctx))
	var body []byte
	if err == nil {
		body, a.result.Bytes, err = readBody(resp, a.spec)
	}
	if err != nil {
		err = a.cause(ctx, err)
	}
	last := a.finish(err)
	a.settle(last, resp, err)
	a.result.Response.SentHeader = a.sentHeader
	if err == nil {
		a.result.Response.Body = body
		a.storeCookies(resp.Request.URL, resp)
	}
	return resp, err
}

// request builds the request of the target. The spec is shared by others, so what differs is set on copies.
func (a *attempt) request() (*http.Request, error) {
	u, err := parseURL(a.target.URL)
	if err != nil {
		return nil, err
	}
	req := &http.Request{
		Method: a.spec.method(), URL: u, Host: a.spec.Host, Header: a.spec.Header,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}
	basic := u.User != nil && a.spec.Auth != AuthDigest && req.Header.Get("Authorization") == ""
	cookies := len(a.spec.Cookies) > 0 || a.spec.Jar != nil
	if cookies || req.Header == nil {
		req.Header = req.Header.Clone()
		if req.Header == nil {
			req.Header = make(http.Header)
		}
	}
	if cookies {
		a.addCookies(req, true)
	}
	a.sentHeader = req.Header
	if basic {
		// On a copy of its own: what is shown of the request must not hold the user info of the URL.
		req.Header = req.Header.Clone()
		password, _ := u.User.Password()
		req.SetBasicAuth(u.User.Username(), password)
	}
	if a.spec.Body != nil {
		setBody(req, a.spec.Body)
	}
	return req, nil
}

// addCookies adds the jar's cookies and, where they are for this host, those of the target.
func (a *attempt) addCookies(req *http.Request, own bool) {
	replaced := make(map[string]bool)
	if own {
		for _, c := range a.spec.Cookies {
			req.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value})
			replaced[c.Name] = replaced[c.Name] || c.Replace
		}
	}
	if a.spec.Jar == nil {
		return
	}
	for _, c := range a.spec.Jar.Cookies(req.URL) {
		if !replaced[c.Name] {
			req.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value})
		}
	}
}

func (a *attempt) storeCookies(u *url.URL, resp *http.Response) {
	if a.spec.Jar == nil {
		return
	}
	if cookies := resp.Cookies(); len(cookies) > 0 {
		a.spec.Jar.SetCookies(u, cookies)
	}
}

// follow sends the request and, where the answer is a redirect, lets net/http's client follow it: its rules of which
// method, body and headers go along are the ones people rely on. The client starts from the answer at hand.
func (a *attempt) follow(req *http.Request) (*http.Response, error) {
	transport := a.client.roundTripper(a)
	resp, err := transport.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	if isRedirect(resp.StatusCode) {
		client := http.Client{
			Transport:     &replay{first: resp, rest: transport},
			CheckRedirect: a.checkRedirect,
		}
		if resp, err = client.Do(req); err != nil { //nolint:bodyclose,gosec // the caller reads it; URLs are the script's
			return nil, err
		}
	}
	if resp.StatusCode == http.StatusSwitchingProtocols {
		// Nobody asked for it, and the connection is no longer one for HTTP.
		_ = resp.Body.Close()
		return nil, fmt.Errorf("unsupported response status: %s", resp.Status)
	}
	return resp, nil
}

func isRedirect(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	default:
		return false
	}
}

// replay answers the first request with a response that is there already.
type replay struct {
	first *http.Response
	rest  http.RoundTripper
}

func (r *replay) RoundTrip(req *http.Request) (*http.Response, error) {
	if resp := r.first; resp != nil {
		r.first = nil
		return resp, nil
	}
	return r.rest.RoundTrip(req)
}

// checkRedirect decides on a redirect, and takes from the request what is not for the eyes of another host.
func (a *attempt) checkRedirect(req *http.Request, via []*http.Request) error {
	a.finalURL = MaskURL(req.URL.String())
	first := via[0].URL
	away := leaves(first, req.URL)
	if away {
		for _, name := range secretHeaders {
			req.Header.Del(name)
		}
	}
	if a.spec.Jar != nil || len(a.spec.Cookies) > 0 {
		a.storeCookies(via[len(via)-1].URL, req.Response)
		req.Header.Del("Cookie")
		a.addCookies(req, !away)
	}
	if len(via) > a.spec.Redirects {
		if a.spec.RedirectsByDefault {
			a.client.warn("Stopped after %d redirects of %s and returned the redirection; pass { redirects: n } in its params"+
				" or set global maxRedirects to silence this", len(via), MaskURL(first.String()))
		}
		return http.ErrUseLastResponse
	}
	return nil
}

// secretHeaders do not go along when a redirect leaves the host they were meant for.
//
//nolint:gochecknoglobals // a constant list
var secretHeaders = []string{
	"Authorization", "Proxy-Authorization", "Cookie", "Cookie2", "Www-Authenticate",
	"X-Api-Key", "Api-Key", "X-Auth-Token", "X-Csrf-Token",
}

// leaves tells that a redirect goes to another host, or from TLS to plain text.
func leaves(from, to *url.URL) bool {
	return from.Hostname() != to.Hostname() || from.Scheme == "https" && to.Scheme == "http"
}

// RoundTrip makes one hop. It is what the client, the authentication and the redirects of this attempt go through.
func (a *attempt) RoundTrip(req *http.Request) (*http.Response, error) {
	a.finish(nil)
	h := &hop{req: req, trace: &trace{start: time.Now()}}
	traced := req.WithContext(httptrace.WithClientTrace(req.Context(), h.trace.hooks()))
	h.resp, h.err = a.client.transport.RoundTrip(traced) //nolint:bodyclose // the caller reads it
	if h.err != nil && timedOut(h.err) {
		h.err = timeoutOf(h.err)
	}
	a.pending = h
	a.result.Requests++
	return h.resp, h.err
}

// timeoutOf tells a connection that could not be made in time from an answer that did not come in time.
func timeoutOf(err error) error {
	if op, ok := asError[*net.OpError](err); ok && op.Op == "dial" {
		return &codedError{code: CodeDialTimeout, text: "dial: i/o timeout", timeout: true, err: err}
	}
	return errTimeout(err)
}

// cause tells the end of the run from a time limit of the attempt: both end its context.
func (a *attempt) cause(ctx context.Context, err error) error {
	if errors.Is(context.Cause(ctx), errDeadline) {
		return errDeadline
	}
	if timedOut(err) {
		if _, named := asError[*codedError](err); !named {
			return errTimeout(err)
		}
	}
	return err
}

// finish ends the pending exchange, if there is one, and reports it.
func (a *attempt) finish(err error) *Exchange {
	h := a.pending
	if h == nil {
		return nil
	}
	a.pending = nil
	if err != nil {
		h.err = err // where the hop has failed already, the same failure with its cause
	}
	if h.err != nil && a.cut() && !h.trace.sent() {
		a.result.Requests-- // the server never saw it
		return nil
	}
	x := &Exchange{
		Target:  a.target,
		Method:  h.req.Method,
		URL:     MaskURL(h.req.URL.String()),
		Conn:    h.connInfo(),
		Reused:  h.trace.reused.Load(),
		Timings: h.trace.timings(),
		End:     time.Now(),
	}
	switch {
	case h.err != nil:
		x.ErrorCode, x.Error = classify(h.err, a.client.classify)
	default:
		x.Status, x.Proto = h.resp.StatusCode, h.resp.Proto
		if x.Status >= http.StatusBadRequest {
			x.ErrorCode = CodeHTTPStatus + x.Status
		}
		if isRedirect(x.Status) {
			a.redirects = append(a.redirects, Redirect{URL: x.URL, Status: x.Status, Timings: x.Timings})
		}
	}
	a.judge(x)
	a.result.Attempts += max(int(h.trace.tries.Load())-1, 0)
	a.obs.Exchanged(x)
	return x
}

// judge tells whether the status was to be expected: of a challenge, that it challenges.
func (a *attempt) judge(x *Exchange) {
	if a.spec.Expected == nil {
		return
	}
	x.Judged, x.Expected = true, a.spec.Expected(x.Status)
	if a.challenged {
		a.challenged = false
		challenge := x.Status == http.StatusUnauthorized
		x.Expected = challenge || a.spec.Auth == AuthNTLM && x.Expected
	}
}

// unsent reports a request that could not even be built, so that no target is without a sample.
func (a *attempt) unsent(err error) {
	x := &Exchange{Target: a.target, Method: a.spec.method(), URL: MaskURL(a.target.URL), End: time.Now()}
	x.ErrorCode, x.Error = classify(err, a.client.classify)
	a.judge(x)
	a.result.Requests++
	a.obs.Exchanged(x)
	a.settle(x, nil, err)
}

// settle writes what became of the attempt into the result.
func (a *attempt) settle(last *Exchange, resp *http.Response, err error) {
	r := a.result
	r.Attempts++
	r.State, r.Status, r.ErrorCode, r.Error = StateFailed, 0, 0, ""
	r.Response = &Response{URL: a.finalURL}
	if last != nil {
		r.Timings, r.Reused, r.ErrorCode, r.Error = last.Timings, last.Reused, last.ErrorCode, last.Error
		r.Response.Conn = last.Conn
	}
	if n := len(a.redirects); n > 0 && err == nil && isRedirect(resp.StatusCode) {
		a.redirects = a.redirects[:n-1] // the last response is no hop on the way to itself
	}
	r.Response.Redirects = a.redirects
	if err != nil {
		if last == nil {
			r.ErrorCode, r.Error = classify(err, a.client.classify)
		}
		return
	}
	r.Status = resp.StatusCode
	r.Response.URL = MaskURL(resp.Request.URL.String())
	r.Response.StatusText, r.Response.Proto, r.Response.Header = resp.Status, resp.Proto, resp.Header
	if a.spec.Expected == nil || a.spec.Expected(r.Status) {
		r.State = StateDone
	}
}
