package lists

import (
	"bytes"
	"compress/flate"
	"errors"
	"io"
)

// blocks are a text in pieces of the same size, each compressed separately, so that reading can begin in any of them.
type blocks struct {
	data [][]byte
	// err is the error that ended the text, after its blocks.
	err error
}

const blockSize = 256 << 10

// compress reads a text to its end.
func compress(r io.Reader) (*blocks, error) {
	b := &blocks{}
	block := make([]byte, blockSize)
	var out bytes.Buffer
	w, err := flate.NewWriter(&out, flate.BestSpeed)
	if err != nil {
		return nil, err
	}
	for b.err == nil {
		n := 0
		for n < len(block) && b.err == nil { // io.ReadFull hides whether the reader itself returned an unexpected end
			var more int
			more, b.err = r.Read(block[n:])
			n += more
		}
		out.Reset()
		w.Reset(&out)
		if _, err = w.Write(block[:n]); err != nil {
			return nil, err
		}
		if err = w.Close(); err != nil {
			return nil, err
		}
		b.data = append(b.data, bytes.Clone(out.Bytes()))
	}
	return b, nil
}

// from reads the text from an offset.
func (b *blocks) from(offset int64) (io.ReadCloser, error) {
	r := &blocksReader{blocks: b, next: int(min(offset/blockSize, int64(len(b.data))))}
	if _, err := io.CopyN(io.Discard, r, offset%blockSize); err != nil && !errors.Is(err, b.err) {
		return nil, err
	}
	return r, nil
}

type blocksReader struct {
	*blocks

	next  int // number of the block after the current one
	block io.ReadCloser
}

func (r *blocksReader) Read(p []byte) (int, error) {
	for {
		if r.block == nil {
			if r.next == len(r.data) {
				return 0, r.err
			}
			r.block = flate.NewReader(bytes.NewReader(r.data[r.next]))
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

func (r *blocksReader) Close() error { return nil }
