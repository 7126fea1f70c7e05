// Package form writes multipart/form-data as browsers do: RFC 7578, with names and file names escaped as in the HTML
// standard.
package form

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"strings"

	"golang.org/x/net/http/httpguts"
)

// Part is one field of a form.
type Part struct {
	Name string
	// FileName makes the part a file. IsFile alone is for a file without a name, which browsers send for an empty input.
	FileName string
	IsFile   bool
	// ContentType is omitted if empty.
	ContentType string
	Content     []byte
}

// Multipart returns the body of a form and its Content-Type. If boundary is empty, it chooses one: always the same for
// the same parts. It returns an error if the boundary is invalid or part of a part, or if a content type is invalid in
// a header. Errors never quote a part.
func Multipart(parts []Part, boundary string) (body []byte, contentType string, err error) {
	if boundary == "" {
		boundary = chooseBoundary(parts)
	}
	w := multipart.NewWriter(io.Discard)
	if err := w.SetBoundary(boundary); err != nil {
		return nil, "", errors.New("the boundary of the form is invalid")
	}
	var b bytes.Buffer
	b.Grow(size(parts, boundary))
	for i := range parts {
		if !httpguts.ValidHeaderFieldValue(parts[i].ContentType) {
			return nil, "", fmt.Errorf("the content type of part %d of the form is invalid", i)
		}
		p := parts[i].normalized()
		if contains(&p, boundary) {
			return nil, "", fmt.Errorf("part %d of the form contains its boundary", i)
		}
		b.WriteString("--" + boundary + "\r\n")
		p.write(&b)
	}
	b.WriteString("--" + boundary + "--\r\n")
	return b.Bytes(), w.FormDataContentType(), nil
}

func (p *Part) write(b *bytes.Buffer) {
	b.WriteString(`Content-Disposition: form-data; name="` + escape(p.Name) + `"`)
	if p.isFile() {
		b.WriteString(`; filename="` + escape(p.FileName) + `"`)
	}
	b.WriteString("\r\n")
	if p.ContentType != "" {
		b.WriteString("Content-Type: " + p.ContentType + "\r\n")
	}
	b.WriteString("\r\n")
	b.Write(p.Content)
	b.WriteString("\r\n")
}

func (p *Part) isFile() bool { return p.FileName != "" || p.IsFile }

// normalized returns the part with the line breaks of the HTML standard in names and in values of fields. Files and
// their names do not change.
func (p *Part) normalized() Part {
	n := *p
	n.Name = newlines(p.Name)
	if !p.isFile() {
		n.Content = []byte(newlines(string(p.Content)))
	}
	return n
}

// newlines converts every kind of line break to CR LF.
func newlines(s string) string {
	if !strings.ContainsAny(s, "\r\n") {
		return s
	}
	return strings.ReplaceAll(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s), "\n", "\r\n")
}

// escape escapes what would end a quoted string or a line. Everything else stays, including UTF-8, backslashes and
// percent signs.
func escape(name string) string {
	return strings.NewReplacer(`"`, "%22", "\r", "%0D", "\n", "%0A").Replace(name)
}

// contains reports whether the boundary would split the part.
func contains(p *Part, boundary string) bool {
	delimiter := "--" + boundary
	return bytes.HasPrefix(p.Content, []byte(delimiter)) || bytes.Contains(p.Content, []byte("\n"+delimiter))
}

// chooseBoundary derives a boundary from the parts, so that a list has the same body each time.
func chooseBoundary(parts []Part) string {
	hash := sha256.New()
	for i := range parts {
		p := &parts[i]
		_, _ = fmt.Fprintf(hash, "%q %q %q %d ", p.Name, p.FileName, p.ContentType, len(p.Content))
		_, _ = hash.Write(p.Content)
	}
	const length = 32
	return "------------------------" + hex.EncodeToString(hash.Sum(nil))[:length]
}

// size is the approximate size of the body in bytes.
func size(parts []Part, boundary string) int {
	const headers = 100
	n := len(boundary) + headers
	for i := range parts {
		p := &parts[i]
		n += headers + len(boundary) + len(p.Name) + len(p.FileName) + len(p.ContentType) + len(p.Content)
	}
	return n
}
