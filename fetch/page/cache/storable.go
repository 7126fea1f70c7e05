package cache

import (
	"net/http"
	"time"
)

// storableRequest reports whether responses to a request may be stored, for as far as the request decides (section 3).
// A private cache does not care about Authorization.
func storableRequest(r *Request) bool {
	return r.Method == http.MethodGet && !passes(r.Header) && !parseDirectives(r.Header["Cache-Control"]).noStore
}

// storableResponse reports whether a response may be stored by a private cache (section 3).
func storableResponse(status int, h http.Header) bool {
	switch status {
	case http.StatusPartialContent, http.StatusNotModified:
		return false // the cache does not know how to combine responses, and a 304 is not one by itself
	}
	if status < 200 || status > 599 {
		return false
	}
	cc := parseDirectives(h["Cache-Control"])
	understood := http.StatusText(status) != ""
	if cc.mustUnderstand && !understood || cc.noStore && !cc.mustUnderstand {
		return false // where the status is understood, must-understand overrides no-store (section 5.2.2.3)
	}
	if contains(h["Vary"], "*") {
		return false // it never matches (section 4.1)
	}
	return cc.public || cc.own || cc.maxAge != absent || h["Expires"] != nil || heuristicallyCacheable(status)
}

// storable returns the entry for a response, or nil if it may not be kept, or to no use.
func storable(resp *Response, requestTime, responseTime time.Time) *Entry {
	if !storableResponse(resp.Status, resp.Header) || headSize(resp.Header) > maxHead {
		return nil
	}
	if e := newEntry(resp, requestTime, responseTime); e.useful() {
		return e
	}
	return nil
}
