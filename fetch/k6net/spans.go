package k6net

import (
	"context"
	"net/http"

	"go.k6.io/k6/v2/lib"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/tracing"
)

// exporting returns the tracer of a provider, nil if that exports nothing: k6 has one that does nothing unless it is
// started with --traces-output.
func exporting(provider lib.TracerProvider) trace.Tracer {
	if provider == nil {
		return nil
	}
	spans := provider.Tracer("k6/x/fetch")
	if _, idle := spans.(noop.Tracer); idle {
		return nil
	}
	return spans
}

// exportedTrace is a trace whose exchanges have spans that k6 exports. Headers have the ids of these, because the spans
// of servers would otherwise belong to a trace without the exchange. The SDK makes these ids.
//
// The parent of the spans is that of the VU's context. Without one, the first is the root of the trace, and the parent
// of the others.
type exportedTrace struct {
	first

	tracer *tracer
	parent context.Context //nolint:containedctx // the run's, as long as it lasts
	span   trace.Span      // of the exchange under way
}

// Next implements tracing.Trace.
func (e *exportedTrace) Next(method, url string) string {
	ctx, span := e.tracer.spans.Start(e.parent, method, trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(
		attribute.String("http.request.method", method), attribute.String("url.full", url),
	))
	if !trace.SpanContextFromContext(e.parent).IsValid() {
		e.parent = ctx
	}
	e.span = span
	of := span.SpanContext()
	return e.next(e.tracer, traceID(of.TraceID()), spanID(of.SpanID()), of.IsSampled())
}

// End implements tracing.Trace.
func (e *exportedTrace) End(end tracing.Ended) {
	if end.Status != 0 {
		e.span.SetAttributes(attribute.Int("http.response.status_code", end.Status))
	}
	if end.Error != "" || end.Status >= http.StatusBadRequest {
		e.span.SetStatus(codes.Error, end.Error)
	}
	e.span.End(trace.WithTimestamp(end.At))
}
