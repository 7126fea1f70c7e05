package transport

import (
	"context"
	"net/http"
	"net/http/httptrace"
	"time"
)

// hopContext is the context of one request over net/http. It replaces several contexts with a value each.
type hopContext struct {
	context.Context //nolint:containedctx // is one, with the hooks of marks

	attempt context.Context //nolint:containedctx // the context that the next hop's is made of
	marks   *trace
	bounds  bounds
	taken   bool // a hop has begun with it
}

func (a *attempt) newHopContext(ctx context.Context, marks *trace) *hopContext {
	marks.closeIdle = a.client.transport.CloseIdleConnections
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
// With a second or more left, it may end up to 1 % of the timeout too late.
func (a *attempt) timed() context.Context {
	if a.timer.ctx != nil {
		if end, _ := a.timer.ctx.Deadline(); !end.Before(a.deadline) && end.Sub(a.deadline) <= slack(a.spec.Timeout) &&
			a.timer.ctx.Err() == nil {
			return a.timer.ctx
		}
		a.End()
	}
	ctx, cancel := context.WithDeadline(a.ctx, a.deadline.Add(slack(a.spec.Timeout)))
	a.timer = timer{ctx, cancel}
	return ctx
}

// slack is how much too late a timeout may come.
func slack(timeout time.Duration) time.Duration {
	if timeout < time.Second {
		return 0
	}
	return timeout / 100 //nolint:mnd // 1 %
}
