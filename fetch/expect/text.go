package expect

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/urltext"
)

// longest is how many bytes of a text are shown.
const longest = 80

// short returns a text as it can be shown: printable, and not too long.
func short(text string) string {
	printable := strings.Map(func(r rune) rune {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			return '.'
		}
		return r
	}, cut(text))
	if len(text) > longest {
		return printable + "..."
	}
	return printable
}

// quote returns a text in quotes, short.
func quote(text string) string {
	if len(text) > longest {
		return strconv.Quote(cut(text)) + "..."
	}
	return strconv.Quote(text)
}

// cut cuts a text between characters.
func cut(text string) string {
	if len(text) <= longest {
		return text
	}
	end := longest
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end]
}

// received returns a value that a server sent as it can be shown: without the secrets that a URL may have.
func received(value string) string { return quote(urltext.Mask(value)) }
