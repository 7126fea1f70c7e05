package js

import (
	"cmp"
	"context"
	"slices"

	"github.com/grafana/sobek"

	"github.com/xk6-fetch/xk6-fetch/fetch"
)

// round is one time both ways, in alternating order.
type round struct {
	order                  [2]verb
	sequential, concurrent *fetch.Run
}

// run is where the run of a mode stands.
func (r *round) run(mode verb) **fetch.Run {
	if mode == sequential {
		return &r.sequential
	}
	return &r.concurrent
}

// speedup is how many times faster the concurrent way was.
func (r *round) speedup() float64 {
	if r.concurrent.Elapsed <= 0 {
		return 0
	}
	return float64(r.sequential.Elapsed) / float64(r.concurrent.Elapsed)
}

// comparison is what became of a call of compare.
type comparison struct {
	rounds []round
}

// median is the round in the middle of all by speed-up: the lower one of two.
func (c *comparison) median() *round {
	order := make([]*round, len(c.rounds))
	for i := range c.rounds {
		order[i] = &c.rounds[i]
	}
	slices.SortStableFunc(order, func(a, b *round) int { return cmp.Compare(a.speedup(), b.speedup()) })
	return order[(len(order)-1)/2]
}

// compare fetches the targets both ways, off the event loop.
func (j *job) compare(ctx context.Context, l *loop, mi *Instance) *comparison {
	if j.options.Warmup {
		// Names are resolved and connections made before anything is measured, so that no way pays for the other.
		observer := j.observer(compare).WithoutURLs()
		j.client.Run(ctx, j.targets.Source(), j.engine, observer)
		observer.Close()
	}
	c := &comparison{}
	for i := range j.options.Rounds {
		r := round{order: [2]verb{sequential, concurrent}}
		if i%2 == 1 {
			slices.Reverse(r.order[:])
		}
		for _, mode := range r.order {
			*r.run(mode) = j.measured(ctx, mode, l, mi)
		}
		c.rounds = append(c.rounds, r)
	}
	if ctx.Err() == nil {
		observer := j.observer(compare)
		median := c.median()
		observer.Compared(median.speedup())
		observer.Close()
		mi.root.collector.Compared(median.sequential, median.concurrent)
	}
	return c
}

func (mi *Instance) settleComparison(c *comparison, resolve, reject func(any) error) error {
	return mi.settle(resolve, reject, func() (value, failure sobek.Value) {
		object := mi.newComparison(c)
		for i := range c.rounds {
			for _, mode := range c.rounds[i].order {
				if failure := mi.thrown(*c.rounds[i].run(mode), nil, object); failure != nil {
					return object, failure
				}
			}
		}
		return object, nil
	})
}
