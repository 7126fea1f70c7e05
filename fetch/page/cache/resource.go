package cache

import (
	"cmp"
	"net/http"
	"slices"
)

// maxVariants bounds the variants of a URL. The least recently used one goes first.
const maxVariants = 8

// resource is what the cache has of one URL: a few variants, see section 4.1.
type resource struct {
	key      key
	variants []*Entry
}

// selected returns the variant that a request selects: of several, the most recent by Date (section 4).
func (res *resource) selected(h http.Header) *Entry {
	var best *Entry
	for _, e := range res.variants {
		if (best == nil || !e.age.date.Before(best.age.date)) && matches(e.selection, h) {
			best = e
		}
	}
	return best
}

// taggedVariant returns the most recent variant that the request does not select, but that a server can name. A cache
// may ask whether it fits nevertheless (section 4.3.1), which browsers do.
func (res *resource) taggedVariant() *Entry {
	var best *Entry
	for _, e := range res.variants {
		if e.tag != nil && (best == nil || !e.age.received.Before(best.age.received)) {
			best = e
		}
	}
	return best
}

// selectionFor returns by which fields a response to a request is selected, as section 4.1 wants it for resources that
// vary but do not always say so: a response without Vary is a default for requests that are like its own in the fields
// that the others vary by.
func (res *resource) selectionFor(r *Request, header http.Header) []selector {
	if names := nominated(header["Vary"]); len(names) > 0 {
		return selectBy(names, r.Header)
	}
	var latest *Entry
	for _, e := range res.variants {
		if len(e.selection) > 0 && (latest == nil || !e.age.received.Before(latest.age.received)) {
			latest = e
		}
	}
	if latest == nil {
		return nil
	}
	names := make([]string, len(latest.selection))
	for i := range names {
		names[i] = latest.selection[i].name
	}
	return selectBy(names, r.Header)
}

// leastUsed returns the variant that was not used for the longest time.
func (res *resource) leastUsed() *Entry {
	return slices.MinFunc(res.variants, func(a, b *Entry) int { return cmp.Compare(a.used, b.used) })
}

func (res *resource) remove(e *Entry) {
	if i := slices.Index(res.variants, e); i >= 0 {
		res.variants = slices.Delete(res.variants, i, i+1)
	}
}
