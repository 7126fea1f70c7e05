package http1

import (
	"bytes"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// A Template makes the bytes of requests that differ from one before in nothing but what follows the host of their URL:
// those of a long list of URLs, for which building each anew would be a tenth of all the work. What it makes is what
// AppendWire would.
type Template struct {
	scheme, host string
	start, end   []byte // what the request target stands between; nil: nothing has been learned
}

// Learn takes what there is to know from a request without a body and the bytes that AppendWire made of it.
func (t *Template) Learn(req *http.Request, wire []byte) {
	*t = Template{}
	if req.Method == http.MethodConnect || req.Body != nil || !isUsual(req.URL) {
		return
	}
	start := append([]byte(req.Method), ' ')
	end, ok := bytes.CutPrefix(wire, append(slices.Clip(start), req.URL.RequestURI()...))
	if ok {
		*t = Template{scheme: req.URL.Scheme, host: req.URL.Host, start: start, end: bytes.Clone(end)}
	}
}

// Append appends to dst the bytes of the request for another URL. It returns false if that takes more than the
// template.
func (t *Template) Append(dst []byte, u *url.URL) ([]byte, bool) {
	if t.start == nil || u.Scheme != t.scheme || u.Host != t.host || !isUsual(u) {
		return dst, false
	}
	target := u.RequestURI()
	if strings.ContainsFunc(target, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return dst, false // net/http sends no control characters
	}
	dst = append(dst, t.start...)
	dst = append(dst, target...)
	return append(dst, t.end...), true
}

// isUsual reports whether a URL has nothing that finds its way into a request but scheme, host, path and query.
func isUsual(u *url.URL) bool { return u.User == nil && u.Opaque == "" }
