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
	if !mux.MayExceed(block, most) {
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
	known := c.heads.Load()
	if known != nil {
		for i := range *known {
			if bytes.Equal((*known)[i].block, block) {
				return (*known)[i].head, nil
			}
		}
	}
	var builder mux.HeadBuilder
	builder.Begin(Proto)
	if err := addTo(&builder, block); err != nil {
		return nil, err
	}
	head := builder.End()
	if len(block) <= maxKnownBlock {
		head = c.learn(known, block, head)
	}
	return head, nil
}

// learn keeps a head with the others that are known, and returns it. Servers that keep fields in a map, such as
// quic-go's, send the same head in many orders: they are one head.
func (c *Conn) learn(known *[]knownHead, block []byte, head *mux.Head) *mux.Head {
	now := make([]knownHead, 1, maxKnown)
	if known != nil {
		head = oneOf(*known, head)
		now = append(now, (*known)[:min(len(*known), maxKnown-1)]...)
	}
	now[0] = knownHead{slices.Clone(block), head}
	c.heads.Store(&now)
	return head
}

// oneOf returns the known head that has the same fields, or else the head itself.
func oneOf(known []knownHead, head *mux.Head) *mux.Head {
	var lines [][]byte
	for i := range known {
		other := known[i].head
		if i > 0 && other == known[i-1].head || len(other.Text) != len(head.Text) || other.Status != head.Status {
			continue
		}
		if lines == nil {
			lines = sortedLines(head.Text)
		}
		if slices.EqualFunc(lines, sortedLines(other.Text), bytes.Equal) {
			return other
		}
	}
	return head
}

// sortedLines returns the lines of a head by name. Fields of one name keep their order, which has a meaning (RFC 9110,
// section 5.3).
func sortedLines(text []byte) [][]byte {
	lines := bytes.SplitAfter(text, []byte("\n"))
	name := func(line []byte) []byte {
		name, _, _ := bytes.Cut(line, []byte(":"))
		return name
	}
	slices.SortStableFunc(lines, func(a, b []byte) int { return bytes.Compare(name(a), name(b)) })
	return lines
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

// maxKnown and maxKnownBlock bound what a connection keeps of the last heads.
const maxKnown, maxKnownBlock = 8, 4 << 10
