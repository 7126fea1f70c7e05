package k6net_test

import (
	"context"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.k6.io/k6/v2/lib"
	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/xk6-fetch/xk6-fetch/fetch/k6net"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/tracing"
)

func TestTraceHeaders(t *testing.T) {
	t.Parallel()
	const id, span = "(dc0718[0-9a-f]{26})", "([0-9a-f]{16})"
	for sentence, test := range map[string]struct {
		propagator     k6net.Propagator
		sampling       float64
		header, format string
	}{
		"w3c, sampled":        {k6net.PropagatorW3C, 1, "Traceparent", "^00-" + id + "-" + span + "-01$"},
		"w3c, not sampled":    {k6net.PropagatorW3C, 0, "Traceparent", "^00-" + id + "-" + span + "-00$"},
		"jaeger, sampled":     {k6net.PropagatorJaeger, 1, "Uber-Trace-Id", "^" + id + ":" + span + ":0:1$"},
		"jaeger, not sampled": {k6net.PropagatorJaeger, 0, "Uber-Trace-Id", "^" + id + ":" + span + ":0:0$"},
	} {
		t.Run(sentence, func(t *testing.T) {
			t.Parallel()
			tracer := k6net.NewTracer(test.propagator, test.sampling, noop.NewTracerProvider())
			require.Equal(t, test.header, tracer.Header())
			require.Contains(t, k6net.TraceHeaders(), tracer.Header())
			one, other := tracer.Begin(t.Context()), tracer.Begin(t.Context())
			require.Empty(t, tracing.IDOf(one), "nothing was sent yet")
			format, spans := regexp.MustCompile(test.format), make(map[string]bool)
			for range 3 {
				value := one.Next("GET", "http://a/")
				parts := format.FindStringSubmatch(value)
				require.NotNil(t, parts, value)
				require.Equal(t, parts[1], tracing.IDOf(one), "the exchanges of a target share the id")
				spans[parts[2]] = true
				one.End(tracing.Ended{Status: 200, At: time.Now()})
			}
			require.Len(t, spans, 3)
			first := other.Next("GET", "http://a/")
			other.Next("GET", "http://a/")
			require.Equal(t, &tracing.Sent{ID: tracing.IDOf(other), Header: test.header, Value: first}, other.Sent())
			require.NotEqual(t, tracing.IDOf(one), tracing.IDOf(other))
		})
	}
}

// Sampling is decided for a target, by its share.
func TestSamplingIsAShareOfTargets(t *testing.T) {
	t.Parallel()
	const n = 20_000
	tracer, sampled := k6net.NewTracer(k6net.PropagatorW3C, 0.25, nil), 0
	for range n {
		one := tracer.Begin(t.Context())
		first, second := one.Next("GET", ""), one.Next("GET", "")
		require.Equal(t, first[len(first)-3:], second[len(second)-3:])
		if first[len(first)-1] == '1' {
			sampled++
		}
	}
	require.InDelta(t, n/4, sampled, n/40, "twenty times the deviation that is usual")
}

func newProvider(t *testing.T) (*tracetest.SpanRecorder, lib.TracerProvider) {
	t.Helper()
	recorder := tracetest.NewSpanRecorder()
	provider := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(recorder))
	t.Cleanup(func() { _ = provider.Shutdown(context.WithoutCancel(t.Context())) })
	return recorder, provider
}

func TestExportedSpansAreThoseOfTheHeaders(t *testing.T) {
	t.Parallel()
	recorder, provider := newProvider(t)
	tracer := k6net.NewTracer(k6net.PropagatorW3C, 1, provider)
	one := tracer.Begin(t.Context())
	values := make([]string, 0, 3)
	ended := time.Now().Add(time.Hour)
	for _, end := range []tracing.Ended{
		{Status: 302, At: ended}, {Status: 404, At: ended}, {Error: "dial: connection refused", At: ended},
	} {
		values = append(values, one.Next("GET", "http://a/"))
		require.Len(t, recorder.Ended(), len(values)-1, "a span ends when its exchange does")
		one.End(end)
	}
	spans := recorder.Ended()
	require.Len(t, spans, 3)
	for i, status := range []codes.Code{codes.Unset, codes.Error, codes.Error} {
		of := spans[i].SpanContext()
		require.Equal(t, "00-"+of.TraceID().String()+"-"+of.SpanID().String()+"-01", values[i])
		require.Equal(t, of.TraceID().String(), tracing.IDOf(one))
		require.Equal(t, status, spans[i].Status().Code)
		require.Equal(t, trace.SpanKindClient, spans[i].SpanKind())
		require.WithinDuration(t, ended, spans[i].EndTime(), 0)
		if i > 0 {
			require.Equal(t, spans[0].SpanContext().SpanID(), spans[i].Parent().SpanID(), "the first is the root")
		}
	}
	require.False(t, spans[0].Parent().IsValid())
}

func TestExportedSpansAreBelowThatOfTheVU(t *testing.T) {
	t.Parallel()
	recorder, provider := newProvider(t)
	ctx, iteration := provider.Tracer("iteration").Start(t.Context(), "iteration")
	tracer := k6net.NewTracer(k6net.PropagatorJaeger, 1, provider)
	for range 2 {
		one := tracer.Begin(ctx)
		for range 2 {
			one.Next("GET", "http://a/")
			one.End(tracing.Ended{Status: 200, At: time.Now()})
		}
		require.Equal(t, iteration.SpanContext().TraceID().String(), tracing.IDOf(one))
	}
	require.Len(t, recorder.Ended(), 4)
	for _, span := range recorder.Ended() {
		require.Equal(t, iteration.SpanContext().SpanID(), span.Parent().SpanID())
	}
}

func TestWhatIsNotSampledIsNotExported(t *testing.T) {
	t.Parallel()
	recorder, provider := newProvider(t)
	one := k6net.NewTracer(k6net.PropagatorW3C, 0, provider).Begin(t.Context())
	require.Regexp(t, "^00-dc0718.*-00$", one.Next("GET", "http://a/"))
	one.End(tracing.Ended{Status: 200, At: time.Now()})
	require.Empty(t, recorder.Started())
}
