package aggregate

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch"
)

// Summary is what a collector has gathered, or the figures of one run: all that a report is written from. It has many
// fields: one for each part of reports.
type Summary struct {
	Totals

	// Begun is when the first run began; Wall is the time from then to the end of the last run.
	Begun time.Time
	Wall  time.Duration
	// Modes are the totals of each way of fetching, in the order of their names.
	Modes []Mode
	// All is what is known of all results together.
	All *Name
	// Names are in their alphabetical order; Other, if there is one, comes last.
	Names []*Name
	// Failures are the reasons of failure, the most frequent first.
	Failures []Failure
	// Budgets are what became of each check of budgets: those that are broken first.
	Budgets []Budget
	// Expected are what became of each check of responses, in the same order.
	Expected []Budget
	// SlowestResults and FailedResults are single results: the slowest first, and the failed ones as they came.
	SlowestResults, FailedResults []Sample
	// Timelines are single runs, up to three of each mode: the modes in the order of their names, and the slowest run of
	// each first.
	Timelines []*Timeline
	// Pages are what became of pages as a whole, in the order of their names; Types are their resources by type. Both are
	// empty if no page was visited.
	Pages []*Page
	Types []Type
	// Series is how all went over time, nil if nothing ran.
	Series *Series
	// Comparison is nil if nothing was compared.
	Comparison *Comparison
}

// Mode is one way of fetching.
type Mode struct {
	Totals

	Mode string
}

// Failure is a reason of failure, and how often it was one.
type Failure struct {
	Cause

	Count int
	// Names are those that failed so, the most frequent first.
	Names []NameCount
}

// NameCount is how often something happened under a name.
type NameCount struct {
	Name  string
	Count int
}

func byCount(a, b NameCount) int {
	return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Name, b.Name))
}

// Summary returns what was gathered until now. It shares nothing with the collector.
func (c *Collector) Summary() *Summary {
	s := &Summary{}
	var found types
	for i := range c.shards {
		sh := &c.shards[i]
		sh.mu.Lock()
		for _, n := range sh.names {
			s.Names = append(s.Names, n.clone())
		}
		c.series.take(&sh.notes)
		found.join(sh.types)
		sh.mu.Unlock()
	}
	s.Series = c.series.series()
	slices.SortFunc(s.Names, func(a, b *Name) int { return cmp.Compare(a.Name, b.Name) })
	c.hidden.Lock()
	if c.other != nil {
		s.Names = append(s.Names, c.other.clone())
	}
	c.hidden.Unlock()

	s.Budgets, s.Expected = c.budgets.list(), c.expected.list()
	s.Pages, s.Types = c.visits.list(), found.list()

	c.addRuns(s)
	for _, line := range s.Timelines {
		line.copyRows() // without the lock: runs that end now need not wait for it
	}
	s.conclude()
	return s
}

// addRuns adds what is known of runs.
func (c *Collector) addRuns(s *Summary) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s.Begun, s.Wall = c.begun, c.ended.Sub(c.begun)
	s.SlowestResults, s.FailedResults = slices.Clone(c.slowest), slices.Clone(c.failed)
	for _, mode := range slices.Sorted(maps.Keys(c.modes)) {
		t := c.modes[mode]
		s.Modes = append(s.Modes, Mode{*t, mode})
		s.Timelines = append(s.Timelines, c.kept[mode].list(t.Runs, c.limits.Rows)...)
		s.join(t)
	}
	s.Comparison = c.comparison
}

func (t *Totals) join(other *Totals) {
	t.Counts.join(&other.Counts)
	t.Runs += other.Runs
	t.Elapsed += other.Elapsed
	t.Total += other.Total
	t.Peak = max(t.Peak, other.Peak)
}

// conclude fills in what follows from the names.
func (s *Summary) conclude() {
	s.All = &Name{Name: "all"}
	causes := make(map[Cause]*Failure)
	for _, n := range s.Names {
		s.All.merge(n)
		for cause, count := range n.Causes {
			f := causes[cause]
			if f == nil {
				f = &Failure{Cause: cause}
				causes[cause] = f
			}
			f.Count += count
			f.Names = append(f.Names, NameCount{n.Name, count})
		}
	}
	for _, f := range causes {
		slices.SortFunc(f.Names, byCount)
		s.Failures = append(s.Failures, *f)
	}
	slices.SortFunc(s.Failures, func(a, b Failure) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Status, b.Status),
			cmp.Compare(a.Error, b.Error))
	})
	if s.All.Count > s.Count { // runs that are still under way have results, and no totals yet
		s.Counts = s.All.Counts
	}
}

// clone returns a copy that is complete: with the phases that were not reached, which are not counted one by one.
func (n *Name) clone() *Name {
	c := *n
	c.Causes = maps.Clone(n.Causes)
	for i := range n.Times {
		c.Times[i] = *n.Times[i].clone()
		c.Times[i].addZeros(n.Count - n.NotRun - n.Hits - c.Times[i].Count())
	}
	c.Sizes = *n.Sizes.clone()
	c.Breaks = slices.Clone(n.Breaks)
	return &c
}

func (n *Name) merge(other *Name) {
	n.join(&other.Counts)
	for i := range n.Times {
		n.Times[i].Merge(&other.Times[i])
	}
	n.Sizes.Merge(&other.Sizes)
	for i := range other.Breaks {
		n.Breaks.join(&other.Breaks[i])
	}
}

// OfRun returns the summary of one run.
func OfRun(mode string, run *fetch.Run, limits Limits) *Summary {
	c := New(limits)
	c.Begin(run.Started)
	c.whole(mode, run)
	return c.Summary()
}

func (c *Collector) whole(mode string, run *fetch.Run) {
	for _, r := range run.Results.All() {
		c.Add(r)
	}
	c.budgets.addUnkept(run)
	c.Ended(mode, run)
}
