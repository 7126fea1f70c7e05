package lists

import (
	"bytes"
	"errors"
	"io"
	"time"
)

// CompactJSON reads a text that is one JSON value as HARs are read.
func CompactJSON(data []byte) ([]byte, error) {
	j := &jsonReader{scanner: newScanner(bytes.NewReader(data))}
	text := &kept{most: len(data), mostValues: len(data)}
	if err := j.value(text); err != nil {
		return nil, err
	}
	if _, err := j.peekNext(); !errors.Is(err, io.EOF) {
		return nil, jsonError("there is more")
	}
	return text.text, nil
}

// ReadCSV returns all rows, and the error that ends them.
func ReadCSV(data []byte, comma, comment rune) (rows [][]string, err error) {
	r := newCSVReader(bytes.NewReader(data), &Columns{Comma: comma, Comment: comment})
	for {
		if err := r.read(); err != nil {
			return rows, err
		}
		row := make([]string, len(r.fields))
		for i := range row {
			row[i] = string(r.raw(i))
		}
		rows = append(rows, row)
	}
}

// Recorded reads a startedDateTime as JSON: the time since 1970, and what is wrong with it.
func Recorded(text []byte) (at time.Duration, wrong string) {
	m := momentOf(text)
	return m.at, m.wrong
}
