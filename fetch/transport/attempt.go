package transport

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/auth"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/conns"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/failure"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/urltext"
)

// attempt requests one URL once: it follows redirects and answers challenges, until the body has been read.
type attempt struct {
	*Session

	req  *Request
	spec *Spec
	// ctx is the run's; deadline is the attempt's own.
	ctx             context.Context //nolint:containedctx // lives as long as the attempt
	began, deadline time.Time
	// through is the transport that net/http's client uses.
	through http.RoundTripper

	planned *plan
	// hop is the request under way. Its exchange ends when its body has been read, or when the next hop begins. last is
	// the exchange that ended last.
	hop  hop
	last Exchange
	// challenged reports whether the pending hop got a challenge that the next hop answers.
	challenged bool
	// crashed reports whether something has panicked. Spec.Expected is not called then.
	crashed bool
	url     string // the URL that the attempt has reached
	out     Outcome
}

// reset begins an attempt and drops all state of the one before.
func (a *attempt) reset(ctx context.Context, s *Session, req *Request, now time.Time) {
	*a = attempt{
		Session: s, req: req, spec: req.Spec, ctx: ctx, began: now, deadline: now.Add(req.Spec.Timeout),
	}
}

// do makes the attempt.
func (a *attempt) do() {
	p, err := a.plan(a.near.shape)
	if err != nil {
		a.unsent(err)
		a.settle(&a.last, nil, err)
		return
	}
	a.planned, a.url, a.out.Response.SentHeader = p, p.masked, a.spec.Header
	got, err := a.send(p)
	var body []byte
	if err == nil {
		a.inspect(&got)
		body, a.out.Response.Bytes, err = got.content.Read(a.spec.ResponseType != ResponseNone, a.spec.MaxBodySize)
		a.close(&got)
	}
	if err != nil {
		err = a.cause(err)
	}
	last := a.finish(err)
	if err != nil {
		a.End()
	}
	a.settle(last, &got, err)
	a.out.Response.Body = body
}

// send sends the request and returns the answer: after redirects, the last one.
func (a *attempt) send(p *plan) (answer, error) {
	var first *http.Response
	if p.wire != nil && !a.hasCookies(p.url) {
		if err := a.sendWire(p); err != nil {
			return answer{}, a.failed(err)
		}
		if status := a.hop.status; !isRedirect(status) && status != http.StatusSwitchingProtocols {
			return a.directAnswer(p), nil
		}
		first = a.response(nil, p.origin) //nolint:bodyclose // sendRequest closes it
	}
	return a.sendRequest(p, first)
}

// sendWire sends the bytes of a plan directly.
func (a *attempt) sendWire(p *plan) error {
	method := a.spec.method()
	a.begin(method, p.masked, &a.marks)
	if a.req.Trace != nil {
		a.hop.stamp = a.req.Trace.Next(method, p.masked)
	}
	m := message{
		method: method, replayable: isReplayable(method, a.spec.Header), bytes: a.stamped(p.wire, p.over), over: p.over,
	}
	return a.exchange(p.origin, &m)
}

// sendRequest sends the request over net/http: either to follow the redirect first, or because the request needs
// net/http's transport.
func (a *attempt) sendRequest(p *plan, first *http.Response) (answer, error) {
	a.ownURL()
	req := a.request(p)
	a.through = a.roundTripper()
	resp := first
	if first == nil {
		var err error
		if resp, err = a.through.RoundTrip(req); err != nil { //nolint:bodyclose // closed with the answer
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
		// Nobody asked for a switch, and the connection no longer speaks HTTP.
		_ = resp.Body.Close()
		return answer{}, errors.New("unsupported response status: 101 Switching Protocols")
	}
	a.storeCookies(resp.Request.URL, resp.Header)
	return a.responseAnswer(resp), nil
}

// roundTripper is the transport for the requests of the attempt.
func (a *attempt) roundTripper() http.RoundTripper {
	var rt http.RoundTripper = a
	if a.cfg.Wrap != nil {
		rt = a.cfg.Wrap(rt)
	}
	if a.req.Trace != nil {
		rt = &stamper{a, rt}
	}
	switch a.spec.Auth {
	case AuthDigest:
		return auth.Digest(a, rt)
	case AuthNTLM:
		return auth.NTLM(a, rt)
	default:
		return rt
	}
}

// Challenged notes that the pending hop got a challenge that the next hop answers.
func (a *attempt) Challenged() { a.challenged = true }

// cause returns why the attempt failed. Both the end of the run and a timeout end what is under way.
func (a *attempt) cause(err error) error {
	switch {
	case errors.Is(context.Cause(a.ctx), failure.ErrDeadline):
		return failure.ErrDeadline
	case a.ctx.Err() != nil:
		return context.Canceled
	case failure.TimedOut(err):
		if _, named := failure.As[*failure.Error](err); !named {
			return failure.TookTooLong(err)
		}
	}
	return err
}

// settle fills in the outcome. The last exchange is nil if the run ended before it was sent.
func (a *attempt) settle(last *Exchange, got *answer, err error) {
	o := &a.out
	o.Err, o.Cut = err, last == nil
	o.Response.URL, o.Response.Conn = a.url, conns.None
	o.Ended = a.last.End
	o.EarlyData, o.Fallback = a.hop.early, a.hop.fallback
	if last != nil {
		o.Timings, o.Reused, o.ErrorCode, o.Error = last.Timings, last.Reused, last.ErrorCode, last.Error
		o.Response.Conn = last.Conn
	}
	if err != nil {
		if a.planned != nil && a.url == a.planned.masked {
			o.Response.URL = urltext.Mask(a.req.URL) // as given, because nothing was reached
		}
		if last == nil {
			o.ErrorCode, o.Error = a.name(err)
		}
		return
	}
	if n := len(o.Response.Redirects); n > 0 && isRedirect(got.content.Status) {
		o.Response.Redirects = o.Response.Redirects[:n-1] // the last response is not a redirect on the way to itself
	}
	o.Response.Status = got.content.Status
	if got.url != "" {
		o.Response.URL = got.url
	}
	o.Response.StatusText, o.Response.Proto = got.statusText, got.proto
	o.Response.Header, o.Response.Head = got.header, got.head
}
