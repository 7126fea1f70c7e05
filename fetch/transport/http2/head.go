package http2

import (
	"bytes"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/http/httpguts"
	"golang.org/x/net/http2/hpack"
)

const (
	// maxHeadSize bounds the fields of a head in bytes, by section 6.5.2: what net/http allows.
	maxHeadSize = 10 << 20
	// tableSize is that of the dynamic table of responses, the one of RFC 7540.
	tableSize = 4096
	// fieldOverhead is what a field counts for besides its texts (section 6.5.2).
	fieldOverhead = 32
	maxLength     = 63 // bits of a Content-Length
)

// decoder decodes the heads of responses. Only the reader of a connection uses it.
type decoder struct {
	hp *hpack.Decoder

	// Of the head that is being decoded.
	text      []byte
	head      Head
	left      int64 // how many bytes its fields may still have
	wrong     error
	regular   bool // a field that is not a pseudo-header has come
	lengths   int  // how many Content-Lengths have come
	truncated bool

	// The last head. block is its field block, unless decoding it has changed the dynamic table: then equal blocks need
	// not be equal heads.
	last  *Head
	block []byte
}

func (d *decoder) init() {
	d.hp = hpack.NewDecoder(tableSize, d.field)
	d.hp.SetMaxStringLength(maxHeadSize)
}

// whole decodes a field block in one frame. Servers repeat theirs, so an equal one need not be decoded.
func (d *decoder) whole(block []byte) (head *Head, wrong, err error) {
	if d.block != nil && bytes.Equal(block, d.block) {
		return d.last, nil, nil
	}
	d.begin()
	if err = d.add(block); err != nil {
		return nil, nil, err
	}
	head, wrong, err = d.end()
	if err == nil && wrong == nil && !changesTable(block) {
		d.block = append(d.block[:0], block...)
		if d.block == nil {
			d.block = []byte{}
		}
	}
	return head, wrong, err
}

func (d *decoder) begin() {
	d.block = nil
	d.text, d.head = d.text[:0], Head{ContentLength: -1}
	d.left, d.wrong, d.regular, d.lengths, d.truncated = maxHeadSize, nil, false, 0, false
	d.hp.SetEmitEnabled(true)
}

// add decodes a part of a field block. Like net/http, it gives up the connection if there is far too much, or if more
// follows what is wrong.
func (d *decoder) add(part []byte) error {
	if int64(len(part)) > 2*d.left || d.wrong != nil {
		return connError(codeProtocol)
	}
	if _, err := d.hp.Write(part); err != nil {
		return connError(codeCompression)
	}
	return nil
}

func (d *decoder) end() (head *Head, wrong, err error) {
	if err := d.hp.Close(); err != nil {
		return nil, nil, connError(codeCompression)
	}
	if d.wrong != nil {
		return nil, d.wrong, nil
	}
	if d.truncated {
		return nil, errHeadSize, nil
	}
	d.head.size = maxHeadSize - d.left
	if d.last != nil && bytes.Equal(d.last.Text, d.text) && d.last.Status == d.head.Status {
		return d.last, nil, nil
	}
	h := d.head
	h.Text = slices.Clone(d.text)
	d.last = &h
	return d.last, nil, nil
}

// field is called with each field.
func (d *decoder) field(f hpack.HeaderField) {
	isPseudo := strings.HasPrefix(f.Name, ":")
	switch {
	case !httpguts.ValidHeaderFieldValue(f.Value):
		d.wrong = errValue
	case isPseudo && d.regular:
		d.wrong = errPseudoLate
	case isPseudo && (f.Name != ":status" || len(d.text) > 0):
		d.wrong = errPseudo
	case !isPseudo && !isFieldName(f.Name):
		d.wrong = errName
	}
	if d.wrong != nil {
		d.hp.SetEmitEnabled(false)
		return
	}
	size := int64(len(f.Name) + len(f.Value) + fieldOverhead)
	if size > d.left {
		d.hp.SetEmitEnabled(false)
		d.truncated, d.left = true, 0
		return
	}
	d.left -= size
	if isPseudo {
		d.status(f.Value)
		return
	}
	d.regular = true
	d.text = append(append(append(append(d.text, f.Name...), ": "...), f.Value...), "\r\n"...)
	d.note(f)
}

