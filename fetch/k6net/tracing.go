package k6net

import (
	"context"
	"encoding/hex"
	"math/rand/v2"
	"time"

	"go.k6.io/k6/v2/lib"
	"go.opentelemetry.io/otel/trace"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/tracing"
)

// Propagator is a format of trace headers.
type Propagator uint8

// The formats.
const (
	// PropagatorW3C is the header traceparent of W3C Trace Context.
	PropagatorW3C Propagator = iota
	// PropagatorJaeger is Jaeger's header uber-trace-id.
	PropagatorJaeger
)

// The headers of the formats, in their canonical form.
const (
	headerW3C    = "Traceparent"
	headerJaeger = "Uber-Trace-Id"
)

// TraceHeaders are the headers of all formats, in their canonical form. A script that sets one traces by itself.
func TraceHeaders() []string { return []string{headerW3C, headerJaeger} }

// NewTracer returns what traces targets. The share of them that sampling is, from 0 to 1, has its sampled flag set.
// These have spans as well if the provider, which may be nil, exports any.
func NewTracer(propagator Propagator, sampling float64, provider lib.TracerProvider) tracing.Tracer {
	return &tracer{propagator: propagator, sampling: sampling, spans: exporting(provider)}
}

type tracer struct {
	propagator Propagator
	sampling   float64
	spans      trace.Tracer // nil: nobody exports any
}

// Header implements tracing.Tracer.
func (t *tracer) Header() string {
	if t.propagator == PropagatorJaeger {
		return headerJaeger
	}
	return headerW3C
}

// Begin implements tracing.Tracer.
func (t *tracer) Begin(ctx context.Context) tracing.Trace {
	sampled := rand.Float64() < t.sampling // #nosec G404 -- not a secret; it is always below 1
	if sampled && t.spans != nil {
		return &exportedTrace{tracer: t, parent: ctx}
	}
	return &ownTrace{tracer: t, sampled: sampled}
}

// value is the value of a header, and the id of the trace in it.
func (t *tracer) value(id traceID, span spanID, sampled bool) (value, hexID string) {
	flag := "0"
	if sampled {
		flag = "1"
	}
	hexSpan := hex.EncodeToString(span[:])
	hexID = hex.EncodeToString(id[:])
	if t.propagator == PropagatorJaeger {
		value = hexID + ":" + hexSpan + ":0:" + flag
		return value, value[:len(hexID)]
	}
	const version = "00-"
	value = version + hexID + "-" + hexSpan + "-0" + flag
	return value, value[len(version) : len(version)+len(hexID)]
}

// first keeps what the first exchange has sent.
type first struct{ sent *tracing.Sent }

// Sent implements tracing.Trace.
func (f *first) Sent() *tracing.Sent { return f.sent }

// next returns the value of the next header.
func (f *first) next(t *tracer, id traceID, span spanID, sampled bool) string {
	value, hexID := t.value(id, span, sampled)
	if f.sent == nil {
		f.sent = &tracing.Sent{ID: hexID, Header: t.Header(), Value: value}
	}
	return value
}

// ownTrace is a trace with ids of k6's format.
type ownTrace struct {
	first

	tracer  *tracer
	id      traceID
	sampled bool
}

// Next implements tracing.Trace.
func (o *ownTrace) Next(string, string) string {
	if o.sent == nil {
		o.id = newTraceID(time.Now())
	}
	return o.next(o.tracer, o.id, newSpanID(), o.sampled)
}

// End implements tracing.Trace.
func (*ownTrace) End(tracing.Ended) {}
