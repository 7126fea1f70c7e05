// Package columns measures and colours texts as a terminal shows them.
package columns

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// Of is how many columns of a terminal a text takes.
func Of(s string) int {
	n := 0
	for _, r := range s {
		n += ofRune(r)
	}
	return n
}

// ofRune is 2 for what East Asian writing and emoji take, and 0 for marks on the letter before.
func ofRune(r rune) int {
	if r >= 0x300 && unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2 //nolint:mnd // wide
	default:
		return 1
	}
}

// Fit fills a text up to n columns.
func Fit(s string, n int) string { return s + strings.Repeat(" ", max(0, n-Of(s))) }

// ellipsis stands for what was left out.
const ellipsis = "…"

// Shorten returns a text in at most n columns, its end left out if need be.
func Shorten(s string, n int) string {
	if Of(s) <= n {
		return s
	}
	if n <= 0 {
		return ""
	}
	return s[:prefix(s, n-1)] + ellipsis
}

// ShortenMiddle returns a text in at most n columns. What is left out is of its middle, because URLs differ at their
// ends.
func ShortenMiddle(s string, n int) string {
	const least = 8 // columns in which a beginning and an end say something
	if Of(s) <= n {
		return s
	}
	if n < least {
		return Shorten(s, n)
	}
	end := n / 3 //nolint:mnd // the host is in the beginning, and says most
	return s[:prefix(s, n-1-end)] + ellipsis + s[suffix(s, end):]
}

// prefix is where the longest beginning of at most n columns ends. Marks on its last letter belong to it.
func prefix(s string, n int) int {
	used := 0
	for i, r := range s {
		if used += ofRune(r); used > n {
			return i
		}
	}
	return len(s)
}

// suffix is where the longest end of at most n columns begins. It begins with a letter, not with a mark.
func suffix(s string, n int) int {
	begin, used := len(s), 0
	for rest := s; rest != ""; {
		r, size := utf8.DecodeLastRuneInString(rest)
		rest = rest[:len(rest)-size]
		own := ofRune(r)
		if used += own; used > n {
			break
		}
		if own > 0 {
			begin = len(rest)
		}
	}
	return begin
}
