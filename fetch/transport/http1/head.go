package http1

import (
	"bytes"
	"net/http"

	"golang.org/x/net/http/httpguts"
)

// readHead reads heads until that of the final reply. As in net/http, any number of interim replies may precede it,
// because the limit is on bytes, and 101 is final.
func (c *Conn) readHead(r *Response) error {
	buffered, _ := c.br.Peek(c.br.Buffered())
	if r.plainHead(buffered) {
		_, err := c.br.Discard(len(r.plain))
		return err
	}
	for {
		resp, err := http.ReadResponse(c.br, &r.request) //nolint:bodyclose // closed by the caller, through r
		if err != nil {
			return err
		}
		if resp.StatusCode < 100 || resp.StatusCode > 199 || resp.StatusCode == http.StatusSwitchingProtocols {
			r.setParsed(resp)
			return nil
		}
	}
}

// A head is the content of a plain one.
type head struct {
	status  int
	text    []byte // code and reason
	size    int    // bytes, the empty line included
	length  int64  // -1 if chunked
	chunked bool
	// What is needed without parsing all headers: the Content-Encoding, nil if absent, and whether there is a Set-Cookie.
	encoding []byte
	cookies  bool
}

// parseHead parses the head at the start of b if it is plain, so that there is only one way to read it:
//
//   - it is in b as a whole, with \r\n after each line and only valid bytes in between,
//   - "HTTP/1.1", one space, a code from 200 to 999 other than 204 and 304,
//   - each header is a token, a colon and a value, on one line,
//   - one Content-Length of decimal digits, or one "Transfer-Encoding: chunked" and neither Content-Length nor Trailer,
//   - at most one Content-Encoding,
//   - Connection, if present, is "keep-alive"; no Pragma, from which net/http makes a Cache-Control.
//
// All other heads, valid or not, go to net/http.
func parseHead(b []byte) (h head, ok bool) {
	const proto = "HTTP/1.1 "
	line, size := cutLine(b)
	if len(line) < len(proto)+3 || string(line[:len(proto)]) != proto {
		return h, false
	}
	h.text = line[len(proto):]
	code, ok := parseDigits(h.text[:3])
	if !ok || code < 200 || code == http.StatusNoContent || code == http.StatusNotModified ||
		len(h.text) > 3 && h.text[3] != ' ' || !validValue(h.text) {
		return h, false
	}
	h.status, h.length, h.size = int(code), -1, size
	var trailer bool
	for {
		line, size = cutLine(b[h.size:])
		if size == 0 {
			return h, false
		}
		h.size += size
		if len(line) == 0 {
			return h, h.length >= 0 != h.chunked && (!h.chunked || !trailer)
		}
		name, value, ok := cutHeader(line)
		if !ok || !h.note(name, value, &trailer) {
			return h, false
		}
	}
}

// note takes account of one header. It reports whether the head is still plain.
func (h *head) note(name, value []byte, trailer *bool) bool {
	switch len(name) {
	case len("Content-Length"):
		if equalFold(name, "content-length") {
			n, ok := parseDigits(value)
			if !ok || h.length >= 0 {
				return false
			}
			h.length = n
		}
	case len("Transfer-Encoding"):
		if equalFold(name, "transfer-encoding") {
			if h.chunked || !equalFold(value, "chunked") {
				return false
			}
			h.chunked = true
		}
	case len("Content-Encoding"):
		if equalFold(name, "content-encoding") {
			if h.encoding != nil {
				return false
			}
			h.encoding = value
		}
	case len("Connection"): // which is as long as Set-Cookie
		h.cookies = h.cookies || equalFold(name, "set-cookie")
		return !equalFold(name, "connection") || equalFold(value, "keep-alive")
	case len("Trailer"):
		*trailer = *trailer || equalFold(name, "trailer")
	case len("Pragma"):
		return !equalFold(name, "pragma")
	}
	return true
}

// cutLine returns the first line of b without its \r\n, and its size with it. The size is 0 if the line is incomplete
// or ends otherwise.
func cutLine(b []byte) (line []byte, size int) {
	end := bytes.IndexByte(b, '\n')
	if end < 1 || b[end-1] != '\r' {
		return nil, 0
	}
	return b[:end-1], end + 1
}

// cutHeader splits a header line. It removes the blanks around the value.
func cutHeader(line []byte) (name, value []byte, ok bool) {
	colon := 0
	for colon < len(line) && httpguts.IsTokenRune(rune(line[colon])) {
		colon++
	}
	if colon == 0 || colon == len(line) || line[colon] != ':' {
		return nil, nil, false
	}
	value = line[colon+1:]
	return line[:colon], trimBlanks(value), validValue(value)
}

func trimBlanks(b []byte) []byte {
	for len(b) > 0 && (b[0] == ' ' || b[0] == '\t') {
		b = b[1:]
	}
	for len(b) > 0 && (b[len(b)-1] == ' ' || b[len(b)-1] == '\t') {
		b = b[:len(b)-1]
	}
	return b
}

// parseDigits parses up to 18 decimal digits, which cannot overflow.
func parseDigits(b []byte) (n int64, ok bool) {
	if len(b) == 0 || len(b) > 18 {
		return 0, false
	}
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	return n, true
}

// equalFold compares b with s, which is in lower case, ignoring the case of ASCII.
func equalFold[T ~string | ~[]byte](b T, s string) bool {
	if len(b) != len(s) {
		return false
	}
	for i := range len(b) {
		c := b[i]
		if 'A' <= c && c <= 'Z' {
			c |= 'a' - 'A'
		}
		if c != s[i] {
			return false
		}
	}
	return true
}

// validValue reports whether b has only bytes that RFC 9110 allows in a field value: no control character but the tab.
func validValue[T ~string | ~[]byte](b T) bool {
	for i := range len(b) {
		if c := b[i]; c < ' ' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}
