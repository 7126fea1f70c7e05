package fetch

import (
	"bytes"
	"errors"
	"io"
)

const (
	// maxTrusted is how much memory a Content-Length or a compressed body is worth, before its bytes have come.
	maxTrusted = 1 << 20
	// maxRatio is how much more than has come a compressed body may be, beyond that. Text comes to ten, rarely to
	// twenty; a bomb comes to a thousand.
	maxRatio = 50
)

// keep reads and decodes a body of at most limit bytes, 0 being no limit.
//
// A body that unpacks to suspiciously much is unpacked twice: once to see how much it is, and, if it is not too
// much, to be kept. So a bomb costs time, but no memory.
func keep(from *countingReader, c *content, limit int64) ([]byte, error) {
	packed := &bytes.Buffer{}
	if limit > maxTrusted && c.encoding != "" {
		from.copy = packed
	}
	decoded, err := decode(from, c.encoding)
	if err != nil {
		return nil, err
	}
	defer func() { _ = decoded.Close() }()
	var limited io.Reader = decoded
	if limit > 0 {
		limited = io.LimitReader(decoded, limit+1)
	}
	var buf bytes.Buffer
	if n := c.length; n > 0 {
		buf.Grow(int(min(n, maxTrusted)) + bytes.MinRead)
	}
	if from.copy != nil {
		if _, err = io.CopyN(&buf, limited, maxTrusted); errors.Is(err, io.EOF) {
			return buf.Bytes(), nil
		} else if err != nil {
			return nil, err
		}
		if int64(buf.Len()) > maxRatio*from.n {
			return unpackTwice(from, c, limited, limit)
		}
		from.copy = nil
	}
	if _, err = buf.ReadFrom(limited); err != nil {
		return nil, err
	}
	if limit > 0 && int64(buf.Len()) > limit {
		return nil, errTooLarge(limit)
	}
	return buf.Bytes(), nil
}

// unpackTwice goes on with a body of which maxTrusted bytes have been unpacked.
func unpackTwice(from *countingReader, c *content, rest io.Reader, limit int64) ([]byte, error) {
	size, err := io.Copy(io.Discard, rest)
	if err != nil {
		return nil, err
	}
	if size += maxTrusted; size > limit {
		return nil, errTooLarge(limit)
	}
	again, err := decode(&countingReader{r: bytes.NewReader(from.copy.Bytes())}, c.encoding)
	if err != nil {
		return nil, err
	}
	defer func() { _ = again.Close() }()
	kept := make([]byte, size)
	_, err = io.ReadFull(again, kept)
	return kept, err
}
