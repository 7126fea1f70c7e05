package http2

import (
	"errors"
	"fmt"
)

// code is an error code (RFC 9113, section 7).
type code uint32

const (
	codeNo           code = 0x0
	codeProtocol     code = 0x1
	codeFlowControl  code = 0x3
	codeFrameSize    code = 0x6
	codeRefused      code = 0x7
	codeCancel       code = 0x8
	codeCompression  code = 0x9
	codeEnhanceCalm  code = 0xb
	numberOfCodes         = 14
	unknownErrorCode      = "unknown error code 0x%x"
)

//nolint:gochecknoglobals // a table of the standard
var codeNames = [numberOfCodes]string{
	"NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT", "STREAM_CLOSED",
	"FRAME_SIZE_ERROR", "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR", "CONNECT_ERROR", "ENHANCE_YOUR_CALM",
	"INADEQUATE_SECURITY", "HTTP_1_1_REQUIRED",
}

func (c code) String() string {
	if c < numberOfCodes {
		return codeNames[c]
	}
	return fmt.Sprintf(unknownErrorCode, uint32(c))
}

// The texts of these errors are those of net/http, which people and k6 know.

// streamError ends one stream (section 5.4.2).
type streamError struct {
	id   uint32
	code code
	// why says more, empty if there is no more to say.
	why string
}

const fromPeer = "received from peer"

func (e *streamError) Error() string {
	text := fmt.Sprintf("stream error: stream ID %d; %v", e.id, e.code)
	if e.why != "" {
		text += "; " + e.why
	}
	return text
}

// connError ends a connection with all its streams (section 5.4.1).
type connError code

func (e connError) Error() string { return "connection error: " + code(e).String() }

// goAwayError is a GOAWAY of the server, which has closed the connection (section 6.8). It leaves out the debug data,
// which may be anything.
type goAwayError struct {
	last uint32
	code code
}

func (e *goAwayError) Error() string {
	return fmt.Sprintf("http2: server sent GOAWAY and closed the connection; LastStreamID=%d, ErrCode=%v, debug=\"\"",
		e.last, e.code)
}

// timeoutError is a net.Error.
type timeoutError struct{}

func (timeoutError) Error() string   { return "http2: timeout" }
func (timeoutError) Timeout() bool   { return true }
func (timeoutError) Temporary() bool { return true }

// ErrHTTP1 ends a connection whose server begins with a response of HTTP/1.1.
var ErrHTTP1 = errors.New("http2: server answered with HTTP/1.1")

var (
	// errTimeout ends a stream at its deadline, or because it has expired.
	errTimeout error = timeoutError{}
	// errUnusable is the error of a request that was not sent, because the connection takes no more.
	errUnusable = errors.New("http2: connection takes no more requests")
	errClosed   = errors.New("http2: connection closed")
	errNoReply  = errors.New("http2: no reply")
	errTooLong  = errors.New("net/http: server replied with more than declared Content-Length; truncated")
	errHeadSize = errors.New("http2: response header list larger than advertised limit")
	errListSize = errors.New("http2: request header list larger than peer's advertised limit")
	// errAbandoned ends a stream whose body is not read to its end.
	errAbandoned = errors.New("http2: response body closed")
)
