package lists

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
)

// File is a file that can be opened several times.
type File struct {
	// Name is what errors call it.
	Name string
	// Open returns it from its beginning.
	Open func() (io.ReadSeekCloser, error)
	// URL is where a file from the network was in the end: what relative URLs in a sitemap go by. It may be empty.
	URL string
	// Limit is how many bytes there may be in it when it is decompressed; 0: as many as there are.
	Limit int64
}

// Bytes is a file in memory.
func Bytes(name string, data []byte) File {
	return File{Name: name, Open: func() (io.ReadSeekCloser, error) { return nopCloser{bytes.NewReader(data)}, nil }}
}

type nopCloser struct{ io.ReadSeeker }

func (nopCloser) Close() error { return nil }

// file is a File that has been found out to be compressed, or not. Its text begins after the byte order mark, and so do
// all offsets.
type file struct {
	File

	zipped bool
	bom    int64 // bytes of the byte order mark
	// blocks are the text of a compressed file, for those who want to begin in the middle of it.
	blocks func() (*blocks, error)
}

func newFile(f File) (*file, error) {
	opened := &file{File: f}
	opened.blocks = sync.OnceValues(opened.recompress)
	magic, err := opened.beginning(2)
	if err != nil {
		return nil, err
	}
	opened.zipped = string(magic) == "\x1f\x8b"
	mark, err := opened.beginning(3)
	if err != nil {
		return nil, err
	}
	switch text := string(mark); {
	case strings.HasPrefix(text, "\ufeff"):
		opened.bom = int64(len("\ufeff"))
	case strings.HasPrefix(text, "\xff\xfe"), strings.HasPrefix(text, "\xfe\xff"):
		return nil, broken(f.Name, 1, "the file is in UTF-16; it must be in UTF-8")
	}
	return opened, nil
}

// from opens the text at an offset. A compressed one is decompressed as it is read. Because nobody knows where in it an
// offset is, the first to begin in the middle compresses it anew, in blocks that stay in memory.
func (f *file) from(offset int64) (io.ReadCloser, error) {
	if f.zipped && offset > 0 {
		b, err := f.blocks()
		if err != nil {
			return nil, err
		}
		return b.from(offset)
	}
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	var text io.Reader = r
	if f.zipped {
		text, err = f.unzip(r)
	} else {
		_, err = r.Seek(f.bom+offset, io.SeekStart)
	}
	if err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return textReader{text, r}, nil
}

func (f *file) unzip(r io.Reader) (text io.Reader, err error) {
	text, err = gzip.NewReader(bufio.NewReader(r))
	if err != nil {
		return nil, asMalformed(f.Name, 1, err)
	}
	if f.Limit > 0 {
		text = &limited{text, f.Limit}
	}
	_, err = io.CopyN(io.Discard, text, f.bom)
	return text, err
}

func (f *file) recompress() (*blocks, error) {
	r, err := f.from(0)
	if err != nil {
		return nil, err
	}
	defer r.Close() //nolint:errcheck // it was only read
	return compress(r)
}

// beginning is the first n bytes of the text, or what there is.
func (f *file) beginning(n int64) ([]byte, error) {
	r, err := f.from(0)
	if err != nil {
		return nil, err
	}
	defer r.Close() //nolint:errcheck // it was only read
	data, err := io.ReadAll(io.LimitReader(r, n))
	if err != nil {
		return nil, asMalformed(f.Name, 1, err)
	}
	return data, nil
}

type textReader struct {
	io.Reader
	io.Closer
}

// limited fails where there is more to read than there may be.
type limited struct {
	r    io.Reader
	left int64
}

func (l *limited) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	if l.left -= int64(n); l.left < 0 {
		return 0, errTooLarge
	}
	return n, err
}

var errTooLarge = errors.New("there is too much in the compressed file")

// asMalformed makes an error of what reads a file our own: it cannot be read on.
func asMalformed(name string, line int, err error) *MalformedError {
	known := &MalformedError{}
	switch {
	case errors.As(err, &known):
		return known
	case errors.Is(err, errTooLarge):
		return broken(name, line, err.Error())
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return broken(name, line, "the file ends in the middle")
	default:
		return broken(name, line, fmt.Sprintf("the file cannot be read: %v", err))
	}
}
