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

	// The last head. block is its field block, nil if an equal block need not be an equal head. It adds some fields to the
	// dynamic table each time, and has come again so often without being decoded.
	last          *Head
	block         []byte
	adds, repeats int
}

func (d *decoder) init() {
	d.hp = hpack.NewDecoder(tableSize, d.field)
	d.hp.SetMaxStringLength(maxHeadSize)
}

// whole decodes a field block in one frame. Servers repeat theirs, so an equal one is not decoded again.
func (d *decoder) whole(block []byte) (head *Head, wrong, err error) {
	if d.block != nil && bytes.Equal(block, d.block) {
		d.repeats++
		return d.last, nil, nil
	}
	d.begin()
	if err = d.add(block); err != nil {
		return nil, nil, err
	}
	head, wrong, err = d.end()
	if err != nil || wrong != nil {
		return head, wrong, err
	}
	if e := effectOf(block); e.canRepeat() {
		d.block, d.adds = append([]byte{}, block...), e.adds
	}
	return head, nil, nil
}

func (d *decoder) begin() {
	d.catchUp()
	d.text, d.head = d.text[:0], Head{ContentLength: -1}
	d.left, d.wrong, d.regular, d.lengths, d.truncated = maxHeadSize, nil, false, 0, false
	d.hp.SetEmitEnabled(true)
}

// catchUp makes the additions to the dynamic table that the repetitions of the last block have made. Once they fill the
// table, further ones leave it as it is.
func (d *decoder) catchUp() {
	if d.adds > 0 {
		const more = 2 // than rounding down leaves out
		fills := tableSize/(fieldOverhead*d.adds) + more
		d.hp.SetEmitEnabled(false)
		for range min(d.repeats, fills) {
			_, _ = d.hp.Write(d.block) // it was decoded before
			_ = d.hp.Close()
		}
	}
	d.block, d.adds, d.repeats = nil, 0, 0
}

// add decodes a part of a field block. Like net/http, it gives up the connection if there is far too much, or if more
// follows what is wrong.
func (d *decoder) add(part []byte) error {
	if int64(len(part)) > 2*d.left || d.wrong != nil {
		return ConnError(codeProtocol)
	}
	if _, err := d.hp.Write(part); err != nil {
		return ConnError(codeCompression)
	}
	return nil
}

func (d *decoder) end() (head *Head, wrong, err error) {
	if err := d.hp.Close(); err != nil {
		return nil, nil, ConnError(codeCompression)
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

// effect is what decoding a field block does with the dynamic table (RFC 7541, section 6).
type effect struct {
	adds    int  // fields
	refers  bool // to fields in it
	resizes bool
}

// canRepeat reports whether a block that comes again need not be decoded. It need not be if it leaves the table alone:
// then the table is the same as before. Nor if it only adds to the table, as nginx's blocks do: then it is the same
// head whatever the table is, and the additions can be made later.
func (e effect) canRepeat() bool { return !e.resizes && (e.adds == 0 || !e.refers) }

// effectOf returns the effect of a block that was decoded without an error.
func effectOf(block []byte) (e effect) {
	const (
		indexed, added, resized                             = 0x80, 0x40, 0x20
		indexBits, addedNameBits, literalNameBits, sizeBits = 7, 6, 4, 5
		firstDynamic                                        = 62 // section 2.3.3
	)
	for len(block) > 0 {
		var (
			first = block[0]
			index uint64
			ok    bool
		)
		switch {
		case first&indexed != 0:
			index, block, ok = number(block, indexBits)
		case first&added != 0:
			e.adds++
			index, block, ok = skipLiteral(block, addedNameBits)
		case first&resized != 0:
			e.resizes = true
			_, block, ok = number(block, sizeBits)
		default:
			index, block, ok = skipLiteral(block, literalNameBits)
		}
		if e.refers = e.refers || index >= firstDynamic; !ok {
			return effect{resizes: true}
		}
	}
	return e
}

// skipLiteral skips a field that is not in a table, though its name may be (RFC 7541, section 6.2).
func skipLiteral(b []byte, nameBits int) (name uint64, rest []byte, ok bool) {
	name, b, ok = number(b, nameBits)
	if ok && name == 0 {
		b, ok = skipText(b)
	}
	if ok {
		b, ok = skipText(b)
	}
	return name, b, ok
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
