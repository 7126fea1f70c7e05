package fetch

import (
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/crash"
)

// guard calls a function of somebody else's whose panic must not end more than the call.
func (c *Client) guard(f func()) { c.report(crash.Guard(f)) }

// report hands the panic in an error, if there is one, to Config.Panicked.
func (c *Client) report(err error) {
	if c.panicked == nil {
		return
	}
	if p := crash.In(err); p != nil {
		c.panicked(p.Value, p.Stack)
	}
}

// crash ends an attempt in the midst of which something has panicked: with its exchange if a request was under way,
// else with one that was never sent, so that no target is without a sample.
func (a *attempt) crash(r *Result, err error) {
	a.client.report(err)
	a.spec, a.target, a.result, a.crashed = r.Target.Spec, &r.Target, r, true
	defer func() { a.crashed = false }()
	if conn := a.lane.free(); conn != nil {
		a.client.guard(func() { _ = conn.Close() })
	}
	a.stop()
	if a.hop.pending {
		a.client.guard(func() { a.finish(err) })
	} else if r.Requests == 0 {
		a.client.guard(func() { a.unsent(err) })
	}
	a.finished.ErrorCode, a.finished.Error = CodeGeneric, crash.Text
	a.settle(&a.finished, nil, err)
}
