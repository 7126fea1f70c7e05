// Package k6metrics turns what the engine reports into k6's metric samples.
//
// For each HTTP request it emits what k6/http emits for it: the same metrics, tags and metadata, in the same
// [httpext.Trail]. It adds the metrics of this extension, for each URL and each run.
package k6metrics

import (
	"go.k6.io/k6/v2/metrics"
)

// Metrics are the extension's own metrics.
type Metrics struct {
	// Elapsed, Queued and LookingUp are times per URL. Failed reports whether the URL failed.
	Elapsed, Queued, LookingUp, Failed *metrics.Metric
	// RunElapsed is per run. Planned counts the URLs of a run, NotRun those that it did not reach.
	RunElapsed, Planned, NotRun *metrics.Metric
	// Speedup is per comparison.
	Speedup *metrics.Metric
	// PageLoad and PageBlocking are per visit of a page.
	PageLoad, PageBlocking *metrics.Metric
}

// Register registers the extension's metrics. It can be called once per VU.
func Register(registry *metrics.Registry) (*Metrics, error) {
	m := &Metrics{}
	for _, metric := range []struct {
		to     **metrics.Metric
		name   string
		kind   metrics.MetricType
		values metrics.ValueType
	}{
		{&m.Elapsed, "fetch_elapsed", metrics.Trend, metrics.Time},
		{&m.Queued, "fetch_queued", metrics.Trend, metrics.Time},
		{&m.LookingUp, "fetch_looking_up", metrics.Trend, metrics.Time},
		{&m.Failed, "fetch_failed", metrics.Rate, metrics.Default},
		{&m.RunElapsed, "fetch_run_elapsed", metrics.Trend, metrics.Time},
		{&m.Speedup, "fetch_speedup", metrics.Trend, metrics.Default},
		{&m.Planned, "fetch_planned", metrics.Counter, metrics.Default},
		{&m.NotRun, "fetch_not_run", metrics.Counter, metrics.Default},
		{&m.PageLoad, "fetch_page_load", metrics.Trend, metrics.Time},
		{&m.PageBlocking, "fetch_page_blocking", metrics.Trend, metrics.Time},
	} {
		registered, err := registry.NewMetric(metric.name, metric.kind, metric.values)
		if err != nil {
			return nil, err
		}
		*metric.to = registered
	}
	return m, nil
}
