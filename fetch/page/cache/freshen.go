package cache

import (
	"net/http"
	"slices"
	"time"
)

// Freshen updates an entry by the header of a 304 that answered its validators (section 4.3.4), and returns the
// response that the request is answered with. A 304 about something else changes nothing. If the entry has left the
// cache meanwhile, the update is not stored.
func (c *Cache) Freshen(r *Request, e *Entry, header http.Header, requestTime, responseTime time.Time) *Entry {
	if !identifies(header, e.Header) {
		return e
	}
	response := e.renewed(header)
	fresh := storable(response, requestTime, responseTime)
	c.mu.Lock()
	defer c.mu.Unlock()
	if e.owner != nil && e.owner.key == keyOf(r) {
		c.freshen(r, e, fresh)
	}
	if fresh == nil { // the 304 forbids to store it
		return newEntry(response, requestTime, responseTime)
	}
	return fresh
}

// freshen stores the updated entry for the request, and in the place of the old one. These are two entries if the
// request did not select the old one, but the server named it.
func (c *Cache) freshen(r *Request, old, fresh *Entry) {
	if fresh == nil || matches(old.selection, r.Header) || !sameFields(old.selection, nominated(fresh.Header["Vary"])) {
		c.drop(old)
	} else {
		twin := *fresh
		c.replace(old, &twin)
	}
	if fresh != nil {
		c.put(r, fresh)
	}
}

// sameFields reports whether a response still varies by the fields of its selection. If not, what its request had in
// others is unknown.
func sameFields(selection []selector, names []string) bool {
	return slices.EqualFunc(selection, names, func(s selector, name string) bool { return s.name == name })
}

// renewed returns the stored response with a newer header.
func (e *Entry) renewed(newer http.Header) *Response {
	return &Response{Status: e.Status, Header: updated(e.Header, newer), Body: e.Body, Length: e.Length}
}
