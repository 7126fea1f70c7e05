package source

import (
	"bufio"
	"errors"
	"io"
	"strings"
)

// Lines opens a text file with a URL on each line. Empty lines and those that begin with # are left out, and so is what
// follows a # after a space.
func Lines(f File, onError OnError) (*List, error) { return open(lines{}, onError, f) }

// maxLine bounds a line.
const maxLine = 1 << 16

type lines struct{}

func (lines) decode(name string, r io.Reader, at place) decoder {
	return &linesDecoder{name: name, r: bufio.NewReaderSize(r, maxLine), at: at}
}

type linesDecoder struct {
	name string
	r    *bufio.Reader
	at   place
}

func (d *linesDecoder) place() place { return d.at }

func (d *linesDecoder) next(to *Entry) error {
	for {
		line, err := d.r.ReadSlice('\n')
		d.at.offset += int64(len(line))
		if errors.Is(err, bufio.ErrBufferFull) {
			return d.tooLong()
		}
		if len(line) == 0 {
			return err
		}
		d.at.line++
		text := string(line)
		if d.at.line == 1 {
			text = strings.TrimPrefix(text, "\ufeff")
		}
		text = strings.TrimSpace(text)
		if text == "" || text[0] == '#' {
			continue
		}
		if hash := strings.IndexByte(text, '#'); hash > 0 && (text[hash-1] == ' ' || text[hash-1] == '\t') {
			text = strings.TrimSpace(text[:hash])
		}
		if wrong := checkURL(text); wrong != "" {
			return &MalformedError{d.name, d.at.line, wrong}
		}
		to.URL = text
		return nil
	}
}

// tooLong skips the rest of a line.
func (d *linesDecoder) tooLong() error {
	for {
		rest, err := d.r.ReadSlice('\n')
		d.at.offset += int64(len(rest))
		if !errors.Is(err, bufio.ErrBufferFull) {
			d.at.line++
			return &MalformedError{d.name, d.at.line, "the line is too long"}
		}
	}
}
