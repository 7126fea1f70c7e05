package fetch

import (
	"net/http"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/urltext"
)

// State says how far a target got.
type State uint8

// The states of a target. A result begins as StateNotRun.
const (
	StateNotRun State = iota // no request of it was sent
	StateDone                // answered with an expected status
	StateFailed              // answered otherwise, or not at all
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

// Result is the record of one target.
type Result struct {
	// Index is the place of the target in its list; Target is the target itself.
	Index  int
	Target Target

	State State
	// Status is the HTTP status of the last response, 0 when there was none or its body did not arrive whole.
	Status int
	// ErrorCode is k6's code for the failure, Error its text. A status of 400 and more has a code and no text.
	ErrorCode int
	Error     string

	// Attempts counts how often the target was asked for, retries included. Resent counts the requests that were sent
	// again without being asked for, because a kept connection turned out to be closed or a server of HTTP/2 to have
	// taken no notice of them.
	Attempts, Resent int
	// Requests counts the HTTP requests made: redirects and retries included.
	Requests int
	// Bytes counts the bytes of the last body as they came, before decoding.
	Bytes int64
	// Reused says that the last request went over a connection that had served another.
	Reused bool

	// RunStarted is when the run began.
	RunStarted time.Time
	// Queued is the time from the start of the run until the target might start: waiting for a worker, for its host
	// and for the rate.
	Queued time.Duration
	// Elapsed is the time from leaving the queue to the end of the last body.
	Elapsed time.Duration
	// Timings are those of the last request.
	Timings transport.Timings

	// Response is what came back, nil if nothing did.
	Response *Response
}

// Response is what came back for a target.
type Response struct {
	// URL is where the target ended, redirects followed, with its user info masked.
	URL string
	// SentHeader is the header of the first request as it was made, cookies included.
	SentHeader http.Header
	// StatusText and Proto are of the status line, e.g. "200 OK" and "HTTP/1.1".
	StatusText string
	Proto      string
	// Conn is the connection of the last request, empty if there was none.
	Conn *transport.ConnInfo
	// Body is the decoded body, nil if none was kept.
	Body []byte
	// Redirects are the hops before the last.
	Redirects []transport.Redirect

	// The header of the last response: parsed, or as it came.
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

// Clone returns a copy that can be kept: a worker goes on with its own.
func (r *Result) Clone() *Result {
	c := *r
	if r.Response != nil {
		response := *r.Response
		c.Response = &response
	}
	return &c
}

// Ok says that the target was answered with an expected status.
func (r *Result) Ok() bool { return r.State == StateDone }

// Throws reports whether the target failed in a way that its caller calls an error.
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

// Started is when the target left the queue, from the start of the run.
func (r *Result) Started() time.Duration { return r.Queued }

// Ended is when the target was done with, from the start of the run.
func (r *Result) Ended() time.Duration { return r.Queued + r.Elapsed }

// URL is where the target ended, or the target's own when it was not reached. User info is masked.
func (r *Result) URL() string {
	if r.Response != nil && r.Response.URL != "" {
		return r.Response.URL
	}
	return urltext.Mask(r.Target.URL)
}

// Key is what the caller called the target, empty if it gave no name. User info is masked.
func (r *Result) Key() string {
	if r.Target.Key == nil {
		return ""
	}
	return urltext.Mask(*r.Target.Key)
}

// Name is what metrics of this module and reports call the target: its name, else its key, else its URL. The requests
// themselves, in k6's own metrics, have no key.
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

// Method is the HTTP method of the target.
func (r *Result) Method() string {
	if s := r.Target.Spec; s != nil && s.Method != "" {
		return s.Method
	}
	return http.MethodGet
}

// FirstSent returns what the first request of the target was sent as.
func (r *Result) FirstSent() transport.Sent {
	s := r.Target.Spec
	if s == nil {
		return transport.Sent{Method: http.MethodGet}
	}
	return transport.Sent{Method: r.Method(), Body: len(s.Body)}
}

// LastSent returns what the last request of the target was sent as: where it was redirected, not always as the first.
func (r *Result) LastSent() transport.Sent {
	sent := r.FirstSent()
	if r.Response != nil {
		for i := range r.Response.Redirects {
			sent = sent.Redirected(r.Response.Redirects[i].Status)
		}
	}
	return sent
}

// Shown is the URL of the target as requests have it, with its user info masked: put together from its parts, as k6
// reports it. What is no URL is shown as it is.
func (t *Target) Shown() string { return urltext.Shown(t.URL) }
