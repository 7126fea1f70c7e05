package report

import (
	"strings"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/columns"
)

// layout is how a text is laid out: in how many columns, and whether in colours. A line is no wider than that, unless a
// name is: names are URLs, which are whole or of no use.
type layout struct {
	width  int
	colors bool
}

const (
	usualWidth = 80
	leastWidth = 40
	mostWidth  = 500
	indent     = 2
	minName    = 16 // columns of names, unless all have lines of their own
)

func layoutOf(opts Options) layout {
	width := opts.Width
	if width == 0 {
		width = usualWidth
	}
	return layout{min(max(width, leastWidth), mostWidth), opts.Colors}
}

const red, green, faint = columns.Red, columns.Green, columns.Faint

// paint puts a colour around a text, or leaves it as it is.
func (l layout) paint(code int, s string) string {
	if !l.colors {
		return s
	}
	return columns.Paint(code, s)
}

// painted puts a colour around each line.
func (l layout) painted(code int, lines []string) []string {
	for i := range lines {
		lines[i] = l.paint(code, lines[i])
	}
	return lines
}

// fits reports whether a text is not too wide for a line.
func (l layout) fits(s string) bool { return columns.Of(s) <= l.width }

// wrapped breaks a sentence into lines, each with some blanks before it.
func (l layout) wrapped(text string, blanks int) []string {
	return l.hanging(strings.Repeat(" ", blanks), text, blanks)
}

// hanging breaks a sentence into lines, the first of which begins with something, and the others with some blanks.
func (l layout) hanging(first, text string, blanks int) []string {
	var lines []string
	line, empty := first, true
	for word := range strings.FieldsSeq(text) {
		switch {
		case empty:
			line += word
		case columns.Of(line)+1+columns.Of(word) > l.width:
			lines, line = append(lines, line), strings.Repeat(" ", blanks)+word
		default:
			line += " " + word
		}
		empty = false
	}
	return append(lines, line)
}

// listed are a sentence and the names that belong to it: on the same line if they fit, else each on a line of its own.
// further says that there are more names; it may be empty.
func (l layout) listed(first, sentence string, names []string, further string) []string {
	deeper := min(columns.Of(first)+indent, 10) //nolint:mnd // further than that, names have too few columns
	if len(names) == 0 {
		return l.hanging(first, sentence, deeper)
	}
	whole := first + sentence + ": " + strings.Join(names, ", ")
	if further != "" {
		whole += " " + further
	}
	if l.fits(whole) {
		return []string{whole}
	}
	lines := l.hanging(first, sentence+":", deeper)
	for _, name := range names {
		lines = append(lines, strings.Repeat(" ", deeper)+name)
	}
	if further != "" {
		lines = append(lines, strings.Repeat(" ", deeper)+further)
	}
	return lines
}

// nameColumn is how wide a column of names is that has so much place: as wide as the widest name that fits into it. It
// is 0 if there is too little place for any.
func nameColumn(place int, names []string) int {
	if place < minName {
		return 0
	}
	width := minName
	for _, name := range names {
		if n := columns.Of(name); n <= place {
			width = max(width, n)
		}
	}
	return width
}

// row puts a name into its column, and figures behind it. A name that is wider has a line of its own.
func (l layout) row(name string, column int, figures string) []string {
	blanks := strings.Repeat(" ", indent)
	if columns.Of(name) <= column {
		return []string{blanks + columns.Fit(name, column) + figures}
	}
	return []string{blanks + name, blanks + strings.Repeat(" ", column) + figures}
}
