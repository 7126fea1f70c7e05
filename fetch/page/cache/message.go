package cache

import (
	"net/http"
	"strings"
)

// A Request is what decides about reuse. The keys of Header are canonical, and it has what is sent: Cookie and
// Accept-Encoding too, because responses may vary by them.
type Request struct {
	Method string
	URL    string // as net/url writes it. A fragment is ignored
	Header http.Header
	// Partition separates what pages of different sites have fetched, as browsers do so that none can find out what
	// the others use. It is the site of the top-level document, or empty.
	Partition string
}

// A Response comes from the network. The cache keeps its slices, so they must not change after Store.
type Response struct {
	Status int
	Header http.Header
	// Body may be nil if nobody will read it, for example that of an image. Then Length is its length.
	Body   []byte
	Length int64
	// Incomplete reports that the body was cut off, or is longer than the caller keeps.
	Incomplete bool
}

// key is the cache key of section 2, apart from Vary.
type key struct{ partition, url string }

func keyOf(r *Request) key { return key{r.Partition, withoutFragment(r.URL)} }

func withoutFragment(url string) string {
	url, _, _ = strings.Cut(url, "#")
	return url
}

// passes reports whether the cache leaves a request alone, in both directions. Requests for ranges would need partial
// responses, see section 3.3. Those with conditions of their own belong to a cache above this one: the Fetch standard
// has them bypass the cache of the browser.
func passes(h http.Header) bool {
	return h["Range"] != nil || h["If-None-Match"] != nil || h["If-Modified-Since"] != nil || h["If-Match"] != nil ||
		h["If-Unmodified-Since"] != nil || h["If-Range"] != nil
}
