package page

import (
	"sync"

	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover"
)

// Memory is what earlier visits found in documents and stylesheets. Load tests visit the same pages again and again: a
// body that is the same, byte by byte, is compared instead of scanned, which costs next to nothing. Visits of all VUs
// share one.
type Memory struct {
	mu     sync.Mutex
	bodies map[source]*remembered
	size   int

	headers headers
}

// The bounds of a memory, in bytes: of all bodies with what was found in them, of one of these, and what each counts
// beside its texts.
const (
	maxMemory     = 32 << 20
	maxRemembered = 2 << 20
	perRemembered = 512
	perFind       = 256
)

// source is what the resources of a body depend on besides the body.
type source struct {
	address, contentType string
	style                bool
	browser              discover.Options
}

// remembered is a body, and what was found in it. It is empty until its source has been asked for twice, because the
// bodies of most of very many URLs would never be needed.
type remembered struct {
	body  []byte
	finds []find
	// end is what the scanner said after the body.
	end declared
	// misses counts bodies in a row that were others. Beyond maxMisses it is a source whose body changes all the time,
	// such as a document with a token in it, and nothing of it is kept.
	misses int
}

const maxMisses = 3

// find is a resource, and after how many bytes of the body it was found.
type find struct {
	at       int
	resource discover.Resource
	declared
}

// declared is what a body has said of itself so far, which matters to the resources that were found.
type declared struct{ charset, policy string }

func (s declared) Charset() string        { return s.charset }
func (s declared) ReferrerPolicy() string { return s.policy }

// scanner returns what finds the resources of a body: by comparing it with the body that the source had before, or
// with the scanner that start returns. The memory may be nil.
func (m *Memory) scanner(from source, start starter, to finds) scanner {
	if m == nil {
		return start(to.scanned)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	known := m.bodies[from]
	switch {
	case known == nil:
		m.put(from, &remembered{})
		return start(to.scanned)
	case known.misses > maxMisses:
		return start(to.scanned)
	case known.body == nil:
		return newRecorder(m, from, start, to.scanned)
	default:
		return &comparer{memory: m, from: from, known: known, start: start, to: to}
	}
}

// finds are where resources go: those that a scanner finds one by one, and those that are known, of which several come
// at once.
type finds struct{ scanned, known func(discover.Resource) }

// starter returns a new scanner, of the body from its beginning.
type starter func(found func(discover.Resource)) scanner

// put keeps what is remembered of a source. Others are forgotten, whichever, as far as there are too many.
func (m *Memory) put(from source, what *remembered) {
	if m.bodies == nil {
		m.bodies = make(map[source]*remembered)
	}
	m.drop(from)
	m.bodies[from] = what
	m.size += sizeOf(from, what)
	for other := range m.bodies {
		if m.size <= maxMemory {
			return
		}
		m.drop(other)
	}
}

func (m *Memory) drop(from source) {
	if known := m.bodies[from]; known != nil {
		m.size -= sizeOf(from, known)
		delete(m.bodies, from)
	}
}

func sizeOf(from source, what *remembered) int {
	n := perRemembered + len(from.address) + len(from.contentType) + cap(what.body)
	for i := range what.finds {
		resource := &what.finds[i].resource
		n += perFind + len(resource.URL) + len(resource.Integrity)
	}
	return n
}

// missed notes that the body of a source was another, and reports whether the new one is worth keeping.
func (m *Memory) missed(from source) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	known := m.bodies[from]
	if known == nil {
		return false
	}
	known.misses++
	if known.misses <= maxMisses {
		return true
	}
	m.put(from, &remembered{misses: known.misses})
	return false
}

// hit notes that the body of a source was the same.
func (m *Memory) hit(what *remembered) {
	m.mu.Lock()
	defer m.mu.Unlock()
	what.misses = 0
}

// learned keeps a body with what was found in it.
func (m *Memory) learned(from source, what *remembered) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if known := m.bodies[from]; known != nil {
		what.misses = known.misses
	}
	m.put(from, what)
}
