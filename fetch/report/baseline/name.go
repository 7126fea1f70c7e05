package baseline

import (
	"math"
	"sync"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/stats"
)

// Name is what is compared of the results of one name.
type Name struct {
	// Name is as the JSON report has it.
	Name string
	// Rest reports whether these are the results of several names.
	Rest bool
	// Page reports whether these are times of a page, which have neither parts nor sizes.
	Page                  bool
	Count, Failed, NotRun int
	Times                 [aggregate.Phases]Figures
	// Sizes are of the bytes of those that were answered, each a [aggregate.Byte]. Older reports have none.
	Sizes Figures

	elapsed, sizes cells
}

// Figures are those of a time, or of a size.
type Figures struct {
	Count          int
	Mean, P50, P95 time.Duration
}

// cells hold values by their places in the grid, in ascending order.
type cells []cell

// cell is how many values there are in a place of the grid.
type cell struct {
	place int
	count float64
}

// Of is what there is to compare of a name, which is called as the JSON report calls it.
func Of(n *aggregate.Name, called string) Name {
	name := Name{Name: called, Rest: n.Rest, Count: n.Count, Failed: n.Failed, NotRun: n.NotRun}
	name.leaveOut(n.Hits, n.Times[aggregate.Elapsed].Count(), n.Sizes.Count())
	name.Sizes = figuresOf(&n.Sizes)
	for phase := range n.Times {
		name.Times[phase] = figuresOf(&n.Times[phase])
	}
	name.elapsed, name.sizes = cellsOf(&n.Times[aggregate.Elapsed]), cellsOf(&n.Sizes)
	return name
}

// leaveOut leaves out results from a cache, if there are any: how many of the rest ran, and were answered, is known.
func (n *Name) leaveOut(hits, ran, answered int) {
	if hits > 0 {
		n.Count, n.Failed = ran+n.NotRun, ran-answered
	}
}

func figuresOf(h *aggregate.Histogram) Figures {
	const median, nearlyAll = 50, 95
	return Figures{h.Count(), h.Mean(), h.Percentile(median), h.Percentile(nearlyAll)}
}

func cellsOf(h *aggregate.Histogram) cells {
	var all cells
	for b := range h.Buckets() {
		all = all.with(grid()[boundsOf(b)], float64(b.Count))
	}
	return all
}

// sum is how many values there are.
func (c cells) sum() float64 {
	var sum float64
	for _, one := range c {
		sum += one.count
	}
	return sum
}

// with adds values to the last place, or puts them behind it.
func (c cells) with(place int, count float64) cells {
	if last := len(c) - 1; last >= 0 && c[last].place == place {
		c[last].count += count
		return c
	}
	return append(c, cell{place, count})
}

// failures are how many of the results that ran failed.
func (n *Name) failures() stats.Share { return stats.Share{Hits: n.Failed, Of: n.Count - n.NotRun} }

// parts are what the mean of the time is made of.
func (n *Name) parts() [aggregate.Parts]time.Duration {
	return aggregate.PartsOf(func(p aggregate.Phase) time.Duration { return n.Times[p].Mean })
}

// bounds are those of a bucket as the JSON report has them: in whole microseconds, or bytes.
type bounds struct{ low, high int64 }

func boundsOf(b aggregate.Bucket) bounds {
	micros := func(d time.Duration) int64 { return int64(math.Round(float64(d) / float64(time.Microsecond))) }
	return bounds{micros(b.Low), micros(b.High)}
}

// grid numbers the buckets of histograms. Those that look the same in a JSON report, which are narrower than a
// microsecond, are one: a value in a report ties with the same value in another.
//
//nolint:gochecknoglobals // made of constants
var grid = sync.OnceValue(func() map[bounds]int {
	places := make(map[bounds]int)
	for b := range aggregate.Grid() {
		if _, known := places[boundsOf(b)]; !known {
			places[boundsOf(b)] = len(places)
		}
	}
	return places
})
