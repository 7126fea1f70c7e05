package transport

import (
	"net/http"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/http1"
)

// Outcome is what came of an attempt.
type Outcome struct {
	// Requests counts the HTTP requests that were made, redirects included, but for one that was cut off before it was
	// sent. Resent counts those that were sent again without being asked for, because a kept connection turned out to be
	// closed or a server of HTTP/2 to have taken no notice of them.
	Requests, Resent int
	// Cut reports whether the run ended before the last request was sent.
	Cut bool
	// Err is why the attempt failed, nil if it did not. ErrorCode is k6's code for it, or for a status of 400 and more;
	// Error is its text, fit for the value of a tag.
	Err       error
	ErrorCode int
	Error     string
	// Timings and Reused are of the last request, which ended then.
	Timings Timings
	Reused  bool
	Ended   time.Time
	// Response is what came back.
	Response Response
}

// Response is the last response of an attempt.
type Response struct {
	// URL is where it came from, redirects followed, with its user info masked.
	URL string
	// Status is 0 when there was none, or its body did not arrive whole. StatusText and Proto are of the status line,
	// e.g. "200 OK" and "HTTP/1.1".
	Status            int
	StatusText, Proto string
	// SentHeader is the header of the first request as it was made, cookies included.
	SentHeader http.Header
	// Conn is the connection of the last request, empty if there was none.
	Conn *ConnInfo
	// Head is the head of the response as it came. It never changes, and successive responses with the same head share
	// it. Where it was parsed, Header is set instead.
	Head   []byte
	Header http.Header
	// Body is the decoded body, nil if none was kept. Bytes counts its bytes as they came.
	Body  []byte
	Bytes int64
	// Redirects are the hops before the last.
	Redirects []Redirect
}

// ParseHead returns the header of a head that a response has kept.
func ParseHead(head []byte) http.Header { return http1.ParseHeader(head) }

// Redirect is one hop on the way to the last response.
type Redirect struct {
	URL     string // with its user info masked
	Status  int
	Timings Timings
}
