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
