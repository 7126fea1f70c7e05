package fetch

import (
	"net/http"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/expect"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/certificate"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/tracing"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/urltext"
)

// State is how far a target got.
type State uint8

// The states of a target. A result begins as StateNotRun.
const (
	StateNotRun State = iota // no request was sent
	StateDone                // answered with an expected status
	StateFailed              // answered with another status, or not at all
)

// String returns the state as scripts see it: "not_run", "done" or "failed".
func (s State) String() string {
	switch s {
	case StateDone:
		return "done"
	case StateFailed:
		return "failed"
	default:
		return "not_run"
	}
}

// Result is the record of one target. It has many fields: one for each thing that scripts and reports say of a target.
type Result struct {
	// Index is the target's place in the list. Target is the target itself.
	Index  int
	Target Target

	State State
	// Status is the HTTP status of the last response. It is 0 if there was none, or if its body did not arrive whole.
	Status int
	// ErrorCode is k6's code for the failure, Error its text. A status of 400 or more has a code and no text.
	ErrorCode int
	Error     string
	// Unmet are the checks of the Spec's Expect that the response does not meet.
	Unmet []expect.Unmet

	// Attempts counts the attempts, retries included. Resent counts requests that were sent again within an attempt:
	// because a kept connection turned out to be closed, or because an HTTP/2 server had ignored them.
	Attempts, Resent int
	// Requests counts the HTTP requests, redirects and retries included.
	Requests int
	// Bytes counts the bytes of the last body as received, before decoding.
	Bytes int64
	// Reused reports whether the last request went over a connection that had served another.
	Reused bool
	// EarlyData reports whether the last request went out before its connection's handshake was done (RFC 8470).
	EarlyData bool
	// Fallback says why the last request went over TCP although the server had offered HTTP/3. It is fit for the value of
	// a tag, and empty if the server had not, or was asked over HTTP/3.
	Fallback string
	// FromCache reports whether the response came from a cache, without a request.
	FromCache bool

	// RunStarted is when the run began.
	RunStarted time.Time
	// Due is the earliest start of a target of a [Paced] iterator, measured from the start of the run, and 0 for others.
	// If the run ended earlier, it is that time.
	Due time.Duration
	// Queued is the time from when the target was due to when it started. It waited for a worker, for its host and for
	// the rate.
	Queued time.Duration
	// Elapsed is the time from leaving the queue to the end of the last body.
	Elapsed time.Duration
	// Timings are those of the last request.
	Timings transport.Timings

	// Response is the last response, nil if there was none.
	Response *Response
}

// Response is the last response for a target.
type Response struct {
	// URL is the last URL, after redirects, with its user info masked.
	URL string
	// SentHeader is the header of the first request as sent, cookies included.
	SentHeader http.Header
	// StatusText and Proto come from the status line, e.g. "200 OK" and "HTTP/1.1".
	StatusText string
	Proto      string
	// Conn is the connection of the last request, empty if there was none.
	Conn *transport.ConnInfo
	// Body is the decoded body, nil if none was kept.
	Body []byte
	// Redirects are the hops before the last response.
	Redirects []transport.Redirect
	// Trace is what the first request has sent of the trace that all requests of the target belong to, nil without one.
	// SentHeader does not have it.
	Trace *tracing.Sent

	// The header of the last response: parsed, or in plain as received.
	header http.Header
	plain  *detail
}

// Header returns the header of the last response. It must not be changed.
func (r *Response) Header() http.Header {
	if r.header == nil && r.plain != nil {
		return transport.ParseHead(r.plain.head)
	}
	return r.header
}

// MayHave reports whether the header may have a field, without parsing it.
func (r *Response) MayHave(name string) bool {
	if r.header == nil && r.plain != nil {
		return transport.MayHave(r.plain.head, name)
	}
	return r.header[http.CanonicalHeaderKey(name)] != nil
}

// headKey is what results with the same heads have in common.
type headKey struct {
	spec *Spec
	conn *transport.ConnInfo
	head *byte
}

