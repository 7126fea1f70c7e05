package typeface

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xk6-fetch/xk6-fetch/examples/server/shop/draw"
)

// glyph is one character of a font, in units of a thousandth of the font's size. Its y grows upwards.
type glyph struct {
	char    rune
	advance int // how far the next character is
	lines   []draw.Line
}

// readGlyphs reads a table of characters, and returns them in the order of Unicode, beside a space. Each gets a margin
// on both sides. What is drawn along a path has lines of a width.
func readGlyphs(table string, margin, line int) ([]glyph, error) {
	const space = 300
	glyphs := []glyph{{char: ' ', advance: space}}
	for row := range strings.Lines(table) {
		if strings.HasPrefix(row, "#") {
			continue
		}
		g, err := readGlyph(row, margin, line)
		if err != nil {
			return nil, fmt.Errorf("%q: %w", row, err)
		}
		glyphs = append(glyphs, g)
	}
	slices.SortFunc(glyphs, func(a, b glyph) int { return cmp.Compare(a.char, b.char) })
	return glyphs, nil
}

func readGlyph(row string, margin, line int) (glyph, error) {
	const columns = 4
	fields := strings.SplitN(row, " ", columns)
	if len(fields) < columns {
		return glyph{}, fmt.Errorf("%d columns, want %d", len(fields), columns)
	}
	char, err := readChar(fields[0])
	if err != nil {
		return glyph{}, err
	}
	width, err := strconv.Atoi(fields[1])
	if err != nil {
		return glyph{}, err
	}
	const step = 60
	lines, err := draw.Parse(fields[3], step)
	if fields[2] == "line" {
		lines = draw.Stroke(lines, float64(line))
	}
	return glyph{char, width + 2*margin, draw.Scaled(lines, 1, draw.Point{X: float64(margin)})}, err
}

// readChar reads a character, or its number in Unicode.
func readChar(text string) (rune, error) {
	if utf8.RuneCountInString(text) == 1 {
		char, _ := utf8.DecodeRuneInString(text)
		return char, nil
	}
	number, err := strconv.ParseUint(text, 16, 16)
	return rune(number), err // #nosec G115 -- it has 16 bits
}
