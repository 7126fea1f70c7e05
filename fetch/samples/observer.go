package samples

import (
	"crypto/tls"
	"net"
	"strconv"
	"time"

	"go.k6.io/k6/v2/lib"
	"go.k6.io/k6/v2/lib/netext"
	"go.k6.io/k6/v2/lib/netext/httpext"
	"go.k6.io/k6/v2/metrics"
	"gopkg.in/guregu/null.v3"

	"github.com/xk6-fetch/xk6-fetch/fetch"
)

// Observer emits the samples of one run. It is safe for use by the workers of the run.
//
// It goes on emitting after the iteration was cut off, since a request that has reached its server happened. That is
// safe as long as the run ends before its iteration does, which whoever starts the run must see to.
type Observer struct {
	metrics *Metrics
	builtin *metrics.BuiltinMetrics
	enabled *metrics.SystemTagSet
	out     chan<- metrics.SampleContainer
	lenient bool
	mode    string
	tags    metrics.TagsAndMeta
	perURL  bool
}

var _ fetch.Observer = &Observer{}

// NewObserver returns an observer for a run. Tags are those of the run itself; each target has its own in its Spec's
// Attachment, a *metrics.TagsAndMeta.
func NewObserver(own *Metrics, state *lib.State, mode string, tags metrics.TagsAndMeta) *Observer {
	tags.Tags = tags.Tags.With("mode", mode)
	return &Observer{
		metrics: own,
		builtin: state.BuiltinMetrics,
		enabled: state.Options.SystemTags,
		out:     state.Samples,
		// k6 does not wait for what setup() and teardown() have started: when one of them throws, the channel may be
		// closed under a request that is still being cut off. They run in a VU without a number.
		lenient: state.VUID == 0,
		mode:    mode,
		tags:    tags,
		perURL:  true,
	}
}

// WithoutURLs makes the observer emit only what k6/http would: for rounds that are not measured.
func (o *Observer) WithoutURLs() *Observer {
	o.perURL = false
	return o
}

// Exchanged emits the samples of one HTTP request.
func (o *Observer) Exchanged(x *fetch.Exchange) {
	tags := o.exchangeTags(x)
	trail := httpext.Trail{
		EndTime:        x.End,
		ConnDuration:   x.Timings.Connecting + x.Timings.TLSHandshaking,
		Duration:       x.Timings.Duration(),
		Blocked:        x.Timings.Blocked,
		Connecting:     x.Timings.Connecting,
		TLSHandshaking: x.Timings.TLSHandshaking,
		Sending:        x.Timings.Sending,
		Waiting:        x.Timings.Waiting,
		Receiving:      x.Timings.Receiving,
		ConnReused:     x.Reused,
	}
	if ip := net.ParseIP(x.Conn.RemoteIP); ip != nil {
		trail.ConnRemoteAddr = &net.TCPAddr{IP: ip, Port: x.Conn.RemotePort}
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
	o.push(&trail)
}

// exchangeTags are the tags that k6/http gives the samples of a request.
func (o *Observer) exchangeTags(x *fetch.Exchange) metrics.TagsAndMeta {
	tags := targetTags(x.Target).Clone()
	set := func(tag metrics.SystemTag, value string) { tags.SetSystemTagOrMetaIfEnabled(o.enabled, tag, value) }

	// A name that was set by hand stands for the URL as well, to keep URLs of high cardinality out of the tags.
	if name, ok := tags.Tags.Get(metrics.TagName.String()); ok {
		set(metrics.TagURL, name)
	} else {
		set(metrics.TagName, x.URL)
		set(metrics.TagURL, x.URL)
	}
	set(metrics.TagMethod, x.Method)
	set(metrics.TagStatus, strconv.Itoa(x.Status))
	if x.Error != "" {
		set(metrics.TagError, x.Error)
	} else {
		set(metrics.TagProto, x.Proto)
		if x.Conn.TLSVersion != 0 {
			info, ocsp := netext.ParseTLSConnState(&tls.ConnectionState{
				Version: x.Conn.TLSVersion, CipherSuite: x.Conn.TLSCipherSuite, OCSPResponse: x.Conn.OCSPResponse,
			})
			set(metrics.TagTLSVersion, info.Version)
			set(metrics.TagOCSPStatus, ocsp.Status)
		}
	}
	if x.ErrorCode != 0 {
		set(metrics.TagErrorCode, strconv.Itoa(x.ErrorCode))
	}
	if x.Conn.RemoteIP != "" {
		set(metrics.TagIP, x.Conn.RemoteIP)
	}
	if x.Judged {
		set(metrics.TagExpectedResponse, strconv.FormatBool(x.Expected))
	}
	return tags
}

func targetTags(t *fetch.Target) *metrics.TagsAndMeta {
	tags, ok := t.Spec.Attachment.(*metrics.TagsAndMeta)
	if !ok {
		panic("fetch: the spec of a target has no tags") // a bug of whoever made the spec
	}
	return tags
}

// Finished emits the samples of one URL.
func (o *Observer) Finished(r *fetch.Result) {
	if !o.perURL {
		return
	}
	tags := targetTags(&r.Target).Clone()
	if _, ok := tags.Tags.Get(metrics.TagName.String()); !ok {
		tags.SetSystemTagOrMetaIfEnabled(o.enabled, metrics.TagName, r.Name())
	}
	tags.Tags = tags.Tags.With("mode", o.mode)
	now := time.Now()
	sample := func(metric *metrics.Metric, value float64) metrics.Sample {
		return metrics.Sample{
			TimeSeries: metrics.TimeSeries{Metric: metric, Tags: tags.Tags},
			Time:       now, Metadata: tags.Metadata, Value: value,
		}
	}
	o.push(metrics.ConnectedSamples{
		Tags: tags.Tags, Time: now,
		Samples: []metrics.Sample{
			sample(o.metrics.Elapsed, metrics.D(r.Elapsed)),
			sample(o.metrics.Queued, metrics.D(r.Queued)),
			sample(o.metrics.LookingUp, metrics.D(r.Timings.LookingUp)),
			sample(o.metrics.Failed, metrics.B(!r.Ok())),
		},
	})
}

// RunEnded emits the samples of the run.
func (o *Observer) RunEnded(run *fetch.Run) {
	now := time.Now()
	out := make([]metrics.Sample, 0, 3) //nolint:mnd // the metrics of a run
	add := func(metric *metrics.Metric, value float64) {
		out = append(out, metrics.Sample{
			TimeSeries: metrics.TimeSeries{Metric: metric, Tags: o.tags.Tags},
			Time:       now, Metadata: o.tags.Metadata, Value: value,
		})
	}
	add(o.metrics.RunElapsed, metrics.D(run.Elapsed))
	if run.Count > run.NotRun {
		add(o.metrics.Speedup, run.Speedup())
	}
	if run.NotRun > 0 {
		add(o.metrics.NotRun, float64(run.NotRun))
	}
	o.push(metrics.ConnectedSamples{Tags: o.tags.Tags, Time: now, Samples: out})
}

// Compared emits how many times faster a comparison's concurrent way was.
func (o *Observer) Compared(speedup float64) {
	o.push(metrics.Sample{
		TimeSeries: metrics.TimeSeries{Metric: o.metrics.Speedup, Tags: o.tags.Tags},
		Time:       time.Now(), Metadata: o.tags.Metadata, Value: speedup,
	})
}

func (o *Observer) push(container metrics.SampleContainer) {
	if o.lenient {
		defer func() { _ = recover() }() // send on closed channel
	}
	o.out <- container
}
