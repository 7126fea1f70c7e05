// Package work is what goes on beside the event loop: runs, comparisons, streams and sitemaps under way. It cannot
// touch the runtime, because it does not know that there is one: it imports nothing of JavaScript, and is handed
// functions that take its results to the event loop.
package work

import (
	"context"
	"sync"
	"time"

	"github.com/sirupsen/logrus"
	"go.k6.io/k6/v2/lib"
	"go.k6.io/k6/v2/metrics"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/budget"
	"github.com/xk6-fetch/xk6-fetch/fetch/k6metrics"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
)

// Mode is a way of fetching, as tags and reports have it.
type Mode string

// The ways of fetching, and what a comparison is called.
const (
	Sequential Mode = "sequential"
	Concurrent Mode = "concurrent"
	Compare    Mode = "compare"
	Stream     Mode = "stream"
	Page       Mode = "page"
)

// Targets are what a call is about: one list, to be gone through as often as need be.
type Targets interface {
	Iterator() fetch.Iterator
	Len() int
}

// Way is what is fetched, and how.
type Way struct {
	// Mode is what tags and reports call it.
	Mode    Mode
	Targets Targets
	// Engine are the options of its runs, and RunBudget what each may cost.
	Engine    fetch.Options
	RunBudget budget.Checks
	Client    *fetch.Client
	Tags      metrics.TagsAndMeta
}

// Job is a call that has been read and checked.
type Job struct {
	Way

	// Ways are what a comparison is between, two or more, and Rounds is how often each is gone.
	Ways   []Way
	Rounds int
	// Warmups are gone before anything is measured: names are resolved and connections made, so that no way pays for
	// another.
	Warmups []Way
	// Visit is the page that is to be visited, nil if it is none.
	Visit *Visit
	// KeepsResults says that results are kept: all but those of a list from a file that the script looks at as they come.
	// Such lists are longer than what memory holds.
	KeepsResults bool

	State *lib.State
	// Samples are where its samples go.
	Samples Samples
	// Collector gathers results for report().
	Collector *aggregate.Collector
	// Panicked logs a panic.
	Panicked func(value any, stack []byte)

	failed firstFailure
}

// Samples is what samples are made with.
type Samples struct {
	Metrics *k6metrics.Metrics
	Cache   *k6metrics.TagCache
	// Silent says that the test has ended and nobody takes samples any more: this is handleSummary().
	Silent bool
}

// observer returns what makes samples of a way's run. They are tagged with a mode, which need not be the way's own.
func (j *Job) observer(way *Way, mode Mode) *k6metrics.Observer {
	observer := k6metrics.NewObserver(j.Samples.Metrics, j.Samples.Cache, j.State, string(mode), way.Tags.Clone())
	if j.Samples.Silent {
		observer.Silence()
	}
	return observer
}

func (j *Job) logger() logrus.FieldLogger { return j.State.Logger }

// Outcome is what came of a job: a run, a comparison, or a panic.
type Outcome struct {
	Run        *fetch.Run
	Comparison *Comparison
	Err        error
}

// Do does a run or a comparison. Each result is handed to deliver, if it is not nil, as it ends.
func (j *Job) Do(ctx context.Context, deliver func(*fetch.Result)) (o Outcome) {
	o.Err = j.Guard(func() {
		switch {
		case j.Mode == Compare:
			o.Comparison = j.Compare(ctx, deliver)
		case j.Visit != nil:
			o.Run = j.visit(ctx, deliver)
		default:
			o.Run = j.Run(ctx, &j.Way, deliver)
		}
	})
	return o
}

// Run fetches the targets once, with all samples. Each result is handed to deliver, if it is not nil, as it ends.
func (j *Job) Run(ctx context.Context, way *Way, deliver func(*fetch.Result)) *fetch.Run {
	opts := way.Engine
	opts.OnResult = j.collected(deliver)
	warner := &warner{logger: j.logger(), rejects: true}
	return j.measured(opts, way, warner, j.KeepsResults, func(opts fetch.Options, observer fetch.Observer) *fetch.Run {
		if j.KeepsResults {
			return way.Client.Run(ctx, way.Targets.Iterator(), opts, observer)
		}
		next := opts.OnResult
		opts.OnResult = func(r *fetch.Result) {
			j.failed.note(r)
			next(r)
		}
		return way.Client.Stream(ctx, way.Targets.Iterator(), opts, observer)
	})
}

// Stream fetches the targets once, and hands each result to put as it ends.
func (j *Job) Stream(ctx context.Context, put func(*fetch.Result)) *fetch.Run {
	opts := j.Engine
	opts.OnResult = j.collected(put)
	warner := &warner{logger: j.logger()}
	return j.measured(opts, &j.Way, warner, false, func(opts fetch.Options, observer fetch.Observer) *fetch.Run {
		return j.Client.Stream(ctx, j.Targets.Iterator(), opts, observer)
	})
}

// runs does a run with what measured has prepared.
type runs func(opts fetch.Options, observer fetch.Observer) *fetch.Run

// measured does a run with its samples, its warnings and its budget.
func (j *Job) measured(
	opts fetch.Options, way *Way, warner *warner, kept bool, run runs,
) *fetch.Run {
	observer := j.observer(way, way.Mode)
	defer observer.Close()
	var t *tally
	if !kept {
		t = newTally(way.RunBudget)
		opts.OnResult = t.counting(opts.OnResult)
	}
	opts.Unanswered = warner.warn
	observer.RunStarted(way.Targets.Len())
	ended := run(opts, observer)
	warner.end()
	judge(ended, way.RunBudget, t)
	observer.RunEnded(ended)
	j.Collector.Ended(string(way.Mode), ended)
	return ended
}

// collected puts the results of a run that begins now into the report of the whole test, and hands them on.
func (j *Job) collected(next func(*fetch.Result)) func(*fetch.Result) {
	j.Collector.Begin(time.Now())
	if next == nil {
		return j.Collector.Add
	}
	return func(r *fetch.Result) {
		j.Collector.Add(r)
		next(r)
	}
}

// FirstFailure is the first failure that throw is about, by the order of the targets. It is there after a run that
// keeps no results, and nil if nothing failed so.
func (j *Job) FirstFailure() *fetch.Result { return j.failed.result }

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
