package work

import (
	"cmp"
	"context"
	"slices"

	"github.com/xk6-fetch/xk6-fetch/fetch"
)

// Round is one time both ways, in alternating order.
type Round struct {
	Order                  [2]Mode
	Sequential, Concurrent *fetch.Run
}

// Run is where the run of a mode stands.
func (r *Round) Run(mode Mode) **fetch.Run {
	if mode == Sequential {
		return &r.Sequential
	}
	return &r.Concurrent
}

// Speedup is how many times faster the concurrent way was.
func (r *Round) Speedup() float64 {
	if r.Concurrent.Elapsed <= 0 {
		return 0
	}
	return float64(r.Sequential.Elapsed) / float64(r.Concurrent.Elapsed)
}

// Comparison is what became of a call of compare.
type Comparison struct {
	Rounds []Round
}

// Median is the round in the middle of all by speed-up: the lower one of two.
func (c *Comparison) Median() *Round {
	order := make([]*Round, len(c.Rounds))
	for i := range c.Rounds {
		order[i] = &c.Rounds[i]
	}
	slices.SortStableFunc(order, func(a, b *Round) int { return cmp.Compare(a.Speedup(), b.Speedup()) })
	return order[(len(order)-1)/2]
}

// Compare fetches the targets both ways, as often as there are rounds.
func (j *Job) Compare(ctx context.Context, deliver func(*fetch.Result)) *Comparison {
	if j.Warmup {
		// Names are resolved and connections made before anything is measured, so that no way pays for the other.
		observer := j.observer(Compare).WithoutURLs()
		j.Client.Run(ctx, j.Targets.Iterator(), j.Engine, observer)
		observer.Close()
	}
	c := &Comparison{}
	for i := range j.Rounds {
		r := Round{Order: [2]Mode{Sequential, Concurrent}}
		if i%2 == 1 {
			slices.Reverse(r.Order[:])
		}
		for _, mode := range r.Order {
			*r.Run(mode) = j.Run(ctx, mode, deliver)
		}
		c.Rounds = append(c.Rounds, r)
	}
	if ctx.Err() == nil {
		observer := j.observer(Compare)
		median := c.Median()
		observer.Compared(median.Speedup())
		observer.Close()
		j.Collector.Compared(median.Sequential, median.Concurrent)
	}
	return c
}
