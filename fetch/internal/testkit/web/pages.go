package web

import (
	"io"
	"mime"
	"net/http"
	"path"
)

// file is a part of a page: /file/main.css?body=… has that body, and the type that its name says. The values type,
// cache and etag are headers, and a request that has the ETag already is answered with 304.
func file(rw http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	kind := r.FormValue("type")
	if kind == "" {
		kind = mime.TypeByExtension(path.Ext(name))
	}
	header := rw.Header()
	header.Set("Content-Type", kind)
	if cache := r.FormValue("cache"); cache != "" {
		header.Set("Cache-Control", cache)
	}
	if etag := r.FormValue("etag"); etag != "" {
		header.Set("ETag", `"`+etag+`"`)
		if r.Header.Get("If-None-Match") == `"`+etag+`"` {
			rw.WriteHeader(http.StatusNotModified)
			return
		}
	}
	body, given := r.Form["body"]
	if !given {
		body = []string{name}
	}
	_, _ = io.WriteString(rw, body[0]) // #nosec G705 -- no browser asks
}

// pageWithCredentials refers to what fails, with credentials that are nowhere else. The page itself has them in a form
// that no test takes for them, because a log of bodies shows it.
func pageWithCredentials(rw http.ResponseWriter, _ *http.Request) {
	rw.Header().Set("Content-Type", "text/html")
	_, _ = io.WriteString(rw, `<!doctype html><iframe src="http://hus&#104;:s3c&#114;@127.0.0.1:1/"></iframe>
		<img src="http://hus&#104;:s3c&#114;@127.0.0.1:1/a.png"><script src="http://hus&#104;:s3c&#114;@[::1/"></script>`)
}
