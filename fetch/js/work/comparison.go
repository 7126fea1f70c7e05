package work

import (
	"cmp"
	"context"
	"slices"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
)

// Round is one time each way.
type Round struct {
	// Order are the places of the ways as they were gone.
	Order []int
	// Runs are the runs by the places of their ways.
	Runs []*fetch.Run
}

// speedup is how many times faster the last way was than the first.
func (r *Round) speedup() float64 {
	return aggregate.Speedup(r.Runs[0].Elapsed, r.Runs[len(r.Runs)-1].Elapsed)
}

// isUnfinished reports whether something of the round was not run.
func (r *Round) isUnfinished() bool {
	return slices.ContainsFunc(r.Runs, func(run *fetch.Run) bool { return run.NotRun > 0 })
}

// isOver reports whether nothing more of a comparison starts.
func (j *Job) isOver(ctx context.Context) bool {
	select {
	case <-j.Engine.Drain:
		return true
	default:
		return ctx.Err() != nil
	}
}

// Comparison is what became of a call of compare.
type Comparison struct {
	// Modes are what the ways are called.
	Modes  []Mode
	Rounds []Round
}

// Median returns the run that stands for each way. Two ways are compared within a round, because what slows down one
// may have slowed down the other: it is the round in the middle of all by speed-up. Of more ways, each has the run in
// the middle of its own by time. Of two in the middle, it is the lower one.
func (c *Comparison) Median() []aggregate.FullRun {
	runs := make([]aggregate.FullRun, len(c.Modes))
	const pair = 2
	for i, mode := range c.Modes {
		round := middle(c.Rounds, func(r *Round) float64 {
			if len(c.Modes) == pair {
				return r.speedup()
			}
			return float64(r.Runs[i].Elapsed)
		})
		runs[i] = aggregate.FullRun{Run: round.Runs[i], Mode: string(mode)}
	}
	return runs
}

// middle returns the round in the middle by a figure. Of equal ones, it is the earlier one.
func middle(rounds []Round, figure func(*Round) float64) *Round {
	order := make([]*Round, len(rounds))
	for i := range rounds {
		order[i] = &rounds[i]
	}
	slices.SortStableFunc(order, func(a, b *Round) int { return cmp.Compare(figure(a), figure(b)) })
	return order[(len(order)-1)/2]
}

// CompareBothWays makes the job a comparison between one target at a time and several.
func (j *Job) CompareBothWays(rounds int, warmup bool) {
	concurrent := j.Way
	concurrent.Mode = Concurrent
	sequential := concurrent
	sequential.Mode = Sequential
	sequential.Engine.Concurrency, sequential.Engine.LateCookies = 1, false
	j.Ways, j.Rounds = []Way{sequential, concurrent}, rounds
	if warmup {
		j.Warmups = []Way{concurrent}
	}
}

// Compare fetches the targets each way, as often as there are rounds. Each round begins with another way. When the
// caller ends it, no further round begins after one of which something was not run.
func (j *Job) Compare(ctx context.Context, deliver func(*fetch.Result)) *Comparison {
	for i := range j.Warmups {
		way := &j.Warmups[i]
		observer := j.observer(way, Compare).WithoutURLs()
		way.Client.Run(ctx, way.Targets.Iterator(), way.Engine, observer)
		observer.Close()
	}
	c := &Comparison{Modes: make([]Mode, len(j.Ways))}
	for i := range j.Ways {
		c.Modes[i] = j.Ways[i].Mode
	}
	for first := range j.Rounds {
		if first > 0 && j.isOver(ctx) && c.Rounds[first-1].isUnfinished() {
			break // there may be a million more, in which nothing would be fetched
		}
		r := Round{Runs: make([]*fetch.Run, len(j.Ways))}
		for i := range j.Ways {
			place := (first + i) % len(j.Ways)
			r.Order = append(r.Order, place)
			r.Runs[place] = j.Run(ctx, &j.Ways[place], deliver)
		}
		c.Rounds = append(c.Rounds, r)
	}
	if ctx.Err() == nil {
		median := c.Median()
		observer := j.observer(&j.Way, Compare)
		observer.Compared(aggregate.Speedup(median[0].Elapsed, median[len(median)-1].Elapsed))
		observer.Close()
		j.Collector.Compared(median)
	}
	return c
}
