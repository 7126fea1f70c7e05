package failure

import (
	"strconv"
	"strings"
)

const http2StreamText = "http2: stream error with http2 ErrCode "

// classifyHTTP2 recognizes HTTP/2 failures by their texts, because net/http does not export their types.
func classifyHTTP2(msg string) (int, string, bool) {
	switch {
	case strings.HasPrefix(msg, "stream error: "):
		if _, rest, ok := strings.Cut(msg, "; "); ok {
			name, _, _ := strings.Cut(rest, ";")
			return codeHTTP2(CodeHTTP2Stream, http2StreamText, name)
		}
	case strings.HasPrefix(msg, "connection error: "):
		name := strings.TrimPrefix(msg, "connection error: ")
		return codeHTTP2(CodeHTTP2Connection, "http2: connection error with http2 ErrCode ", name)
	case strings.HasPrefix(msg, "http2: server sent GOAWAY"):
		if _, rest, ok := strings.Cut(msg, "ErrCode="); ok {
			name, _, _ := strings.Cut(rest, ",")
			return codeHTTP2(CodeHTTP2GoAway, "http2: received GoAway with http2 ErrCode ", name)
		}
	}
	return 0, "", false
}

// http2ErrorNames are the error codes of RFC 9113, section 7, in their order.
//
//nolint:gochecknoglobals // a table of the standard
var http2ErrorNames = [lastHTTP2ErrorNumber + 1]string{
	"NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT", "STREAM_CLOSED",
	"FRAME_SIZE_ERROR", "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR", "CONNECT_ERROR", "ENHANCE_YOUR_CALM",
	"INADEQUATE_SECURITY", "HTTP_1_1_REQUIRED",
}

// codeHTTP2 returns the code of a named HTTP/2 error. An error that the standard does not know has the first code of
// its family.
func codeHTTP2(family int, text, name string) (int, string, bool) {
	name = strings.TrimSpace(name)
	for number, known := range http2ErrorNames {
		if name == known {
			return family + 1 + number, text + name, true
		}
	}
	if hex, ok := strings.CutPrefix(name, "unknown error code 0x"); ok {
		if _, err := strconv.ParseUint(hex, 16, 32); err == nil {
			return family, text + "unknown", true
		}
	}
	return 0, "", false
}
