package lists

import (
	"context"
	"errors"
	"io"
	"math"
)

// scanner reads a text byte by byte. It knows its position, and needs one buffer, however long the text is.
type scanner struct {
	r        io.Reader
	buffer   []byte
	pos, end int   // the unread part of the buffer
	before   int64 // bytes before the buffer
	lines    int   // line ends read so far
	err      error // that the reader returned

	// left is how many bytes may be read before an error. It protects parsers that would keep them.
	left int64
	// ascii replaces all other bytes by one that is invalid in URLs.
	ascii bool
}

const scanSize = 8 << 10

func newScanner(r io.Reader) *scanner {
	return &scanner{r: r, buffer: make([]byte, scanSize), left: math.MaxInt64}
}

// errTooMuch is the error of a scanner that has reached its limit.
var errTooMuch = errors.New("there is too much of it")

// offset is how many bytes have been read.
func (s *scanner) offset() int64 { return s.before + int64(s.pos) }

// unread returns the next bytes, at least one of them unless there is an error.
func (s *scanner) unread() ([]byte, error) {
	const patience = 100 // for readers that return nothing
	for tries := 0; s.pos == s.end; tries++ {
		if s.err != nil {
			return nil, s.err
		}
		if tries == patience {
			return nil, io.ErrNoProgress
		}
		s.before += int64(s.end)
		s.pos, s.end = 0, 0
		s.end, s.err = s.r.Read(s.buffer)
	}
	return s.buffer[s.pos:s.end], nil
}

// ReadByte makes it an io.ByteReader, so that the parser does not read ahead.
func (s *scanner) ReadByte() (byte, error) {
	if s.pos == s.end {
		if _, err := s.unread(); err != nil {
			return 0, err
		}
	}
	if s.left--; s.left < 0 {
		return 0, errTooMuch
	}
	b := s.buffer[s.pos]
	s.pos++
	if b == '\n' {
		s.lines++
	}
	if s.ascii && b >= 0x80 {
		b = 0x7f
	}
	return b, nil
}

// Read makes it an io.Reader, because encoding/xml requires that of a CharsetReader's result. It is never called.
func (s *scanner) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	b, err := s.ReadByte()
	if err != nil {
		return 0, err
	}
	p[0] = b
	return 1, nil
}

// peek returns the next byte without reading it.
func (s *scanner) peek() (byte, error) {
	next, err := s.unread()
	if err != nil {
		return 0, err
	}
	return next[0], nil
}

// givenUp is a reader that fails once its context has ended.
type givenUp struct {
	io.ReadCloser

	ctx context.Context //nolint:containedctx // for io.Reader, which takes none
}

func (g givenUp) Read(p []byte) (int, error) {
	if g.ctx.Err() != nil {
		return 0, context.Cause(g.ctx)
	}
	return g.ReadCloser.Read(p)
}

// until returns the file, which fails to be read once the context has ended. Its bytes are checked before
// decompression, because much of a compressed file may decompress to nothing.
func (f File) until(ctx context.Context) File {
	open := f.Open
	f.Open = func() (io.ReadSeekCloser, error) {
		r, err := open()
		if err != nil {
			return nil, err
		}
		return seekable{givenUp{r, ctx}, r}, nil
	}
	return f
}

type seekable struct {
	io.ReadCloser
	io.Seeker
}
