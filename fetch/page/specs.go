package page

import (
	"maps"
	"net/http"
	"strings"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover"
	"github.com/xk6-fetch/xk6-fetch/fetch/page/request"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
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
		made = v.browserSpec(it, v.options.SpecOf(it.host.name, it.found.Type.String()))
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
	spec.Page = v
	rules := v.request(it)
	spec.Header = v.header(it, &rules, of.Header)
	if it.host.name != v.main.host.name {
		spec.Cookies, spec.Host = nil, ""
		spec.Header.Del("Host")
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

func (v *Visit) header(it *item, rules *request.Request, given http.Header) http.Header {
	header := rules.Header()
	if header["Accept-Encoding"] == nil {
		header["Accept-Encoding"] = []string{acceptEncoding(it.url)}
	}
	maps.Copy(header, given)
	if it != v.main && transport.Leaves(v.main.url, it.url) {
		transport.DropSecrets(header)
	}
	return header
}

// acceptEncoding is what Chromium sends: br and zstd over TLS only, because of proxies that garble them.
func acceptEncoding(url string) string {
	if strings.HasPrefix(url, "https:") {
		return "gzip, deflate, br, zstd"
	}
	return "gzip, deflate"
}
