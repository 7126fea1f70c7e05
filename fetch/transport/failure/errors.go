// Package failure names what goes wrong with requests: with k6's codes, and with texts that are fit for the value of a
// metric's tag.
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
	CodeGeneric          = 1000
	CodeNonTCP           = 1010
	CodeInvalidURL       = 1020
	CodeTimeout          = 1050
	CodeDNS              = 1100
	CodeNoSuchHost       = 1101
	CodeBlockedIP        = 1110
	CodeBlockedHost      = 1111
	CodeTCP              = 1200
	CodeBrokenPipe       = 1201
	CodeUnknownErrno     = 1202
	CodeDial             = 1210
	CodeDialTimeout      = 1211
	CodeDialRefused      = 1212
	CodeDialErrno        = 1213
	CodeReset            = 1220
	CodeTLSHeader        = 1301
	CodeX509Authority    = 1310
	CodeX509Hostname     = 1311
	CodeHTTPStatus       = 1000 // plus the status, from 400 on
	CodeHTTP2GoAway      = 1610
	CodeHTTP2Stream      = 1630
	CodeHTTP2Refused     = 1638
	CodeHTTP2Connection  = 1650
	CodeContentDecode    = 1701
	lastHTTP2ErrorNumber = 13
)

// ErrDeadline is the cause of a context that the deadline of a run has ended.
var ErrDeadline error = &Error{Code: CodeTimeout, Text: "run deadline exceeded", isTimeout: true}

// Error is a failure that the engine itself finds and names.
type Error struct {
	Code int
	// Text is bounded: it becomes the value of a metric's tag.
	Text string
	// Err is what it is about; it may be nil.
	Err error

	isTimeout bool
}

// Error implements error.
func (e *Error) Error() string { return e.Text }

// Unwrap returns what the failure is about.
func (e *Error) Unwrap() error { return e.Err }

// Timeout reports whether a time limit ran out.
func (e *Error) Timeout() bool { return e.isTimeout }

// TookTooLong is what a request ends with that took too long.
func TookTooLong(err error) error {
	return &Error{Code: CodeTimeout, Text: "request timeout", Err: err}
}

// DialTimeout is what a request ends with whose connection could not be made in time.
func DialTimeout(err error) error {
	return &Error{Code: CodeDialTimeout, Text: "dial: i/o timeout", Err: err, isTimeout: true}
}

// Refused is what a request ends with that HTTP/2 refused, and repeated until its time was up.
func Refused(err error) error {
	_, text, _ := codeHTTP2(CodeHTTP2Stream, http2StreamText, "REFUSED_STREAM")
	return &Error{Code: CodeHTTP2Refused, Text: text, Err: err}
}

// Undecodable is what a body fails with whose content coding cannot be undone.
func Undecodable(err error) error {
	return &Error{
		Code: CodeContentDecode, Text: "error decompressing response body (" + Bounded(err.Error()) + ")", Err: err,
	}
}

// InvalidURL is what a URL that cannot be parsed fails with. It holds nothing of the URL.
func InvalidURL(raw string, err error) error {
	reason := "cannot be parsed"
	if parseErr, ok := As[*url.Error](err); ok {
		reason = Bounded(parseErr.Err.Error())
		if strings.Contains(raw, "@") {
			reason = Bounded(quotedText.ReplaceAllString(parseErr.Err.Error(), "")) // it may be of a password
		}
	}
	return &Error{Code: CodeInvalidURL, Text: "invalid URL: " + reason}
}

// TimedOut reports whether a failure is a time limit that ran out.
func TimedOut(err error) bool {
	var netErr net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &netErr) && netErr.Timeout()
}

// Permanent reports whether a failure would be the same another time: nothing that waiting heals.
func Permanent(code int) bool {
	switch code {
	case CodeInvalidURL, CodeBlockedIP, CodeBlockedHost, CodeTLSHeader, CodeX509Authority, CodeX509Hostname,
		CodeContentDecode:
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
