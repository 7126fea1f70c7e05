package lists

import (
	"bytes"
	"cmp"
	"compress/flate"
	"errors"
	"io"
)

// blocks are a text in memory that grows without being copied. Its full blocks are compressed, each separately, so that
// reading can begin in any of them.
type blocks struct {
	full [][]byte
	last []byte // not compressed
	size int64
	// err is what a reader returns at the end, if not io.EOF.
	err error

	deflate *flate.Writer // nil before the first block is full, and after the end of the text
}

const blockSize = 256 << 10

// Write appends to the text.
func (b *blocks) Write(text []byte) (int, error) {
	for rest := text; len(rest) > 0; {
		if len(b.last) == blockSize {
			if err := b.compress(); err != nil {
				return 0, err
			}
		}
		n := min(len(rest), blockSize-len(b.last))
		b.last = append(b.last, rest[:n]...)
		b.size += int64(n)
		rest = rest[n:]
	}
	return len(text), nil
}

// compress compresses the last block.
func (b *blocks) compress() (err error) {
	var out bytes.Buffer
	if b.deflate == nil {
		if b.deflate, err = flate.NewWriter(nil, flate.BestSpeed); err != nil {
			return err
		}
	}
	b.deflate.Reset(&out)
	if _, err = b.deflate.Write(b.last); err != nil {
		return err
	}
	if err = b.deflate.Close(); err != nil {
		return err
	}
	b.full = append(b.full, bytes.Clone(out.Bytes()))
	b.last = b.last[:0]
	return nil
}

// end ends the text, and frees what only writing needs.
func (b *blocks) end(err error) {
	b.err, b.deflate, b.last = err, nil, bytes.Clone(b.last)
}

// open returns the text from its beginning.
func (b *blocks) open() (io.ReadSeekCloser, error) { return &blocksReader{blocks: b}, nil }

type blocksReader struct {
	*blocks

	next  int // number of the block after the current one
	block io.Reader
}

func (r *blocksReader) Read(p []byte) (int, error) {
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
func (r *blocksReader) Seek(offset int64, whence int) (int64, error) {
	if whence != io.SeekStart || offset < 0 {
		return 0, errors.New("only an offset from the start can be sought")
	}
	r.next, r.block = int(offset/blockSize), nil
	_, err := io.CopyN(io.Discard, r, offset%blockSize)
	return offset, err
}

func (r *blocksReader) Close() error { return nil }
