package shop

import (
	"bytes"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"
)

// resource is what the shop serves at one path, apart from pages.
type resource struct {
	path      string
	name      string // without a hash; it decides type and delay
	caching   string // Cache-Control
	etag      string // empty if the date says whether it has changed
	integrity string // as the attribute has it
	closed    bool   // whether pages of other origins must not read it
	body      func() ([]byte, error)
	packed    []byte // by gzip, nil for what is compressed already
}

// Rules of caching, as a shop has them that takes care.
const (
	forever = "public, max-age=31536000, immutable" // for what has its hash in its name
	daily   = "public, max-age=86400"               // for pictures; then their date is compared
	checked = "no-cache"                            // for pages; their ETag is compared each time
	never   = "no-store"                            // for what is the visitor's own
)

//nolint:gochecknoglobals // constants
var (
	// modified is when the pictures were last changed.
	modified = time.Date(2026, time.September, 14, 8, 30, 0, 0, time.UTC)

	mediaTypes = map[string]string{
		".css":         "text/css; charset=utf-8",
		".html":        "text/html; charset=utf-8",
		".jpg":         "image/jpeg",
		".js":          "text/javascript; charset=utf-8",
		".json":        "application/json",
		".mp4":         "video/mp4",
		".png":         "image/png",
		".svg":         "image/svg+xml",
		".vtt":         "text/vtt; charset=utf-8",
		".webm":        "video/webm",
		".webmanifest": "application/manifest+json",
		".woff2":       "font/woff2",
	}
)

// serve answers a request: in full, in part, or with 304.
func (r *resource) serve(w http.ResponseWriter, req *http.Request) {
	body, err := r.body()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	header := w.Header()
	header.Set("Content-Type", mediaTypes[path.Ext(r.name)])
	header.Set("Cache-Control", r.caching)
	if strings.HasPrefix(r.path, "/cdn/") && !r.closed {
		share(header)
	}
	etag, date := r.etag, modified
	if r.packed != nil {
		header.Set("Vary", "Accept-Encoding")
		if acceptsGzip(req) && req.Header.Get("Range") == "" {
			body, etag = r.packed, etag+"-gzip"
			header.Set("Content-Encoding", "gzip")
			header.Set("Content-Length", strconv.Itoa(len(body)))
		}
	}
	if r.etag != "" {
		header.Set("ETag", strconv.Quote(etag))
		date = time.Time{}
	}
	http.ServeContent(w, req, "", date, bytes.NewReader(body))
}

// share lets pages of all origins read a response, and its timings.
func share(header http.Header) {
	header.Set("Access-Control-Allow-Origin", "*")
	header.Set("Timing-Allow-Origin", "*")
}
