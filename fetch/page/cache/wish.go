package cache

import (
	"net/http"
	"time"
)

// wish is what a request asks caches for (section 5.2.1).
type wish struct {
	directives
	reload bool // max-age=0, which browsers send when a page is loaded again
	get    bool
}

// newWish reads a request. Pragma counts if there is no Cache-Control (section 5.4).
func newWish(r *Request) wish {
	h := r.Header
	lines := h["Cache-Control"]
	w := wish{directives: parseDirectives(lines), get: r.Method == http.MethodGet}
	if lines == nil && h["Pragma"] != nil {
		w.noCache = contains(h["Pragma"], "no-cache")
	}
	w.noCache = w.noCache || len(w.fields) > 0 // in requests, no-cache has no argument
	w.reload = w.maxAge == 0
	return w
}

// reuse decides whether an entry of an age answers a request (section 4, the last conditions of its list), and whether
// it does so only while it is validated.
func (w *wish) reuse(e *Entry, age time.Duration) (fresh, revalidate bool) {
	r := &e.rules
	if r.noCache || w.noCache {
		return false, false
	}
	stale := age - r.lifetime // section 4.2: at zero, it is stale
	if w.reload && (!r.immutable || stale >= 0) {
		return false, false // RFC 8246, section 2: what cannot change is not validated because of a reload
	}
	if !w.reload && w.maxAge != absent && age > w.maxAge {
		return false, false
	}
	if w.minFresh != absent && -stale < w.minFresh {
		return false, false
	}
	switch {
	case stale < 0:
		return true, false
	case r.mustRevalidate:
		return false, false
	case w.maxStale != absent && stale <= w.maxStale:
		return true, false
	default: // Chromium validates beside a GET only
		revalidate = w.get && stale < r.staleWhileRevalidate
		return revalidate, revalidate
	}
}
