package content

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"sync"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/failure"
)

const (
	// maxTrusted is how many bytes are allocated for a Content-Length or a compressed body before they have been received.
	maxTrusted = 1 << 20
	// maxRatio bounds, beyond that, how much larger than its received bytes a decoded body may be. Text reaches ten,
	// rarely twenty; a bomb reaches a thousand.
	maxRatio = 50
)

// keep reads and decodes a body of at most limit bytes; 0 is no limit. With an error it returns what came before it.
//
// A body that unpacks to suspiciously much is unpacked twice: first to see how large it is, then, if it is not too
// large, to be kept. So a bomb costs time, but no memory.
func keep(from *countingReader, c *Body, limit int64) ([]byte, error) {
	codings, err := codingsOf(c.Encoding)
	if err != nil {
		return nil, err
	}
	if limit > maxTrusted && len(codings) > 0 {
		from.copy, from.allowance = &bytes.Buffer{}, allow(limit)
	}
	content := decode(from, codings, limit)
	defer content.close()
	limited := content.limited(limit)
	if c.Into != nil {
		limited = io.TeeReader(limited, c.Into)
	}
	var buf bytes.Buffer
	if n := c.Length; n > 0 {
		buf.Grow(int(min(n, maxTrusted)) + bytes.MinRead)
	}
	if from.copy != nil {
		if _, err = io.CopyN(&buf, limited, maxTrusted); errors.Is(err, io.EOF) {
			return came(buf.Bytes(), nil)
		} else if err != nil {
			return came(buf.Bytes(), err)
		}
		if int64(buf.Len()) > maxRatio*from.n {
			return unpackTwice(from, codings, limited, limit)
		}
		from.copy = nil
	}
	_, err = buf.ReadFrom(limited)
	if limit > 0 && int64(buf.Len()) > limit {
		err = errTooLarge(limit)
	}
	return came(buf.Bytes(), err)
}

// pass decodes a body of at most limit bytes without keeping it; 0 is no limit.
func pass(from *countingReader, c *Body, limit int64) error {
	codings, err := codingsOf(c.Encoding)
	if err != nil {
		return err
	}
	content := decode(from, codings, limit)
	defer content.close()
	buffer := passBuffers.Get().(*[passBuffer]byte) //nolint:forcetypeassert // the pool has no others
	defer passBuffers.Put(buffer)
	// Without methods that would copy in another way, and allocate a buffer of their own.
	n, err := io.CopyBuffer(struct{ io.Writer }{c.Into}, struct{ io.Reader }{content.limited(limit)}, buffer[:])
	if limit > 0 && n > limit {
		err = errTooLarge(limit)
	}
	return err
}

const passBuffer = 32 << 10

//nolint:gochecknoglobals // a pool of buffers
var passBuffers = sync.Pool{New: func() any { return new([passBuffer]byte) }}

// limited returns a reader of the decoded body that ends after the first byte above the limit; 0 is no limit.
func (d *decoded) limited(limit int64) io.Reader {
	if limit > 0 {
		return io.LimitReader(d, limit+1)
	}
	return d
}

// came returns what is kept of a body with an error. It is nil if the body is too large or nothing could be decoded,
// and otherwise not nil, even if it is empty.
func came(body []byte, err error) ([]byte, error) {
	coded, ok := failure.As[*failure.Error](err)
	undecodable := ok && coded.Code == failure.CodeContentDecode
	switch {
	case errors.Is(err, errBodyTooLarge), undecodable && len(body) == 0:
		return nil, err
	case body == nil:
		return []byte{}, err
	default:
		return body, err
	}
}

// unpackTwice continues with a body of which maxTrusted bytes have been unpacked.
func unpackTwice(from *countingReader, codings []string, rest io.Reader, limit int64) ([]byte, error) {
	size, err := io.Copy(io.Discard, rest)
	if size += maxTrusted; size > limit {
		return nil, errTooLarge(limit)
	}
	if errors.Is(err, errBodyTooLarge) {
		return nil, err
	}
	again := decode(&countingReader{r: bytes.NewReader(from.copy.Bytes())}, codings, limit)
	defer again.close()
	kept := make([]byte, size)
	n, failed := io.ReadFull(again, kept)
	return kept[:n], cmp.Or(err, failed)
}
