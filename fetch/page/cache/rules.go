package cache

import (
	"net/http"
	"strings"
	"time"
)

// rules say how long a stored response may be reused, and under which conditions.
type rules struct {
	lifetime             time.Duration // freshness_lifetime
	staleWhileRevalidate time.Duration // RFC 5861, section 3
	noCache              bool
	mustRevalidate       bool
	immutable            bool // RFC 8246
}

func newRules(status int, h http.Header, cc *directives, date time.Time) rules {
	r := rules{
		lifetime:       lifetime(status, h, cc, date),
		noCache:        cc.noCache || contains(h["Pragma"], "no-cache"), // as every browser reads Pragma, see section 5.4
		mustRevalidate: cc.mustRevalidate,
		immutable:      cc.immutable,
	}
	if !r.mustRevalidate {
		r.staleWhileRevalidate = max(cc.staleWhileRevalidate, 0)
	}
	return r
}

// lifetime calculates freshness_lifetime (section 4.2.1). s-maxage is for shared caches.
func lifetime(status int, h http.Header, cc *directives, date time.Time) time.Duration {
	if cc.maxAge != absent {
		return cc.maxAge
	}
	if h["Expires"] != nil {
		expires, valid := dateField(h, "Expires", date)
		if !valid {
			return 0 // "already expired" (section 5.3)
		}
		return between(date, expires)
	}
	return heuristic(status, h, cc, date)
}

// heuristic is the lifetime of a response that does not say one (section 4.2.2). As in Chromium, it is a tenth of the
// time since the last modification, without an upper bound, and permanent redirects, choices and what is gone stay
// fresh.
func heuristic(status int, h http.Header, cc *directives, date time.Time) time.Duration {
	switch status {
	case http.StatusMultipleChoices, http.StatusMovedPermanently, http.StatusPermanentRedirect, http.StatusGone:
		return longest
	}
	if cc.mustRevalidate || !heuristicallyCacheable(status) && !cc.public && !cc.own {
		return 0
	}
	modified, valid := dateField(h, "Last-Modified", date)
	if !valid {
		return 0
	}
	return between(modified, date) / 10
}

// heuristicallyCacheable reports whether a status allows a cache to choose a lifetime (RFC 9110, section 15.1).
func heuristicallyCacheable(status int) bool {
	switch status {
	case http.StatusOK, http.StatusNonAuthoritativeInfo, http.StatusNoContent, http.StatusPartialContent,
		http.StatusMultipleChoices, http.StatusMovedPermanently, http.StatusPermanentRedirect,
		http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusGone, http.StatusRequestURITooLong,
		http.StatusNotImplemented:
		return true
	default:
		return false
	}
}

// contains reports whether the lines of a field list a word.
func contains(lines []string, word string) bool {
	for _, line := range lines {
		for member := range strings.SplitSeq(line, ",") {
			if strings.EqualFold(strings.Trim(member, ows), word) {
				return true
			}
		}
	}
	return false
}
