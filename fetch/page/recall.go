package page

import (
	"bytes"

	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover"
)

// comparer is a scanner that compares a body with one whose resources are known. From where it differs, it is scanned.
type comparer struct {
	declared // as of the last find

	memory *Memory
	from   source
	known  *remembered
	same   int // bytes
	passed int // finds
	start  starter
	to     finds
	other  scanner // nil as long as the body is the same
}

func (c *comparer) Write(p []byte) (int, error) {
	if c.other != nil {
		return c.other.Write(p)
	}
	rest := c.known.body[c.same:]
	if len(p) > len(rest) || !bytes.Equal(p, rest[:len(p)]) {
		c.scan(c.memory.missed(c.from))
		return c.other.Write(p)
	}
	c.same += len(p)
	c.pass(c.same)
	return len(p), nil
}

// pass passes on what was found in so many bytes.
func (c *comparer) pass(same int) {
	finds := c.known.finds[c.passed:]
	for i := range finds {
		if finds[i].at > same {
			break
		}
		c.passed++
		c.declared = finds[i].declared
		c.to.known(finds[i].resource)
	}
}

// scan goes on with a scanner, which comes to the same resources first. Its finds may be remembered instead.
func (c *comparer) scan(remember bool) {
	again := c.passed
	found := func(r discover.Resource) {
		if again > 0 {
			again--
			return
		}
		c.to.scanned(r)
	}
	if remember {
		c.other = newRecorder(c.memory, c.from, c.start, found)
	} else {
		c.other = c.start(found)
	}
	_, _ = c.other.Write(c.known.body[:c.same])
}

// Close implements scanner.
func (c *comparer) Close(whole bool) {
	if c.other == nil && c.same < len(c.known.body) {
		c.scan(whole && c.memory.missed(c.from))
	}
	if c.other != nil {
		c.other.Close(whole)
		return
	}
	c.pass(atEnd)
	c.declared = c.known.end
	c.memory.hit(c.known)
}

func (c *comparer) Charset() string {
	if c.other != nil {
		return c.other.Charset()
	}
	return c.declared.Charset()
}

func (c *comparer) ReferrerPolicy() string {
	if c.other != nil {
		return c.other.ReferrerPolicy()
	}
	return c.declared.ReferrerPolicy()
}

// recorder is a scanner whose finds are remembered, if the body comes whole and is not too large.
type recorder struct {
	scanner

	memory *Memory
	from   source
	what   *remembered // nil once it is too large
	closed bool
}

// atEnd is where something is found that only the end of the body decides.
const atEnd = maxRemembered + 1

func newRecorder(m *Memory, from source, start starter, found func(discover.Resource)) *recorder {
	r := &recorder{memory: m, from: from, what: &remembered{}}
	r.scanner = start(func(resource discover.Resource) {
		r.note(resource)
		found(resource)
	})
	return r
}

func (r *recorder) note(resource discover.Resource) {
	if r.what == nil {
		return
	}
	at := len(r.what.body)
	if r.closed {
		at = atEnd
	}
	r.what.finds = append(r.what.finds, find{
		at: at, resource: resource, declared: declared{r.Charset(), r.ReferrerPolicy()},
	})
}

// Write passes the body on in pieces that end where something may be found, so that it will be found as early as now.
func (r *recorder) Write(p []byte) (int, error) {
	n := len(p)
	for r.what != nil && len(p) > 0 {
		if len(r.what.body)+len(p) > maxRemembered {
			r.what = nil
			break
		}
		piece := 1 + bytes.IndexAny(p, ">;}")
		if piece == 0 {
			piece = len(p)
		}
		r.what.body = append(r.what.body, p[:piece]...)
		_, _ = r.scanner.Write(p[:piece])
		p = p[piece:]
	}
	_, _ = r.scanner.Write(p)
	return n, nil
}

// Close implements scanner.
func (r *recorder) Close(whole bool) {
	r.closed = true
	r.scanner.Close(whole)
	if r.what == nil || !whole {
		return
	}
	r.what.end = declared{r.Charset(), r.ReferrerPolicy()}
	r.memory.learned(r.from, r.what)
}
