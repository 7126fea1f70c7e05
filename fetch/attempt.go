package fetch

import (
	"context"
	"errors"
	"net/http"
	"time"
)

// attempt asks for one target once: with the redirects and challenges on its way, until its body has been read. A
// worker uses one for all its targets.
type attempt struct {
	client *Client
	obs    Observer
	lane   lane

	target *Target
	spec   *Spec
	result *Result
	// ctx is the run's; deadline is the attempt's own.
	ctx      context.Context //nolint:containedctx // the worker's, for as long as it works
	began    time.Time
	deadline time.Time
	// transport is what requests of net/http's client go through.
	transport http.RoundTripper
	// within is the context of such a request, and cancel ends it.
	within context.Context //nolint:containedctx // for several attempts
	cancel context.CancelFunc

	// hop is the request under way: its exchange ends when its body has been read, or when the next hop begins.
	hop      hop
	finished Exchange
	known    knownConn
	own      plan
	planned  *plan // own, or one that is kept
	// keepPlans tells that the targets of the run are few enough for their plans to be kept.
	keepPlans bool
	// challenged reports whether the pending hop came to a challenge that the next one answers.
	challenged bool
	// crashed says that something has panicked, and that what judges is not to be asked.
	crashed    bool
	url        string // where the attempt has got to
	sentHeader http.Header
	redirects  []Redirect
	room       Response // for the result's
	// lateCookies says that jars get their cookies as the run ends; set is what the target has been given until then.
	lateCookies bool
	set         []setCookies
}

// do makes the attempt, which begins now, and fills in the result. It returns what went wrong.
func (a *attempt) do(ctx context.Context, r *Result, s *shape, now time.Time) error {
	a.ctx, a.target, a.spec, a.result = ctx, &r.Target, r.Target.Spec, r
	a.challenged, a.redirects = false, nil
	a.began, a.deadline = now, now.Add(a.spec.Timeout)
	p, err := a.plan(s)
	if err != nil {
		a.unsent(err)
		a.settle(&a.finished, nil, err)
		return err
	}
	a.planned, a.url, a.sentHeader = p, p.masked, a.spec.Header
	got, err := a.send(p) //nolint:contextcheck // it is the attempt's
	var body []byte
	if err == nil {
		body, r.Bytes, err = readBody(&got.content, a.spec)
		a.close(&got)
	}
	if err != nil {
		err = a.cause(err)
	}
	last := a.finish(err)
	if err != nil {
		a.stop()
	}
	if last == nil && r.State != StateNotRun {
		return err // cut off before it was sent: the attempt before is what there is to tell
	}
	a.settle(last, &got, err)
	r.Response.Body = body
	return err
}

// send sends the request and returns the answer: the last one, where there are redirects.
func (a *attempt) send(p *plan) (answer, error) {
	var first *http.Response
	if p.wire != nil && !a.client.speaksHTTP2(p.origin) && !a.hasCookies(p.url) {
		err := a.sendWire(p)
		switch status := a.lane.reply.Status; {
		case errors.Is(err, errHTTP2):
		case err != nil:
			return answer{}, err
		case isRedirect(status) || status == http.StatusSwitchingProtocols:
			first = a.response(nil, p.origin) //nolint:bodyclose // sendRequest closes it
		default:
			return a.laneAnswer(p), nil
		}
	}
	return a.sendRequest(p, first)
}

// sendWire sends the bytes of a plan over a connection of the worker's own.
func (a *attempt) sendWire(p *plan) error {
	method := a.spec.method()
	a.begin(method, p.masked, &a.lane.marks)
	err := a.exchange(p.origin, p.wire, method, isReplayable(method, a.spec.Header))
	switch {
	case errors.Is(err, errHTTP2):
		a.hop.handed = true // net/http goes on with it
		return err
	case err != nil:
		return a.failed(err)
	default:
		return nil
	}
}

// sendRequest sends the request through net/http's ways: because it needs its client, for a redirect that has come in
// as first, or because it needs its transport.
func (a *attempt) sendRequest(p *plan, first *http.Response) (answer, error) {
	a.ownURL()
	req := a.request(p)
	a.transport = a.client.roundTripper(a)
	resp := first
	if first == nil {
		var err error
		if resp, err = a.transport.RoundTrip(req); err != nil { //nolint:bodyclose // whoever has read the answer closes it
			return answer{}, err
		}
	} else {
		first.Request = req
	}
	if isRedirect(resp.StatusCode) {
		var err error
		if resp, err = a.follow(req, resp); err != nil {
			return answer{}, err
		}
	}
	if resp.StatusCode == http.StatusSwitchingProtocols {
		// Nobody asked for it, and the connection is no longer one for HTTP.
		_ = resp.Body.Close()
		return answer{}, errors.New("unsupported response status: 101 Switching Protocols")
	}
	a.storeCookies(resp.Request.URL, resp.Header)
	return a.responseAnswer(resp), nil
}

// request builds the request of the target. The spec is shared by others, so what differs is set on copies.
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
	a.sentHeader = req.Header
	if a.spec.Auth != AuthDigest {
		authorize(req)
	}
	if a.spec.Body != nil {
		setBody(req, a.spec.Body)
	}
	return req
}

// cause tells the end of the run from a time limit of the attempt: both end what is under way.
func (a *attempt) cause(err error) error {
	switch {
	case errors.Is(context.Cause(a.ctx), errDeadline):
		return errDeadline
	case a.ctx.Err() != nil:
		return context.Canceled
	case timedOut(err):
		if _, named := asError[*codedError](err); !named {
			return errTimeout(err)
		}
	}
	return err
}

// settle writes what became of the attempt into the result.
func (a *attempt) settle(last *Exchange, got *answer, err error) {
	r := a.result
	r.Attempts++
	r.State, r.Status, r.ErrorCode, r.Error = StateFailed, 0, 0, ""
	a.room = Response{URL: a.url, SentHeader: a.sentHeader, Redirects: a.redirects, Conn: noConn}
	r.Response = &a.room
	if last != nil {
		r.Timings, r.Reused, r.ErrorCode, r.Error = last.Timings, last.Reused, last.ErrorCode, last.Error
		r.Response.Conn = last.Conn
	}
	if err != nil {
		if a.planned != nil && a.url == a.planned.masked {
			r.Response.URL = MaskURL(a.target.URL) // as it was given: it has not been anywhere
		}
		if last == nil {
			r.ErrorCode, r.Error = a.name(err)
		}
		return
	}
	if n := len(a.redirects); n > 0 && isRedirect(got.status) {
		r.Response.Redirects = a.redirects[:n-1] // the last response is no hop on the way to itself
	}
	r.Status = got.status
	if got.url != "" {
		r.Response.URL = got.url
	}
	r.Response.StatusText, r.Response.Proto = got.statusText, got.proto
	r.Response.header, r.Response.plain = got.header, got.plain
	if a.spec.Expected == nil || a.spec.Expected(r.Status) {
		r.State = StateDone
	}
}
