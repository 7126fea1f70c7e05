package page

import (
	"maps"
	"net/http"
	"strings"
	"sync"

	"github.com/xk6-fetch/xk6-fetch/fetch/page/request"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
)

// headers are what browsers send with requests of a kind. Making them takes longer than to find a resource, and visits
// of one page need the same again. The zero value is empty.
type headers struct {
	mu sync.Mutex
	of map[request.Request]http.Header // by kind
}

// maxHeaders is how many are kept.
const maxHeaders = 2048

// get returns the header of a request. It must not be changed.
func (h *headers) get(rules *request.Request) http.Header {
	kind := rules.Kind()
	h.mu.Lock()
	defer h.mu.Unlock()
	if known := h.of[kind]; known != nil {
		return known
	}
	if h.of == nil || len(h.of) >= maxHeaders {
		h.of = make(map[request.Request]http.Header)
	}
	made := browserHeader(rules)
	h.of[kind] = made
	return made
}

// browserHeader is what a browser sends with a request.
func browserHeader(rules *request.Request) http.Header {
	header := rules.Header()
	if header["Accept-Encoding"] == nil {
		header["Accept-Encoding"] = []string{acceptEncoding(rules.Resource.URL)}
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

// header returns what is sent with the request for an item: what a browser sends, but for what the script has given.
func (v *Visit) header(it *item, rules *request.Request, given http.Header) http.Header {
	var header http.Header
	if memory := v.options.Memory; memory == nil {
		header = browserHeader(rules)
	} else {
		header = memory.headers.get(rules)
	}
	if len(given) == 0 {
		return header
	}
	header = maps.Clone(header)
	maps.Copy(header, given)
	if it.host.key.name != v.main.host.key.name {
		header.Del("Host")
	}
	if it != v.main && transport.Leaves(v.main.url, it.url) {
		transport.DropSecrets(header)
	}
	return header
}
