package source

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"sync"
)

// File is a file that can be opened several times.
type File struct {
	// Name is what errors call it.
	Name string
	// Open returns it from its beginning.
	Open func() (io.ReadSeekCloser, error)
}

// Bytes is a file in memory.
func Bytes(name string, data []byte) File {
	return File{name, func() (io.ReadSeekCloser, error) { return nopCloser{bytes.NewReader(data)}, nil }}
}

type nopCloser struct{ io.ReadSeeker }

func (nopCloser) Close() error { return nil }

// file is a File that has been found out to be compressed, or not.
type file struct {
	File

	zipped bool
	// plain is what a compressed file holds, for those who want to begin in the middle of it.
	plain func() ([]byte, error)
}

func newFile(f File) (*file, error) {
	opened := &file{File: f}
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close() //nolint:errcheck // it was only read
	magic := make([]byte, 2)
	if n, err := io.ReadFull(r, magic); n == len(magic) && err == nil {
		opened.zipped = bytes.Equal(magic, []byte{0x1f, 0x8b})
	}
	opened.plain = sync.OnceValues(opened.unzip)
	return opened, nil
}

// from opens the file, decompressed, at an offset. A compressed one is decompressed as it is read; but there is no
// telling where in it an offset is, so who begins in the middle has it all decompressed once, into memory.
func (f *file) from(offset int64) (io.ReadCloser, error) {
	if f.zipped && offset > 0 {
		data, err := f.plain()
		if err != nil {
			return nil, err
		}
		return io.NopCloser(bytes.NewReader(data[min(offset, int64(len(data))):])), nil
	}
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	if f.zipped {
		unzipped, err := gzip.NewReader(bufio.NewReader(r))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
		return unzippedFile{unzipped, r}, nil
	}
	if _, err = r.Seek(offset, io.SeekStart); err != nil {
		return nil, err
	}
	return r, nil
}

func (f *file) unzip() ([]byte, error) {
	r, err := f.from(0)
	if err != nil {
		return nil, err
	}
	defer r.Close() //nolint:errcheck // it was only read
	return io.ReadAll(r)
}

type unzippedFile struct {
	io.Reader
	io.Closer
}
