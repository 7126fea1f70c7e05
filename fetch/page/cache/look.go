package cache

import (
	"net/http"
	"time"
)

// Look returns what the cache can do for a request at a time (section 4). A HEAD is answered with the response to a
// GET, whose body is then left out.
func (c *Cache) Look(r *Request, now time.Time) Found {
	if r.Method != http.MethodGet && r.Method != http.MethodHead || passes(r.Header) {
		return Found{}
	}
	w := newWish(r)
	var found Found
	if !w.noStore { // it also asks for nothing stored, as far as scripts and the Fetch standard use it
		found = c.find(r, &w, now)
	}
	if w.onlyIfCached && !found.Fresh {
		return Found{GatewayTimeout: true}
	}
	return found
}

func (c *Cache) find(r *Request, w *wish, now time.Time) Found {
	c.mu.Lock()
	defer c.mu.Unlock()
	res := c.resources[keyOf(r)]
	if res == nil {
		return Found{}
	}
	e := res.selected(r.Header)
	if e == nil {
		if e = res.taggedVariant(); e == nil {
			return Found{}
		}
		c.recency.touch(e)
		return Found{Entry: e, Validators: e.tag, Age: e.age.at(now)}
	}
	age := e.age.at(now)
	fresh, revalidate := w.reuse(e, age)
	if !fresh && e.validators == nil {
		return Found{}
	}
	c.recency.touch(e)
	return Found{Entry: e, Fresh: fresh, Revalidate: revalidate, Validators: e.validators, Age: age}
}
