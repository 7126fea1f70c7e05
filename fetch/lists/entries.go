package lists

import (
	"bufio"
	"encoding/binary"
	"io"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/lists/packed"
)

// entries are entries in memory, for a format that cannot be read from the middle. They are one text, in which each
// part follows its length. So a part may hold any byte, and a reader needs no memory besides the entry that it reads.
type entries struct {
	packed.Text

	timed  bool // each begins with when it was recorded
	marks  []mark
	length int
	buffer []byte
}

// add appends an entry.
func (s *entries) add(e *Entry) error {
	s.buffer = s.encode(s.buffer[:0], e)
	return s.put(s.buffer, e.Body)
}

// put appends the text of an entry, of which the body may be apart.
func (s *entries) put(text, body []byte) error {
	if s.length%markEvery == 0 {
		s.marks = append(s.marks, mark{place: place{offset: s.Size()}})
	}
	s.length++
	if _, err := s.Write(text); err != nil {
		return err
	}
	_, err := s.Write(body)
	return err
}

// encode appends the text of an entry, without its body.
func (s *entries) encode(b []byte, e *Entry) []byte {
	if s.timed {
		b = binary.AppendUvarint(b, uint64(e.recorded)) // #nosec G115 -- since 1970
	}
	b = appendTexts(b, e.URL, e.Method, e.Name)
	b = binary.AppendUvarint(b, uint64(len(e.Header)))
	for _, name := range slices.Sorted(maps.Keys(e.Header)) { // sorted headers are alike, and compressed best
		b = appendTexts(b, name)
		b = binary.AppendUvarint(b, uint64(len(e.Header[name])))
		b = appendTexts(b, e.Header[name]...)
	}
	if e.Body == nil {
		return append(b, 0)
	}
	return binary.AppendUvarint(b, 1+uint64(len(e.Body)))
}

// contents ends the entries. name is the name of the file that they come from.
func (s *entries) contents(name string) *contents {
	s.End(nil)
	s.buffer = nil
	// newFile would take some lengths for the beginning of a compressed file.
	text := &file{File: File{Name: name, Open: s.Open}}
	return &contents{format: inMemory{s.timed}, files: []*file{text}, marks: s.marks, length: s.length}
}

func appendTexts(b []byte, texts ...string) []byte {
	for _, text := range texts {
		b = append(binary.AppendUvarint(b, uint64(len(text))), text...)
	}
	return b
}

// inMemory is the format of entries.
type inMemory struct{ timed bool }

func (f inMemory) decode(_ string, r io.Reader, at place) decoder {
	return &entriesDecoder{timed: f.timed, r: bufio.NewReader(r), at: at}
}

type entriesDecoder struct {
	timed  bool
	r      *bufio.Reader
	at     place
	buffer []byte
	err    error // the first one
}

func (d *entriesDecoder) place() place { return d.at }

func (d *entriesDecoder) next(to *Entry) error {
	if _, err := d.r.Peek(1); err != nil {
		return err
	}
	if d.timed {
		to.recorded = time.Duration(d.uvarint()) // #nosec G115 -- it was one
	}
	to.URL, to.Method, to.Name = d.text(), d.text(), d.text()
	if names := d.number(); names > 0 {
		to.Header = make(http.Header, names)
		for range names {
			name := d.text()
			values := make([]string, d.number())
			for i := range values {
				values[i] = d.text()
			}
			to.Header[name] = values
		}
	}
	if size := d.number(); size > 0 {
		to.Body = make([]byte, size-1)
		d.read(to.Body)
	}
	return d.err
}

func (d *entriesDecoder) text() string {
	n := d.number()
	d.buffer = slices.Grow(d.buffer[:0], n)[:n]
	d.read(d.buffer)
	return string(d.buffer)
}

func (d *entriesDecoder) number() int { return int(d.uvarint()) } // #nosec G115 -- it was an int

func (d *entriesDecoder) uvarint() uint64 {
	n, err := binary.ReadUvarint(d)
	d.failed(err)
	return n
}

// ReadByte makes it an io.ByteReader.
func (d *entriesDecoder) ReadByte() (byte, error) {
	d.at.offset++
	return d.r.ReadByte()
}

func (d *entriesDecoder) read(p []byte) {
	n, err := io.ReadFull(d.r, p)
	d.at.offset += int64(n)
	d.failed(err)
}

func (d *entriesDecoder) failed(err error) {
	if d.err == nil {
		d.err = err
	}
}
