// Package packed keeps texts in memory, compressed, and sorts parts of them.
package packed

import (
	"bytes"
	"cmp"
	"compress/flate"
	"errors"
	"io"
)

// Text is a text in memory that grows without being copied. Its full blocks are compressed, each separately, so that
// reading can begin in any of them.
type Text struct {
	full [][]byte
	last []byte // not compressed
	size int64
	// err is what a reader returns at the end, if not io.EOF.
	err error

	deflate *flate.Writer // nil before the first block is full, and after the end of the text
}

const blockSize = 256 << 10

// Write appends to the text.
func (t *Text) Write(text []byte) (int, error) {
	for rest := text; len(rest) > 0; {
		if len(t.last) == blockSize {
			if err := t.compress(); err != nil {
				return 0, err
			}
		}
		n := min(len(rest), blockSize-len(t.last))
		t.last = append(t.last, rest[:n]...)
		t.size += int64(n)
		rest = rest[n:]
	}
	return len(text), nil
}

// compress compresses the last block.
func (t *Text) compress() (err error) {
	var out bytes.Buffer
	if t.deflate == nil {
		if t.deflate, err = flate.NewWriter(nil, flate.BestSpeed); err != nil {
			return err
		}
	}
	t.deflate.Reset(&out)
	if _, err = t.deflate.Write(t.last); err != nil {
		return err
	}
	if err = t.deflate.Close(); err != nil {
		return err
	}
	t.full = append(t.full, bytes.Clone(out.Bytes()))
	t.last = t.last[:0]
	return nil
}

// Size is its length in bytes.
func (t *Text) Size() int64 { return t.size }

// End ends the text, and frees what only writing needs. err is what readers return at the end, if not io.EOF.
func (t *Text) End(err error) {
	t.err, t.deflate, t.last = err, nil, bytes.Clone(t.last)
}

// Open returns the text from its beginning.
func (t *Text) Open() (io.ReadSeekCloser, error) { return &reader{Text: t}, nil }

type reader struct {
	*Text

	next  int // number of the block after the current one
	block io.Reader
}

func (r *reader) Read(p []byte) (int, error) {
	for {
		if r.block == nil {
			switch {
			case r.next < len(r.full):
				r.block = flate.NewReader(bytes.NewReader(r.full[r.next]))
			case r.next == len(r.full):
				r.block = bytes.NewReader(r.last)
			default:
				return 0, cmp.Or(r.err, io.EOF)
			}
			r.next++
		}
		n, err := r.block.Read(p)
		if errors.Is(err, io.EOF) {
			r.block, err = nil, nil
		}
		if n > 0 || err != nil {
			return n, err
		}
	}
}

// Seek goes to an offset from the beginning.
func (r *reader) Seek(offset int64, whence int) (int64, error) {
	if whence != io.SeekStart || offset < 0 {
		return 0, errors.New("only an offset from the start can be sought")
	}
	r.next, r.block = int(offset/blockSize), nil
	_, err := io.CopyN(io.Discard, r, offset%blockSize)
	return offset, err
}

func (r *reader) Close() error { return nil }
