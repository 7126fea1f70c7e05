package source

import (
	"bytes"
	"errors"
	"io"
)

// CompactJSON reads a text that is one JSON value as HARs are read.
func CompactJSON(data []byte) ([]byte, error) {
	j := &jsonReader{scanner: newScanner(bytes.NewReader(data))}
	text := &kept{most: len(data), mostValues: len(data)}
	if err := j.value(text); err != nil {
		return nil, err
	}
	if _, err := j.peekNext(); !errors.Is(err, io.EOF) {
		return nil, jsonError("there is more")
	}
	return text.text, nil
}
