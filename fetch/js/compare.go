package js

import (
	"github.com/grafana/sobek"

	"github.com/xk6-fetch/xk6-fetch/fetch/js/work"
	"github.com/xk6-fetch/xk6-fetch/fetch/report"
)

func (mi *Instance) settleComparison(c *work.Comparison, resolve, reject func(any) error) error {
	return mi.settle(resolve, reject, func() (value, failure sobek.Value) {
		object := mi.newComparison(c)
		for i := range c.Rounds {
			for _, mode := range c.Rounds[i].Order {
				if failure := mi.thrown(*c.Rounds[i].Run(mode), nil, object); failure != nil {
					return object, failure
				}
			}
		}
		return object, nil
	})
}

// newComparison makes the JavaScript object of a comparison.
func (mi *Instance) newComparison(c *work.Comparison) *sobek.Object {
	median := c.Median()
	rounds := make([]any, len(c.Rounds))
	for i := range c.Rounds {
		r := &c.Rounds[i]
		rounds[i] = mi.object(
			"order", mi.rt.NewArray(string(r.Order[0]), string(r.Order[1])),
			"sequential", mi.newRun(work.Sequential, r.Sequential),
			"concurrent", mi.newRun(work.Concurrent, r.Concurrent),
		)
	}
	o := mi.object(
		"sequential", mi.newRun(work.Sequential, median.Sequential),
		"concurrent", mi.newRun(work.Concurrent, median.Concurrent),
		"speedup", median.Speedup(),
		"rounds", mi.rt.NewArray(rounds...),
	)
	mi.method(o, "text", func(sobek.FunctionCall) sobek.Value {
		return mi.rt.ToValue(report.Comparison(median.Sequential, median.Concurrent))
	})
	mi.reportOn(o, func() *report.Subject { return report.OfComparison(median.Sequential, median.Concurrent) })
	return o
}
