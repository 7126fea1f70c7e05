package js

import (
	"context"
	"fmt"
	"sync"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/js/common"
	"go.k6.io/k6/v2/lib"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/js/args"
	"github.com/xk6-fetch/xk6-fetch/fetch/k6metrics"
)

// verb is one of the functions that fetch.
type verb string

const (
	sequential verb = "sequential"
	concurrent verb = "concurrent"
	compare    verb = "compare"
	stream     verb = "stream"
)

// verb returns the JavaScript function. With an owner, it is that client's method, with its options as defaults and
// its connections.
func (mi *Instance) verb(v verb, owner *client) func(call sobek.FunctionCall) sobek.Value {
	return func(call sobek.FunctionCall) sobek.Value {
		state := mi.vu.State()
		if state == nil {
			common.Throw(mi.rt, common.NewInitContextError(
				fmt.Sprintf("Using %s() in the init context is not supported", v)))
		}
		var j *job
		err := mi.attempt(func() (err error) {
			j, err = mi.prepare(v, owner, state, call)
			return err
		})
		if v == stream {
			if err != nil {
				throwMisuse(mi.rt, err)
			}
			return mi.startStream(j)
		}
		promise, resolve, reject := mi.rt.NewPromise()
		if err != nil {
			_ = reject(mi.errorValue(err))
			return mi.rt.ToValue(promise)
		}
		mi.launch(j, resolve, reject)
		return mi.rt.ToValue(promise)
	}
}

// job is a call that has been read and checked.
type job struct {
	verb    verb
	state   *lib.State
	ctx     context.Context //nolint:containedctx // the iteration's, on its way to the goroutine
	options *args.Options
	targets args.Targets
	engine  fetch.Options
	client  *fetch.Client
	done    func()
	metrics *k6metrics.Metrics

	tagCache *k6metrics.TagCache
	failed   firstFailure
	// silent says that the test has ended and nobody takes samples any more: this is handleSummary().
	silent bool
	// panicked logs a panic.
	panicked func(value any, stack []byte)
}

// prepare reads a call. Nothing has been sent when it fails.
func (mi *Instance) prepare(v verb, owner *client, state *lib.State, call sobek.FunctionCall) (*job, error) {
	o := args.DefaultOptions(state)
	pool := &mi.vuPool
	if owner != nil {
		pool = &owner.pool
		if err := (args.OptionReader{Client: true}).Read(o, owner.options); err != nil {
			return nil, err
		}
	}
	given := args.Field{Path: string(v) + " options", Value: call.Argument(1), Runtime: mi.rt}
	if err := (args.OptionReader{Compare: v == compare}).Read(o, given); err != nil {
		return nil, err
	}
	if v == sequential {
		o.Concurrency = 1
	}
	if o.Concurrency < 1 {
		return nil, args.Misusef(
			"%s options.concurrency must be an integer of at least 1; it is not given, and k6's option batch is %d",
			v, o.Concurrency)
	}
	o.PerHost = max(o.PerHost, 0)

	reader := o.Reader(state)
	reader.ListOf = openedListOf
	targets, err := reader.Read(args.Field{Path: string(v) + " targets", Value: call.Argument(0), Runtime: mi.rt})
	if err != nil {
		return nil, err
	}
	mi.root.active.find(mi.vu.Context())
	j := &job{
		verb: v, state: state, ctx: mi.vu.Context(), options: o, targets: targets,
		engine: o.Engine(state, reader.Plain), metrics: mi.metrics, tagCache: &mi.tagCache,
		silent: mi.root.leftovers.ended.Load(), panicked: mi.root.panics.to(state.Logger),
	}
	j.engine.LateCookies = v != sequential
	if !mi.root.quiet {
		j.engine.Watch = mi.root.board.Watch(func(line string) { state.Logger.Info(line) })
	}
	j.client, j.done = mi.client(o.Connections, pool)
	return j, nil
}

func (j *job) observer(mode verb) *k6metrics.Observer {
	observer := k6metrics.NewObserver(j.metrics, j.tagCache, j.state, string(mode), j.options.Tags.Clone())
	if j.silent {
		observer.Silence()
	}
	return observer
}

// launch runs a job in a goroutine and settles its promise on the event loop.
func (mi *Instance) launch(j *job, resolve func(any) error, reject func(any) error) {
	ctx, cancel := context.WithCancel(j.ctx)
	loop := mi.newLoop(ctx)
	if j.options.OnResult != nil {
		j.options.OnResult = mi.guardedCallback(j.options.OnResult, cancel, loop)
	}
	mi.inBackground(func() {
		defer j.done()
		var settle func() error
		panicked := j.guard(func() {
			if j.verb == compare {
				comparison := j.compare(ctx, loop, mi)
				settle = func() error { return mi.settleComparison(comparison, resolve, reject) }
			} else {
				run := j.measured(ctx, j.verb, loop, mi)
				settle = func() error { return mi.settleRun(j, run, resolve, reject) }
			}
		})
		if panicked != nil {
			settle = func() error { return reject(mi.errorValue(panicked)) }
		}
		loop.end(func() error {
			cancel()
			if loop.failure != nil {
				return reject(loop.failure)
			}
			return settle()
		})
	})
}

// measured runs the targets once, with all samples, and with the script's onResult.
func (j *job) measured(ctx context.Context, mode verb, loop *loop, mi *Instance) *fetch.Run {
	observer := j.observer(mode)
	opts := j.engine
	if mode == sequential {
		opts.Concurrency, opts.LateCookies = 1, false
	}
	opts.OnResult = mi.root.collected(mi.deliverTo(j, loop))
	var t *tally
	if !j.keepsResults() {
		t = newTally(j.options.RunBudget)
		opts.OnResult = t.counting(opts.OnResult)
	}
	warner := &warner{logger: j.state.Logger, rejects: true}
	opts.Unanswered = warner.warn
	observer.RunStarted(j.targets.Len())
	run := j.run(ctx, opts, observer)
	warner.end()
	j.judge(run, t)
	observer.RunEnded(run)
	observer.Close()
	mi.root.collector.Ended(string(mode), run)
	return run
}

// keepsResults tells whether the results are kept: all but those of a list from a file that the script looks at as
// they come. Such lists are longer than what memory holds.
func (j *job) keepsResults() bool {
	_, isList := j.targets.(*args.ListTargets)
	return !isList || j.options.OnResult == nil || j.verb == compare
}

// run runs the targets, and keeps the results if they are to be kept.
func (j *job) run(ctx context.Context, opts fetch.Options, observer *k6metrics.Observer) *fetch.Run {
	if j.keepsResults() {
		return j.client.Run(ctx, j.targets.Source(), opts, observer)
	}
	deliver := opts.OnResult
	opts.OnResult = func(r *fetch.Result) {
		j.failed.note(r)
		deliver(r)
	}
	return j.client.Stream(ctx, j.targets.Source(), opts, observer)
}

// firstFailure is the first failure, by the order of the targets, that a promise rejects with.
type firstFailure struct {
	mu     sync.Mutex
	result *fetch.Result
}

func (f *firstFailure) note(r *fetch.Result) {
	if !r.Throws() {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.result == nil || r.Index < f.result.Index {
		f.result = r.Clone()
	}
}

func (mi *Instance) settleRun(j *job, run *fetch.Run, resolve, reject func(any) error) error {
	return mi.settle(resolve, reject, func() (value, failure sobek.Value) {
		object := mi.newRun(j.verb, run)
		return object, mi.thrown(run, j.failed.result, object)
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
