// Package content reads the bodies of responses. It decodes them, and keeps no more than the caller asks for.
package content

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/failure"
)

// Body is the body of a response, with what is needed to read it.
type Body struct {
	io.Reader

	Method string
	Status int
	Length int64 // -1: unknown
	// Encoding is the header Content-Encoding.
	Encoding string
	// Discarder, if set, can drop the body faster than by reading it.
	Discarder interface{ Discard() (int64, error) }
	// Into, if set, gets the decoded body as it comes, whether it is kept or not. Its errors end the reading.
	Into io.Writer
}

// Read reads the body to its end. It returns how many bytes were received and, if keeps, the decoded body. If the body
// breaks off, it returns what was received, as k6 does. If the decoded body exceeds limit bytes, it returns none of it;
// 0 is no limit.
func (c *Body) Read(keeps bool, limit int64) (kept []byte, size int64, err error) {
	passes := c.Into != nil && c.exists()
	if !keeps && !passes && limit == 0 {
		size, err = c.discard()
		return nil, size, err
	}
	counted := &countingReader{r: c.Reader}
	if !keeps && !passes {
		size, err = io.Copy(io.Discard, io.LimitReader(counted, limit+1))
		if err == nil && size > limit {
			err = errTooLarge(limit)
		}
		return nil, counted.n, err
	}
	if !c.exists() {
		_, err = io.Copy(io.Discard, counted)
		return c.nothing(), counted.n, err
	}
	if keeps {
		kept, err = keep(counted, c, limit)
	} else {
		err = pass(counted, c, limit)
	}
	if err != nil {
		return kept, counted.n, err
	}
	// What follows the end of a compressed body is read too, so that the connection can be used again.
	_, err = io.Copy(io.Discard, io.LimitReader(counted, maxTrailing))
	return kept, counted.n, err
}

// maxTrailing is how many bytes after a compressed body are read before the connection is given up instead.
const maxTrailing = 64 << 10

// errBodyTooLarge is wrapped by errors of bodies that are too large.
var errBodyTooLarge = errors.New("body is too large")

func errTooLarge(limit int64) error {
	text := fmt.Sprintf("response body is larger than maxBodySize of %d bytes", limit)
	return &failure.Error{Code: failure.CodeGeneric, Text: text, Err: errBodyTooLarge}
}

// exists reports whether a response can have content at all (RFC 9110, section 6.4.1).
func (c *Body) exists() bool { return c.Method != http.MethodHead && c.mayHaveContent() }

// mayHaveContent reports whether a response with that status can have content, unless it answers a HEAD request.
func (c *Body) mayHaveContent() bool {
	return c.Status >= http.StatusOK && c.Status != http.StatusNoContent && c.Status != http.StatusNotModified
}

// nothing is the body of a response that has no content. As in k6 it is empty after a HEAD request, and nil for a
// status without content.
func (c *Body) nothing() []byte {
	if c.mayHaveContent() {
		return []byte{}
	}
	return nil
}

// discard reads the body to its end and drops it.
func (c *Body) discard() (int64, error) {
	if c.Discarder != nil {
		return c.Discarder.Discard()
	}
	return io.Copy(io.Discard, c.Reader)
}

type countingReader struct {
	r io.Reader
	n int64
	// copy, if set, receives what is read, but no more than allowance permits.
	copy      *bytes.Buffer
	allowance *allowance
	// err is the failure of the connection, to be distinguished from one of the content.
	err error
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	if c.copy != nil {
		c.copy.Write(p[:n])
		if spent := c.allowance.spend(n); spent != nil {
			err = spent
		}
	}
	if err != nil && !errors.Is(err, io.EOF) {
		c.err = err
	}
	return n, err
}
