package lists

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// Lines opens a text file with a URL on each line. It skips empty lines and lines that begin with #. A # after a space
// begins a comment.
func Lines(f File, onError OnError) (*List, error) {
	return open(&contents{format: lines{}, onError: onError}, f)
}

// maxLine bounds a line, and so a URL, in bytes.
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
			isComment := bytes.HasPrefix(bytes.TrimSpace(line), []byte("#"))
			d.skipLine()
			if isComment {
				continue
			}
			return malformed(d.name, d.at.line, "the line is too long")
		}
		if len(line) == 0 {
			return err
		}
		d.at.line++
		if line = bytes.TrimSpace(line); len(line) == 0 || line[0] == '#' {
			continue
		}
		if hash := bytes.IndexByte(line, '#'); hash > 0 && (line[hash-1] == ' ' || line[hash-1] == '\t') {
			line = bytes.TrimSpace(line[:hash])
		}
		to.URL = string(line)
		if wrong := checkURL(to.URL); wrong != "" {
			return malformed(d.name, d.at.line, wrong)
		}
		return nil
	}
}

// skipLine skips the rest of a line.
func (d *linesDecoder) skipLine() {
	for {
		rest, err := d.r.ReadSlice('\n')
		d.at.offset += int64(len(rest))
		if !errors.Is(err, bufio.ErrBufferFull) {
			d.at.line++
			return
		}
	}
}
