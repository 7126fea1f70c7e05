package fetch

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
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

// readBody reads the body of an answer to its end and returns what the spec keeps of it, and how many bytes came.
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
		return nil, counted.n, err
	}
	if kept, err = keep(counted, c, limit); err != nil {
		return nil, counted.n, err
	}
	// What follows the end of a compressed body is read too, or the connection could not be used again.
	if _, err = io.Copy(io.Discard, io.LimitReader(counted, maxTrailing)); err != nil {
		return nil, counted.n, err
	}
	return kept, counted.n, nil
}

// maxTrailing is how much is read of what follows a compressed body, before its connection is given up instead.
const maxTrailing = 64 << 10

func errTooLarge(limit int64) error {
	return &codedError{code: CodeGeneric, text: fmt.Sprintf("response body is larger than maxBodySize of %d bytes", limit)}
}

// exists tells that a response can have content at all (RFC 9110, section 6.4.1).
func (c *content) exists() bool {
	return c.method != http.MethodHead && c.status >= http.StatusOK &&
		c.status != http.StatusNoContent && c.status != http.StatusNotModified
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
	// copy, if there is one, takes what is read.
	copy *bytes.Buffer
	// err is the failure of the connection, which must not be taken for one of the content.
	err error
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	if c.copy != nil {
		c.copy.Write(p[:n])
	}
	if err != nil && !errors.Is(err, io.EOF) {
		c.err = err
	}
	return n, err
}

// decode undoes the content codings that k6 knows, the last applied first. Others are left as they are.
func decode(body *countingReader, codings string) (io.ReadCloser, error) {
	out := io.NopCloser(body)
	list := strings.Split(codings, ",")
	if len(list) > maxCodings {
		return nil, &codedError{code: CodeContentDecode, text: "response body has too many content codings"}
	}
	for _, coding := range slices.Backward(list) {
		next, err := decoder(strings.TrimSpace(coding), out)
		if err != nil {
			return nil, contentError(body, err)
		}
		if next != nil {
			out = &decodingReader{next, body}
		}
	}
	return out, nil
}

// maxCodings is how many codings a body may have. Nobody means more than two.
const maxCodings = 5

// decoder returns a reader that undoes one content coding, nil for one that it does not know.
func decoder(coding string, r io.Reader) (io.ReadCloser, error) {
	switch coding {
	case "gzip":
		return gzip.NewReader(r)
	case "deflate":
		return zlib.NewReader(r)
	case "br":
		return io.NopCloser(brotli.NewReader(r)), nil
	case "zstd":
		// One goroutine's worth of state, and a window that a hostile frame cannot blow up.
		d, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow))
		if err != nil {
			return nil, err
		}
		return d.IOReadCloser(), nil
	default:
		return nil, nil //nolint:nilnil // no coding is not an error
	}
}

// maxWindow is what RFC 8878 asks of every decoder, and RFC 9659 allows for HTTP.
const maxWindow = 8 << 20

// decodingReader tells a failure of the content from one of the connection below it.
type decodingReader struct {
	io.ReadCloser
	body *countingReader
}

func (d *decodingReader) Read(p []byte) (int, error) {
	n, err := d.ReadCloser.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = contentError(d.body, err)
	}
	return n, err
}

// contentError is err as a failure to decode, unless the body itself could not be read.
func contentError(body *countingReader, err error) error {
	if body.err != nil {
		return body.err
	}
	if coded, ok := asError[*codedError](err); ok {
		return coded
	}
	return &codedError{
		code: CodeContentDecode,
		text: "error decompressing response body (" + boundedText(err.Error()) + ")",
		err:  err,
	}
}
