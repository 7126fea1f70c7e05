package page

import (
	"html/template"
	"strings"
	"unicode/utf8"
)

// Where a long text may break: in front of what follows a character of the first kind, and in a piece that is still too
// long after one of the second. The page's script has the same rule.
const (
	breakAfter = "/?&;="
	breakLate  = "._-:,%@|+~"
	longPiece  = 24
)

// breakable is a text with marks of where it may break, so that a URL fits a narrow column and no word is torn apart.
func breakable(s string) template.HTML {
	const mark = "<wbr>"
	var out strings.Builder
	for i, piece := range pieces(s) {
		if i > 0 {
			out.WriteString(mark)
		}
		out.WriteString(template.HTMLEscapeString(piece))
	}
	return template.HTML(out.String()) // #nosec G203 -- escaped
}

// bare is a name without what nearly all URLs begin with.
func bare(name string) string { return strings.TrimPrefix(name, "https://") }

// pieces are the parts of a text between which it may break, besides its spaces.
func pieces(s string) []string {
	all := []string{""}
	for _, word := range cutAfter(s, " ") {
		for i, piece := range piecesOf(word) {
			if i == 0 {
				all[len(all)-1] += piece // behind a space
			} else {
				all = append(all, piece)
			}
		}
	}
	return all
}

func piecesOf(word string) []string {
	var all []string
	for _, piece := range cutAfter(word, breakAfter) {
		if letters(piece) <= longPiece {
			all = append(all, piece)
			continue
		}
		for _, part := range cutAfter(piece, breakLate) {
			for letters(part) > longPiece {
				at := len(string([]rune(part)[:longPiece]))
				all, part = append(all, part[:at]), part[at:]
			}
			all = append(all, part)
		}
	}
	return all
}

func letters(s string) int { return utf8.RuneCountInString(s) }

// cutAfter cuts a text behind each run of some characters.
func cutAfter(s, characters string) []string {
	var all []string
	start, inRun := 0, false
	for i, r := range s {
		is := strings.ContainsRune(characters, r)
		if inRun && !is {
			all, start = append(all, s[start:i]), i
		}
		inRun = is
	}
	return append(all, s[start:])
}
