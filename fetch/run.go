package fetch

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/budget"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
)

// Run is the outcome of a list of targets. It has many fields: one for each thing that scripts and reports say of it.
type Run struct {
	Concurrency int
	// Started is when the run began.
	Started time.Time
	// Elapsed is wall-clock time. Total is the sum of the results' Elapsed: about what a sequential run would have taken.
	Elapsed, Total time.Duration
	// Peak is the largest number of targets that were in flight at once.
	Peak int
	// Count is how many targets there were: the sum of Ok, Failed and NotRun.
	Count, Ok, Failed, NotRun int
	// Answered counts targets with a whole response, whatever its status. OverBudget counts those that broke their budget.
	Answered, OverBudget int
	// Requests counts HTTP requests, redirects and retries included. Bytes counts the bytes of all bodies as received.
	Requests int
	Bytes    int64
	// Results are in the order of the targets. It is nil for Stream.
	Results *Results
	// Page is how long the page took whose resources the targets are, nil if they are others.
	Page *PageLoad
	// Budget has the verdicts on the run's own budget. The caller sets it, because only the caller judges a run.
	Budget []budget.Verdict
}

// Speedup is how many times faster the run was than a sequential run: Total divided by Elapsed. It is 0 if nothing ran.
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

// Slowest returns the n results with the largest Elapsed, the slowest first. Results that were not run are left out.
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

// Percentile returns the p-th percentile (0 to 100) of a time over the results that ran, interpolated like k6's trends.
// It is 0 if nothing ran.
func (r *Run) Percentile(p float64, of func(*Result) time.Duration) time.Duration {
	return r.Times(of).Percentile(p)
}

// Run fetches all targets and returns when nothing of it is left running. If ctx is canceled, targets in flight fail,
// and the rest is not run. The targets are no [Feed].
func (c *Client) Run(ctx context.Context, targets Iterator, opts Options, obs Observer) *Run {
	results := newResults(targets, opts.Spec)
	run := c.newExecution(ctx, targets, opts, obs, results.put).wait()
	results.started = run.Started
	run.Results = results
	return run
}

// Stream fetches all targets like Run, but keeps no results: only opts.OnResult gets them. If ctx is canceled or the
// run drained, targets that were never started are counted, but not passed to OnResult. Of a [Feed], those are
// counted that it has yielded.
func (c *Client) Stream(ctx context.Context, targets Iterator, opts Options, obs Observer) *Run {
	e := c.newExecution(ctx, targets, opts, obs, func(*Result) {})
	e.streams = true
	return e.wait()
}

// execution is a run under way. It has many fields because its workers share all of them: what to do, how, and what
// has come of it.
type execution struct {
	client   *Client
	schedule *schedule
	opts     Options
	obs      Observer
	emit     func(*Result)
	workers  int // at most
	crew     crew
	shapes   transport.Shapes
	// streams reports whether nobody keeps the results. Targets that never started then need no result once the caller has
	// gone: for an iterator over millions, making them takes a while.
	streams bool

	caller context.Context //nolint:containedctx // the caller's; ctx is the run's
	ctx    context.Context //nolint:containedctx // see lifetime
	cancel context.CancelCauseFunc
	// starting ends when no further attempt may start: with ctx, or when the run is drained.
	starting     context.Context //nolint:containedctx // see lifetime
	stopStarting context.CancelCauseFunc
	start        time.Time

	late           lateCookies
	inFlight, peak atomic.Int64
	mu             sync.Mutex
	tally          Run
}

// newExecution prepares a run. emit is called for every target that a worker took, on that worker's goroutine. Targets
// that no worker took follow when all workers have ended.
func (c *Client) newExecution(
	ctx context.Context, targets Iterator, opts Options, obs Observer, emit func(*Result),
) *execution {
	if opts.Spec == nil {
		opts.Spec = &Spec{} // for targets that the iterator failed to yield
	}
	e := &execution{
		client: c, schedule: newSchedule(targets, opts.PerHost), opts: opts, obs: obs, caller: ctx,
		workers: min(opts.Concurrency, targets.Len()),
	}
	if e.schedule.open() {
		e.workers = opts.Concurrency
	}
	if opts.PerHost >= e.workers || e.schedule.frontier != nil {
		e.schedule.perHost = 0 // no host can have more in flight than there are workers, or the frontier sees to it
	}
	e.emit = func(r *Result) {
		e.count(r)
		emit(r)
		if opts.OnResult != nil {
			e.guard(func() { opts.OnResult(r) })
		}
	}
	e.tally.Count, e.tally.Concurrency = e.schedule.count, opts.Concurrency
	return e
}

// wait runs the workers, and returns when all of them have ended.
func (e *execution) wait() *Run {
	e.start = time.Now()
	e.tally.Started = e.start
	defer e.lifetime()()
	e.client.network.Begin(e.workers)
	defer e.client.network.End(e.workers)
	defer e.watched()()
	defer e.schedule.pace.begin(e.start)()
	e.hire(e.atFirst())
	closed := func() {}
	if e.opts.Drain != nil {
		closed = after(e.starting, e.schedule.close)
	}
	expired := after(e.ctx, func() {
		e.schedule.close()
		e.expire()
	})
	e.work()
	closed() // nothing of the run may go on after it
	expired()

	e.tally.Elapsed = time.Since(e.start)
	e.guard(e.late.store)
	e.tally.Peak = int(e.peak.Load())
	if e.streams && (e.cut() || e.draining()) {
		e.countRest()
		return &e.tally
	}
	e.leftOver()
	return &e.tally
}

// leftOver makes results of targets that no worker took. Those that a feed knows of are only counted.
func (e *execution) leftOver() {
	notRun := func(j job) {
		var r Result
		e.begin(&r, j)
		e.emit(&r)
	}
	if frontier := e.schedule.frontier; frontier != nil {
		e.tally.Count = frontier.Len()
		for i, target := range frontier.Left() {
			notRun(job{index: i, target: target})
		}
		return
	}
	e.schedule.rest(notRun)
	if e.schedule.feed != nil {
		e.countRest()
	}
}

// countRest counts targets that have no results as not run.
func (e *execution) countRest() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if feed := e.schedule.feed; feed != nil {
		e.tally.Count = max(e.schedule.taken(), feed.Len())
	} else if frontier := e.schedule.frontier; frontier != nil {
		e.tally.Count = frontier.Len()
	}
	e.tally.NotRun = e.tally.Count - e.tally.Ok - e.tally.Failed
}

// after calls f when ctx ends. The returned function prevents that, or waits until f has returned.
func after(ctx context.Context, f func()) (stop func()) {
	returned := make(chan struct{})
	prevent := context.AfterFunc(ctx, func() {
		defer close(returned)
		f()
	})
	return func() {
		if !prevent() {
			<-returned
		}
	}
}

// begin makes r the record of a job that leaves the queue now, and has not run yet. It returns the time.
func (e *execution) begin(r *Result, j job) time.Time {
	waited := time.Since(e.start)
	due := min(j.due, waited)
	*r = Result{Index: j.index, Target: j.target, RunStarted: e.start, Due: due, Queued: waited - due}
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

// progress reads the counters of the run.
func (e *execution) progress() Progress {
	var p Progress
	switch {
	case e.schedule.feed != nil:
		p.Count, p.Open = e.schedule.taken(), true
	case e.schedule.frontier != nil:
		p.Count, p.Open = e.schedule.frontier.Len(), true
	default:
		p.Count = e.tally.Count
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	t := &e.tally
	p.Finished, p.Failed = t.Ok+t.Failed+t.NotRun, t.Failed
	return p
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
