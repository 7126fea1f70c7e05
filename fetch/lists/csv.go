package lists

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// Columns say which columns of a CSV file hold what. They are named as in its first row or, with Numbered, by their
// numbers from 0 in a file without such a row.
type Columns struct {
	URL, Method, Name, Body string
	Header                  map[string]string // names of columns, by names of headers
	Numbered                bool
	// Comma separates columns. Comment begins lines to skip, unless it is 0.
	Comma, Comment rune
}

// CSV opens a CSV file with a header row.
func CSV(f File, columns *Columns, onError OnError) (*List, error) {
	if columns.Comma == columns.Comment {
		return nil, fmt.Errorf("%s: the separator and the comment character must differ; got %q", f.Name, columns.Comma)
	}
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
			return 0, broken(f.Name, 1, fmt.Sprintf("there is no column %q; there are %s", column, listed(names)))
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

// listed joins names of columns for a message. Names that begin or end with a space are quoted, so that it is visible.
func listed(names []string) string {
	shown := slices.Clone(names)
	for i, name := range shown {
		if strings.TrimSpace(name) != name {
			shown[i] = strconv.Quote(name)
		}
	}
	return strings.Join(shown, ", ")
}

// names reads the names of the columns from the first row.
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
	reader := newCSVReader(r, c.Columns)
	switch err := reader.read(); {
	case errors.Is(err, io.EOF):
		return nil, broken(f.Name, 1, "the file is empty")
	case err != nil:
		return nil, asMalformed(f.Name, 1, malformedCSV(f.Name, 0, err))
	}
	return reader.names(), nil
}

func (c *csvFormat) decode(name string, r io.Reader, at place) decoder {
	d := &csvDecoder{format: c, name: name, r: newCSVReader(r, c.Columns), began: at}
	if at.offset == 0 && !c.Numbered {
		_ = d.r.read() // the names of the columns, known already
	}
	return d
}

type csvDecoder struct {
	format *csvFormat
	name   string
	r      *csvReader
	began  place
}

func (d *csvDecoder) place() place {
	return place{offset: d.began.offset + d.r.offset(), line: d.began.line + d.r.lines}
}

func (d *csvDecoder) next(to *Entry) error {
	if err := d.r.read(); err != nil {
		return malformedCSV(d.name, d.began.line, err)
	}
	f := d.format
	to.URL, to.Name = d.r.field(f.url), d.r.field(f.name)
	to.Method = strings.ToUpper(d.r.field(f.method))
	if body := d.r.raw(f.body); len(body) > 0 {
		to.Body = bytes.Clone(body)
	}
	for _, h := range f.headers {
		if value := d.r.field(h.column); value != "" {
			if to.Header == nil {
				to.Header = make(http.Header, len(f.headers))
			}
			to.Header.Set(h.name, value)
		}
	}
	if wrong := to.check(); wrong != "" {
		return malformed(d.name, d.began.line+d.r.line+1, wrong)
	}
	return nil
}

// malformedCSV converts errors of the reader. linesBefore are lines that the reader has not seen.
func malformedCSV(name string, linesBefore int, err error) error {
	wrong := &csvError{}
	if !errors.As(err, &wrong) {
		return err
	}
	return &MalformedError{File: name, Line: linesBefore + wrong.line, Reason: wrong.reason, broken: wrong.broken}
}
