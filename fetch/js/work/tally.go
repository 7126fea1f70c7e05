package work

import (
	"sync"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/budget"
	"github.com/xk6-fetch/xk6-fetch/fetch/page"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
)

// tally gathers the times that the budget of a run is about, where the run keeps no results.
type tally struct {
	mu    sync.Mutex
	times map[budget.Key]*aggregate.Histogram
}

// newTally returns nil where the budget is about no times.
func newTally(checks budget.Checks) *tally {
	var t *tally
	for _, check := range checks {
		if !check.Key.IsTime() {
			continue
		}
		if t == nil {
			t = &tally{times: make(map[budget.Key]*aggregate.Histogram)}
		}
		t.times[check.Key] = &aggregate.Histogram{}
	}
	return t
}

// counting counts results, and hands them on.
func (t *tally) counting(next func(*fetch.Result)) func(*fetch.Result) {
	if t == nil {
		return next
	}
	return func(r *fetch.Result) {
		t.add(r)
		next(r)
	}
}

func (t *tally) add(r *fetch.Result) {
	if r.State == fetch.StateNotRun {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for key, times := range t.times {
		times.Add(r.Time(key))
	}
}

// judge gives a run what became of its budget. The tally is that of a run that kept no results.
func judge(run *fetch.Run, checks budget.Checks, t *tally) {
	if checks == nil {
		return
	}
	sorted := make(map[budget.Key]budget.Times)
	run.Budget = checks.JudgeRun(&budget.Run{
		Elapsed: run.Elapsed, Speedup: run.Speedup(), Requests: run.Requests,
		Count: run.Count, Failed: run.Failed, NotRun: run.NotRun, Answered: run.Answered,
		Times: func(key budget.Key) budget.Times {
			if run.Results == nil {
				return t.times[key]
			}
			if sorted[key] == nil {
				sorted[key] = run.Times(func(r *fetch.Result) time.Duration { return r.Time(key) })
			}
			return sorted[key]
		},
		Page: pageFigures(run),
	})
}

// pageFigures are what the budget of a page is about, nil if the run was no page's.
func pageFigures(run *fetch.Run) *budget.Page {
	if run.Page == nil {
		return nil
	}
	sums := page.ByType(run)
	return &budget.Page{
		Load: run.Page.Load, Blocking: run.Page.Blocking,
		Whole: run.NotRun == 0 && run.Results.At(0).Status != 0,
		Of: func(kind string) (count int, bytes int64) {
			for i := range sums {
				if s := &sums[i]; s.Type == kind {
					return len(s.Results), s.Bytes
				}
			}
			return 0, 0
		},
	}
}
