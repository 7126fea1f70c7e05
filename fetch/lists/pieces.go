package lists

import (
	"errors"
	"io"
)

// pieces are a text that grows without being copied.
type pieces struct {
	full [][]byte // all of the same size
	last []byte
	size int64
}

const pieceSize = 1 << 20

func (p *pieces) add(text string) {
	p.size += int64(len(text))
	for len(p.last)+len(text) > pieceSize {
		n := pieceSize - len(p.last)
		p.full = append(p.full, append(p.last, text[:n]...))
		p.last, text = make([]byte, 0, pieceSize), text[n:]
	}
	p.last = append(p.last, text...)
}

// at returns the bytes from an offset to the end of its piece.
func (p *pieces) at(offset int64) []byte {
	i, from := offset/pieceSize, offset%pieceSize
	if i < int64(len(p.full)) {
		return p.full[i][from:]
	}
	return p.last[min(from, int64(len(p.last))):]
}

// open returns the text from its beginning.
func (p *pieces) open() (io.ReadSeekCloser, error) { return &piecesReader{pieces: p}, nil }

type piecesReader struct {
	*pieces

	offset int64
}

func (r *piecesReader) Read(to []byte) (int, error) {
	n := 0
	if r.offset < r.size {
		n = copy(to, r.at(r.offset))
	}
	if n == 0 && len(to) > 0 {
		return 0, io.EOF
	}
	r.offset += int64(n)
	return n, nil
}

// Seek goes to an offset from the beginning.
func (r *piecesReader) Seek(offset int64, whence int) (int64, error) {
	if whence != io.SeekStart || offset < 0 {
		return 0, errors.New("only an offset from the start can be sought")
	}
	r.offset = offset
	return offset, nil
}

func (r *piecesReader) Close() error { return nil }
