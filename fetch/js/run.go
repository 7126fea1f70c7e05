package js

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/metrics"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/budget"
	"github.com/xk6-fetch/xk6-fetch/fetch/js/args"
	"github.com/xk6-fetch/xk6-fetch/fetch/js/work"
	"github.com/xk6-fetch/xk6-fetch/fetch/report"
)

// newRun makes the JavaScript object of a run.
func (mi *Instance) newRun(mode work.Mode, run *fetch.Run) *sobek.Object {
	o := mi.object(
		"mode", string(mode),
		"concurrency", run.Concurrency,
		"elapsed", metrics.D(run.Elapsed),
		"total", metrics.D(run.Total),
		"speedup", run.Speedup(),
		"peak", run.Peak,
		"count", run.Count,
		"ok", run.Ok,
		"failed", run.Failed,
		"notRun", run.NotRun,
		"requests", run.Requests,
		"bytes", run.Bytes,
		"overBudget", run.OverBudget,
		"budget", mi.verdicts(budget.Records(slices.Values(run.Budget))),
		"results", mi.rt.NewDynamicArray(newResultArray(mi, run)),
	)
	mi.method(o, "get", func(call sobek.FunctionCall) sobek.Value { return mi.find(run, call.Argument(0)) })
	mi.method(o, "slowest", func(call sobek.FunctionCall) sobek.Value {
		n := 1
		if f := (args.Field{Path: "slowest() n", Value: call.Argument(0), Runtime: mi.rt}); f.Given() {
			var err error
			if n, err = f.Integer(0); err != nil {
				throwMisuse(mi.rt, err)
			}
		}
		return mi.results(run.Slowest(n))
	})
	mi.method(o, "failures", func(sobek.FunctionCall) sobek.Value { return mi.results(run.Failures()) })
	mi.method(o, "percentile", func(call sobek.FunctionCall) sobek.Value { return mi.percentile(run, call) })
	mi.method(o, "text", func(sobek.FunctionCall) sobek.Value { return mi.rt.ToValue(report.Run(string(mode), run)) })
	mi.reportOn(o, func() *report.Subject { return report.OfRun(string(mode), run) })
	mi.method(o, "toJSON", func(sobek.FunctionCall) sobek.Value { return mi.plain(runRecordOf(mode, run)) })
	return o
}

// find returns the result of a key: the name in an object of targets, the index in a list.
func (mi *Instance) find(run *fetch.Run, key sobek.Value) sobek.Value {
	f := args.Field{Path: "get() key", Value: key, Runtime: mi.rt}
	name, err := f.AsText("a string")
	if err != nil || !f.IsUnicode() {
		return sobek.Undefined()
	}
	for _, r := range run.Results.All() {
		if r.Target.Key != nil && *r.Target.Key == name {
			return mi.newResult(r)
		}
	}
	if i, err := f.Integer(0); err == nil && i < run.Results.Len() {
		if r := run.Results.At(i); r.Target.Key == nil {
			return mi.newResult(r)
		}
	}
	return sobek.Undefined()
}

// percentile reads percentile(p, timing = 'elapsed').
func (mi *Instance) percentile(run *fetch.Run, call sobek.FunctionCall) sobek.Value {
	p := args.Field{Path: "percentile() p", Value: call.Argument(0), Runtime: mi.rt}
	n, ok := p.Number()
	if !ok || n < 0 || n > 100 {
		throwMisuse(mi.rt, p.Wrong("a number from 0 to 100"))
	}
	of := args.Field{Path: "percentile() timing", Value: call.Argument(1), Runtime: mi.rt}
	key := "elapsed"
	if of.Given() {
		i, err := of.OneOf(timingKeys...)
		if err != nil {
			throwMisuse(mi.rt, err)
		}
		key = timingKeys[i]
	}
	return mi.rt.ToValue(metrics.D(run.Percentile(n, func(r *fetch.Result) time.Duration {
		d, _ := timing(r, key)
		return d
	})))
}

// results makes an array of some results.
func (mi *Instance) results(list []*fetch.Result) sobek.Value {
	values := make([]any, len(list))
	for i, r := range list {
		values[i] = mi.newResult(r)
	}
	return mi.rt.NewArray(values...)
}

// resultArray is the JavaScript array of a run's results. Its elements are made when they are looked at.
type resultArray struct {
	mi  *Instance
	run *fetch.Run
}

var _ sobek.DynamicArray = &resultArray{}

func newResultArray(mi *Instance, run *fetch.Run) *resultArray { return &resultArray{mi: mi, run: run} }

func (a *resultArray) Len() int { return a.run.Results.Len() }

func (a *resultArray) Get(i int) sobek.Value {
	defer a.mi.rethrow()
	if i < 0 || i >= a.run.Results.Len() {
		return sobek.Undefined()
	}
	return a.mi.newResult(a.run.Results.At(i))
}

func (a *resultArray) Set(int, sobek.Value) bool { return false }
func (a *resultArray) SetLen(int) bool           { return false }

// MarshalJSON makes a run fit for what setup() returns.
func (a *resultArray) MarshalJSON() ([]byte, error) {
	records := make([]resultRecord, a.Len())
	for i, r := range a.run.Results.All() {
		records[i] = recordOf(r)
	}
	return json.Marshal(records)
}
