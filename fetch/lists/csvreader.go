package lists

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

const (
	// maxRow bounds a row, which is kept while it is read.
	maxRow = 16 << 20
	// maxColumns bounds how many fields a row has; spreadsheets have fewer.
	maxColumns = 1 << 16
)

// csvReader reads rows as RFC 4180 and encoding/csv have them. But the bytes of a quoted field stay as they are, line
// ends too, and it knows which fields were quoted.
type csvReader struct {
	*scanner

	comma, comment []byte
	row            []byte // what is in the fields, without quotes
	fields         []csvField
	line           int // lines before the row
}

// csvField is a field of the row: it ends where the next one begins.
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

// field is the text of a field, empty where the row has none. A text that is not quoted has no spaces around it.
func (r *csvReader) field(i int) string {
	raw := r.raw(i)
	if i >= 0 && i < len(r.fields) && !r.fields[i].quoted {
		raw = bytes.TrimSpace(raw)
	}
	return string(raw)
}

// raw are the bytes of a field as they are in the file.
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

// csvError is what is wrong with a row.
type csvError struct {
	reason string
	line   int // from the beginning of the reader
	broken bool
}

func (e *csvError) Error() string { return e.reason }

// wrong is an error at the current line. After a quote that spans lines, where else quotes end is anybody's guess.
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

// read reads a row. Empty lines and comments are none.
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

// begin reads past a line that is no row, and reports whether there is a row instead.
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
		_, _ = r.ReadByte() // that has just been seen
		r.row = append(r.row, b)
	}
	return false, r.skipLine()
}

// next reads a field, and reports whether the row goes on.
func (r *csvReader) next() (bool, error) {
	if len(r.fields) == maxColumns {
		return false, &csvError{fmt.Sprintf("the row has more than %d columns", maxColumns), r.line + 1, true}
	}
	if len(r.fields) == 0 && len(r.row) > 0 {
		return r.unquoted(0)
	}
	b, err := r.peek()
	if err == nil && b == '"' {
		_, _ = r.ReadByte() // that has just been seen
		return r.quoted()
	}
	return r.unquoted(len(r.row))
}

// end ends a field.
func (r *csvReader) end(quoted bool) { r.fields = append(r.fields, csvField{len(r.row), quoted}) }

// add takes bytes into the row.
func (r *csvReader) add(text ...byte) error {
	if len(r.row)+len(text) > maxRow {
		reason := fmt.Sprintf("the row has more than %d MiB: perhaps a quote is not closed", maxRow>>20)
		return &csvError{reason, r.line + 1, true}
	}
	r.row = append(r.row, text...)
	return nil
}

// addUntil takes bytes into the row up to one of two, or a line end if that is one, or to the end of the buffer.
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

// unquoted reads a field that begins somewhere in the row.
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
			if len(r.fields) > 0 || len(r.row) > 0 { // or it was an empty line
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
			_, _ = r.ReadByte() // that has just been seen
		}
		if err = r.add(b); err != nil {
			return false, err
		}
	}
}

const strayQuote = `extraneous or missing " in quoted-field`

// afterQuote reads what ends a quoted field: a comma, LF, CR LF, or the end of the file, also after a CR.
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
		_, _ = r.ReadByte() // that has just been seen
	}
	return more, nil
}

// names are the fields as names of columns.
func (r *csvReader) names() []string {
	names := make([]string, len(r.fields))
	for i := range names {
		names[i] = r.field(i)
	}
	return names
}
