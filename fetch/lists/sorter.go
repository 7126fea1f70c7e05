package lists

import (
	"cmp"
	"container/heap"
	"errors"
	"io"
	"slices"
	"time"
)

// maxUnsorted is how many bytes of entries are sorted at once.
const maxUnsorted = 8 << 20

// sorter sorts entries by when they were recorded; those of the same time keep their order. It sorts as many as its
// buffer takes, compresses them, and merges these parts at the end. Only while it merges, entries are in memory twice.
type sorter struct {
	text  []byte // of the entries in the buffer
	order []sorted
	parts []*entries
}

// sorted is an entry in the buffer.
type sorted struct {
	recorded time.Duration
	from, to int // its text
}

// add takes an entry.
func (s *sorter) add(e *Entry) error {
	const order = 24 // bytes of a sorted
	from := len(s.text)
	s.text = append((&entries{timed: true}).encode(s.text, e), e.Body...)
	s.order = append(s.order, sorted{e.recorded, from, len(s.text)})
	if len(s.text)+order*len(s.order) < maxUnsorted {
		return nil
	}
	return s.sort()
}

// sort makes a part of the entries in the buffer.
func (s *sorter) sort() error {
	slices.SortStableFunc(s.order, func(a, b sorted) int { return cmp.Compare(a.recorded, b.recorded) })
	part := &entries{timed: true}
	for _, one := range s.order {
		if err := part.put(s.text[one.from:one.to], nil); err != nil {
			return err
		}
	}
	part.end(nil)
	s.parts = append(s.parts, part)
	s.text, s.order = s.text[:0], s.order[:0]
	return nil
}

// entries returns all entries, sorted.
func (s *sorter) entries() (*entries, error) {
	if len(s.order) > 0 || len(s.parts) == 0 {
		if err := s.sort(); err != nil {
			return nil, err
		}
	}
	if len(s.parts) == 1 {
		return s.parts[0], nil
	}
	s.text, s.order = nil, nil
	merged := &entries{timed: true}
	var parts parts
	for i, part := range s.parts {
		c := part.contents("")
		p := &sortedPart{number: i, rest: (&List{contents: c, to: c.length}).Read()}
		if err := p.advance(&parts); err != nil {
			return nil, err
		}
	}
	for len(parts) > 0 {
		p, _ := heap.Pop(&parts).(*sortedPart)
		if err := merged.add(p.entry); err != nil {
			return nil, err
		}
		if err := p.advance(&parts); err != nil {
			return nil, err
		}
	}
	return merged, nil
}

// sortedPart is a part that is being merged: its next entry, and those after it.
type sortedPart struct {
	number int
	entry  *Entry
	rest   *Reader
}

// advance puts the part back among the others with its next entry, if it has one.
func (p *sortedPart) advance(among *parts) (err error) {
	if p.entry, err = p.rest.Next(); errors.Is(err, io.EOF) {
		return nil
	}
	if err == nil {
		heap.Push(among, p)
	}
	return err
}

// parts are a heap of parts, that with the earliest entry first.
type parts []*sortedPart

func (p *parts) Len() int      { return len(*p) }
func (p *parts) Swap(i, j int) { (*p)[i], (*p)[j] = (*p)[j], (*p)[i] }

func (p *parts) Less(i, j int) bool {
	a, b := (*p)[i], (*p)[j]
	return cmp.Or(cmp.Compare(a.entry.recorded, b.entry.recorded), cmp.Compare(a.number, b.number)) < 0
}

// Push implements heap.Interface.
func (p *parts) Push(part any) {
	if one, ok := part.(*sortedPart); ok {
		*p = append(*p, one)
	}
}

// Pop implements heap.Interface.
func (p *parts) Pop() any {
	last := (*p)[len(*p)-1]
	*p = (*p)[:len(*p)-1]
	return last
}
