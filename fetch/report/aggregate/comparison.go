package aggregate

import (
	"slices"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch"
)

// FullRun is a run with all its results, and what the way it went is called.
type FullRun struct {
	*fetch.Run

	Mode string
}

// Comparison is the same targets fetched in several ways.
type Comparison struct {
	// Count is how many comparisons there were; the runs are those of the last.
	Count int
	// Ways are the runs, one for each way, in the order that they were given in.
	Ways []*Timeline
}

// ComparisonOf makes one of a run for each way. Each keeps up to limit results.
func ComparisonOf(ways []FullRun, limit int) *Comparison {
	c := &Comparison{Count: 1, Ways: make([]*Timeline, len(ways))}
	for i, way := range ways {
		c.Ways[i] = TimelineOf(way.Mode, way.Run, limit)
	}
	return c
}

// Speedup is how many times faster the last way was than the first. 0 when nothing ran.
func (c *Comparison) Speedup() float64 {
	return Speedup(c.Ways[0].Elapsed, c.Ways[len(c.Ways)-1].Elapsed)
}

// Speedup is how many times faster now is than then, 0 if now took no time.
func Speedup(then, now time.Duration) float64 {
	if now <= 0 {
		return 0
	}
	return float64(then) / float64(now)
}

// OfComparison returns the summary of a run for each way.
func OfComparison(ways []FullRun, limits Limits) *Summary {
	c := New(limits)
	c.Begin(slices.MinFunc(ways, func(a, b FullRun) int { return a.Started.Compare(b.Started) }).Started)
	for _, way := range ways {
		c.whole(way.Mode, way.Run)
	}
	c.Compared(ways)
	return c.Summary()
}

// Compared keeps a run of each way of a comparison. The last comparison is kept: it is least about getting started.
func (c *Collector) Compared(ways []FullRun) {
	comparison := ComparisonOf(ways, c.limits.Rows)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.comparison != nil {
		comparison.Count += c.comparison.Count
	}
	c.comparison = comparison
}
