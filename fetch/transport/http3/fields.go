package http3

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/quic-go/qpack"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/mux"
)

// Proto is what http.Response.Proto says of HTTP/3.
const Proto = "HTTP/3.0"

// Coding encodes the fields of requests (RFC 9204, section 4.5), without the dynamic table. The zero value is ready.
type Coding struct {
	out bytes.Buffer
	qp  *qpack.Encoder
}

// NewEncoder returns an encoder of field blocks for HTTP/3.
func NewEncoder() *mux.Encoder { return &mux.Encoder{Coding: &Coding{}} }

// Begin implements mux.Coding.
func (c *Coding) Begin(dst []byte) []byte {
	if c.qp == nil {
		c.qp = qpack.NewEncoder(&c.out)
		_ = c.qp.WriteField(qpack.HeaderField{}) // to have the prefix written once; a buffer never fails
	}
	return append(dst, 0, 0) // no dynamic table
}

// Field implements mux.Coding.
func (c *Coding) Field(dst []byte, name, value string) []byte {
	c.out.Reset()
	_ = c.qp.WriteField(qpack.HeaderField{Name: name, Value: value}) // a buffer never fails
	return append(dst, c.out.Bytes()...)
}

// Path implements mux.Coding.
func (c *Coding) Path(dst []byte, path string) []byte {
	const pathName = 0x51 // a literal whose name is the entry 1 of the static table
	return append(mux.AppendLength(append(dst, pathName), len(path)), path...)
}

// AppendField appends a field to the block of a request, without the tables and without Huffman's code.
func AppendField(block []byte, name, value string) []byte {
	const literalName, nameBits = 0x20, 3
	name = strings.ToLower(name)
	block = append(mux.AppendPrefixed(block, literalName, nameBits, len(name)), name...)
	return append(mux.AppendLength(block, len(value)), value...)
}

// isLonger reports whether the fields of a block are larger than the server allows (RFC 9114, section 4.2.2).
func isLonger(block []byte, most uint64) bool {
	const perByte = 100 // of a block: more than an index into the static table or Huffman's code can stand for
	if uint64(len(block)) <= most/perByte {
		return false
	}
	size := uint64(0)
	for next := qpack.NewDecoder().Decode(block); ; {
		f, err := next()
		if err != nil {
			return size > most
		}
		size += uint64(len(f.Name) + len(f.Value) + mux.FieldOverhead)
	}
}

// knownHead is a field block that was decoded. An equal block is an equal head, because nothing but its bytes decides.
type knownHead struct {
	block []byte
	head  *mux.Head
}

// decode decodes a field block. The error is of the connection if the block cannot be decoded, and otherwise of the
// stream alone.
func (c *Conn) decode(block []byte) (*mux.Head, error) {
	if known := c.lastHead.Load(); known != nil && bytes.Equal(known.block, block) {
		return known.head, nil
	}
	var builder mux.HeadBuilder
	builder.Begin(Proto)
	if err := addTo(&builder, block); err != nil {
		return nil, err
	}
	head := builder.End()
	if len(block) <= maxKnownBlock {
		c.lastHead.Store(&knownHead{slices.Clone(block), head})
	}
	return head, nil
}

// checkTrailers decodes the fields after a body, which nobody wants.
func checkTrailers(block []byte) error {
	var builder mux.HeadBuilder
	builder.BeginTrailers(Proto)
	return addTo(&builder, block)
}

// addTo adds the fields of a block.
func addTo(builder *mux.HeadBuilder, block []byte) error {
	for next := qpack.NewDecoder().Decode(block); ; {
		f, err := next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return ConnError(codeDecompression)
		}
		if err := builder.Field(f.Name, f.Value); err != nil {
			return &StreamError{codeMessage, err}
		}
	}
}

// maxKnownBlock bounds what a connection keeps of the last head.
const maxKnownBlock = 4 << 10
