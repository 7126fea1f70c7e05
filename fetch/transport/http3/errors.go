package http3

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"syscall"

	"github.com/quic-go/quic-go"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/mux"
)

// Code is an error code of HTTP/3 (RFC 9114, section 8.1) or of QPACK (RFC 9204, section 6).
type Code uint64

const (
	codeNo               Code = 0x100
	codeStreamCreation   Code = 0x103
	codeClosedCritical   Code = 0x104
	codeFrameUnexpected  Code = 0x105
	codeFrame            Code = 0x106
	codeExcessiveLoad    Code = 0x107
	codeID               Code = 0x108
	codeSettings         Code = 0x109
	codeMissingSettings  Code = 0x10a
	codeRequestRejected  Code = 0x10b
	codeRequestCancelled Code = 0x10c
	codeMessage          Code = 0x10e
	codeDecompression    Code = 0x200
)

// First and FirstOfQPACK are the lowest codes that the standards know. Numbers counts those of HTTP/3.
const (
	First        Code = 0x100
	FirstOfQPACK Code = 0x200
	Numbers           = 0x11

	numbersOfQPACK = 3
)

//nolint:gochecknoglobals // tables of the standards
var (
	codeNames = [Numbers]string{
		"H3_NO_ERROR", "H3_GENERAL_PROTOCOL_ERROR", "H3_INTERNAL_ERROR", "H3_STREAM_CREATION_ERROR",
		"H3_CLOSED_CRITICAL_STREAM", "H3_FRAME_UNEXPECTED", "H3_FRAME_ERROR", "H3_EXCESSIVE_LOAD", "H3_ID_ERROR",
		"H3_SETTINGS_ERROR", "H3_MISSING_SETTINGS", "H3_REQUEST_REJECTED", "H3_REQUEST_CANCELLED",
		"H3_REQUEST_INCOMPLETE", "H3_MESSAGE_ERROR", "H3_CONNECT_ERROR", "H3_VERSION_FALLBACK",
	}
	codeNamesOfQPACK = [numbersOfQPACK]string{
		"QPACK_DECOMPRESSION_FAILED", "QPACK_ENCODER_STREAM_ERROR", "QPACK_DECODER_STREAM_ERROR",
	}
)

// Known reports whether the standards know the code, and returns its place among them: those of QPACK follow those of
// HTTP/3.
func (c Code) Known() (place int, ok bool) {
	switch {
	case c >= First && c < First+Numbers:
		return int(c - First), true // #nosec G115 -- bounded
	case c >= FirstOfQPACK && c < FirstOfQPACK+numbersOfQPACK:
		return Numbers + int(c-FirstOfQPACK), true // #nosec G115 -- bounded
	default:
		return 0, false
	}
}

// String returns the code's name in the standards.
func (c Code) String() string {
	switch place, ok := c.Known(); {
	case !ok:
		return fmt.Sprintf("unknown error code 0x%x", uint64(c))
	case place < Numbers:
		return codeNames[place]
	default:
		return codeNamesOfQPACK[place-Numbers]
	}
}

// StreamError ends one stream: by the server, or because of what the server did.
type StreamError struct {
	Code Code
	// Why says more, nil if there is no more to say.
	Why error
}

// Error implements error.
func (e *StreamError) Error() string {
	if e.Why != nil {
		return fmt.Sprintf("http3: stream error: %v; %v", e.Code, e.Why)
	}
	return fmt.Sprintf("http3: stream error: %v", e.Code)
}

// Unwrap returns what else is known.
func (e *StreamError) Unwrap() error { return e.Why }

// ConnError ends a connection with all its streams.
type ConnError Code

// Error implements error.
func (e ConnError) Error() string { return "http3: connection error: " + Code(e).String() }

// TransportError is an error of QUIC that has a code (RFC 9000, section 20.1). It leaves out the reason that a server
// gave, which may be anything.
type TransportError struct{ Code quic.TransportErrorCode }

// Known reports whether the standard knows the code.
func (e TransportError) Known() bool { return e.Code <= quic.NoViablePathError }

// Error implements error.
func (e TransportError) Error() string { return "quic: transport error: " + e.Code.String() }

// AlertError is an alert of TLS that the server sent (RFC 9001, section 4.8).
type AlertError struct{ Alert uint8 }

// Error implements error.
func (e AlertError) Error() string {
	return "quic: " + quic.TransportErrorCode(firstAlert+uint64(e.Alert)).Message()
}

// NoProtocol reports whether the server speaks nothing that was offered (RFC 9001, section 8.1).
func (e AlertError) NoProtocol() bool { return e.Alert == noApplicationProtocol }

