package cache

import (
	"net/http"
	"net/url"
	"strings"
)

// Invalidate drops what the response to an unsafe request makes doubtful (section 4.4): its URL, and those of its
// Location and Content-Location if they have the same origin. Safe requests and errors invalidate nothing.
func (c *Cache) Invalidate(r *Request, resp *Response) {
	if safe(r.Method) || resp.Status < 200 || resp.Status > 399 {
		return
	}
	urls := []string{withoutFragment(r.URL)}
	for _, name := range [...]string{"Location", "Content-Location"} {
		if lines := resp.Header[name]; len(lines) > 0 {
			if other, ok := sameOrigin(r.URL, lines[0]); ok {
				urls = append(urls, other)
			}
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, one := range urls {
		c.dropAll(key{r.Partition, one})
	}
}

// safe reports whether a method is known to change nothing (RFC 9110, section 9.2.1).
func safe(method string) bool {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace:
		return true
	default:
		return false
	}
}

// sameOrigin resolves a reference in a response, if it stays within the origin (RFC 9110, section 4.3.1).
func sameOrigin(base, reference string) (string, bool) {
	from, err := url.Parse(base)
	if err != nil {
		return "", false
	}
	to, err := from.Parse(reference)
	if err != nil || to.Scheme != from.Scheme || port(to) != port(from) ||
		!strings.EqualFold(to.Hostname(), from.Hostname()) {
		return "", false
	}
	to.Host = from.Host // as the cache key writes it
	to.Fragment, to.RawFragment = "", ""
	return to.String(), true
}

func port(u *url.URL) string {
	switch p := u.Port(); {
	case p != "":
		return p
	case u.Scheme == "https":
		return "443"
	default:
		return "80"
	}
}
