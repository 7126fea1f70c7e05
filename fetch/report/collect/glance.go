package collect

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"
)

// Glance is the little that somebody wants to know while a test goes on.
type Glance struct {
	// P95 is that of the time of all results that ran.
	P95 time.Duration
	// Failed is how many failed. Cause is the most frequent reason, and Count how often it was one.
	Failed int
	Cause  Cause
	Count  int
}

// Glance returns what is known by now. It looks at each name, and copies none.
func (c *Collector) Glance() Glance {
	const nearlyAll = 95
	all := &Name{}
	causes, failed := make(map[Cause]int), 0
	look := func(n *Name) {
		elapsed := &n.Times[Elapsed]
		all.Times[Elapsed].Merge(elapsed)
		all.Times[Elapsed].addZeros(n.Count - n.NotRun - elapsed.Count())
		for cause, count := range n.Causes {
			failed += count
			causes[cause] += count
		}
	}
	for i := range c.shards {
		s := &c.shards[i]
		s.mu.Lock()
		for _, n := range s.names {
			look(n)
		}
		s.mu.Unlock()
	}
	c.hidden.Lock()
	if c.other != nil {
		look(c.other)
	}
	c.hidden.Unlock()

	g := Glance{P95: all.Times[Elapsed].Percentile(nearlyAll), Failed: failed}
	if len(causes) > 0 {
		g.Cause = slices.MaxFunc(slices.Collect(maps.Keys(causes)), func(a, b Cause) int {
			return cmp.Or(cmp.Compare(causes[a], causes[b]), cmp.Compare(b.Code, a.Code), strings.Compare(b.Error, a.Error))
		})
		g.Count = causes[g.Cause]
	}
	return g
}
