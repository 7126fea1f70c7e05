package cache

import (
	"strings"
	"sync"
)

// Cache is bounded by the bytes of what it keeps, see sizeOf. It must not be copied.
type Cache struct {
	limit int64

	mu        sync.Mutex
	resources map[key]*resource
	recency   recency
	bytes     int64
}

// New returns a cache of at most limit bytes. When it is full, the least recently used entries go. An entry larger than
// an eighth of the limit is not kept, so that one does not drive out all others; nor is one with a header of more than
// 64 KiB. A URL has at most eight variants.
func New(limit int64) *Cache {
	c := &Cache{limit: max(limit, 0), resources: make(map[key]*resource)}
	c.recency.init()
	return c
}

// Len returns the number of entries.
func (c *Cache) Len() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := 0
	for _, res := range c.resources {
		n += len(res.variants)
	}
	return n
}

// Bytes returns how much of its limit the cache uses.
func (c *Cache) Bytes() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.bytes
}

// largest is the size of the largest entry that is kept.
func (c *Cache) largest() int64 { return c.limit / 8 }

// put adds the response to a request, and reports whether it is kept. What the request selected until now is superseded
// in any case.
func (c *Cache) put(r *Request, e *Entry) bool {
	k := keyOf(r)
	res := c.resources[k]
	if res == nil {
		res = &resource{key: key{strings.Clone(k.partition), strings.Clone(k.url)}}
	}
	e.selection = res.selectionFor(r, e.Header)
	c.supersede(r)
	return c.add(res, e)
}

// supersede drops every variant that a request selects, because there is a newer response. Those without a selection
// are among them, as section 4.1 asks for when a resource begins to vary: nobody knows what their requests had.
func (c *Cache) supersede(r *Request) {
	for _, old := range c.allSelected(r) {
		c.drop(old)
	}
}

// allSelected returns the variants that a request selects.
func (c *Cache) allSelected(r *Request) []*Entry {
	var list []*Entry
	if res := c.resources[keyOf(r)]; res != nil {
		for _, e := range res.variants {
			if matches(e.selection, r.Header) {
				list = append(list, e)
			}
		}
	}
	return list
}

// add adds an entry with its selection, and drops others until all bounds are kept.
func (c *Cache) add(res *resource, e *Entry) bool {
	e.size = sizeOf(res.key, e)
	if e.size > c.largest() {
		return false
	}
	if len(res.variants) >= maxVariants {
		c.drop(res.leastUsed())
	}
	e.owner = res
	res.variants = append(res.variants, e)
	c.resources[res.key] = res
	c.recency.pushFront(e)
	c.bytes += e.size
	for c.bytes > c.limit {
		c.drop(c.recency.last()) // never e: it is at the other end, and fits
	}
	return true
}

func (c *Cache) drop(e *Entry) {
	res := e.owner
	res.remove(e)
	if len(res.variants) == 0 {
		delete(c.resources, res.key)
	}
	c.recency.remove(e)
	c.bytes -= e.size
	e.owner = nil
}

// dropAll drops every variant of a URL.
func (c *Cache) dropAll(k key) {
	if res := c.resources[k]; res != nil {
		for len(res.variants) > 0 {
			c.drop(res.variants[0])
		}
	}
}
