// Package failure names failures of requests: with k6's codes, and with texts that are fit for the value of a tag.
package failure

import (
	"context"
	"errors"
	"net"
	"net/url"
	"strings"
)

// Codes of failures, as k6 numbers them: https://grafana.com/docs/k6/latest/javascript-api/error-codes/.
const (
	CodeGeneric         = 1000
	CodeNonTCP          = 1010
	CodeInvalidURL      = 1020
	CodeTimeout         = 1050
	CodeDNS             = 1100
	CodeNoSuchHost      = 1101
	CodeBlockedIP       = 1110
	CodeBlockedHost     = 1111
	CodeTCP             = 1200
	CodeBrokenPipe      = 1201
	CodeUnknownErrno    = 1202
	CodeDial            = 1210
	CodeDialTimeout     = 1211
	CodeDialRefused     = 1212
	CodeDialErrno       = 1213
	CodeReset           = 1220
	CodeTLSHeader       = 1301
	CodeX509Authority   = 1310
	CodeX509Hostname    = 1311
	CodeHTTPStatus      = 1000 // plus the status, from 400 on
	CodeHTTP2           = 1600
	CodeHTTP2GoAway     = 1610
	CodeHTTP2Stream     = 1630
	CodeHTTP2Connection = 1650
	CodeContentDecode   = 1701
	CodeHTTP3           = 1800 // from here on, the extension's own
	CodeQUICRefused     = 1801
	CodeQUICHandshake   = 1802
	CodeQUICIdle        = 1803
	CodeQUICReset       = 1804
	CodeQUICVersion     = 1805
	CodeQUICSocket      = 1806
	CodeHTTP3GoAway     = 1807
	CodeQUIC            = 1810
	CodeQUICAlert       = 1830
	CodeHTTP3Stream     = 1840
	CodeHTTP3Connection = 1870
)

// ErrDeadline is the cause of a context that ended at the deadline of a run.
var ErrDeadline error = &Error{Code: CodeTimeout, Text: "run deadline exceeded", isTimeout: true}

// ErrNoHTTP2 is the failure of a request that must go over HTTP/2, at a server that speaks something else.
var ErrNoHTTP2 error = &Error{Code: CodeHTTP2, Text: "server does not speak HTTP/2"}

// ErrNoHTTP3 is the failure of a request that must go over HTTP/3, at a server that speaks something else over QUIC.
var ErrNoHTTP3 error = &Error{Code: CodeHTTP3, Text: "server does not speak HTTP/3"}

// NoHTTP3 returns the error of a request that must go over HTTP/3, where that is not possible.
func NoHTTP3(why string) error {
	return &Error{Code: CodeHTTP3, Text: "HTTP/3 is not possible " + why}
}

// NoPlainHTTP2 returns the error of a request that must go over HTTP/2 without TLS, where that is not possible.
func NoPlainHTTP2(why string) error {
	return &Error{Code: CodeHTTP2, Text: "HTTP/2 without TLS is not possible " + why}
}

// Error is a failure that the engine itself detects and names.
type Error struct {
	Code int
	// Text is bounded, because it becomes the value of a tag.
	Text string
	// Err is the underlying error; it may be nil.
	Err error

	isTimeout bool
}

// Error implements error.
func (e *Error) Error() string { return e.Text }

// Unwrap returns the underlying error.
func (e *Error) Unwrap() error { return e.Err }

// Timeout reports whether a timeout was reached.
func (e *Error) Timeout() bool { return e.isTimeout }

// TookTooLong returns the error of a request that reached its timeout.
func TookTooLong(err error) error {
	return &Error{Code: CodeTimeout, Text: "request timeout", Err: err}
}

// DialTimeout returns the error of a request whose connection was not made in time.
func DialTimeout(err error) error {
	return &Error{Code: CodeDialTimeout, Text: "dial: i/o timeout", Err: err, isTimeout: true}
}

// Undecodable returns the error of a body that cannot be decoded.
func Undecodable(err error) error {
	return &Error{
		Code: CodeContentDecode, Text: "error decompressing response body (" + Bounded(err.Error()) + ")", Err: err,
	}
}

// InvalidURL returns the error of a URL that cannot be parsed. It quotes nothing of the URL.
func InvalidURL(raw string, err error) error {
	reason := "cannot be parsed"
	if parseErr, ok := As[*url.Error](err); ok {
		reason = Bounded(parseErr.Err.Error())
		if strings.Contains(raw, "@") {
			reason = Bounded(quotedText.ReplaceAllString(parseErr.Err.Error(), "")) // the quote may be of a password
		}
	}
	return &Error{Code: CodeInvalidURL, Text: "invalid URL: " + reason}
}

// TimedOut reports whether a failure is a timeout.
func TimedOut(err error) bool {
	var netErr net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &netErr) && netErr.Timeout()
}

// Permanent reports whether a failure would be the same another time, so that retrying is useless.
func Permanent(code int) bool {
	switch code {
	case CodeInvalidURL, CodeBlockedIP, CodeBlockedHost, CodeTLSHeader, CodeX509Authority, CodeX509Hostname,
		CodeHTTP2, CodeHTTP3, CodeContentDecode:
		return true
	default:
		return false
	}
}

// As finds the first error of type T in a chain.
func As[T error](err error) (T, bool) {
	var target T
	ok := errors.As(err, &target)
	return target, ok
}
