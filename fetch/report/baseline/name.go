package baseline

import (
	"math"
	"sync"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/collect"
)

// Name is what is compared of the results of one name.
type Name struct {
	// Name is as the JSON report has it.
	Name string
	// Rest tells that these are the results of several names.
	Rest                  bool
	Count, Failed, NotRun int
	Times                 [collect.Phases]Figures
	// elapsed holds the values of the time, by their places in the grid, in ascending order.
	elapsed []cell
}

// Figures are those of a time.
type Figures struct {
	Count          int
	Mean, P50, P95 time.Duration
}

// cell is how many values there are in a place of the grid.
type cell struct {
	place int
	count float64
}

// Of is what there is to compare of a name, which is called as the JSON report calls it.
func Of(n *collect.Name, called string) Name {
	const median, nearlyAll = 50, 95
	name := Name{Name: called, Rest: n.Rest, Count: n.Count, Failed: n.Failed, NotRun: n.NotRun}
	for phase := range n.Times {
		h := &n.Times[phase]
		name.Times[phase] = Figures{h.Count(), h.Mean(), h.Percentile(median), h.Percentile(nearlyAll)}
	}
	for b := range n.Times[collect.Elapsed].Buckets() {
		name.add(grid()[boundsOf(b)], float64(b.Count))
	}
	return name
}

// ran is how many results ran.
func (n *Name) ran() float64 {
	var sum float64
	for _, c := range n.elapsed {
		sum += c.count
	}
	return sum
}

func (n *Name) add(place int, count float64) {
	if last := len(n.elapsed) - 1; last >= 0 && n.elapsed[last].place == place {
		n.elapsed[last].count += count
		return
	}
	n.elapsed = append(n.elapsed, cell{place, count})
}

// parts are what the mean of the time is made of.
func (n *Name) parts() [collect.Parts]time.Duration {
	return collect.PartsOf(func(p collect.Phase) time.Duration { return n.Times[p].Mean })
}

// bounds are those of a bucket as the JSON report has them: in whole microseconds.
type bounds struct{ low, high int64 }

func boundsOf(b collect.Bucket) bounds {
	micros := func(d time.Duration) int64 { return int64(math.Round(float64(d) / float64(time.Microsecond))) }
	return bounds{micros(b.Low), micros(b.High)}
}

// grid numbers the buckets of histograms. Those that look the same in a JSON report, which are narrower than a
// microsecond, are one: a value in a report ties with the same value in another.
//
//nolint:gochecknoglobals // made of constants
var grid = sync.OnceValue(func() map[bounds]int {
	places := make(map[bounds]int)
	for b := range collect.Grid() {
		if _, known := places[boundsOf(b)]; !known {
			places[boundsOf(b)] = len(places)
		}
	}
	return places
})
