package args

import (
	"slices"
	"strings"

	"github.com/xk6-fetch/xk6-fetch/fetch/page"
)

func (f Field) wrongFilter(hint string) error {
	return Misusef("%s must be a regular expression, a host ('cdn.example', '*.example') or a type (%s), "+
		"or an array of those; got %s%s", f.Path, strings.Join(page.Types(), ", "), describe(f.Value), hint)
}

// isHostPattern reports whether a text can be a host, or all below one. Types can be hosts.
func isHostPattern(text string) bool {
	below, _ := strings.CutPrefix(text, "*.")
	return below != "" && !strings.ContainsAny(below, "/ ?#@*")
}

// otherWords are what others call the types.
//
//nolint:gochecknoglobals // a constant table
var otherWords = map[string]string{
	"audio": "media", "css": "style", "html": "document", "iframe": "document", "img": "image", "javascript": "script",
	"js": "script", "stylesheet": "style", "texttrack": "track", "video": "media",
}

// typeMeant returns the type that a word is a mistake for, empty if it is none. As a host, it would match nothing, and
// nobody would notice.
func typeMeant(word string) string {
	word = strings.ToLower(word)
	for _, singular := range []string{word, strings.TrimSuffix(word, "s")} {
		if slices.Contains(page.Types(), singular) {
			return singular
		}
		if meant := otherWords[singular]; meant != "" {
			return meant
		}
	}
	return ""
}
