package args

import (
	"slices"
	"strings"

	"github.com/xk6-fetch/xk6-fetch/fetch/page"
)

// Unknown says that a field has a name that nobody knows: which one it may be a mistake for, and all that are allowed.
func Unknown(f Field, what string, names ...[]string) error {
	all := slices.Concat(names...)
	return unknown(f, what, nearest(f.Path[strings.LastIndexByte(f.Path, '.')+1:], all), all)
}

// unknown is Unknown for a name that may be a mistake for another, if that is not empty.
func unknown(f Field, what, meant string, allowed []string) error {
	allowed = slices.Clone(allowed)
	slices.Sort(allowed)
	allowed = slices.Compact(allowed)
	if meant != "" {
		meant = " (did you mean " + meant + "?)"
	}
	return Misusef("%s is not %s%s; allowed: %s", f.Path, what, meant, strings.Join(allowed, ", "))
}

// nearest returns the name that a word is most likely a mistake for, empty if none is like it: one that differs in
// case, or in about a third of its letters at the most.
func nearest(word string, names []string) string {
	const (
		longest = 40 // of a word that is worth the effort
		share   = 3
	)
	if len(word) > longest {
		return ""
	}
	best, least := "", len(word)/share+1
	for _, name := range names {
		if d := distance(strings.ToLower(word), strings.ToLower(name)); d < least {
			best, least = name, d
		}
	}
	return best
}

// distance is how many letters are to be added, removed or replaced to make one word of the other (Levenshtein).
func distance(from, to string) int {
	row := make([]int, len(to)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(from) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(to) {
			replaced := diagonal
			if from[i] != to[j] {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(to)]
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
