package lists

import (
	"context"
	"io"
	"iter"
	"math/rand/v2"
	"slices"
	"time"
)

// OnError says what happens to malformed entries.
type OnError uint8

// What happens to malformed entries: the list cannot be opened, or they are skipped and counted.
const (
	Fail OnError = iota
	Skip
)

// List holds the entries of some files, or a selection of them.
type List struct {
	contents *contents
	from, to int
	picked   []uint32 // if the list is a selection of those between from and to
	first    int      // number of the entry from whose start those of all are measured
}

func open(c *contents, files ...File) (*List, error) {
	return openContext(context.Background(), c, files...)
}

// openContext is open, but returns an error as soon as the context ends.
func openContext(ctx context.Context, c *contents, files ...File) (*List, error) {
	for _, one := range files {
		opened, err := newFile(one)
		if err != nil {
			return nil, err
		}
		c.files = append(c.files, opened)
	}
	if err := c.scan(ctx); err != nil {
		return nil, err
	}
	return &List{contents: c, to: c.length}, nil
}

// Len is the number of entries.
func (l *List) Len() int {
	if l.picked != nil {
		return len(l.picked)
	}
	return l.to - l.from
}

// Skipped is how many malformed entries the files had.
func (l *List) Skipped() int { return l.contents.skipped }

// at is the number of the i-th entry, counted over all files.
func (l *List) at(i int) int {
	if l.picked != nil {
		return int(l.picked[i])
	}
	return l.from + i
}

// Slice returns the entries from one up to, but not including, another.
func (l *List) Slice(from, to int) *List {
	if l.picked != nil {
		return l.with(l.picked[from:to])
	}
	return &List{contents: l.contents, from: l.from + from, to: l.from + to, first: l.first}
}

// Pick returns the entries with the given indices, which must be in ascending order.
func (l *List) Pick(indices []int) *List {
	picked := make([]uint32, len(indices))
	for k, i := range indices {
		picked[k] = uint32(l.at(i)) // #nosec G115 -- nobody has four billion URLs in a file
	}
	return l.with(picked)
}

func (l *List) with(picked []uint32) *List {
	if picked == nil {
		picked = []uint32{}
	}
	return &List{contents: l.contents, from: l.from, to: l.to, picked: picked, first: l.first}
}

// Sample returns n entries picked at random, in their order. The same seed picks the same entries. A list of at most n
// entries is returned whole.
func (l *List) Sample(n int, seed uint64) *List {
	length := l.Len()
	if n >= length {
		return l
	}
	random := rand.New(rand.NewPCG(seed, uint64(length))) // #nosec G115 G404 -- for tests that can be repeated
	picked := make([]uint32, 0, n)
	for i := 0; len(picked) < n; i++ {
		// Each remaining entry is equally likely to be among those still wanted.
		if random.IntN(length-i) < n-len(picked) {
			picked = append(picked, uint32(l.at(i))) // #nosec G115 -- as in Pick
		}
	}
	return l.with(picked)
}

// Filter returns the entries for which keep returns true. It calls keep once for each, with its index.
func (l *List) Filter(keep func(i int, e *Entry) bool) (*List, error) {
	picked := []uint32{}
	var failure error
	for i, e := range l.All(func(err error) { failure = err }) {
		if keep(i, e) {
			picked = append(picked, uint32(l.at(i))) // #nosec G115 -- as in Pick
		}
	}
	if failure != nil {
		return nil, failure
	}
	return l.with(slices.Clip(picked)), nil
}

// All yields all entries with their indices. An entry is valid until the next one. fail is called if the file cannot be
// read to its end.
func (l *List) All(fail func(error)) iter.Seq2[int, *Entry] {
	return func(yield func(int, *Entry) bool) {
		r := l.Read()
		defer r.Close()
		for i := range l.Len() {
			e, err := r.Next()
			if err != nil {
				fail(err)
				return
			}
			if !yield(i, e) {
				return
			}
		}
	}
}

// Read returns a reader of all entries, one after another.
func (l *List) Read() *Reader { return &Reader{list: l, cursor: cursor{contents: l.contents}} }

// Reader reads the entries of a list. One goroutine at a time may use it.
type Reader struct {
	list   *List
	cursor cursor
	next   int
	entry  Entry
	begun  time.Duration // when the entry was recorded from whose start those of all are measured
}

// Next returns the next entry, which is valid until the next call. The error is io.EOF at the end.
func (r *Reader) Next() (*Entry, error) {
	if r.next == r.list.Len() {
		r.Close()
		return nil, io.EOF
	}
	if r.next == 0 && r.list.Paced() {
		if err := r.begin(); err != nil {
			return nil, err
		}
	}
	if err := r.readAt(r.list.at(r.next)); err != nil {
		return nil, err
	}
	r.next++
	if r.list.Paced() {
		r.entry.Start = r.list.contents.scaled(r.entry.recorded - r.begun)
	}
	return &r.entry, nil
}

func (r *Reader) readAt(i int) error {
	if err := r.cursor.seek(i); err != nil {
		return err
	}
	return r.cursor.read(&r.entry)
}

// Close closes the open file before the end is reached.
func (r *Reader) Close() { r.cursor.close() }
