package js

import (
	"slices"
	"time"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/metrics"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/budget"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
)

// timingsObject is the JavaScript object of a result's timings, or of a redirect's, which was neither queued nor has an
// elapsed time of its own.
type timingsObject struct {
	rt      *sobek.Runtime
	result  *fetch.Result
	timings *transport.Timings
}

var _ sobek.DynamicObject = &timingsObject{}

// Timings, in the order in which they happen.
//
//nolint:gochecknoglobals // constant lists
var (
	phaseKeys = []string{
		"blocked", "looking_up", "connecting", "tls_handshaking", "sending", "waiting", "receiving", "duration",
	}
	timingKeys = append([]string{"queued", "elapsed"}, phaseKeys...)
)

// timing returns a result's time by its name.
func timing(r *fetch.Result, key string) (time.Duration, bool) {
	switch key {
	case "queued":
		return r.Queued, true
	case "elapsed":
		return r.Elapsed, true
	default:
		return phase(&r.Timings, key)
	}
}

func phase(t *transport.Timings, key string) (time.Duration, bool) {
	return fetch.Phase(t, budget.Key(key))
}

func (o *timingsObject) Get(key string) sobek.Value {
	d, ok := phase(o.timings, key)
	if !ok && o.result != nil {
		d, ok = timing(o.result, key)
	}
	if !ok {
		return nil
	}
	return o.rt.ToValue(metrics.D(d))
}

func (o *timingsObject) Keys() []string {
	if o.result == nil {
		return phaseKeys
	}
	return timingKeys
}

func (o *timingsObject) Has(key string) bool          { return slices.Contains(o.Keys(), key) }
func (o *timingsObject) Set(string, sobek.Value) bool { return false }
func (o *timingsObject) Delete(string) bool           { return false }
