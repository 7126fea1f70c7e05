package http2

import (
	"bytes"
	"errors"

	"golang.org/x/net/http2/hpack"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/mux"
)

// tableSize is that of the dynamic table of responses, the one of RFC 7540.
const tableSize = 4096

// decoder decodes the heads of responses. Only the reader of a connection uses it.
type decoder struct {
	hp *hpack.Decoder

	// Of the head that is being decoded. wrong is why it is malformed, or too large.
	builder mux.HeadBuilder
	wrong   error

	// The last head. block is its field block, nil if an equal block need not be an equal head. It adds some fields to the
	// dynamic table each time, and has come again so often without being decoded.
	last          *mux.Head
	block         []byte
	adds, repeats int
}

func (d *decoder) init() {
	d.hp = hpack.NewDecoder(tableSize, d.field)
	d.hp.SetMaxStringLength(mux.MaxHeadSize)
}

// whole decodes a field block in one frame. Servers repeat theirs, so an equal one is not decoded again.
func (d *decoder) whole(block []byte) (head *mux.Head, wrong, err error) {
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
	d.builder.Begin(Proto)
	d.wrong = nil
	d.hp.SetEmitEnabled(true)
}

// catchUp makes the additions to the dynamic table that the repetitions of the last block have made. Once they fill the
// table, further ones leave it as it is.
func (d *decoder) catchUp() {
	if d.adds > 0 {
		const more = 2 // than rounding down leaves out
		fills := tableSize/(mux.FieldOverhead*d.adds) + more
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
	if int64(len(part)) > 2*d.builder.Left() || d.isMalformed() {
		return ConnError(codeProtocol)
	}
	if _, err := d.hp.Write(part); err != nil {
		return ConnError(codeCompression)
	}
	return nil
}

func (d *decoder) end() (head *mux.Head, wrong, err error) {
	if err := d.hp.Close(); err != nil {
		return nil, nil, ConnError(codeCompression)
	}
	if d.wrong != nil {
		return nil, d.wrong, nil
	}
	d.last = d.builder.End()
	return d.last, nil, nil
}

// isMalformed reports whether a field was wrong in itself, and not merely one too many.
func (d *decoder) isMalformed() bool { return d.wrong != nil && !errors.Is(d.wrong, mux.ErrHeadSize) }

// field is called with each field.
func (d *decoder) field(f hpack.HeaderField) {
	if d.wrong = d.builder.Field(f.Name, f.Value); d.wrong != nil {
		d.hp.SetEmitEnabled(false)
	}
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
