package mux

import (
	"bytes"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/http/httpguts"
)

const (
	// MaxHeadSize bounds the fields of a head in bytes, each with its [FieldOverhead]: what net/http allows.
	MaxHeadSize = 10 << 20
	// FieldOverhead is what a field counts for besides its texts (RFC 9113, section 6.5.2; RFC 9114, section 4.2.2).
	FieldOverhead = 32

	maxLength = 63 // bits of a Content-Length
)

// Head is the head of a response.
type Head struct {
	Status     int
	StatusText string // as http.Response.Status, e.g. "200 OK"
	// ContentLength is as http.Response.ContentLength, -1 if unknown.
	ContentLength int64
	// ContentEncoding has several lines joined by commas. SetsCookies reports whether there is a Set-Cookie. Both are
	// needed often, so they are known without parsing all fields.
	ContentEncoding string
	SetsCookies     bool
	// Text is the head as HTTP/1.1 would write it, for [ParseHeader]. Its names are in lower case.
	Text []byte
	// Size is that of its fields in bytes, each with its [FieldOverhead].
	Size int64
}

// NoHead is the head of a response that has not come.
//
//nolint:gochecknoglobals // never changed
var NoHead = &Head{}

// OfLength returns the head with another Content-Length.
func (h *Head) OfLength(n int64) *Head {
	other := *h
	other.ContentLength = n
	return &other
}

// HeadBuilder makes heads of decoded fields, and checks them. The zero value is not ready: call Begin.
type HeadBuilder struct {
	proto   string
	text    []byte
	head    Head
	left    int64 // how many bytes its fields may still have
	regular bool  // a field that is not a pseudo-header has come
	lengths int   // how many Content-Lengths have come

	last *Head
}

// Begin begins a head of a protocol: "HTTP/2.0", for example.
func (b *HeadBuilder) Begin(proto string) {
	b.proto, b.text, b.head = proto, b.text[:0], Head{ContentLength: -1}
	b.left, b.regular, b.lengths = MaxHeadSize, false, 0
}

// BeginTrailers begins the fields after a body, which have no pseudo-headers.
func (b *HeadBuilder) BeginTrailers(proto string) {
	b.Begin(proto)
	b.regular = true
}

// Left returns how many bytes the fields may still have.
func (b *HeadBuilder) Left() int64 { return b.left }

// Field adds a field. It fails for one that makes the response malformed, and with [ErrHeadSize] if the head gets too
// large; what was added before is of no use then.
func (b *HeadBuilder) Field(name, value string) error {
	isPseudo := strings.HasPrefix(name, ":")
	switch {
	case !httpguts.ValidHeaderFieldValue(value):
		return errValue
	case isPseudo && b.regular:
		return errPseudoLate
	case isPseudo && (name != ":status" || len(b.text) > 0):
		return errPseudo
	case !isPseudo && !isFieldName(name):
		return errName
	}
	size := int64(len(name) + len(value) + FieldOverhead)
	if size > b.left {
		b.left = 0
		return ErrHeadSize
	}
	b.left -= size
	if isPseudo {
		return b.status(value)
	}
	b.regular = true
	b.text = append(append(append(append(b.text, name...), ": "...), value...), "\r\n"...)
	b.note(name, value)
	return nil
}

// End returns the head. One that is the same as the last shares it.
func (b *HeadBuilder) End() *Head {
	b.head.Size = MaxHeadSize - b.left
	if b.last != nil && bytes.Equal(b.last.Text, b.text) && b.last.Status == b.head.Status {
		return b.last
	}
	h := b.head
	h.Text = slices.Clone(b.text)
	b.last = &h
	return b.last
}

// status begins the text with a status line.
func (b *HeadBuilder) status(value string) error {
	status, err := strconv.Atoi(value)
	if err != nil {
		return errStatus
	}
	b.head.Status, b.head.StatusText = status, value+" "+http.StatusText(status)
	b.text = append(append(append(append(b.text, b.proto...), ' '), b.head.StatusText...), "\r\n"...)
	return nil
}

// note remembers what is needed of a field without parsing all of them.
func (b *HeadBuilder) note(name, value string) {
	switch name {
	case "content-length":
		b.lengths++
		b.head.ContentLength = -1
		if n, err := strconv.ParseUint(value, 10, maxLength); err == nil && b.lengths == 1 {
			b.head.ContentLength = int64(n) // #nosec G115 -- bounded by its bits
		}
	case "content-encoding":
		if b.head.ContentEncoding != "" {
			b.head.ContentEncoding += ","
		}
		b.head.ContentEncoding += value
	case "set-cookie":
		b.head.SetsCookies = true
	}
}

var (
	errValue      = errors.New("invalid header field value")
	errName       = errors.New("invalid header field name")
	errPseudo     = errors.New("invalid pseudo header field")
	errPseudoLate = errors.New("pseudo header field after regular")
	errStatus     = errors.New("malformed response from server: malformed non-numeric status pseudo header")
)

// isFieldName reports whether a name is a token without capitals (RFC 9113, section 8.2.1; RFC 9114, section 4.2).
func isFieldName(name string) bool {
	for i := range len(name) {
		if c := name[i]; 'A' <= c && c <= 'Z' || !httpguts.IsTokenRune(rune(c)) {
			return false
		}
	}
	return name != ""
}

// ParseHeader returns the fields of a Head.Text, like http.Response.Header.
func ParseHeader(text []byte) http.Header {
	header := http.Header{}
	_, fields, _ := bytes.Cut(text, []byte("\r\n"))
	for len(fields) > 0 {
		var line []byte
		line, fields, _ = bytes.Cut(fields, []byte("\r\n"))
		name, value, _ := bytes.Cut(line, []byte(": "))
		key := http.CanonicalHeaderKey(string(name))
		header[key] = append(header[key], string(value))
	}
	return header
}
