package args

import (
	"strconv"
	"unicode/utf8"

	"github.com/xk6-fetch/xk6-fetch/fetch/lists"
)

// ColumnReader reads which columns of a CSV file hold what.
type ColumnReader struct {
	Columns        *lists.Columns
	Names, Numbers int
}

// Set reads one option.
func (r *ColumnReader) Set(key string, f Field) (err error) {
	switch key {
	case "delimiter":
		r.Columns.Comma, err = f.character()
	case "comment":
		r.Columns.Comment, err = f.character()
	case "headers":
		return r.setHeaders(f)
	default:
		to := map[string]*string{
			"body": &r.Columns.Body, "method": &r.Columns.Method, "name": &r.Columns.Name, "url": &r.Columns.URL,
		}[key]
		*to, err = r.column(f)
	}
	return err
}

// Finish checks what was read. The path is what an error calls it.
func (r *ColumnReader) Finish(path string) error {
	if r.Names > 0 && r.Numbers > 0 || r.Numbers > 0 && r.Columns.URL == "url" {
		return Misusef("%s", path+" must give all columns by name, or all of them by number, url among them")
	}
	r.Columns.Numbered = r.Numbers > 0
	return nil
}

func (r *ColumnReader) setHeaders(f Field) error {
	fields, headers, err := f.Object("an object of header names and columns")
	if err != nil {
		return err
	}
	r.Columns.Header = make(map[string]string, len(headers))
	for i, header := range headers {
		if r.Columns.Header[header], err = r.column(fields[i]); err != nil {
			return err
		}
	}
	return nil
}

// column reads a column: its name or its number.
func (r *ColumnReader) column(f Field) (string, error) {
	if name, ok := f.export().(string); ok && name != "" {
		r.Names++
		return name, nil
	}
	n, err := f.Integer(0)
	if err != nil {
		return "", f.Wrong("the name of a column, or its number from 0")
	}
	r.Numbers++
	return strconv.Itoa(n), nil
}

func (f Field) character() (rune, error) {
	s, _ := f.export().(string)
	r, size := utf8.DecodeRuneInString(s)
	if size == 0 || size != len(s) || r == '"' || r == '\r' || r == '\n' || r == utf8.RuneError {
		return 0, f.Wrong("one character")
	}
	return r, nil
}
