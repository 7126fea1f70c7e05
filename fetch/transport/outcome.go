package transport

import (
	"bytes"
	"net/http"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/certificate"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/conns"
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

// Exchange is one HTTP request and its response. An attempt makes one, or several with redirects and challenges.
type Exchange struct {
	// Method and URL are those of this request. User info in the URL is masked.
	Method, URL string
	// Status, Proto and Conn are those of the response. Status is 0 if the exchange failed.
	Status int
	Proto  string
	Conn   *ConnInfo
	// ErrorCode is k6's code for the failure. Error is its text, fit for the value of a tag.
	ErrorCode int
	Error     string
	// Expected reports whether the status is a success. It is only valid if Judged, which reports whether the spec has an
	// Expected function.
	Judged, Expected bool
	Reused           bool
	Timings          Timings
	// TraceID is the id of the trace that the request has sent, empty if it has sent none.
	TraceID string
	// End is when the body had been read, or when the exchange failed.
	End time.Time
}

// Timings are the phases of one HTTP request. A phase that was not reached is 0.
type Timings struct {
	Blocked        time.Duration // waiting for a connection, including making it
	LookingUp      time.Duration // resolving the host name
	Connecting     time.Duration // connecting to the host
	TLSHandshaking time.Duration // TLS handshake
	Sending        time.Duration // writing the request
	Waiting        time.Duration // from the last byte sent to the first byte received
	Receiving      time.Duration // from the first byte received to the end of the body
}

// Duration is the time of the request without making the connection: the sum of sending, waiting and receiving.
func (t *Timings) Duration() time.Duration { return t.Sending + t.Waiting + t.Receiving }

// ConnInfo is what results say about a connection.
type ConnInfo = conns.Info

// WithCertificate returns a connection of which only the certificate is known.
func WithCertificate(info *certificate.Info) *ConnInfo { return conns.WithCertificate(info) }
