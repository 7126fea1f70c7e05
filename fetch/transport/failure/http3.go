package failure

import (
	"errors"
	"net"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/http3"
)

// classifyHTTP3 names failures of HTTP/3 and of QUIC, which k6 has no codes for. What TLS finds wrong with a
// certificate has the same code as over TCP.
func classifyHTTP3(err error) (int, string, bool) {
	switch e := err.(type) { //nolint:errorlint // the caller walks the chain
	case *http3.StreamError:
		return codeHTTP3(CodeHTTP3Stream, "http3: stream error with code ", e.Code)
	case http3.ConnError:
		return codeHTTP3(CodeHTTP3Connection, "http3: connection error with code ", http3.Code(e))
	case http3.TransportError:
		if !e.Known() {
			return CodeQUIC, "quic: transport error with an unknown code", true
		}
		return CodeQUIC + 1 + int(e.Code), "quic: transport error with code " + e.Code.String(), true // #nosec G115 -- known
	case http3.AlertError:
		return CodeQUICAlert, Bounded(e.Error()), true
	case *http3.SocketError:
		if e.Refused() {
			return CodeQUICRefused, "quic: connection refused", true
		}
		return CodeQUICSocket, "quic: " + socketText(e), true
	default:
		return codeQUIC(err)
	}
}

// codeHTTP3 returns the code of an HTTP/3 error, and a text. An error that the standard does not know has the first
// code of its family.
func codeHTTP3(family int, text string, code http3.Code) (int, string, bool) {
	place, known := code.Known()
	if !known {
		return family, text + "unknown", true
	}
	return family + 1 + place, text + code.String(), true
}

// socketText is the text of a failed socket without its addresses.
func socketText(e *http3.SocketError) string {
	if op, ok := As[*net.OpError](e.Err); ok {
		return opText(op)
	}
	return Bounded(e.Err.Error())
}

// codeQUIC returns the code of an end of a connection that has no code in QUIC.
func codeQUIC(err error) (int, string, bool) {
	for _, end := range []struct {
		err  error
		code int
	}{
		{http3.ErrHandshake, CodeQUICHandshake},
		{http3.ErrIdle, CodeQUICIdle},
		{http3.ErrStatelessReset, CodeQUICReset},
		{http3.ErrVersion, CodeQUICVersion},
		{http3.ErrGoAway, CodeHTTP3GoAway},
	} {
		if errors.Is(err, end.err) {
			return end.code, end.err.Error(), true
		}
	}
	return 0, "", false
}
