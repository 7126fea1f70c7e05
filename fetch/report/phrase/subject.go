// Package phrase has what a report is about, and the words and figures that its formats have in common. It knows no
// format: package report and the page use it, and it uses neither.
package phrase

import (
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/baseline"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/k6summary"
)

// Subject is what a report is about: a run, all ways of a comparison, or all that was collected in a test.
type Subject struct {
	*aggregate.Summary

	// Runs are there in full where the report is about a run or a comparison.
	Runs []aggregate.FullRun

	// Against is nil unless there is a baseline.
	Against *baseline.Comparison
	// K6 is nil unless the report was handed what k6 says of the test.
	K6 *k6summary.Summary
}

// runLimits bound a report of a single run, which has its results in memory anyway.
func runLimits() aggregate.Limits {
	return aggregate.Limits{Names: 5000, Slowest: 50, Failed: 1000, Rows: 20_000} //nolint:mnd // here is where they are
}

// OfRun is a report about one run.
func OfRun(mode string, run *fetch.Run) *Subject {
	return &Subject{
		Summary: aggregate.OfRun(mode, run, runLimits()), Runs: []aggregate.FullRun{{Run: run, Mode: mode}},
	}
}

// OfComparison is a report about a run for each way.
func OfComparison(ways []aggregate.FullRun) *Subject {
	return &Subject{Summary: aggregate.OfComparison(ways, runLimits()), Runs: ways}
}

// OfSummary is a report about what was collected.
func OfSummary(s *aggregate.Summary) *Subject { return &Subject{Summary: s} }

// Compared returns how many URLs there were, and in how many ways they were fetched, if the report is about nothing but
// a comparison of them.
func (s *Subject) Compared() (urls, ways int, ok bool) {
	c := s.Comparison
	if c == nil || c.Count != 1 || s.Totals.Runs != len(c.Ways) {
		return 0, 0, false
	}
	urls = c.Ways[0].Count
	for _, w := range c.Ways {
		if w.Count != urls {
			return 0, 0, false
		}
	}
	return urls, len(c.Ways), urls > 1
}

// Passed reports whether the test passed: by k6's thresholds if there are any, else because all URLs were answered as
// budgets and baseline want it. A test that fetched nothing did not pass.
func (s *Subject) Passed() bool {
	if s.hasThresholds() {
		return !s.Nothing() && s.K6.Passed()
	}
	return s.answered() && s.BrokenBudgets() == 0 && !AreWorse(s.Against)
}

// answered reports whether there was something to fetch, and all of it was answered.
func (s *Subject) answered() bool { return s.Count > 0 && s.Failed == 0 && s.NotRun == 0 }

// Nothing reports whether no URL was fetched: because there was none, or because none was run.
func (s *Subject) Nothing() bool { return s.Ok+s.Failed == 0 }

// Spent is how long it all took: the time of the run, or from the first run's start to the last one's end.
func (s *Subject) Spent() time.Duration {
	if len(s.Runs) == 1 {
		return s.Elapsed
	}
	return s.Wall
}

// Dated returns the subject with a date: where no run began, that of the report itself.
func (s *Subject) Dated(now time.Time) *Subject {
	if !s.Begun.IsZero() {
		return s
	}
	dated, summary := *s, *s.Summary
	summary.Begun = now
	dated.Summary = &summary
	return &dated
}
