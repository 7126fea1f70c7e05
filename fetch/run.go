package fetch

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/budget"
)

// Run is what became of a list of targets.
type Run struct {
	Concurrency int
	// Started is when it began.
	Started time.Time
	// Elapsed is wall-clock time. Total is the sum of the results' Elapsed: the time that fetching one after another
	// would have taken, had each taken as long.
	Elapsed, Total time.Duration
	// Peak is how many targets were in flight at once at the most.
	Peak int
	// Count is how many targets there were: Ok, Failed and NotRun together.
	Count, Ok, Failed, NotRun int
	// Answered counts those that a whole response came for, whatever its status; OverBudget those that broke their
	// budget.
	Answered, OverBudget int
	// Requests counts HTTP requests, redirects and retries included. Bytes counts the bytes of the bodies.
	Requests int
	Bytes    int64
	// Results are in the order of the targets. A run that handed them over one by one has none.
	Results *Results
	// Budget is what became of the budget of the run itself. It is its caller's to judge.
	Budget []budget.Verdict
}

// Speedup is how many times faster the run was than its targets one after another. 0 when nothing ran.
func (r *Run) Speedup() float64 {
	if r.Elapsed <= 0 {
		return 0
	}
	return float64(r.Total) / float64(r.Elapsed)
}

// Failures returns the results that failed, in the order of the targets.
func (r *Run) Failures() []*Result {
	var failed []*Result
	for i := range r.Results.Len() {
		if r.Results.records[i].state == StateFailed {
			failed = append(failed, r.Results.At(i))
		}
	}
	return failed
}

// Slowest returns the n results that took longest, the slowest first. Results that were not run are left out.
func (r *Run) Slowest(n int) []*Result {
	order := make([]int, 0, r.Results.Len())
	for i := range r.Results.Len() {
		if r.Results.records[i].state != StateNotRun {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(r.Results.records[b].elapsed, r.Results.records[a].elapsed)
	})
	slowest := make([]*Result, min(n, len(order)))
	for i := range slowest {
		slowest[i] = r.Results.At(order[i])
	}
	return slowest
}

// Percentile returns the p-th percentile (0 to 100) of a time over the results that ran, interpolated between the two
// nearest as k6's trends do. It is 0 when nothing ran.
func (r *Run) Percentile(p float64, of func(*Result) time.Duration) time.Duration {
	return r.Times(of).Percentile(p)
}

// Run fetches all targets and returns when nothing of it is left running. When ctx is canceled, what is in flight fails
// and the rest is not run.
func (c *Client) Run(ctx context.Context, targets Iterator, opts Options, obs Observer) *Run {
	results := newResults(targets, opts.Spec)
	run := c.newExecution(ctx, targets, opts, obs, results.put).wait()
	results.started = run.Started
	run.Results = results
	return run
}

// Stream fetches all targets like Run, but keeps no results: they are handed over by opts.OnResult alone. When ctx is
// canceled, those that were never started are counted, and not handed over.
func (c *Client) Stream(ctx context.Context, targets Iterator, opts Options, obs Observer) *Run {
	e := c.newExecution(ctx, targets, opts, obs, func(*Result) {})
	e.streams = true
	return e.wait()
}

// execution is a run under way.
type execution struct {
	client   *Client
	schedule *schedule
	opts     Options
	obs      Observer
	emit     func(*Result)
	workers  int
	// streams says that nobody keeps the results, so that those of what was never handed out are not needed once the
	// caller has gone: of an iterator over millions they would take a while.
	streams bool

	caller context.Context //nolint:containedctx // of the run, as ctx is
	ctx    context.Context //nolint:containedctx // see lifetime
	start  time.Time

	late           lateCookies
	inFlight, peak atomic.Int64
	mu             sync.Mutex
	tally          Run
}

// newExecution prepares a run. emit is called for every target that was handed to a worker, on that worker's goroutine;
// those that were never handed out follow when the workers are done.
func (c *Client) newExecution(
	ctx context.Context, targets Iterator, opts Options, obs Observer, emit func(*Result),
) *execution {
	if opts.Spec == nil {
		opts.Spec = &Spec{} // of targets that the iterator could not yield
	}
	e := &execution{
		client: c, schedule: newSchedule(targets, opts.PerHost), opts: opts, obs: obs, caller: ctx,
		workers: min(opts.Concurrency, targets.Len()),
	}
	if opts.PerHost >= e.workers {
		e.schedule.perHost = 0 // no host can have more in flight than there are workers
	}
	e.emit = func(r *Result) {
		e.count(r)
		emit(r)
		if opts.OnResult != nil {
			e.guard(func() { opts.OnResult(r) })
		}
	}
	e.tally.Count, e.tally.Concurrency = targets.Len(), opts.Concurrency
	return e
}

// wait runs the workers, and returns when all of them are done.
func (e *execution) wait() *Run {
	e.start = time.Now()
	e.tally.Started = e.start
	defer e.lifetime()()
	e.client.network.Begin(e.workers)
	defer e.client.network.End(e.workers)
	defer e.watched()()
	workers := make([]worker, max(e.workers, 1))
	for i := range workers {
		workers[i].prepare(e)
	}
	stopped := make(chan struct{})
	stop := context.AfterFunc(e.ctx, func() {
		defer close(stopped)
		e.schedule.close()
		for i := range workers {
			e.guard(workers[i].session.Expire)
		}
	})

	var others sync.WaitGroup
	for i := range workers[1:] {
		others.Go(workers[1+i].loop)
	}
	workers[0].loop() // the caller is a worker too: one at a time takes no goroutine
	others.Wait()
	if !stop() {
		<-stopped // so that nothing of the run goes on after it
	}

	e.tally.Elapsed = time.Since(e.start)
	e.guard(e.late.store)
	e.tally.Peak = int(e.peak.Load())
	if e.streams && e.cut() {
		e.mu.Lock()
		e.tally.NotRun = e.tally.Count - e.tally.Ok - e.tally.Failed
		e.mu.Unlock()
		return &e.tally
	}
	e.schedule.rest(func(j job) {
		var r Result
		e.begin(&r, j)
		e.emit(&r)
	})
	return &e.tally
}

// begin makes r the record of a job that begins now: it has waited until now, and was not run yet. It returns the time.
func (e *execution) begin(r *Result, j job) time.Time {
	waited := time.Since(e.start)
	*r = Result{Index: j.index, Target: j.target, RunStarted: e.start, Queued: waited}
	if r.Target.Spec == nil {
		r.Target.Spec = e.opts.Spec
	}
	return e.start.Add(waited)
}

func (e *execution) entered() {
	now := e.inFlight.Add(1)
	for peak := e.peak.Load(); now > peak && !e.peak.CompareAndSwap(peak, now); peak = e.peak.Load() {
		continue
	}
}

func (e *execution) left() { e.inFlight.Add(-1) }

// progress reads what is counted anyway.
func (e *execution) progress() Progress {
	e.mu.Lock()
	defer e.mu.Unlock()
	t := &e.tally
	return Progress{Count: t.Count, Finished: t.Ok + t.Failed + t.NotRun, Failed: t.Failed}
}

func (e *execution) count(r *Result) {
	over := r.OverBudget()
	e.mu.Lock()
	defer e.mu.Unlock()
	t := &e.tally
	t.Total += r.Elapsed
	t.Requests += r.Requests
	t.Bytes += r.Bytes
	if r.answered() {
		t.Answered++
	}
	if over {
		t.OverBudget++
	}
	switch r.State {
	case StateDone:
		t.Ok++
	case StateFailed:
		t.Failed++
	default:
		t.NotRun++
	}
}
