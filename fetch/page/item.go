package page

import (
	"net/http"
	"net/url"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/page/cache"
	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover"
	"github.com/xk6-fetch/xk6-fetch/fetch/page/integrity"
	"github.com/xk6-fetch/xk6-fetch/fetch/page/request"
)

// item is a document, or a resource, on its way through a visit. It has many fields because each step of that way adds
// some: it is found, asked for, answered and scanned. What is not said to be guarded by the visit's lock
// belongs first to whoever found it, then to the worker that fetches it.
type item struct {
	place  int
	since  time.Duration // when it was found, from the start of the run
	url    string
	found  discover.Resource
	parent *item // nil for the page itself
	frames int   // around it

	spec *fetch.Spec
	host *host
	// refused is why a browser does not ask for it, empty if it does.
	refused string
	// These are guarded by the visit's lock. A further reference may make it more urgent, and it may block the page then.
	state   state
	urgency discover.Priority
	blocks  bool

	// What the response said, for whatever it refers to. Base is its URL, after redirects.
	base    *url.URL
	address string // base as a text; until the response has come, the item's own URL
	policy  string
	// charset is that of what refers to it, as far as that counts, and around the referrer policy of the document that a
	// stylesheet is for.
	charset, around string
	// thirdParty is that of a document.
	thirdParty bool

	scanner scanner
	check   *integrity.Check
	kept    *keeper // for the cache, nil if it is not to be kept

	// What the cache has.
	asked  *cache.Request
	entry  *cache.Entry
	fresh  bool
	reused bool // its server says that the entry is still good
	header http.Header
}

type state uint8

const (
	waiting state = iota
	underWay
	ended
)

// asks reports whether an item is requested: neither has a cache it, nor would a browser refuse to.
func (it *item) asks() bool { return !it.fresh && it.refused == "" }

// isDocument reports whether an item may be a page of its own.
func (it *item) isDocument() bool {
	switch it.found.Type {
	case discover.Document, discover.Embed, discover.Object:
		return true
	default:
		return false
	}
}

// document is the document that an item is for.
func (it *item) document() *item {
	for it.parent != nil {
		if it = it.parent; it.isDocument() {
			break
		}
	}
	return it
}

// request is what the rules of browsers are about.
func (v *Visit) request(it *item) request.Request {
	if it.parent == nil {
		return request.Request{Resource: it.found}
	}
	document := it.document()
	return request.Request{
		Resource: it.found, Document: document.address, Referrer: it.parent.address, Policy: it.parent.policy,
		ThirdParty: document.thirdParty,
	}
}

// isThirdParty reports whether a document is in a frame of another site than the page, or any frame around it is.
func (it *item) isThirdParty() bool {
	if it.parent == nil {
		return false
	}
	around := it.document()
	return around.thirdParty || request.Site(it.address) != request.Site(around.address)
}
