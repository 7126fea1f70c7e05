package cache

import (
	"net/http"
	"strings"
)

// validatorsOf returns the conditions of a request that validates a response (section 4.3.1), and those of them that
// identify it among the stored ones of its URL. Servers ignore conditions unless the response would be a 200
// (RFC 9110, section 13.2.1). Both validators are sent as they came, even malformed ones, because some servers compare
// bytes.
func validatorsOf(status int, h http.Header) (all, tag http.Header) {
	if status != http.StatusOK {
		return nil, nil
	}
	if lines := h["Etag"]; len(lines) > 0 && lines[0] != "" {
		tag = http.Header{"If-None-Match": {lines[0]}}
		all = tag
	}
	if lines := h["Last-Modified"]; len(lines) > 0 && lines[0] != "" {
		all = http.Header{"If-Modified-Since": {lines[0]}}
		if tag != nil {
			all["If-None-Match"] = tag["If-None-Match"]
		}
	}
	return all, tag
}

// identifies reports whether a 304 is about the stored response (section 4.3.4), by the first validator that both have.
// If there is none, it is about the response that the request named. Entity tags are compared weakly (RFC 9110, section
// 8.8.3.2). RFC 9111 would have a strong one match strong ones only, but servers that compress on the fly weaken the
// tag of their 200 and not that of their 304, and browsers do not compare at all.
func identifies(newer, stored http.Header) bool {
	if theirs, ours := newer["Etag"], stored["Etag"]; len(theirs) > 0 && len(ours) > 0 {
		return opaque(theirs[0]) == opaque(ours[0])
	}
	if theirs, ours := newer["Last-Modified"], stored["Last-Modified"]; len(theirs) > 0 && len(ours) > 0 {
		return theirs[0] == ours[0]
	}
	return true
}

// opaque is an entity tag without the mark of a weak one.
func opaque(tag string) string { return strings.TrimPrefix(tag, "W/") }

// agrees reports whether the response to a HEAD describes the stored response (section 4.3.5).
func agrees(newer, stored http.Header) bool {
	for _, name := range [...]string{"Etag", "Last-Modified"} {
		if lines := newer[name]; len(lines) > 0 && (len(stored[name]) == 0 || stored[name][0] != lines[0]) {
			return false
		}
	}
	lines, have := newer["Content-Length"], stored["Content-Length"]
	return len(lines) == 0 || len(have) == 0 || lines[0] == have[0]
}
