package cache

import (
	"net/http"
	"net/textproto"
	"strings"
)

// kept returns a copy of a header without the fields that are not stored (section 3.1), and without those that the
// directive no-cache names (section 5.2.2.4).
func kept(h http.Header, excluded []string) http.Header {
	copied := h.Clone()
	if copied == nil {
		copied = http.Header{}
	}
	for _, line := range h["Connection"] {
		for name := range strings.SplitSeq(line, ",") {
			delete(copied, textproto.CanonicalMIMEHeaderKey(strings.Trim(name, ows)))
		}
	}
	for _, name := range excluded {
		delete(copied, textproto.CanonicalMIMEHeaderKey(name))
	}
	for name := range copied {
		if unstored(name) {
			delete(copied, name)
		}
	}
	return copied
}

// unstored reports whether a field is about a connection or a proxy (section 3.1), or whether browsers obey it once and
// do not store it: cookies are set by the response that came, not each time that it is reused, and never for another
// user of the cache.
func unstored(name string) bool {
	switch name {
	case "Connection", "Keep-Alive", "Proxy-Connection", "Te", "Trailer", "Transfer-Encoding", "Upgrade",
		"Proxy-Authenticate", "Proxy-Authentication-Info", "Proxy-Authorization",
		"Set-Cookie", "Set-Cookie2", "Clear-Site-Data":
		return true
	default:
		return false
	}
}

// updated returns a stored header as a newer response without a body changes it (section 3.2). Content-Length,
// and what describes the form in which the body is stored, stay. So does ETag, which identified the entry.
// The new response says how old it is: an Age or a Date of before does not.
func updated(stored, newer http.Header) http.Header {
	h := stored.Clone()
	delete(h, "Age")
	delete(h, "Date")
	for name, lines := range newer {
		switch name {
		case "Content-Length", "Content-Encoding", "Content-Type", "Content-Range":
			continue
		case "Etag":
			if h["Etag"] != nil {
				continue
			}
		}
		h[name] = lines
	}
	return h
}
