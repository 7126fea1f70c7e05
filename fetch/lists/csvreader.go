package lists

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

const (
	// maxRow bounds a row in bytes, because a row is kept while it is read.
	maxRow = 16 << 20
	// maxColumns bounds the fields of a row; spreadsheets have fewer.
	maxColumns = 1 << 16
)

// csvReader reads rows like RFC 4180 and encoding/csv. But it keeps the bytes of a quoted field unchanged, line ends
// included, and it knows which fields were quoted.
type csvReader struct {
	*scanner

	comma, comment []byte
	row            []byte // the contents of the fields, without quotes
	fields         []csvField
	line           int // lines before the row
}

// csvField is a field of the row. It ends where the next one begins.
type csvField struct {
	end    int
	quoted bool
}

func newCSVReader(r io.Reader, columns *Columns) *csvReader {
	reader := &csvReader{scanner: newScanner(r), comma: utf8.AppendRune(nil, columns.Comma)}
	if columns.Comment != 0 {
		reader.comment = utf8.AppendRune(nil, columns.Comment)
	}
	return reader
}

// field is the text of a field, empty if the row has no such field. Spaces around unquoted text are removed.
func (r *csvReader) field(i int) string {
	raw := r.raw(i)
	if i >= 0 && i < len(r.fields) && !r.fields[i].quoted {
		raw = bytes.TrimSpace(raw)
	}
	return string(raw)
}

// raw are the bytes of a field, unchanged.
func (r *csvReader) raw(i int) []byte {
	if i < 0 || i >= len(r.fields) {
		return nil
	}
	begin := 0
	if i > 0 {
		begin = r.fields[i-1].end
	}
	return r.row[begin:r.fields[i].end]
}

// csvError says what is wrong with a row.
type csvError struct {
	reason string
	line   int // counted from the beginning of the reader
	broken bool
}

func (e *csvError) Error() string { return e.reason }

// wrong is an error at the current line. After a quote that spans lines, nobody can know where other quotes end.
func (r *csvReader) wrong(reason string) error {
	if r.lines > r.line {
		return &csvError{"a quote is not closed where its field ends", r.line + 1, true}
	}
	if err := r.skipLine(); err != nil {
		return err
	}
	return &csvError{reason, r.line + 1, false}
}

// skipLine reads the rest of a line.
func (r *csvReader) skipLine() error {
	for {
		b, err := r.ReadByte()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil || b == '\n' {
			return err
		}
	}
}

// read reads a row. It skips empty lines and comments.
func (r *csvReader) read() error {
	for {
		r.row, r.fields, r.line = r.row[:0], r.fields[:0], r.lines
		more, err := r.begin()
		if err != nil {
			return err
		}
		for more {
			if more, err = r.next(); err != nil {
				return err
			}
		}
		if len(r.fields) > 0 {
			return nil
		}
	}
}

// begin skips a line that is not a row, and reports whether a row begins instead.
func (r *csvReader) begin() (bool, error) {
	b, err := r.peek()
	switch {
	case err != nil:
		return false, err
	case b == '\n':
		_, err = r.ReadByte()
		return false, err
	case len(r.comment) == 0 || b != r.comment[0]:
		return true, nil
	}
	for _, want := range r.comment {
		b, err := r.peek()
		if errors.Is(err, io.EOF) || err == nil && b != want {
			return true, nil // only its first bytes, which begin the first field
		}
		if err != nil {
			return false, err
		}
		_, _ = r.ReadByte() // peek has just returned it
		r.row = append(r.row, b)
	}
	return false, r.skipLine()
}

// next reads a field, and reports whether another one follows.
func (r *csvReader) next() (bool, error) {
	if len(r.fields) == maxColumns {
		return false, &csvError{fmt.Sprintf("the row has more than %d columns", maxColumns), r.line + 1, true}
	}
	if len(r.fields) == 0 && len(r.row) > 0 {
		return r.unquoted(0)
	}
	b, err := r.peek()
	if err == nil && b == '"' {
		_, _ = r.ReadByte() // peek has just returned it
		return r.quoted()
	}
	return r.unquoted(len(r.row))
}

