package source

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// Columns say which columns of a CSV file hold what: by their names in its first row, or, where Numbered, by their
// numbers, from 0, in a file that has no such row.
type Columns struct {
	URL, Method, Name, Body string
	Header                  map[string]string // of columns, by names of headers
	Numbered                bool
	// Comma separates columns; Comment begins lines to leave out, if it is not 0.
	Comma, Comment rune
}

// CSV opens a CSV file with a header row.
func CSV(f File, columns *Columns, onError OnError) (*List, error) {
	format := &csvFormat{Columns: columns}
	if err := format.find(f); err != nil {
		return nil, err
	}
	return open(&contents{format: format, onError: onError}, f)
}

type csvFormat struct {
	*Columns

	url, method, name, body int // -1 where there is none
	headers                 []headerColumn
}

type headerColumn struct {
	name   string
	column int
}

// find finds the columns.
func (c *csvFormat) find(f File) error {
	names, err := c.names(f)
	if err != nil {
		return err
	}
	number := func(column string) (int, error) {
		if column == "" {
			return -1, nil
		}
		if c.Numbered {
			return strconv.Atoi(column)
		}
		i := slices.Index(names, column)
		if i < 0 {
			return 0, broken(f.Name, 1, fmt.Sprintf("there is no column %q; there are %s", column, strings.Join(names, ", ")))
		}
		if slices.Contains(names[i+1:], column) {
			return 0, broken(f.Name, 1, fmt.Sprintf("there is more than one column %q", column))
		}
		return i, nil
	}
	for _, column := range []struct {
		name string
		to   *int
	}{{c.URL, &c.url}, {c.Method, &c.method}, {c.Name, &c.name}, {c.Body, &c.body}} {
		if *column.to, err = number(column.name); err != nil {
			return err
		}
	}
	for name, column := range c.Header {
		i, err := number(column)
		if err != nil {
			return err
		}
		c.headers = append(c.headers, headerColumn{name, i})
	}
	return nil
}

// names are those of the columns, in the first row.
func (c *csvFormat) names(f File) ([]string, error) {
	if c.Numbered {
		return nil, nil
	}
	opened, err := newFile(f)
	if err != nil {
		return nil, err
	}
	r, err := opened.from(0)
	if err != nil {
		return nil, err
	}
	defer r.Close() //nolint:errcheck // it was only read
	names, err := c.reader(r).Read()
	switch {
	case errors.Is(err, io.EOF):
		return nil, broken(f.Name, 1, "the file is empty")
	case err != nil:
		return nil, asMalformed(f.Name, 1, malformedCSV(f.Name, 0, err))
	}
	for i := range names {
		names[i] = strings.TrimSpace(names[i])
	}
	return names, nil
}

func (c *csvFormat) reader(r io.Reader) *csv.Reader {
	reader := csv.NewReader(r)
	reader.Comma, reader.Comment = c.Comma, c.Comment
	reader.FieldsPerRecord = -1
	reader.ReuseRecord = true
	return reader
}

func (c *csvFormat) decode(name string, r io.Reader, at place) decoder {
	d := &csvDecoder{format: c, name: name, r: c.reader(r), began: at, line: at.line}
	if at.offset == 0 && !c.Numbered {
		_, _ = d.r.Read() // the names of the columns
		d.line, _ = d.r.FieldPos(0)
	}
	return d
}

type csvDecoder struct {
	format *csvFormat
	name   string
	r      *csv.Reader
	began  place
	line   int // that ended last
}

func (d *csvDecoder) place() place {
	return place{offset: d.began.offset + d.r.InputOffset(), line: d.line}
}

func (d *csvDecoder) next(to *Entry) error {
	record, err := d.r.Read()
	if err != nil {
		return malformedCSV(d.name, d.began.line, err)
	}
	line, _ := d.r.FieldPos(0)
	d.line = d.began.line + line
	for _, field := range record {
		d.line += strings.Count(field, "\n")
	}
	get := func(column int) string {
		if column < 0 || column >= len(record) {
			return ""
		}
		return strings.TrimSpace(record[column])
	}
	f := d.format
	// Results and metrics keep these, and are not to keep the rest of the row with them.
	to.URL, to.Name = strings.Clone(get(f.url)), strings.Clone(get(f.name))
	to.Method = strings.ToUpper(get(f.method))
	if f.body >= 0 && f.body < len(record) && record[f.body] != "" {
		to.Body = []byte(record[f.body])
	}
	for _, h := range f.headers {
		if value := get(h.column); value != "" {
			if to.Header == nil {
				to.Header = make(http.Header, len(f.headers))
			}
			to.Header.Set(h.name, value)
		}
	}
	if wrong := to.check(); wrong != "" {
		return malformed(d.name, d.began.line+line, wrong)
	}
	return nil
}

// malformedCSV makes errors of the reader our own. linesBefore are those that the reader has not seen.
func malformedCSV(name string, linesBefore int, err error) error {
	wrong := &csv.ParseError{}
	if !errors.As(err, &wrong) {
		return err
	}
	if wrong.Line > wrong.StartLine { // where else the quotes end is anybody's guess
		return broken(name, linesBefore+wrong.StartLine, "a quote is not closed where its field ends")
	}
	return malformed(name, linesBefore+wrong.Line, wrong.Err.Error())
}
