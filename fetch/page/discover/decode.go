package discover

import (
	"bytes"
	"mime"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/transform"
)

// maxSniff is how far from its start a document may declare its encoding.
const maxSniff = 1024

// decoder converts bytes to UTF-8 as they come. The encoding is that of the byte order mark, else of the header, else
// the one that the document declares, else that of the document around.
//
// ASCII passes at once, because the encoding makes no difference to it. From the first other byte on, bytes wait for
// the encoding: up to 1 KiB from the start, if only the document declares it.
type decoder struct {
	header  string                    // the encoding that the header declares
	declare func(start []byte) string // returns what the document declares, or nothing
	without string                    // the encoding of a document that declares none
	ready   bool                      // the encoding is known
	name    string                    // of the encoding
	start   []byte                    // of the document, up to maxSniff
	passed  int                       // of start
	convert transform.Transformer     // nil for UTF-8
	plain   bool                      // ASCII is not converted
	rest    []byte                    // an incomplete character
}

// newDecoder returns a decoder for a content type. Declare returns the name of the encoding that the start of a
// document declares, or nothing. Without one, the encoding is that of the document around, or else the standard.
func newDecoder(contentType string, declare func(start []byte) string, around, standard string) *decoder {
	d := &decoder{declare: declare, without: standard}
	if _, name := charset.Lookup(around); name != "" {
		d.without = name
	}
	if _, params, err := mime.ParseMediaType(contentType); err == nil {
		if _, name := charset.Lookup(params["charset"]); name != "" {
			d.header = name
		}
	}
	return d
}

// write returns what is decoded so far. It is valid until the next call.
func (d *decoder) write(p []byte) []byte {
	if d.ready {
		return d.decode(p, false)
	}
	before := len(d.start)
	room := min(maxSniff-before, len(p))
	d.start = append(d.start, p[:room]...)
	ascii := d.passed + asciiLength(d.start[d.passed:])
	if !d.settle(ascii, false) {
		passing := d.start[d.passed:ascii]
		d.passed = ascii
		return passing
	}
	if d.passed >= before {
		return d.decode(p[d.passed-before:], false)
	}
	return d.decode(append(bytes.Clone(d.start[d.passed:]), p[room:]...), false)
}

// asciiLength returns of how many bytes that are the same in each encoding a text begins. An escape begins ISO-2022.
func asciiLength(text []byte) int {
	for i, b := range text {
		if b >= utf8.RuneSelf || b == 0x1b {
			return i
		}
	}
	return len(text)
}

// close returns what is left at the end.
func (d *decoder) close() []byte {
	if d.ready {
		return d.decode(nil, true)
	}
	d.settle(0, true)
	return d.decode(d.start[d.passed:], true)
}

func isASCII(text []byte) bool { return asciiLength(text) == len(text) }

// settle determines the encoding, if that is possible. So much of the start is ASCII.
func (d *decoder) settle(ascii int, end bool) bool {
	const longestMark = 3
	full := end || len(d.start) == maxSniff
	if !full && (ascii == len(d.start) && d.header == "" || ascii == 0 && len(d.start) < longestMark) {
		return false
	}
	switch {
	case bytes.HasPrefix(d.start, []byte("\xef\xbb\xbf")):
		d.name, d.passed = "utf-8", longestMark
	case bytes.HasPrefix(d.start, []byte("\xfe\xff")):
		d.name, d.passed = "utf-16be", 2
	case bytes.HasPrefix(d.start, []byte("\xff\xfe")):
		d.name, d.passed = "utf-16le", 2
	case d.header != "", full:
		d.name = d.stated()
	default:
		return false
	}
	d.ready = true
	if found, canonical := charset.Lookup(d.name); found != nil && canonical != "utf-8" {
		d.convert = encoding.Decoder{Transformer: found.NewDecoder()}.Transformer
		d.plain = keepsASCII(canonical)
	}
	return true
}

// keepsASCII reports whether ASCII means itself in an encoding, wherever it stands.
func keepsASCII(encoding string) bool {
	switch encoding {
	case "utf-16be", "utf-16le", "iso-2022-jp", "replacement":
		return false
	default:
		return true
	}
}

// stated returns the encoding of what has no byte order mark.
func (d *decoder) stated() string {
	if d.header != "" {
		return d.header
	}
	if name := d.declare(d.start); name != "" {
		return name
	}
	return d.without
}

// charset returns the name of the encoding, as far as it is known yet.
func (d *decoder) charset() string {
	if d.ready {
		return d.name
	}
	return d.stated()
}

// decode converts the next bytes.
func (d *decoder) decode(p []byte, end bool) []byte {
	if d.convert == nil || d.plain && len(d.rest) == 0 && isASCII(p) {
		return p
	}
	source := append(d.rest, p...) //nolint:gocritic // both are read before the rest is written
	out := make([]byte, 0, 2*len(source)+64)
	for {
		out = append(out, make([]byte, 64)...)[:len(out)]
		written, read, err := d.convert.Transform(out[len(out):cap(out)], source, end)
		out = out[:len(out)+written]
		source = source[read:]
		if err != transform.ErrShortDst { //nolint:errorlint // it is returned as it is
			break
		}
	}
	d.rest = append([]byte(nil), source...)
	return out
}
