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

	"github.com/xk6-fetch/xk6-fetch/fetch/lists/packed"
)

// File is a file that can be opened several times.
type File struct {
	// Name is the file's name in errors.
	Name string
	// Open returns it from its beginning.
	Open func() (io.ReadSeekCloser, error)
	// URL is the final URL of a file from the network. Relative URLs in a sitemap are resolved against it. It may be
	// empty.
	URL string
	// Limit bounds the decompressed size in bytes; 0: no limit.
	Limit int64
}

// Bytes returns a file in memory.
func Bytes(name string, data []byte) File {
	return File{Name: name, Open: func() (io.ReadSeekCloser, error) { return nopCloser{bytes.NewReader(data)}, nil }}
}

type nopCloser struct{ io.ReadSeeker }

func (nopCloser) Close() error { return nil }

// file is a File of which is known whether it is compressed. Its text begins after the byte order mark, and so do all
// offsets.
type file struct {
	File

	zipped bool
	bom    int64 // size of the byte order mark in bytes
	// blocks are the text of a compressed file, for reading from the middle.
	blocks func() (*packed.Text, error)
}

func newFile(f File) (*file, error) {
	opened := &file{File: f}
	opened.blocks = sync.OnceValues(opened.recompress)
	magic, err := opened.beginning(2)
	if err != nil {
		return nil, err
	}
	opened.zipped = isZipped(magic)
	begins, err := opened.beginning(3)
	if err != nil {
		return nil, err
	}
	if opened.bom, err = markOf(f.Name, "file", begins); err != nil {
		return nil, err
	}
	return opened, nil
}

// isZipped reports whether a file that begins so is compressed with gzip.
func isZipped(begins []byte) bool { return string(begins) == "\x1f\x8b" }

// markOf returns the size of the byte order mark in the first three bytes of a text. UTF-16 is an error, in which what
// is what the text is called.
func markOf(name, what string, begins []byte) (size int64, err error) {
	switch text := string(begins); {
	case strings.HasPrefix(text, "\ufeff"):
		return int64(len("\ufeff")), nil
	case strings.HasPrefix(text, "\xff\xfe"), strings.HasPrefix(text, "\xfe\xff"):
		return 0, broken(name, 1, "the "+what+" is in UTF-16; it must be in UTF-8")
	}
	return 0, nil
}

// from opens the text at an offset. A compressed text is decompressed as it is read. Because gzip cannot start at an
// offset, the first caller that begins in the middle compresses the text anew, in blocks that stay in memory.
func (f *file) from(offset int64) (io.ReadCloser, error) {
	if f.zipped && offset > 0 {
		return f.inBlocks(offset)
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

func (f *file) inBlocks(offset int64) (io.ReadCloser, error) {
	b, err := f.blocks()
	if err != nil {
		return nil, err
	}
	r, err := b.Open()
	if err != nil {
		return nil, err
	}
	_, err = r.Seek(offset, io.SeekStart)
	return r, err
}

func (f *file) recompress() (*packed.Text, error) {
	r, err := f.from(0)
	if err != nil {
		return nil, err
	}
	defer r.Close() //nolint:errcheck // it was only read
	b := &packed.Text{}
	_, err = io.Copy(b, r)
	b.End(err)
	return b, nil
}

// beginning returns the first n bytes of the text, or all if there are fewer.
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

// limited fails if there is more to read than the limit.
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

var errTooLarge = errors.New("the decompressed file is too large")

// asMalformed makes the error of reading a file a MalformedError.
func asMalformed(name string, line int, err error) *MalformedError {
	known := &MalformedError{}
	switch {
	case errors.As(err, &known):
		return known
	case errors.Is(err, errTooLarge):
		return broken(name, line, err.Error())
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return broken(name, line, "the file is incomplete")
	default:
		return broken(name, line, fmt.Sprintf("the file cannot be read: %v", err))
	}
}
