package http2

import (
	"errors"
	"fmt"
)

// Code is an error code (RFC 9113, section 7).
type Code uint32

const (
	codeNo          Code = 0x0
	codeProtocol    Code = 0x1
	codeFlowControl Code = 0x3
	codeFrameSize   Code = 0x6
	codeRefused     Code = 0x7
	codeCancel      Code = 0x8
	codeCompression Code = 0x9
	codeEnhanceCalm Code = 0xb
	numberOfCodes        = 14
)

//nolint:gochecknoglobals // a table of the standard
var codeNames = [numberOfCodes]string{
	"NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT", "STREAM_CLOSED",
	"FRAME_SIZE_ERROR", "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR", "CONNECT_ERROR", "ENHANCE_YOUR_CALM",
	"INADEQUATE_SECURITY", "HTTP_1_1_REQUIRED",
}

// Known reports whether the standard knows the code.
func (c Code) Known() bool { return c < numberOfCodes }

// String returns the code's name in the standard.
func (c Code) String() string {
	if c.Known() {
		return codeNames[c]
	}
	return fmt.Sprintf("unknown error code 0x%x", uint32(c))
}

// The texts of these errors are those of net/http, which people and k6 know.

// StreamError ends one stream (section 5.4.2).
type StreamError struct {
	ID   uint32
	Code Code
	// Why says more, empty if there is no more to say.
	Why string
}

const fromPeer = "received from peer"

// Error implements error.
func (e *StreamError) Error() string {
	text := fmt.Sprintf("stream error: stream ID %d; %v", e.ID, e.Code)
	if e.Why != "" {
		text += "; " + e.Why
	}
	return text
}

// ConnError ends a connection with all its streams (section 5.4.1).
type ConnError Code

// Error implements error.
func (e ConnError) Error() string { return "connection error: " + Code(e).String() }

// GoAwayError is a GOAWAY of the server, which has closed the connection (section 6.8). It leaves out the debug data,
// which may be anything.
type GoAwayError struct {
	Last uint32 // the last stream that the server has taken
	Code Code
}

// Error implements error.
func (e *GoAwayError) Error() string {
	return fmt.Sprintf("http2: server sent GOAWAY and closed the connection; LastStreamID=%d, ErrCode=%v, debug=\"\"",
		e.Last, e.Code)
}

// ErrHTTP1 ends a connection whose server begins with a response of HTTP/1.1.
var ErrHTTP1 = errors.New("http2: server answered with HTTP/1.1")

var (
	// errUnusable is the error of a request that was not sent, because the connection takes no more.
	errUnusable = errors.New("http2: connection takes no more requests")
	errClosed   = errors.New("http2: connection closed")
	errNoReply  = errors.New("http2: no reply")
	errListSize = errors.New("http2: request header list larger than peer's advertised limit")
	// errAbandoned ends a stream whose body is not read to its end.
	errAbandoned = errors.New("http2: response body closed")
)
