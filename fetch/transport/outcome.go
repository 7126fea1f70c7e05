package transport

import (
	"bytes"
	"net/http"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/http1"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/http2"
)

// Outcome is what came of an attempt.
type Outcome struct {
	// Requests counts the HTTP requests, redirects included, but not one that was cut off before it was sent. Resent
	// counts requests that were sent again within the attempt: because a kept connection turned out to be closed, or
	// because an HTTP/2 server had ignored them.
	Requests, Resent int
	// Cut reports whether the run ended before the last request was sent.
	Cut bool
	// Err is why the attempt failed, nil if it did not. ErrorCode is k6's code for it, or for a status of 400 or more.
	// Error is its text, fit for the value of a tag.
	Err       error
	ErrorCode int
	Error     string
	// Timings and Reused are those of the last request. Ended is when it ended.
	Timings Timings
	Reused  bool
	Ended   time.Time
	// Response is the last response.
	Response Response
}

// Response is the last response of an attempt.
type Response struct {
	// URL is the last URL, after redirects, with its user info masked.
	URL string
	// Status is 0 if there was no response, or its body did not arrive whole. StatusText and Proto come from the status
	// line, e.g. "200 OK" and "HTTP/1.1".
	Status            int
	StatusText, Proto string
	// SentHeader is the header of the first request as sent, cookies included.
	SentHeader http.Header
	// Conn is the connection of the last request, empty if there was none.
	Conn *ConnInfo
	// Head is the head of the response as received. It never changes, and successive responses with the same head share
	// it. If it was parsed, Header is set instead.
	Head   []byte
	Header http.Header
	// Body is the decoded body, nil if none was kept. Bytes counts its bytes as received.
	Body  []byte
	Bytes int64
	// Redirects are the hops before the last response.
	Redirects []Redirect
}

// ParseHead returns the header in a Response.Head.
func ParseHead(head []byte) http.Header {
	if bytes.HasPrefix(head, []byte(http2.Proto)) {
		return http2.ParseHeader(head)
	}
	return http1.ParseHeader(head)
}

// Redirect is one hop on the way to the last response.
type Redirect struct {
	URL     string // with its user info masked
	Status  int
	Timings Timings
}
