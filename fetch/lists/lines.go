package lists

import (
	"bufio"
	"bytes"
	"compress/gzip"
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

// Stream reads lines as [Lines] does, of a text that can be read only once, such as a pipe. Nothing of it is read
// ahead of its lines, so that each can be used as it comes.
type Stream struct {
	name    string
	r       io.Reader
	decoder *linesDecoder
}

// NewStream returns a stream of what the reader reads. The name is for errors.
func NewStream(name string, r io.Reader) *Stream { return &Stream{name: name, r: r} }

// Next reads an entry. The error is a *MalformedError for an invalid one, whose URL is then what the line has, or
// empty if it is too long; and io.EOF at the end.
func (s *Stream) Next(to *Entry) error {
	*to = Entry{}
	if s.decoder == nil {
		if err := s.open(); err != nil {
			return err
		}
	}
	err := s.decoder.next(to)
	if err == nil || errors.Is(err, io.EOF) {
		return err
	}
	return asMalformed(s.name, s.decoder.at.line+1, err)
}

// Line is the number of the last line that was read, from 1.
func (s *Stream) Line() int {
	if s.decoder == nil {
		return 0
	}
	return s.decoder.at.line
}

// open looks at how the text begins, which may be compressed.
func (s *Stream) open() error {
	text := bufio.NewReaderSize(s.r, maxLine)
	if magic, _ := text.Peek(2); isZipped(magic) {
		unzipped, err := gzip.NewReader(text)
		if err != nil {
			return asMalformed(s.name, 1, err)
		}
		text = bufio.NewReaderSize(unzipped, maxLine)
	}
	begins, _ := text.Peek(3)
	mark, err := markOf(s.name, "text", begins)
	if err != nil {
		return err
	}
	_, _ = text.Discard(int(mark)) // just seen
	s.decoder = &linesDecoder{name: s.name, r: text}
	return nil
}

// Broken reports whether nothing can be read after the invalid entry.
func (e *MalformedError) Broken() bool { return e.broken }

// CheckURL returns what is wrong with a URL of a list, empty if nothing is.
func CheckURL(raw string) string { return checkURL(raw) }
