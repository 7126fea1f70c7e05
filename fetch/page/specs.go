package page

import (
	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover"
)

// specs are those of a visit's targets. Resources that are asked for alike share one.
type specs struct {
	of   map[kind]*fetch.Spec
	last struct {
		kind kind
		spec *fetch.Spec
	}
}

// kind is what the requests of resources may differ by, besides their URLs.
type kind struct {
	host        *host
	parent      *item
	resource    discover.Type
	element     string
	crossOrigin discover.CrossOrigin
	policy      string
	preload     bool
	inspected   bool
	image       bool // an embed or object that shows one
}

// spec returns the spec of an item. That of the page is made from the script's.
func (v *Visit) spec(it *item, own *fetch.Spec) *fetch.Spec {
	if own != nil {
		return v.browserSpec(it, own)
	}
	key := kind{
		host: it.host, parent: it.parent, resource: it.found.Type, element: it.found.Element,
		crossOrigin: it.found.CrossOrigin, policy: it.found.ReferrerPolicy, preload: it.found.Preload,
		inspected: it.inspected(), image: it.isDocument() && it.found.Priority == discover.Low,
	}
	last := &v.specs.last
	if last.spec != nil && last.kind == key {
		return last.spec
	}
	made := v.specs.of[key]
	if made == nil {
		made = v.browserSpec(it, v.options.SpecOf(it.host.key.name, it.found.Type.String()))
		if v.specs.of == nil {
			v.specs.of = make(map[kind]*fetch.Spec)
		}
		v.specs.of[key] = made
	}
	last.kind, last.spec = key, made
	return made
}

// browserSpec adds what a browser adds to a request. What the script has set stays, but its secrets go only to the host
// that the script has named, wherever the page is found.
func (v *Visit) browserSpec(it *item, of *fetch.Spec) *fetch.Spec {
	spec := *of
	spec.Page, spec.Type = v, it.found.Type.String()
	rules := v.request(it)
	spec.Header = v.header(it, &rules, of.Header)
	if it.host.key.name != v.main.host.key.name {
		spec.Cookies, spec.Host = nil, ""
	}
	if !rules.Credentials() {
		spec.Jar, spec.Cookies = nil, nil
	}
	if it.inspected() {
		spec.Inspect = v.inspect
		if spec.MaxBodySize == 0 {
			spec.MaxBodySize = maxScanned
		}
	}
	return &spec
}
