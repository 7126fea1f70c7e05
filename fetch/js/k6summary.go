package js

import (
	"encoding/json"

	"github.com/grafana/sobek"

	"github.com/xk6-fetch/xk6-fetch/fetch/js/args"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/k6summary"
)

// k6Summary reads what k6 hands to handleSummary.
func (mi *Instance) k6Summary(f args.Field) (*k6summary.Summary, error) {
	const must = "what handleSummary is called with"
	o, ok := f.Value.(*sobek.Object)
	if !ok || !args.IsPlain(o) {
		return nil, f.Wrong(must)
	}
	parts := make(map[string]json.RawMessage)
	// What setup() returned is there, too. It is left out because it may be large.
	for _, key := range []string{"options", "state", "metrics", "root_group", "results"} {
		part, ok := o.Get(key).(*sobek.Object)
		if !ok {
			continue
		}
		data, err := part.MarshalJSON()
		if err != nil {
			return nil, args.Misusef("%s must be %s: %s cannot be written as JSON (%v)", f.Path, must, key, err)
		}
		parts[key] = data
	}
	data, err := json.Marshal(parts)
	if err != nil {
		return nil, err
	}
	summary, err := k6summary.Read(data)
	if err != nil {
		return nil, args.Misusef("%s must be %s: %v", f.Path, must, err)
	}
	if summary.Machine {
		mi.logger().Warn("k6's machine-readable summary says nothing of thresholds: the verdict of report() is its own")
	}
	return summary, nil
}