// HeadKey returns a key that results share if all that was sent and received besides a body is the same. It is nil if
// that is not known.
func (r *Result) HeadKey() any {
	resp := r.Response
	if resp == nil || resp.plain == nil || resp.Redirects != nil || !sameHeader(resp.SentHeader, r.Target.Spec.Header) {
		return nil
	}
	return headKey{r.Target.Spec, resp.Conn, &resp.plain.head[0]}
}

// Clone returns a copy to keep, because a worker reuses its own result.
func (r *Result) Clone() *Result {
	c := *r
	if r.Response != nil {
		response := *r.Response
		c.Response = &response
	}
	return &c
}

// Ok reports whether the target was answered with an expected status.
func (r *Result) Ok() bool { return r.State == StateDone }

// Throws reports whether the target failed in a way that its Spec's Throw makes an error.
func (r *Result) Throws() bool {
	if r.State != StateFailed {
		return false
	}
	switch r.Target.Spec.Throw {
	case ThrowFailed:
		return true
	case ThrowUnanswered:
		return !r.answered()
	default:
		return false
	}
}

// Started is when the target left the queue, measured from the start of the run.
func (r *Result) Started() time.Duration { return r.Due + r.Queued }

// Ended is when the target ended, measured from the start of the run.
func (r *Result) Ended() time.Duration { return r.Started() + r.Elapsed }

// URL is the last URL, after redirects, or the target's own if nothing was reached. User info is masked.
func (r *Result) URL() string {
	if r.Response != nil && r.Response.URL != "" {
		return r.Response.URL
	}
	return urltext.Mask(r.Target.URL)
}

// Certificate describes the certificate of the last connection, nil without TLS.
func (r *Result) Certificate() *certificate.Info {
	if r.Response == nil {
		return nil
	}
	return r.Response.Conn.CertificateInfo()
}

// DaysLeft returns for how many whole days the certificate was still valid when the target ended. It reports false
// without TLS.
func (r *Result) DaysLeft() (days int, known bool) {
	if r.Response == nil {
		return 0, false
	}
	notAfter, known := r.Response.Conn.CertificateEnd()
	if !known {
		return 0, false
	}
	return certificate.DaysLeft(notAfter, r.RunStarted.Add(r.Ended())), true
}

// Key is the target's key, empty if it has none. User info is masked.
func (r *Result) Key() string {
	if r.Target.Key == nil {
		return ""
	}
	return urltext.Mask(*r.Target.Key)
}

// Name is the target's name in this module's metrics and in reports: its Spec's name, else its key, else its URL. k6's
// own metrics of its requests do not use the key.
func (r *Result) Name() string {
	s := r.Target.Spec
	if s != nil && s.Name != "" {
		return s.Name
	}
	if s == nil || !s.NamedByURL {
		if key := r.Key(); key != "" {
			return key
		}
	}
	return urltext.Mask(r.Target.URL)
}

// TraceID is the id of the trace of the target's requests, empty if they had none.
func (r *Result) TraceID() string {
	if r.Response == nil || r.Response.Trace == nil {
		return ""
	}
	return r.Response.Trace.ID
}

// Method is the HTTP method of the target.
func (r *Result) Method() string {
	if s := r.Target.Spec; s != nil && s.Method != "" {
		return s.Method
	}
	return http.MethodGet
}

// FirstSent returns what the first request of the target sent.
func (r *Result) FirstSent() transport.Sent {
	s := r.Target.Spec
	if s == nil {
		return transport.Sent{Method: http.MethodGet}
	}
	return transport.Sent{Method: r.Method(), Body: len(s.Body)}
}

// LastSent returns what the last request of the target sent. After redirects it may differ from the first.
func (r *Result) LastSent() transport.Sent {
	sent := r.FirstSent()
	if r.Response != nil {
		for i := range r.Response.Redirects {
			sent = sent.Redirected(r.Response.Redirects[i].Status)
		}
	}
	return sent
}

// Shown is the URL as k6 reports it: reassembled from its parts, with its user info masked. An invalid URL is shown as
// it is.
func (t *Target) Shown() string { return urltext.Shown(t.URL) }
