package cache

import "net/http"

// entryCost is what an entry counts in addition to its texts, about what its structures take in memory. It bounds the
// number of entries too: to a 512th of the limit.
const entryCost = 512

// maxHead bounds a header that is kept. It is less than what many servers accept, and far more than any of them sends.
const maxHead = 64 << 10

// sizeOf is what an entry counts in bytes: its key, its header, what selects it, its body, and entryCost. A body counts
// by its capacity, which is what stays in memory, and nothing if it was not kept.
func sizeOf(k key, e *Entry) int64 {
	n := int64(entryCost) + int64(len(k.url)+len(k.partition)) + headSize(e.Header) + int64(cap(e.Body))
	for i := range e.selection {
		s := &e.selection[i]
		n += int64(len(s.name) + len(s.value) + len(s.equal))
	}
	return n
}

// headSize counts names and values as HTTP/1.1 sends them, with ": " and the end of the line.
func headSize(h http.Header) int64 {
	n := 0
	for name, lines := range h {
		for _, line := range lines {
			n += len(name) + len(line) + len(": \r\n")
		}
	}
	return int64(n)
}

// recency is a ring of entries through a root, the most recently used first.
type recency struct {
	root Entry
	uses uint64 // counts them, to compare entries without walking the ring
}

func (l *recency) init() { l.root.prev, l.root.next = &l.root, &l.root }

// last returns the least recently used entry, or nil if there is none.
func (l *recency) last() *Entry {
	if l.root.prev == &l.root {
		return nil
	}
	return l.root.prev
}

func (l *recency) pushFront(e *Entry) {
	e.prev, e.next = &l.root, l.root.next
	e.prev.next, e.next.prev = e, e
	l.uses++
	e.used = l.uses
}

func (l *recency) remove(e *Entry) {
	e.prev.next, e.next.prev = e.next, e.prev
	e.prev, e.next = nil, nil
}

func (l *recency) touch(e *Entry) {
	l.remove(e)
	l.pushFront(e)
}
