package cache

import (
	"net/http"
	"time"
)

// Accepts reports whether Store would keep a response with that head, and the greatest capacity of the slice with its
// body, so that a caller buffers no body in vain.
func (c *Cache) Accepts(r *Request, status int, header http.Header, now time.Time) (maxBody int64, ok bool) {
	if !storableRequest(r) {
		return 0, false
	}
	e := storable(&Response{Status: status, Header: header}, now, now)
	if e == nil {
		return 0, false
	}
	// As sizeOf will count it, if the resource varies as the response says. Store decides.
	e.selection = selectBy(nominated(header["Vary"]), r.Header)
	maxBody = c.largest() - sizeOf(keyOf(r), e)
	return maxBody, maxBody >= 0
}

// Store keeps a response if a private cache may (section 3) and there is any use in it, and reports whether it did. The
// times are those at which the request was sent and the response arrived. A response that replaces what is stored but
// must not be stored itself removes it, unless it is an error of the server. The response to a HEAD updates what is
// stored (section 4.3.5).
func (c *Cache) Store(r *Request, resp *Response, requestTime, responseTime time.Time) bool {
	if r.Method == http.MethodHead {
		c.storeHead(r, resp, requestTime, responseTime)
		return false
	}
	if !storableRequest(r) || resp.Incomplete { // section 3.3
		return false
	}
	e := storable(resp, requestTime, responseTime)
	c.mu.Lock()
	defer c.mu.Unlock()
	if e != nil {
		return c.put(r, e)
	}
	if supersedes(resp.Status) {
		c.supersede(r)
	}
	return false
}

// supersedes reports whether a status comes with something to use instead of what is stored.
func supersedes(status int) bool {
	return status >= 200 && status < 500 && status != http.StatusPartialContent && status != http.StatusNotModified
}

// storeHead updates what is stored with the response to a HEAD, or drops it if they disagree (section 4.3.5).
func (c *Cache) storeHead(r *Request, resp *Response, requestTime, responseTime time.Time) {
	cc := parseDirectives(r.Header["Cache-Control"])
	if resp.Status != http.StatusOK || passes(r.Header) || cc.noStore {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, old := range c.allSelected(r) {
		if old.owner == nil {
			continue // the update of another one took its place
		}
		var e *Entry
		if old.Status == http.StatusOK && agrees(resp.Header, old.Header) {
			e = storable(old.renewed(resp.Header), requestTime, responseTime)
		}
		c.replace(old, e)
	}
}

// replace puts an entry in the place of another one with the same selection, or drops that one if there is none.
func (c *Cache) replace(old, e *Entry) {
	res := old.owner
	c.drop(old)
	if e != nil {
		e.selection = old.selection
		c.add(res, e)
	}
}
