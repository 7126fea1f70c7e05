package csstoken

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

const spaces = " \t\n\r\f"

func trimSpace(s []byte) []byte { return bytes.Trim(s, spaces) }

// unquote returns the text of a string. The quote at its end is missing where the input ended.
func unquote(s []byte) string {
	quote := s[0]
	s = s[1:]
	if len(s) > 0 && s[len(s)-1] == quote && !escaped(s[:len(s)-1]) {
		s = s[:len(s)-1]
	}
	return unescape(s)
}

// escaped reports whether what follows the text is escaped.
func escaped(s []byte) bool {
	backslashes := len(s) - len(bytes.TrimRight(s, `\`))
	return backslashes%2 == 1
}

// unescape resolves the escapes of a text (CSS Syntax, section 4.3.7).
func unescape(s []byte) string {
	if bytes.IndexByte(s, '\\') < 0 {
		return string(s)
	}
	var out strings.Builder
	for len(s) > 0 {
		if s[0] != '\\' {
			out.WriteByte(s[0])
			s = s[1:]
			continue
		}
		s = s[1:]
		if len(s) == 0 {
			break // the input ended
		}
		if n := newline(s); n > 0 { // a string goes on in the next line
			s = s[n:]
			continue
		}
		r, n := hexadecimal(s)
		if n == 0 {
			r, n = utf8.DecodeRune(s)
		}
		out.WriteRune(r)
		s = s[n:]
	}
	return out.String()
}

// newline returns the length of the newline that a text begins with.
func newline(s []byte) int {
	switch {
	case s[0] == '\r' && len(s) > 1 && s[1] == '\n':
		return 2
	case s[0] == '\n', s[0] == '\r', s[0] == '\f':
		return 1
	default:
		return 0
	}
}

// hexadecimal reads the code point that a text begins with: up to six digits, and one space behind them.
func hexadecimal(s []byte) (r rune, n int) {
	for n < len(s) && n < 6 {
		digit, ok := hexDigit(s[n])
		if !ok {
			break
		}
		r = r<<4 | digit
		n++
	}
	if n == 0 {
		return 0, 0
	}
	if r == 0 || !utf8.ValidRune(r) {
		r = utf8.RuneError
	}
	if n < len(s) {
		if length := newline(s[n:]); length > 0 {
			n += length
		} else if s[n] == ' ' || s[n] == '\t' {
			n++
		}
	}
	return r, n
}

func hexDigit(c byte) (rune, bool) {
	switch {
	case '0' <= c && c <= '9':
		return rune(c - '0'), true
	case 'a' <= c && c <= 'f':
		return rune(c-'a') + 10, true
	case 'A' <= c && c <= 'F':
		return rune(c-'A') + 10, true
	default:
		return 0, false
	}
}
