package packed

import (
	"bufio"
	"cmp"
	"container/heap"
	"encoding/binary"
	"errors"
	"io"
	"slices"
)

// maxUnsorted is how many bytes are sorted at once.
const maxUnsorted = 8 << 20

// Sorter sorts texts by keys; those of the same key keep their order. It sorts as many at once as its buffer takes,
// keeps each of these parts as a [Text], and merges them at the end. So besides what is kept of them compressed, it
// needs memory for its buffer and the longest text.
type Sorter struct {
	buffer []byte
	order  []place
	parts  []*Text
}

// place is where a text is in the buffer.
type place struct {
	key      uint64
	from, to int
}

// Add takes a text, which is in pieces.
func (s *Sorter) Add(key uint64, pieces ...[]byte) error {
	const order = 24 // bytes of a place
	from := len(s.buffer)
	for _, piece := range pieces {
		s.buffer = append(s.buffer, piece...)
	}
	s.order = append(s.order, place{key, from, len(s.buffer)})
	if len(s.buffer)+order*len(s.order) < maxUnsorted {
		return nil
	}
	return s.keep()
}

// sort sorts what is in the buffer.
func (s *Sorter) sort() {
	slices.SortStableFunc(s.order, func(a, b place) int { return cmp.Compare(a.key, b.key) })
}

// keep makes a part of what is in the buffer.
func (s *Sorter) keep() error {
	s.sort()
	part := &Text{}
	var head []byte
	for _, p := range s.order {
		head = binary.AppendUvarint(binary.AppendUvarint(head[:0], p.key), uint64(p.to-p.from)) // #nosec G115 -- a length
		for _, piece := range [][]byte{head, s.buffer[p.from:p.to]} {
			if _, err := part.Write(piece); err != nil {
				return err
			}
		}
	}
	part.End(nil)
	s.parts = append(s.parts, part)
	s.buffer, s.order = s.buffer[:0], s.order[:0]
	return nil
}

// Each calls a function with each text, sorted, until it returns an error. A text is valid until the function returns.
// The sorter is empty then.
func (s *Sorter) Each(do func(text []byte) error) error {
	defer func() { *s = Sorter{} }()
	if s.parts != nil {
		return s.merge(do)
	}
	s.sort()
	for _, p := range s.order {
		if err := do(s.buffer[p.from:p.to]); err != nil {
			return err
		}
	}
	return nil
}

// merge goes through all parts at once.
func (s *Sorter) merge(do func(text []byte) error) error {
	if len(s.order) > 0 {
		if err := s.keep(); err != nil {
			return err
		}
	}
	var waiting parts
	for i, text := range s.parts {
		r, err := text.Open()
		if err == nil {
			err = waiting.add(&part{number: i, rest: bufio.NewReader(r)})
		}
		if err != nil {
			return err
		}
	}
	text := s.buffer
	for len(waiting) > 0 {
		first, _ := heap.Pop(&waiting).(*part)
		var err error
		if text, err = first.text(text); err != nil {
			return err
		}
		if err = do(text); err != nil {
			return err
		}
		if err = waiting.add(first); err != nil {
			return err
		}
	}
	return nil
}

// part is a part that is being merged. It has read the key of its next text, and not the text: those of all parts
// together may be long.
type part struct {
	number int
	key    uint64
	rest   *bufio.Reader
}

// text reads the next text, in the memory of another.
func (p *part) text(buffer []byte) ([]byte, error) {
	length, err := binary.ReadUvarint(p.rest)
	if err != nil {
		return nil, err
	}
	text := slices.Grow(buffer[:0], int(length))[:length] // #nosec G115 -- it was an int
	_, err = io.ReadFull(p.rest, text)
	return text, err
}

// parts are a heap of parts, that with the next text first.
type parts []*part

// add reads the key of a part's next text and adds the part, unless it has no more.
func (p *parts) add(one *part) (err error) {
	if one.key, err = binary.ReadUvarint(one.rest); err == nil {
		heap.Push(p, one)
	}
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

func (p *parts) Len() int      { return len(*p) }
func (p *parts) Swap(i, j int) { (*p)[i], (*p)[j] = (*p)[j], (*p)[i] }

func (p *parts) Less(i, j int) bool {
	a, b := (*p)[i], (*p)[j]
	return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.number, b.number)) < 0
}

// Push implements heap.Interface.
func (p *parts) Push(one any) {
	if part, ok := one.(*part); ok {
		*p = append(*p, part)
	}
}

// Pop implements heap.Interface.
func (p *parts) Pop() any {
	last := (*p)[len(*p)-1]
	*p = (*p)[:len(*p)-1]
	return last
}
