package http1

import (
	"bytes"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// A Template encodes requests that differ from an earlier one only in what follows the host of their URL: those of a
// long list of URLs. Encoding each anew would take a tenth of all the work. The result is that of AppendWire.
type Template struct {
	scheme, host string
	start, end   []byte // what surrounds the request target; nil: nothing was learned
}

// Learn learns from a request without a body and its bytes from AppendWire.
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

// Append appends the request for another URL to dst. It returns false if the template does not fit the URL.
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

// isUsual reports whether a request depends on nothing of the URL but scheme, host, path and query.
func isUsual(u *url.URL) bool { return u.User == nil && u.Opaque == "" }
