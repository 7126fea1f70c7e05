package args

import (
	"reflect"
	"slices"
	"strings"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/js/common"
	k6http "go.k6.io/k6/v2/js/modules/k6/http"
	"go.k6.io/k6/v2/lib/netext/httpext"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/form"
)

// setForm makes the body of the fields of an object, in their order: a multipart form if there is a file anywhere in
// it, and else a form as URLSearchParams writes it. It sets the Content-Type, which the target's own headers may
// replace.
func (s *settings) setForm(fields []Field, keys []string, path string) error {
	r := formReader{left: maxValues}
	for i, key := range keys {
		if err := r.read(key, fields[i]); err != nil {
			return err
		}
	}
	if !r.hasFile {
		s.Body = urlencoded(r.parts)
		s.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		return nil
	}
	body, contentType, err := form.Multipart(r.parts, "")
	if err != nil {
		return Misusef("%s", path+" cannot be sent: "+err.Error())
	}
	s.Body = body
	s.Header.Set("Content-Type", contentType)
	return nil
}

// formReader reads the fields of a form into parts.
type formReader struct {
	parts   []form.Part
	hasFile bool
	// left is how many parts there may still be.
	left int
}

// read reads a field: a value, or a list of them, each of which becomes a part of its own.
func (r *formReader) read(name string, f Field) error {
	if !f.isArray() {
		return r.add(name, f)
	}
	list := f.Value.ToObject(f.Runtime)
	for i := range ArrayLen(list) {
		item := f.Item(list, i)
		if item.Value == nil {
			return f.hole(i, ArrayLen(list))
		}
		if err := r.add(name, item); err != nil {
			return err
		}
	}
	return nil
}

func (r *formReader) add(name string, f Field) error {
	if r.left--; r.left < 0 {
		return Misusef("%s is too large: a form may have at most %d values", f.Path, maxValues)
	}
	part, err := f.formPart()
	part.Name = name
	r.hasFile = r.hasFile || part.IsFile
	r.parts = append(r.parts, part)
	return err
}

// formPart reads a file or a value.
func (f Field) formPart() (form.Part, error) {
	file, ok := GoValue[*k6http.FileData](f.Value)
	if !ok {
		text, err := f.formText()
		return form.Part{Content: []byte(text)}, err
	}
	data, err := common.ToBytes(file.Data)
	if err != nil {
		return form.Part{}, Misusef("%s", f.Path+" cannot be sent: "+err.Error())
	}
	return form.Part{FileName: file.Filename, IsFile: true, ContentType: file.ContentType, Content: data}, nil
}

// formText returns what String() of JavaScript makes of a value. What has no text of its own, and would become
// "[object Object]" or the innards of a value of Go, is an error.
func (f Field) formText() (string, error) {
	const must = "a string, a number, a boolean, a Date, a file of http.file(), or an array of these " +
		"(JSON.stringify() makes a string of an object)"
	o, isObject := f.Value.(*sobek.Object)
	switch {
	case f.Value == nil:
		return sobek.Undefined().String(), nil
	case isSymbol(f.Value):
		return "", f.Wrong(must)
	case !isObject:
		return f.Value.String(), nil
	}
	if u, isURL := GoValue[httpext.URL](o); isURL {
		return u.URL, nil
	}
	if !hasText(o) {
		return "", f.Wrong(must)
	}
	text := o.String()
	if strings.HasPrefix(text, "[object ") {
		return "", f.Wrong(must)
	}
	return text, nil
}

// hasText reports whether an object may have a text of its own.
func hasText(o *sobek.Object) bool {
	if t := o.ExportType(); t != nil && !isDate(o) {
		kinds := []reflect.Kind{reflect.Slice, reflect.Struct, reflect.Pointer} // typed arrays, proxies, values of Go
		if slices.Contains(kinds, t.Kind()) {
			return false
		}
	}
	_, isFunction := sobek.AssertFunction(o)
	_, hasMethod := sobek.AssertFunction(o.Get("toString"))
	return !isFunction && hasMethod && !IsArray(o)
}

func isDate(o *sobek.Object) bool { return o.ClassName() == "Date" }

// urlencoded writes a form as the URL Standard does: as application/x-www-form-urlencoded.
func urlencoded(parts []form.Part) []byte {
	var b []byte
	for i := range parts {
		if i > 0 {
			b = append(b, '&')
		}
		b = appendEncoded(b, parts[i].Name)
		b = append(b, '=')
		b = appendEncoded(b, parts[i].Content)
	}
	return b
}

func appendEncoded[T ~string | ~[]byte](b []byte, s T) []byte {
	const digits = "0123456789ABCDEF"
	for i := range len(s) {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte("*-._", c) >= 0:
			b = append(b, c)
		case c == ' ':
			b = append(b, '+')
		default:
			b = append(b, '%', digits[c>>4], digits[c&15])
		}
	}
	return b
}
