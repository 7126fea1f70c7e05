package shop

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"strings"
)

// document is a page, in the two parts in which it comes.
type document struct {
	head, body []byte
}

func render(page *template.Template, data any) (document, error) {
	var head, body bytes.Buffer
	if err := page.ExecuteTemplate(&head, "head", data); err != nil {
		return document{}, err
	}
	err := page.ExecuteTemplate(&body, "body", data)
	return document{head.Bytes(), body.Bytes()}, err
}

// serve sends the head first, so that a browser can begin with what it names, and the body later.
func (d *document) serve(w http.ResponseWriter, r *http.Request, times float64) {
	sum := sha256.Sum256(append(bytes.Clone(d.head), d.body...))
	etag := fmt.Sprintf(`W/"%x"`, sum[:8]) // weak, because it is the same with and without gzip
	header := w.Header()
	header.Set("ETag", etag)
	header.Set("Cache-Control", checked)
	header.Set("Vary", "Accept-Encoding")
	if matches(r.Header.Get("If-None-Match"), etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	header.Set("Content-Type", mediaTypes[".html"])
	var out flusher = plain{w}
	if acceptsGzip(r) {
		header.Set("Content-Encoding", "gzip")
		out = gzip.NewWriter(w)
	}
	_, _ = out.Write(d.head) // what cannot be written shows in the next call of wait
	_ = out.Flush()
	_ = http.NewResponseController(w).Flush()
	if wait(r.Context(), "body", times) {
		_, _ = out.Write(d.body)
		_ = out.Close()
	}
}

// matches reports whether a client has the version with such an ETag already.
func matches(ifNoneMatch, etag string) bool {
	for candidate := range strings.SplitSeq(ifNoneMatch, ",") {
		candidate = strings.TrimSpace(candidate)
		if candidate == "*" || strings.TrimPrefix(candidate, "W/") == strings.TrimPrefix(etag, "W/") {
			return true
		}
	}
	return false
}

// flusher is a gzip.Writer, or what does without.
type flusher interface {
	io.WriteCloser
	Flush() error
}

type plain struct{ io.Writer }

func (plain) Flush() error { return nil }
func (plain) Close() error { return nil }
