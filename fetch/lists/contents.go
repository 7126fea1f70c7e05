package lists

import (
	"context"
	"errors"
	"io"
)

// format makes decoders of one kind of file.
type format interface {
	// decode reads a file from a place where an entry begins, or from its beginning.
	decode(name string, r io.Reader, at place) decoder
}

// decoder reads one entry after another.
type decoder interface {
	// next reads an entry. The error is a *MalformedError for an invalid entry, io.EOF at the end of the file, and any
	// other if reading the file fails.
	next(to *Entry) error
	// place is where the next entry begins.
	place() place
}

// place is a position in a file.
type place struct {
	offset int64  // in the decompressed file
	line   int    // number of lines before it
	before string // what a decoder that begins here must assume before it
}

// contents are the files of a list, with the places of entries in them.
type contents struct {
	format  format
	files   []*file
	marks   []mark // of every markEvery-th entry
	onError OnError
	// skipFiles reports whether a file that cannot be read to its end is skipped like a malformed entry.
	skipFiles bool
	// pace divides the gaps between the starts of entries. 0 means that they have none.
	pace float64

	length  int
	skipped int
}

// markEvery is the number of entries between marks. Reading from any entry skips half as many on average.
const markEvery = 256

// mark is the place of an entry.
type mark struct {
	file int
	place
}

// scan reads all files.
func (c *contents) scan(ctx context.Context) error {
	cur := cursor{contents: c, ctx: ctx}
	defer cur.close()
	var e Entry
	for {
		if c.length%markEvery == 0 {
			if cur.decoder == nil {
				c.marks = append(c.marks, mark{file: cur.file})
			} else {
				c.marks = append(c.marks, mark{cur.file, cur.decoder.place()})
			}
		}
		switch err := cur.read(&e); {
		case err == nil:
			c.length++
		case errors.Is(err, io.EOF):
			c.skipped = cur.skipped
			return nil
		default:
			return err
		}
	}
}

// cursor reads the entries of all files.
type cursor struct {
	*contents

	ctx context.Context //nolint:containedctx // ends a scan; nil for a reader, which ends when its caller does

	file    int
	decoder decoder
	closer  io.Closer
	next    int // number of the next entry
	skipped int
}

// seek goes to an entry.
func (c *cursor) seek(i int) error {
	if m := i / markEvery; i < c.next || m > c.next/markEvery {
		if err := c.open(c.marks[m]); err != nil {
			return err
		}
		c.next = m * markEvery
	}
	if c.next == i {
		return nil
	}
	return c.skip(i - c.next)
}

// skip reads past some entries.
func (c *cursor) skip(n int) error {
	var e Entry
	for range n {
		if err := c.read(&e); err != nil {
			return err
		}
	}
	return nil
}

// open goes to a mark.
func (c *cursor) open(m mark) error {
	c.close()
	r, err := c.files[m.file].from(m.offset)
	if err != nil {
		return err
	}
	if c.ctx != nil {
		r = givenUp{r, c.ctx}
	}
	c.file, c.closer = m.file, r
	c.decoder = c.format.decode(c.files[m.file].Name, r, m.place)
	return nil
}

// read reads an entry. At the end its error is io.EOF.
func (c *cursor) read(e *Entry) error {
	for {
		if c.decoder == nil {
			if c.file == len(c.files) {
				return io.EOF
			}
			if err := c.open(mark{file: c.file}); err != nil {
				return err
			}
		}
		*e = Entry{}
		err := c.decoder.next(e)
		if err == nil {
			c.next++
			return nil
		}
		if !errors.Is(err, io.EOF) {
			if err = c.skipMalformed(err); err != nil {
				return err
			}
			continue
		}
		c.nextFile()
	}
}

// skipMalformed goes on after a malformed entry, unless its error is to be returned.
func (c *cursor) skipMalformed(err error) error {
	wrong := asMalformed(c.files[c.file].Name, c.decoder.place().line+1, err)
	if c.onError == Fail && !wrong.foreign || wrong.broken && !c.skipFiles {
		return wrong
	}
	c.skipped++
	if wrong.broken {
		c.nextFile()
	}
	return nil
}

func (c *cursor) nextFile() {
	c.close()
	c.file++
}

func (c *cursor) close() {
	if c.closer != nil {
		_ = c.closer.Close() // it was only read
	}
	c.decoder, c.closer = nil, nil
}