// end ends a field.
func (r *csvReader) end(quoted bool) { r.fields = append(r.fields, csvField{len(r.row), quoted}) }

// add appends bytes to the row.
func (r *csvReader) add(text ...byte) error {
	if len(r.row)+len(text) > maxRow {
		reason := fmt.Sprintf("the row has more than %d MiB: perhaps a quote is not closed", maxRow>>20)
		return &csvError{reason, r.line + 1, true}
	}
	r.row = append(r.row, text...)
	return nil
}

// addUntil appends bytes to the row up to one of two, or up to a line end if requested, or to the end of the buffer.
func (r *csvReader) addUntil(one, other byte, orLineEnd bool) error {
	text, err := r.unread()
	if err != nil {
		return err
	}
	for i, b := range text {
		if b == '\n' {
			if !orLineEnd {
				r.lines++
				continue
			}
			text = text[:i]
			break
		}
		if b == one || b == other {
			text = text[:i]
			break
		}
	}
	r.pos += len(text)
	return r.add(text...)
}

// unquoted reads an unquoted field that begins at an offset of the row.
func (r *csvReader) unquoted(begin int) (more bool, err error) {
	last := r.comma[len(r.comma)-1]
	for {
		err := r.addUntil('"', last, true)
		var b byte
		if err == nil {
			b, err = r.ReadByte()
		}
		switch {
		case errors.Is(err, io.EOF), err == nil && b == '\n':
			if text := r.row[begin:]; len(text) > 0 && text[len(text)-1] == '\r' {
				r.row = r.row[:len(r.row)-1]
			}
			if len(r.fields) > 0 || len(r.row) > 0 { // otherwise it was an empty line
				r.end(false)
			}
			return false, nil
		case err != nil:
			return false, err
		case b == '"':
			return false, r.wrong(`bare " in non-quoted-field`)
		}
		if err = r.add(b); err != nil {
			return false, err
		}
		if b == last && bytes.HasSuffix(r.row[begin:], r.comma) {
			r.row = r.row[:len(r.row)-len(r.comma)]
			r.end(false)
			return true, nil
		}
	}
}

// quoted reads a field after its first quote.
func (r *csvReader) quoted() (more bool, err error) {
	for {
		err := r.addUntil('"', '"', false)
		var b byte
		if err == nil {
			b, err = r.ReadByte()
		}
		if errors.Is(err, io.EOF) {
			return false, r.wrong(strayQuote)
		}
		if err != nil {
			return false, err
		}
		if b == '"' {
			if b, err = r.peek(); err != nil || b != '"' {
				return r.afterQuote()
			}
			_, _ = r.ReadByte() // peek has just returned it
		}
		if err = r.add(b); err != nil {
			return false, err
		}
	}
}

const strayQuote = `extraneous or missing " in quoted-field`

// afterQuote reads the end of a quoted field: a comma, LF, CR LF or the end of the file, possibly after a CR.
func (r *csvReader) afterQuote() (more bool, err error) {
	r.end(true)
	rest := []byte("\r\n")
	switch b, err := r.peek(); {
	case errors.Is(err, io.EOF):
		return false, nil
	case err != nil:
		return false, err
	case b == '\n':
		rest = rest[1:]
	case b != '\r':
		rest, more = r.comma, true
	}
	for i, want := range rest {
		b, err := r.peek()
		if errors.Is(err, io.EOF) && i > 0 && !more {
			return false, nil
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return false, err
		}
		if err != nil || b != want {
			return false, r.wrong(strayQuote)
		}
		_, _ = r.ReadByte() // peek has just returned it
	}
	return more, nil
}

// names returns the fields as names of columns.
func (r *csvReader) names() []string {
	names := make([]string, len(r.fields))
	for i := range names {
		names[i] = r.field(i)
	}
	return names
}
