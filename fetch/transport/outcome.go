package transport

import (
	"bytes"
	"net/http"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/http1"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/http2"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/http3"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/mux"
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
	// EarlyData reports whether the last request went out before the handshake was done. Fallback says why it went over
	// TCP although the server had offered HTTP/3, empty if that is not so; it is fit for the value of a tag.
	EarlyData bool
	Fallback  string
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
	if bytes.HasPrefix(head, []byte(http2.Proto)) || bytes.HasPrefix(head, []byte(http3.Proto)) {
		return mux.ParseHeader(head)
	}
	return http1.ParseHeader(head)
}

// MayHave reports whether a Response.Head may have a field: whether its name is anywhere in it, in any case.
func MayHave(head []byte, name string) bool {
	for i := 0; i+len(name) <= len(head); i++ {
		if head[i]|0x20 == name[0]|0x20 && bytes.EqualFold(head[i:i+len(name)], []byte(name)) {
			return true
		}
	}
	return false
}

// HeadField returns the first value of a field in a Response.Head, without parsing the others.
func HeadField(head []byte, name string) string {
	if folds(head) {
		return ParseHead(head).Get(name)
	}
	_, fields, _ := bytes.Cut(head, []byte("\n"))
	for len(fields) > 0 {
		var line []byte
		line, fields, _ = bytes.Cut(fields, []byte("\n"))
		if len(line) > len(name) && line[len(name)] == ':' && bytes.EqualFold(line[:len(name)], []byte(name)) {
			return string(bytes.Trim(line[len(name)+1:], " \t\r"))
		}
	}
	return ""
}

// folds reports whether a field of a Response.Head may be on several lines.
func folds(head []byte) bool {
	return bytes.Contains(head, []byte("\n ")) || bytes.Contains(head, []byte("\n\t"))
}

// Redirect is one hop on the way to the last response.
type Redirect struct {
	URL     string // with its user info masked
	Status  int
	Timings Timings
}