// status begins the text with a status line.
func (d *decoder) status(value string) {
	status, err := strconv.Atoi(value)
	if err != nil {
		d.wrong = errStatus
		d.hp.SetEmitEnabled(false)
		return
	}
	d.head.Status, d.head.StatusText = status, value+" "+http.StatusText(status)
	d.text = append(append(append(append(d.text, Proto...), ' '), d.head.StatusText...), "\r\n"...)
}

// note remembers what is needed of a field without parsing all of them.
func (d *decoder) note(f hpack.HeaderField) {
	switch f.Name {
	case "content-length":
		d.lengths++
		d.head.ContentLength = -1
		if n, err := strconv.ParseUint(f.Value, 10, maxLength); err == nil && d.lengths == 1 {
			d.head.ContentLength = int64(n) // #nosec G115 -- bounded by its bits
		}
	case "content-encoding":
		if d.head.ContentEncoding != "" {
			d.head.ContentEncoding += ","
		}
		d.head.ContentEncoding += f.Value
	case "set-cookie":
		d.head.SetsCookies = true
	}
}

var (
	errValue      = errors.New("invalid header field value")
	errName       = errors.New("invalid header field name")
	errPseudo     = errors.New("invalid pseudo header field")
	errPseudoLate = errors.New("pseudo header field after regular")
	errStatus     = errors.New("malformed response from server: malformed non-numeric status pseudo header")
)

// isFieldName reports whether a name is a token without capitals (section 8.2.1).
func isFieldName(name string) bool {
	for i := range len(name) {
		if c := name[i]; 'A' <= c && c <= 'Z' || !httpguts.IsTokenRune(rune(c)) {
			return false
		}
	}
	return name != ""
}

// ofLength returns the head with another Content-Length.
func (h *Head) ofLength(n int64) *Head {
	other := *h
	other.ContentLength = n
	return &other
}

// changesTable reports whether decoding a field block changes the dynamic table (RFC 7541, section 6).
func changesTable(block []byte) bool {
	const (
		indexed, added, resized    = 0x80, 0x40, 0x20
		indexBits, literalNameBits = 7, 4
	)
	for len(block) > 0 {
		first := block[0]
		var ok bool
		switch {
		case first&indexed != 0:
			_, block, ok = number(block, indexBits)
		case first&(added|resized) != 0:
			return true
		default:
			var name uint64
			name, block, ok = number(block, literalNameBits)
			if ok && name == 0 {
				block, ok = skipText(block)
			}
			if ok {
				block, ok = skipText(block)
			}
		}
		if !ok {
			return true
		}
	}
	return false
}

// number reads an integer (RFC 7541, section 5.1).
func number(b []byte, bits int) (value uint64, rest []byte, ok bool) {
	if len(b) == 0 {
		return 0, nil, false
	}
	most := uint64(1)<<bits - 1
	value = uint64(b[0]) & most
	b = b[1:]
	if value < most {
		return value, b, true
	}
	const (
		digits   = 7
		mask     = 1<<digits - 1
		maxShift = 4 * digits
	)
	for shift := 0; len(b) > 0 && shift <= maxShift; shift += digits {
		next := b[0]
		b = b[1:]
		value += uint64(next&mask) << shift
		if next <= mask {
			return value, b, true
		}
	}
	return 0, nil, false
}

// skipText skips a string (RFC 7541, section 5.2).
func skipText(b []byte) (rest []byte, ok bool) {
	const lengthBits = 7
	n, b, ok := number(b, lengthBits)
	if !ok || n > uint64(len(b)) {
		return nil, false
	}
	return b[n:], true
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
