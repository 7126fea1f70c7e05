package js

import (
	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/lib"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/js/args"
	"github.com/xk6-fetch/xk6-fetch/fetch/js/work"
	"github.com/xk6-fetch/xk6-fetch/fetch/report"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/phrase"
)

// prepareWays reads a call that compares ways that the script has named. Each has targets with its own options, and
// connections by them.
func (mi *Instance) prepareWays(
	o *args.Options, pool *vuPool, state *lib.State, given arguments,
) (*fetchCall, error) {
	named, err := o.ReadWays(given.ways)
	if err != nil {
		return nil, err
	}
	targets, err := given.targets.Repeatable()
	if err != nil {
		return nil, err
	}
	ways := make([]work.Way, len(named))
	for i, w := range named {
		if ways[i], err = mi.newWay(work.Mode(w.Name), state, w.Options, targets, w.Path); err != nil {
			return nil, err
		}
	}
	c := mi.newCall(work.Way{Mode: work.Compare, Targets: ways[0].Targets, Tags: o.Tags}, state, o)
	closers := make([]func(), len(ways))
	for i, w := range named {
		ways[i].Client, closers[i] = mi.client(w.Connections, pool)
	}
	c.done = func() {
		for _, closeClient := range closers {
			closeClient()
		}
	}
	c.Ways, c.Rounds, c.named = ways, o.Rounds, true
	if o.Warmup {
		c.Warmups = ways
	}
	return c, nil
}

func (mi *Instance) settleComparison(c *work.Comparison, named bool, resolve, reject func(any) error) error {
	return mi.settle(resolve, reject, func() (value, failure sobek.Value) {
		object := mi.newComparison(c, named)
		for i := range c.Rounds {
			for _, place := range c.Rounds[i].Order {
				if failure := mi.thrown(c.Rounds[i].Runs[place], nil, object); failure != nil {
					return object, failure
				}
			}
		}
		return object, nil
	})
}

// newComparison makes the JavaScript object of a comparison. That of both ways has their runs as properties; where the
// script has named the ways, its property ways has them by name.
func (mi *Instance) newComparison(c *work.Comparison, named bool) *sobek.Object {
	shape := mi.bothWays
	if named {
		shape = mi.namedWays
	}
	median := c.Median()
	modes, runs := make([]string, len(median)), make([]*fetch.Run, len(median))
	for i, way := range median {
		modes[i], runs[i] = way.Mode, way.Run
	}
	pairs := shape(modes, runs)
	if named {
		pairs = append(pairs, "fastest", mi.fastest(phrase.Finishes(median)))
	}
	o := mi.object(append(pairs,
		"speedup", aggregate.Speedup(runs[0].Elapsed, runs[len(runs)-1].Elapsed),
		"rounds", mi.rounds(c, modes, shape),
	)...)
	mi.method(o, "text", func(sobek.FunctionCall) sobek.Value { return mi.rt.ToValue(report.Comparison(median)) })
	mi.reportOn(o, func() *report.Subject { return report.OfComparison(median) })
	return o
}

// fastest is the name of the way that won, null if none did.
func (mi *Instance) fastest(ways []phrase.Finish) sobek.Value {
	winner, ok := phrase.Winner(ways)
	if !ok {
		return sobek.Null()
	}
	return mi.rt.ToValue(ways[winner].Name)
}

func (mi *Instance) rounds(c *work.Comparison, modes []string, shape func([]string, []*fetch.Run) []any) sobek.Value {
	rounds := make([]any, len(c.Rounds))
	for i := range c.Rounds {
		r := &c.Rounds[i]
		order := make([]any, len(r.Order))
		for j, place := range r.Order {
			order[j] = modes[place]
		}
		rounds[i] = mi.object(append([]any{"order", mi.rt.NewArray(order...)}, shape(modes, r.Runs)...)...)
	}
	return mi.rt.NewArray(rounds...)
}

// bothWays has each run as a property called like its mode.
func (mi *Instance) bothWays(modes []string, runs []*fetch.Run) []any {
	pairs := make([]any, 0, 2*len(runs)) //nolint:mnd // names and values
	for i, run := range runs {
		pairs = append(pairs, modes[i], mi.newRun(work.Mode(modes[i]), run))
	}
	return pairs
}

// namedWays has the runs in an object, because names of a script could be those of other properties.
func (mi *Instance) namedWays(modes []string, runs []*fetch.Run) []any {
	return []any{"ways", mi.object(mi.bothWays(modes, runs)...)}
}
