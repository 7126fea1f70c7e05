package http1

import (
	"bytes"
	"errors"
	"io"
	"math"
	"net/http/httputil"
	"net/textproto"
)

// scratchSize is how many bytes Discard reads at once, if the buffer does not hold the rest of the body.
const scratchSize = 64 << 10

// Body returns the body. Its bytes, errors and their texts are those of http.Response.Body. It is valid until the next
// round trip.
func (r *Response) Body() io.Reader { return &r.body }

// Discard drops the rest of the body and returns its size. At the end it returns nil where Body returns io.EOF.
func (r *Response) Discard() (n int64, err error) {
	b := &r.body
	if b.sized() {
		n = b.discardBuffered()
	}
	for b.err == nil {
		if r.scratch == nil {
			r.scratch = make([]byte, scratchSize)
		}
		m, _ := b.Read(r.scratch) // its error is kept in b.err
		n += int64(m)
	}
	if isEOF(b.err) {
		return n, nil
	}
	return n, b.err
}

// A body reads from the connection's buffer.
type body struct {
	conn   *Conn
	src    io.Reader // nil: the buffer itself
	left   int64     // if the length is known
	chunks bool      // a trailer follows src
	err    error     // sticky, io.EOF at the end
}

func (b *body) start(src io.Reader)   { b.src, b.left, b.err = src, math.MaxInt64, nil }
func (b *body) startRaw()             { b.start(b.conn.br) }
func (b *body) startSized(left int64) { b.left, b.err = left, nil }
func (b *body) startChunked()         { b.start(httputil.NewChunkedReader(b.conn.br)); b.chunks = true }
func (b *body) sized() bool           { return b.src == nil }

// Read implements io.Reader. As in net/http, an error is returned again by each later call.
func (b *body) Read(p []byte) (n int, err error) {
	switch {
	case b.err != nil:
		return 0, b.err
	case b.sized():
		n, b.err = b.readSized(p)
	default:
		n, b.err = b.src.Read(p)
		if b.chunks && isEOF(b.err) {
			if err := b.readTrailer(); err != nil {
				b.err = err
			}
		}
	}
	return n, b.err
}

// readSized reads a body of known length, like net/http. The end comes with the last byte, so that the connection is
// free at once. If the connection ends early, the error is io.ErrUnexpectedEOF.
func (b *body) readSized(p []byte) (int, error) {
	if int64(len(p)) > b.left {
		p = p[:b.left]
	}
	n, err := b.conn.br.Read(p)
	b.left -= int64(n)
	switch {
	case isEOF(err) && b.left > 0:
		err = io.ErrUnexpectedEOF
	case err == nil && n > 0 && b.left == 0:
		err = io.EOF
	}
	return n, err
}

// discardBuffered drops the part of the body that is in the buffer, mostly all of it.
func (b *body) discardBuffered() int64 {
	if b.err != nil {
		return 0
	}
	n, _ := b.conn.br.Discard(int(min(b.left, int64(b.conn.br.Buffered())))) // cannot fail on buffered bytes
	b.left -= int64(n)
	if b.left == 0 {
		b.err = io.EOF
	}
	return int64(n)
}

// readTrailer reads what follows the last chunk. The limit, which is the size of the buffer, and the errors are those
// of net/http.
func (b *body) readTrailer() error {
	br := b.conn.br
	start, err := br.Peek(2)
	switch {
	case string(start) == "\r\n":
		_, err = br.Discard(2)
		return err
	case len(start) < 2:
		return errors.New("http: unexpected EOF reading trailer")
	case err != nil:
		return err
	}
	for size := 4; ; size++ {
		seen, err := br.Peek(size)
		if bytes.HasSuffix(seen, []byte("\r\n\r\n")) {
			break
		}
		if err != nil {
			return errors.New("http: suspiciously long trailer after chunked body")
		}
	}
	_, err = textproto.NewReader(br).ReadMIMEHeader()
	if isEOF(err) {
		return errors.New("http: unexpected EOF reading trailer")
	}
	return err
}

// isEOF compares as net/http does: a wrapped io.EOF is an error.
func isEOF(err error) bool {
	return err == io.EOF //nolint:errorlint // see above
}
