// Package terminal is a terminal for tests: what a program has written to it is on its screen. It keeps all lines,
// wraps them at its width, and wraps them anew when that changes.
package terminal

import (
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// Terminal is a screen. It knows the sequences that this project writes, and fails for any other.
type Terminal struct {
	mu      sync.Mutex
	columns int
	lines   [][]cell // as they were ended with a line feed
	line    int      // where the cursor is
	at      int      // and in which cell of the line
	// full reports whether the cursor is behind the last letter of a full row: it stays there until the next letter.
	full bool
	rest []byte // the beginning of what is not complete
	// color is that of what is written now, and colors whether any text had one.
	color  int
	colors bool
	odd    []string // sequences that it does not know
}

// cell is a column: a letter with its marks, in a colour. The second column of a wide one is empty.
type cell struct {
	text  string
	color int
}

// New returns a screen of a width.
func New(columns int) *Terminal { return &Terminal{columns: columns, lines: make([][]cell, 1)} }

// Resize changes the width. Lines are wrapped anew.
func (t *Terminal) Resize(columns int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.widen(columns)
}

func (t *Terminal) widen(columns int) {
	t.columns = columns
	t.full = t.at > 0 && t.at%columns == 0 && t.at == len(t.lines[t.line])
}

// Write takes what a program writes.
func (t *Terminal) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	text := slices.Concat(t.rest, p)
	for len(text) > 0 {
		n := t.take(text)
		if n == 0 {
			break
		}
		text = text[n:]
	}
	t.rest = append([]byte(nil), text...)
	return len(p), nil
}

// take takes a letter or a sequence, and returns its length: 0 if it is not complete.
func (t *Terminal) take(text []byte) int {
	switch text[0] {
	case '\r':
		t.move(t.row() * t.columns)
		return 1
	case '\n':
		t.down()
		return 1
	case 0x1b:
		return t.sequence(text)
	}
	if !utf8.FullRune(text) {
		return 0
	}
	r, n := utf8.DecodeRune(text)
	t.put(r)
	return n
}

// row is which row of its line the cursor is in.
func (t *Terminal) row() int {
	if t.full {
		return t.at/t.columns - 1
	}
	return t.at / t.columns
}

// move puts the cursor into a cell of the line.
func (t *Terminal) move(at int) { t.at, t.full = at, false }

func (t *Terminal) down() {
	if last := max(len(t.lines[t.line])-1, 0) / t.columns; t.row() < last {
		t.move(t.at + t.columns)
		return
	}
	t.line++
	if t.line == len(t.lines) {
		t.lines = append(t.lines, nil)
	}
	t.move(0) // as with the translation of line feeds that terminals do
}

// sequence takes an escape sequence.
func (t *Terminal) sequence(text []byte) int {
	if len(text) < 2 {
		return 0
	}
	end := 2
	for end < len(text) && (text[end] >= '0' && text[end] <= '9' || text[end] == ';' || text[end] == '?') {
		end++
	}
	if end == len(text) {
		return 0
	}
	number, _ := strconv.Atoi(string(text[2:end]))
	switch text[end] {
	case 'm':
		t.color, t.colors = number, true
	case 'A':
		t.up(max(number, 1))
	case 'J':
		t.lines[t.line] = t.lines[t.line][:min(t.at, len(t.lines[t.line]))]
		t.lines = t.lines[:t.line+1]
	case 'K':
		line := t.lines[t.line]
		edge := (t.row() + 1) * t.columns
		for i := t.at; i < min(edge, len(line)); i++ {
			line[i] = cell{text: " "}
		}
		if edge >= len(line) {
			t.lines[t.line] = line[:min(t.at, len(line))]
		}
	default:
		t.odd = append(t.odd, string(text[:end+1]))
	}
	return end + 1
}

func (t *Terminal) up(rows int) {
	for range rows {
		switch {
		case t.row() > 0:
			t.move(t.at - t.columns)
		case t.line > 0:
			t.line--
			t.move(max(len(t.lines[t.line])-1, 0) / t.columns * t.columns)
		}
	}
}

func (t *Terminal) put(r rune) {
	line := t.lines[t.line]
	if isMark(r) {
		for i := min(t.at, len(line)) - 1; i >= 0; i-- {
			if line[i].text != "" {
				line[i].text += string(r)
				return
			}
		}
	}
	cells := []cell{{string(r), t.color}}
	if isWide(r) {
		cells = append(cells, cell{})
		if t.at%t.columns == t.columns-1 { // it does not fit into the row
			cells = append([]cell{{text: " "}}, cells...)
		}
	}
	for _, c := range cells {
		for len(line) <= t.at {
			line = append(line, cell{text: " "})
		}
		line[t.at] = c
		t.at++
	}
	t.full = t.at%t.columns == 0
	t.lines[t.line] = line
}

func isWide(r rune) bool {
	kind := width.LookupRune(r).Kind()
	return kind == width.EastAsianWide || kind == width.EastAsianFullwidth
}

// isMark reports whether a letter is a mark on the one before, of those that tests write.
func isMark(r rune) bool { return r >= 0x300 && r <= 0x36f || r == 0x200d || r == 0xfe0f }

// Rows are the rows of the screen from its beginning, without blanks at their ends.
func (t *Terminal) Rows() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var rows []string
	for _, line := range t.lines {
		for first := true; first || len(line) > 0; first = false {
			n := min(t.columns, len(line))
			var row strings.Builder
			for _, c := range line[:n] {
				row.WriteString(c.text)
			}
			rows = append(rows, strings.TrimRight(row.String(), " "))
			line = line[n:]
		}
	}
	return rows
}

// Text is the screen as a text.
func (t *Terminal) Text() string { return strings.Join(t.Rows(), "\n") }

// Colors reports whether any text had a colour.
func (t *Terminal) Colors() bool { return t.colors }

// Odd returns the sequences that the terminal does not know.
func (t *Terminal) Odd() []string { return t.odd }
