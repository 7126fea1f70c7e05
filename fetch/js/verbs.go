package js

import (
	"context"
	"fmt"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/js/common"
	"go.k6.io/k6/v2/lib"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/js/args"
	"github.com/xk6-fetch/xk6-fetch/fetch/js/work"
)

// verb returns the JavaScript function. With an owner, it is that client's method, with its options as defaults and
// its connections.
func (mi *Instance) verb(v work.Mode, owner *client) func(call sobek.FunctionCall) sobek.Value {
	return func(call sobek.FunctionCall) sobek.Value {
		state := mi.vu.State()
		if state == nil {
			common.Throw(mi.rt, common.NewInitContextError(
				fmt.Sprintf("Using %s() in the init context is not supported", v)))
		}
		var c *fetchCall
		err := mi.attempt(func() (err error) {
			c, err = mi.prepare(v, owner, state, mi.argumentsOf(v, call))
			return err
		})
		if v == work.Stream {
			if err != nil {
				throwMisuse(mi.rt, err)
			}
			return mi.startStream(c)
		}
		promise, resolve, reject := mi.rt.NewPromise()
		if err != nil {
			_ = reject(mi.errorValue(err))
			return mi.rt.ToValue(promise)
		}
		mi.launch(c, resolve, reject)
		return mi.rt.ToValue(promise)
	}
}

// fetchCall is a job as the event loop knows it.
type fetchCall struct {
	*work.Job

	ctx      context.Context //nolint:containedctx // the iteration's, on its way to the goroutine
	onResult sobek.Callable  // the script's, nil if there is none
	done     func()          // gives the client back
	named    bool            // it compares ways that the script has named
}

// arguments are those of a function that fetches. Only compare() may have ways.
type arguments struct{ targets, ways, options args.Field }

// argumentsOf returns what the function is called with.
func (mi *Instance) argumentsOf(v work.Mode, call sobek.FunctionCall) arguments {
	field := func(what string, i int) args.Field {
		return args.Field{Path: string(v) + " " + what, Value: call.Argument(i), Runtime: mi.rt}
	}
	given := arguments{targets: field("targets", 0), options: field("options", 1)}
	if v == work.Page {
		given.targets = field("url", 0)
	}
	if ways := field("ways", 1); v == work.Compare && ways.IsWays() {
		given.ways, given.options = ways, field("options", 2) //nolint:mnd // the third
	}
	return given
}

// prepare reads a call. Nothing has been sent when it fails.
func (mi *Instance) prepare(v work.Mode, owner *client, state *lib.State, given arguments) (*fetchCall, error) {
	o, pool := args.DefaultOptions(state), &mi.vuPool
	if owner != nil {
		pool = &owner.pool
		if err := (args.OptionReader{Client: true}).Read(o, owner.options); err != nil {
			return nil, err
		}
	}
	if err := (args.OptionReader{Compare: v == work.Compare, Page: v == work.Page}).Read(o, given.options); err != nil {
		return nil, err
	}
	if given.ways.Given() {
		return mi.prepareWays(o, pool, state, given)
	}
	if v == work.Page {
		return mi.preparePage(o, pool, state, given)
	}
	if v == work.Sequential {
		o.Concurrency = 1
	}
	way, err := mi.newWay(v, state, o, given.targets, given.options.Path)
	if err != nil {
		return nil, err
	}
	way.Engine.LateCookies = v != work.Sequential
	c := mi.newCall(way, state, o)
	c.Client, c.done = mi.client(o.Connections, pool)
	if v == work.Compare {
		c.CompareBothWays(o.Rounds, o.Warmup)
	}
	return c, nil
}

// newWay reads the targets for some options, which errors call path.
func (mi *Instance) newWay(
	mode work.Mode, state *lib.State, o *args.Options, targets args.Field, path string,
) (work.Way, error) {
	if err := o.Bounded(path + ".concurrency"); err != nil {
		return work.Way{}, err
	}
	reader := o.Reader(state)
	reader.ListOf = openedListOf
	read, err := reader.Read(targets)
	if err != nil {
		return work.Way{}, err
	}
	engine := o.Engine(state, reader.Plain)
	engine.LateCookies = true
	mi.watch(&engine, state)
	return work.Way{Mode: mode, Targets: read, Engine: engine, RunBudget: o.RunBudget, Tags: o.Tags}, nil
}

// watch has a long run tell how far it is.
func (mi *Instance) watch(engine *fetch.Options, state *lib.State) {
	if !mi.root.quiet {
		engine.Watch = mi.root.board.Watch(func(line string) { state.Logger.Info(line) })
	}
}

// newCall makes a call of what was read.
func (mi *Instance) newCall(way work.Way, state *lib.State, o *args.Options) *fetchCall {
	mi.root.active.Find(mi.vu.Context())
	_, isList := way.Targets.(*args.ListTargets)
	return &fetchCall{
		Job: &work.Job{
			Way: way, KeepsResults: !isList || o.OnResult == nil || way.Mode == work.Compare,
			State: state, Collector: mi.root.collector, Panicked: mi.root.panics.To(state.Logger),
			Samples: work.Samples{Metrics: mi.metrics, Cache: &mi.tagCache, Silent: mi.root.leftovers.ended.Load()},
		},
		ctx: mi.vu.Context(), onResult: o.OnResult,
	}
}

// launch does the work of a call beside the event loop, and settles its promise on it.
func (mi *Instance) launch(c *fetchCall, resolve, reject func(any) error) {
	ctx, cancel := context.WithCancel(c.ctx)
	loop := mi.newLoop(ctx)
	deliver := mi.deliverTo(c, cancel, loop)
	settle := func(o work.Outcome) error {
		cancel()
		switch {
		case loop.failure != nil:
			return reject(loop.failure)
		case o.Err != nil:
			return reject(mi.errorValue(o.Err))
		case o.Comparison != nil:
			return mi.settleComparison(o.Comparison, c.named, resolve, reject)
		default:
			return mi.settleRun(c, o.Run, resolve, reject)
		}
	}
	mi.inBackground(func() {
		defer c.done()
		outcome := c.Do(ctx, deliver)
		loop.end(func() error { return settle(outcome) })
	})
}

func (mi *Instance) settleRun(c *fetchCall, run *fetch.Run, resolve, reject func(any) error) error {
	return mi.settle(resolve, reject, func() (value, failure sobek.Value) {
		objectOf := mi.newRun
		if run.Page != nil {
			objectOf = mi.newVisit
		}
		object := objectOf(c.Mode, run)
		return object, mi.thrown(run, c.FirstFailure(), object)
	})
}

// thrown returns the error that a run rejects with, if a target failed in a way that throw is about.
// first is the first failure of a run that keeps no results.
func (mi *Instance) thrown(run *fetch.Run, first *fetch.Result, object *sobek.Object) sobek.Value {
	failures := run.Failures()
	if first != nil {
		failures = append(failures, first)
	}
	for _, r := range failures {
		if !r.Throws() {
			continue
		}
		reason := r.Error
		if reason == "" {
			reason = fmt.Sprintf("unexpected status %d", r.Status)
		}
		text := fmt.Sprintf("%d of %d targets failed; targets[%d] (%s): %s",
			run.Failed, run.Count, r.Index, r.Name(), reason)
		failure := mi.newError(text)
		args.Define(mi.rt, failure, "run", object)
		return failure
	}
	return nil
}