const (
	// firstAlert is the code of QUIC for the alert 0.
	firstAlert = 0x100
	// noApplicationProtocol is the alert of either side if they agree on no protocol (RFC 9001, section 8.1).
	noApplicationProtocol = 120
)

// SocketError is a failure of the socket.
type SocketError struct{ Err error }

// Error implements error.
func (e *SocketError) Error() string { return "quic: " + e.Err.Error() }

// Unwrap returns the failure.
func (e *SocketError) Unwrap() error { return e.Err }

// Refused reports whether nothing listens at the address: an ICMP message said so.
func (e *SocketError) Refused() bool { return errors.Is(e.Err, syscall.ECONNREFUSED) }

// The ends of a connection that have no code.
var (
	// ErrHandshake is the error of a connection whose server did not answer, or not to the end.
	ErrHandshake = errors.New("quic: handshake timeout")
	// ErrIdle is the error of a connection whose server has fallen silent.
	ErrIdle = errors.New("quic: idle timeout")
	// ErrStatelessReset is the error of a connection that the server knows nothing of (RFC 9000, section 10.3).
	ErrStatelessReset = errors.New("quic: stateless reset")
	// ErrVersion is the error of a server that speaks no version of QUIC that the client does.
	ErrVersion = errors.New("quic: no common version")
	// ErrGoAway is the error of a request that the server has not taken because it ends the connection (RFC 9114, section
	// 5.2).
	ErrGoAway = errors.New("http3: server sent GOAWAY")
)

var (
	// errUnusable is the error of a request that was not sent, because the connection takes no more.
	errUnusable = errors.New("http3: connection takes no more requests")
	errClosed   = errors.New("http3: connection closed")
	// errRejected ends the requests of a connection whose early data QUIC did not take, and errTooEarly one that the
	// server answered with 425 (RFC 8470, section 5.2). They are sent again.
	errRejected = errors.New("http3: early data rejected")
	errTooEarly = errors.New("http3: server replied that it was too early")
	errListSize = errors.New("http3: request header list larger than peer's advertised limit")
	errInterim  = errors.New("http3: too many interim responses")
	errHeadBody = errors.New("http3: body in the response to a HEAD")
)

// reason translates an error of quic-go, so that it says nothing that a server has chosen.
func reason(err error) error {
	var (
		stream    *quic.StreamError
		app       *quic.ApplicationError
		transport *quic.TransportError
		idle      *quic.IdleTimeoutError
		handshake *quic.HandshakeTimeoutError
		reset     *quic.StatelessResetError
		version   *quic.VersionNegotiationError
		socket    *net.OpError
	)
	switch {
	case isTimeout(err):
		return mux.ErrTimeout
	case errors.As(err, &stream):
		return &StreamError{Code: Code(stream.ErrorCode)}
	case errors.As(err, &app):
		if !app.Remote && Code(app.ErrorCode) == codeNo {
			return errClosed
		}
		return ConnError(app.ErrorCode)
	case errors.As(err, &transport):
		return transportReason(transport)
	case errors.As(err, &idle):
		return ErrIdle
	case errors.As(err, &handshake):
		return ErrHandshake
	case errors.As(err, &reset):
		return ErrStatelessReset
	case errors.As(err, &version):
		return ErrVersion
	case errors.As(err, &socket):
		return &SocketError{socket}
	case errors.Is(err, quic.Err0RTTRejected):
		return errRejected
	default:
		return err
	}
}

// isTimeout reports whether a deadline has passed: that of a stream, which is a net.Error as all deadlines are.
func isTimeout(err error) bool {
	var (
		idle      *quic.IdleTimeoutError
		handshake *quic.HandshakeTimeoutError
		deadline  net.Error
	)
	return errors.As(err, &deadline) && deadline.Timeout() && !errors.As(err, &idle) && !errors.As(err, &handshake)
}

// transportReason translates an error of QUIC itself. What the client finds wrong with the handshake is an error of
// crypto/tls.
func transportReason(err *quic.TransportError) error {
	if !err.ErrorCode.IsCryptoError() {
		return TransportError{err.ErrorCode}
	}
	if !err.Remote && uint64(err.ErrorCode) != firstAlert+noApplicationProtocol {
		var invalid *tls.CertificateVerificationError
		if errors.As(err, &invalid) {
			return invalid // without the alert, which crypto/tls wraps together with it
		}
		for _, inner := range err.Unwrap() {
			if inner != nil && !errors.Is(inner, net.ErrClosed) {
				return inner
			}
		}
	}
	return AlertError{uint8(uint64(err.ErrorCode) - firstAlert)} // #nosec G115 -- 8 bits
}
