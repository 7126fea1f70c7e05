// Package tracing is what the engine knows of traces: each exchange has a header that says which trace it belongs to.
// Formats of headers and ids, and whoever exports spans, are elsewhere.
package tracing

import (
	"context"
	"net/http"
	"time"
)

// Tracer begins traces. Many targets share it, and their workers call it at the same time.
type Tracer interface {
	// Header is the name of the header of each exchange, in its canonical form.
	Header() string
	// Begin begins the trace of a target. The context is that of the run.
	Begin(ctx context.Context) Trace
}

// Trace is the trace of one target: its exchanges, those of redirects and retries included. One goroutine uses it.
type Trace interface {
	// Next begins an exchange, and returns the value of its header.
	Next(method, url string) string
	// End ends the exchange that began last.
	End(end Ended)
	// Sent is what the first exchange sent, nil before it.
	Sent() *Sent
}

// Sent is what the first exchange of a target has sent of its trace.
type Sent struct {
	// ID is the id of the trace.
	ID string
	// Header and Value are the header of the exchange.
	Header, Value string
}

// Ended is what became of an exchange.
type Ended struct {
	// Status is 0 if the exchange failed. Error says why then.
	Status int
	Error  string
	At     time.Time
}

// IDOf is the id of a trace, empty for nil and for a trace that nothing was sent of.
func IDOf(t Trace) string {
	if t == nil {
		return ""
	}
	if sent := t.Sent(); sent != nil {
		return sent.ID
	}
	return ""
}

// Added returns a copy of a header with what was sent of a trace, or the header itself if nothing was.
func Added(header http.Header, sent *Sent) http.Header {
	if sent == nil {
		return header
	}
	header = header.Clone()
	if header == nil {
		header = make(http.Header)
	}
	header[sent.Header] = []string{sent.Value}
	return header
}

// Stamped returns a copy of a request with one more header. The request itself may be sent again.
func Stamped(req *http.Request, name, value string) *http.Request {
	stamped := *req
	stamped.Header = Added(req.Header, &Sent{Header: name, Value: value})
	return &stamped
}
