package main

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// table is rows of cells, the titles first.
type table [][]string

// text writes the table in columns.
func (t table) text(w io.Writer) {
	widths := make([]int, len(t[0]))
	for _, cells := range t {
		for i, cell := range cells {
			widths[i] = max(widths[i], width(cell))
		}
	}
	for _, cells := range t {
		var line strings.Builder
		for i, cell := range cells {
			line.WriteString(plain(cell) + strings.Repeat(" ", widths[i]-width(cell)+2))
		}
		fmt.Fprintln(w, strings.TrimRight(line.String(), " "))
	}
}

// markdown writes the table as Markdown.
func (t table) markdown(w io.Writer) {
	for i, cells := range t {
		fmt.Fprintf(w, "| %s |\n", strings.Join(cells, " | "))
		if i == 0 {
			fmt.Fprintf(w, "|%s\n", strings.Repeat("---|", len(cells)))
		}
	}
}

func plain(cell string) string { return strings.ReplaceAll(cell, "`", "") }
func width(cell string) int    { return utf8.RuneCountInString(plain(cell)) }
