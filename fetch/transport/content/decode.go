package content

import (
	"bytes"
	"cmp"
	"errors"
	"io"

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
	var limited io.Reader = content
	if limit > 0 {
		limited = io.LimitReader(content, limit+1)
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
