package mux

import "errors"

// What ends a request over either protocol. The texts are those of net/http, which people and k6 know.
var (
	// ErrTimeout ends a request at its deadline, or because its stream has expired. It is a net.Error.
	ErrTimeout error = timeoutError{}
	// ErrHeadSize is the error of a response whose fields are too large.
	ErrHeadSize = errors.New("http2: response header list larger than advertised limit")
	// ErrNoStatus is the error of a response whose head has no status.
	ErrNoStatus = errors.New("malformed response from server: missing status pseudo header")
	// ErrTooLong is the error of a body that is longer than its Content-Length.
	ErrTooLong = errors.New("net/http: server replied with more than declared Content-Length; truncated")
)

// timeoutError is a net.Error.
type timeoutError struct{}

func (timeoutError) Error() string   { return "http2: timeout" }
func (timeoutError) Timeout() bool   { return true }
func (timeoutError) Temporary() bool { return true }
