package k6metrics

import (
	"time"

	"go.k6.io/k6/v2/metrics"

	"github.com/xk6-fetch/xk6-fetch/fetch"
)

// Verdicts on budgets, and on what is expected, become checks, as k6's check() emits them: a sample of 1 or 0 each,
// with the check's name as a tag. Besides the tags of check(), they have those of the URL, with its name and the mode.

// checked emits the checks of one URL, with the metadata of its samples.
func (o *Observer) checked(r *fetch.Result, metadata map[string]string, now time.Time) {
	out := make(metrics.Samples, 0, len(r.Target.Spec.Expect.Checks())+len(r.Target.Spec.Budget))
	for v := range r.Checks() {
		name := v.Name
		if !o.enabled.Has(metrics.TagCheck) {
			name = ""
		}
		tags := o.urlTags(r, name)
		tags.Metadata = metadata
		out = append(out, o.check(tags, v.Ok, now))
	}
	o.burst.add(out...)
}

// runChecked emits the checks of the run itself.
func (o *Observer) runChecked(run *fetch.Run, now time.Time) {
	out := make(metrics.Samples, 0, len(run.Budget))
	for _, v := range run.Budget {
		tags := o.tags
		if o.enabled.Has(metrics.TagCheck) {
			tags.Tags = tags.Tags.With(metrics.TagCheck.String(), v.Name)
		}
		out = append(out, o.check(tags, v.Ok, now))
	}
	o.burst.add(out...)
}

func (o *Observer) check(tags metrics.TagsAndMeta, ok bool, now time.Time) metrics.Sample {
	return metrics.Sample{
		TimeSeries: metrics.TimeSeries{Metric: o.builtin.Checks, Tags: tags.Tags},
		Time:       now, Metadata: tags.Metadata, Value: metrics.B(ok),
	}
}
