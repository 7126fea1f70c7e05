package fetch

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// setBody gives a request a body that can be sent again. Of a body that is empty net/http must know that, or it sends
// chunks: POST, PUT and PATCH then have a Content-Length of 0, and other methods none.
func setBody(req *http.Request, body []byte) {
	if len(body) == 0 {
		req.ContentLength, req.Body = 0, http.NoBody
		req.GetBody = func() (io.ReadCloser, error) { return http.NoBody, nil }
		return
	}
	req.ContentLength = int64(len(body))
	req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	req.Body, _ = req.GetBody()
}

// readBody reads the body of an answer to its end and returns what the spec keeps of it, and how many bytes came. Of a
// body that breaks off it returns what came, as k6 does, and nothing of one that is too large.
func readBody(c *content, spec *Spec) (kept []byte, size int64, err error) {
	limit := spec.MaxBodySize
	if spec.ResponseType == ResponseNone && limit == 0 {
		size, err = c.discard()
		return nil, size, err
	}
	counted := &countingReader{r: c.body}
	if spec.ResponseType == ResponseNone {
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
	if kept, err = keep(counted, c, limit); err != nil {
		return kept, counted.n, err
	}
	// What follows the end of a compressed body is read too, or the connection could not be used again.
	_, err = io.Copy(io.Discard, io.LimitReader(counted, maxTrailing))
	return kept, counted.n, err
}

// maxTrailing is how much is read of what follows a compressed body, before its connection is given up instead.
const maxTrailing = 64 << 10

// errBodyTooLarge is what errors of bodies that are too large come down to.
var errBodyTooLarge = errors.New("body is too large")

func errTooLarge(limit int64) error {
	text := fmt.Sprintf("response body is larger than maxBodySize of %d bytes", limit)
	return &codedError{code: CodeGeneric, text: text, err: errBodyTooLarge}
}

// exists reports whether a response can have content at all (RFC 9110, section 6.4.1).
func (c *content) exists() bool { return c.method != http.MethodHead && c.mayHaveContent() }

// mayHaveContent reports whether a response of that status can have content, if not to a HEAD request.
func (c *content) mayHaveContent() bool {
	return c.status >= http.StatusOK && c.status != http.StatusNoContent && c.status != http.StatusNotModified
}

// nothing is the body of a response that has no content. As in k6 it is empty after a HEAD request, and nil for a
// status without content.
func (c *content) nothing() []byte {
	if c.mayHaveContent() {
		return []byte{}
	}
	return nil
}

// discard reads the body to its end and drops it.
func (c *content) discard() (int64, error) {
	if c.lane != nil {
		return c.lane.reply.Discard()
	}
	return io.Copy(io.Discard, c.body)
}

type countingReader struct {
	r io.Reader
	n int64
	// copy, if there is one, takes what is read, but no more than allowance has left.
	copy      *bytes.Buffer
	allowance *allowance
	// err is the failure of the connection, which must not be taken for one of the content.
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
