// Package form writes multipart/form-data as browsers write it: RFC 7578, with names and file names escaped as the HTML
// standard says.
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
	// FileName makes the part a file. A file without a name has IsFile alone: browsers send one for an empty input.
	FileName string
	IsFile   bool
	// ContentType is left out if it is empty.
	ContentType string
	Content     []byte
}

// Multipart returns the body of a form and the Content-Type that it must be sent with. An empty boundary stands for
// one that it chooses: the same one for the same parts. It returns an error for a boundary that is invalid or that a
// part contains, and for a content type that is invalid in a header. Errors never quote a part.
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

// normalized returns the part with line breaks as the HTML standard has them in names and in values of fields. Files
// and their names stay as they are.
func (p *Part) normalized() Part {
	n := *p
	n.Name = newlines(p.Name)
	if !p.isFile() {
		n.Content = []byte(newlines(string(p.Content)))
	}
	return n
}

// newlines makes every kind of line break CR LF.
func newlines(s string) string {
	if !strings.ContainsAny(s, "\r\n") {
		return s
	}
	return strings.ReplaceAll(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s), "\n", "\r\n")
}

// escape escapes what would end a quoted string or a line. Everything else stays: UTF-8, backslashes and percent signs
// too.
func escape(name string) string {
	return strings.NewReplacer(`"`, "%22", "\r", "%0D", "\n", "%0A").Replace(name)
}

// contains reports whether the part would be cut in two by the boundary.
func contains(p *Part, boundary string) bool {
	delimiter := "--" + boundary
	return bytes.HasPrefix(p.Content, []byte(delimiter)) || bytes.Contains(p.Content, []byte("\n"+delimiter))
}

// chooseBoundary derives a boundary from the parts, so that a list reads the same body each time.
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

// size is about how long the body will be.
func size(parts []Part, boundary string) int {
	const headers = 100
	n := len(boundary) + headers
	for i := range parts {
		p := &parts[i]
		n += headers + len(boundary) + len(p.Name) + len(p.FileName) + len(p.ContentType) + len(p.Content)
	}
	return n
}
