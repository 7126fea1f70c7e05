package js

import (
	"github.com/grafana/sobek"

	"github.com/xk6-fetch/xk6-fetch/fetch/js/work"
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
