package k6metrics

import (
	"time"

	"go.k6.io/k6/v2/lib"
	"go.k6.io/k6/v2/lib/netext/httpext"
	"go.k6.io/k6/v2/metrics"
	"gopkg.in/guregu/null.v3"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
)

// Observer emits the samples of one run. The run's workers may use it concurrently.
//
// Close it when the run has ended. It goes on emitting after the iteration was cut off, because a request that has
// reached its server counts. That is safe only if the run ends before its iteration does; whoever starts the run must
// ensure that.
type Observer struct {
	metrics *Metrics
	builtin *metrics.BuiltinMetrics
	enabled *metrics.SystemTagSet
	cache   *TagCache
	burst   burst
	mode    string
	tags    metrics.TagsAndMeta
	perURL  bool
}

var _ fetch.Observer = &Observer{}

// NewObserver returns an observer for a run. The cache is the VU's. Tags are the run's; those of each target are in its
// Spec's Attachment, a *metrics.TagsAndMeta.
func NewObserver(
	own *Metrics, cache *TagCache, state *lib.State, mode string, tags metrics.TagsAndMeta,
) *Observer {
	cache.exchanges.renew()
	cache.urls.renew()
	cache.checks.renew()
	tags.Tags = tags.Tags.With("mode", mode)
	return &Observer{
		metrics: own,
		builtin: state.BuiltinMetrics,
		enabled: state.Options.SystemTags,
		cache:   cache,
		burst:   burst{out: state.Samples},
		mode:    mode,
		tags:    tags,
		perURL:  true,
	}
}

// WithoutURLs limits the observer to what k6/http would emit, for rounds that are not measured.
func (o *Observer) WithoutURLs() *Observer {
	o.perURL = false
	return o
}

// Silence makes the observer emit nothing. It is for handleSummary(), where k6 drops samples, and closes their channel
// before work that was left behind has ended.
func (o *Observer) Silence() { o.burst.silent = true }

// Exchanged emits the samples of one HTTP request.
func (o *Observer) Exchanged(t *fetch.Target, x *transport.Exchange) {
	if o.burst.silent {
		return
	}
	tags := o.exchangeTags(t, x)
	trail := httpext.Trail{
		EndTime:        x.End,
		ConnDuration:   fetch.Dialing(&x.Timings) + x.Timings.TLSHandshaking,
		Duration:       x.Timings.Duration(),
		Blocked:        x.Timings.Blocked,
		Connecting:     x.Timings.Connecting,
		TLSHandshaking: x.Timings.TLSHandshaking,
		Sending:        x.Timings.Sending,
		Waiting:        x.Timings.Waiting,
		Receiving:      x.Timings.Receiving,
		ConnReused:     x.Reused,
		ConnRemoteAddr: x.Conn.Remote,
	}
	trail.SaveSamples(o.builtin, &tags)
	if x.Judged {
		trail.Failed = null.BoolFrom(!x.Expected)
		trail.Samples = append(trail.Samples, metrics.Sample{
			TimeSeries: metrics.TimeSeries{Metric: o.builtin.HTTPReqFailed, Tags: tags.Tags},
			Time:       x.End,
			Metadata:   tags.Metadata,
			Value:      metrics.B(!x.Expected),
		})
	}
	o.burst.push(&trail)
}

// Finished emits the samples of one URL, and its checks.
func (o *Observer) Finished(r *fetch.Result, now time.Time) {
	if !o.perURL || o.burst.silent {
		return
	}
	tags := o.urlTags(r, "")
	tags.Metadata = traced(tags.Metadata, r.TraceID())
	sample := func(metric *metrics.Metric, value float64) metrics.Sample {
		return metrics.Sample{
			TimeSeries: metrics.TimeSeries{Metric: metric, Tags: tags.Tags},
			Time:       now, Metadata: tags.Metadata, Value: value,
		}
	}
	if !r.FromCache { // there was no request whose times could be looked at
		o.burst.add(
			sample(o.metrics.Elapsed, metrics.D(r.Elapsed)),
			sample(o.metrics.Queued, metrics.D(r.Queued)),
			sample(o.metrics.LookingUp, metrics.D(r.Timings.LookingUp)),
			sample(o.metrics.Failed, metrics.B(!r.Ok())),
		)
	}
	if r.IsChecked() {
		o.checked(r, tags.Metadata, now)
	}
}

// RunStarted emits the number of the run's URLs at once. So the samples of a killed process show what was under way.
func (o *Observer) RunStarted(count int) {
	o.planned(count)
	o.burst.flush()
}

func (o *Observer) planned(count int) {
	o.burst.push(metrics.Sample{
		TimeSeries: metrics.TimeSeries{Metric: o.metrics.Planned, Tags: o.tags.Tags},
		Time:       time.Now(), Metadata: o.tags.Metadata, Value: float64(count),
	})
}

// visited emits the times of a page, by the tags of its document. A page has them if it was shown.
func (o *Observer) visited(run *fetch.Run, now time.Time) {
	o.planned(run.Count - 1) // those that were found besides the document
	if !run.Shown() {
		return
	}
	tags := o.urlTags(run.Results.At(0), "")
	for _, trend := range []struct {
		metric *metrics.Metric
		value  time.Duration
	}{{o.metrics.PageLoad, run.Page.Load}, {o.metrics.PageBlocking, run.Page.Blocking}} {
		o.burst.add(metrics.Sample{
			TimeSeries: metrics.TimeSeries{Metric: trend.metric, Tags: tags.Tags},
			Time:       now, Metadata: tags.Metadata, Value: metrics.D(trend.value),
		})
	}
}

// RunEnded emits the samples of the run, and the checks of its budget.
func (o *Observer) RunEnded(run *fetch.Run) {
	now := time.Now()
	out := make([]metrics.Sample, 0, 2) //nolint:mnd // the metrics of a run
	add := func(metric *metrics.Metric, value float64) {
		out = append(out, metrics.Sample{
			TimeSeries: metrics.TimeSeries{Metric: metric, Tags: o.tags.Tags},
			Time:       now, Metadata: o.tags.Metadata, Value: value,
		})
	}
	add(o.metrics.RunElapsed, metrics.D(run.Elapsed))
	if run.NotRun > 0 {
		add(o.metrics.NotRun, float64(run.NotRun))
	}
	o.burst.push(metrics.ConnectedSamples{Tags: o.tags.Tags, Time: now, Samples: out})
	if run.Page != nil {
		o.visited(run, now)
	}
	if len(run.Budget) > 0 {
		o.runChecked(run, now)
	}
}

// Compared emits the speed-up of a comparison: how many times faster the last way was than the first.
func (o *Observer) Compared(speedup float64) {
	o.burst.push(metrics.Sample{
		TimeSeries: metrics.TimeSeries{Metric: o.metrics.Speedup, Tags: o.tags.Tags},
		Time:       time.Now(), Metadata: o.tags.Metadata, Value: speedup,
	})
}

// Close sends what is still held back. Call it when the run has ended, before anybody learns of that.
func (o *Observer) Close() { o.burst.flush() }
