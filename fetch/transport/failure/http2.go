package failure

import "github.com/xk6-fetch/xk6-fetch/fetch/transport/http2"

// classifyHTTP2 names failures of HTTP/2 as k6 does.
func classifyHTTP2(err error) (int, string, bool) {
	switch e := err.(type) { //nolint:errorlint // the caller walks the chain
	case *http2.StreamError:
		return codeHTTP2(CodeHTTP2Stream, "http2: stream error with http2 ErrCode ", e.Code)
	case http2.ConnError:
		return codeHTTP2(CodeHTTP2Connection, "http2: connection error with http2 ErrCode ", http2.Code(e))
	case *http2.GoAwayError:
		return codeHTTP2(CodeHTTP2GoAway, "http2: received GoAway with http2 ErrCode ", e.Code)
	default:
		return 0, "", false
	}
}

// codeHTTP2 returns k6's code of an HTTP/2 error, and a text. An error that the standard does not know has the first
// code of its family.
func codeHTTP2(family int, text string, code http2.Code) (int, string, bool) {
	if !code.Known() {
		return family, text + "unknown", true
	}
	return family + 1 + int(code), text + code.String(), true
}
