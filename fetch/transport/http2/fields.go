package http2

import (
	"bytes"
	"strings"

	"golang.org/x/net/http2/hpack"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/mux"
)

// Coding encodes the fields of requests (sections 8.2 and 8.3.1), without the dynamic table. The zero value is ready.
type Coding struct {
	out bytes.Buffer
	hp  *hpack.Encoder
}

// Begin implements mux.Coding.
func (c *Coding) Begin(dst []byte) []byte {
	if c.hp == nil {
		c.hp = hpack.NewEncoder(&c.out)
		c.hp.SetMaxDynamicTableSize(0)
		// The first block would begin with the change of the size, which the server need not know of.
		_ = c.hp.WriteField(hpack.HeaderField{}) // a buffer never fails
	}
	return dst
}

// Field implements mux.Coding.
func (c *Coding) Field(dst []byte, name, value string) []byte {
	c.out.Reset()
	f := hpack.HeaderField{Name: name, Value: value, Sensitive: mux.IsSensitive(name)}
	_ = c.hp.WriteField(f) // a buffer never fails
	return append(dst, c.out.Bytes()...)
}

// Path implements mux.Coding.
func (c *Coding) Path(dst []byte, path string) []byte {
	const pathName = 4 // in the static table, as the name of a literal that is not indexed
	return append(mux.AppendLength(append(dst, pathName), len(path)), path...)
}

// AppendField appends a field to the block of a request, without the tables and without Huffman's code.
func AppendField(block []byte, name, value string) []byte {
	const newName = 0 // a literal that is not indexed, with a name that is not either
	name = strings.ToLower(name)
	block = mux.AppendLength(append(block, newName), len(name))
	block = mux.AppendLength(append(block, name...), len(value))
	return append(block, value...)
}

// NewEncoder returns an encoder of field blocks for HTTP/2.
func NewEncoder() *mux.Encoder { return &mux.Encoder{Coding: &Coding{}} }
