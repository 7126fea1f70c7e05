package script

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/lib/netext/httpext"
	"go.k6.io/k6/v2/metrics"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/urltext"
)

// readOne reads one target in any of its forms.
func (r *targetReader) readOne(f field) (fetch.Target, error) {
	const must = "a URL, an array [method, url, body?, params?] or an object { method?, url, body?, params? }"
	if target, ok := r.readURL(f, r.base); ok {
		if r.base.naming == nil {
			return target, nil
		}
		var err error
		target.Spec, err = r.specOf(r.base, r.named(target.URL, target.Spec.Method))
		return target, err
	}
	o, ok := f.value.(*sobek.Object)
	if !ok {
		return fetch.Target{}, f.wrong(must)
	}
	var (
		p   pieces
		err error
	)
	if isArray(o) {
		p, err = piecesOfArray(f, o, must)
	} else {
		p, err = piecesOfObject(f, must)
	}
	if err != nil {
		return fetch.Target{}, err
	}
	return r.build(p)
}

// pieces are what a target is made of, as far as they are given.
type pieces struct{ method, url, body, params field }

func piecesOfArray(f field, o *sobek.Object, must string) (pieces, error) {
	var p pieces
	order := []*field{&p.method, &p.url, &p.body, &p.params}
	n := arrayLen(o)
	if n < 2 || n > len(order) {
		return p, f.wrong(must)
	}
	for i, part := range order[:n] {
		*part = f.item(o, i)
	}
	if !p.method.given() {
		return p, p.method.wrong("an HTTP method")
	}
	return p, nil
}

func piecesOfObject(f field, must string) (pieces, error) {
	var p pieces
	known := map[string]*field{"method": &p.method, "url": &p.url, "body": &p.body, "params": &p.params}
	fields, keys, err := f.object(must)
	if err != nil {
		return p, err
	}
	for i, key := range keys {
		part, ok := known[key]
		if !ok {
			return p, unknown(fields[i], "part of a target", []string{"method", "url", "body", "params"})
		}
		*part = fields[i]
	}
	if !p.url.given() {
		return p, field{path: f.path + ".url", rt: f.rt}.wrong("a URL")
	}
	if name, err := p.method.text(""); p.method.given() && err == nil { // as http.batch does
		p.method.value = f.rt.ToValue(strings.ToUpper(name))
		if isBodiless(p.method) {
			p.body = field{}
		}
	}
	return p, nil
}

// isBodiless tells whether k6 drops the body of a request of that method.
func isBodiless(method field) bool {
	name, _ := method.text("")
	return strings.EqualFold(name, http.MethodGet) || strings.EqualFold(name, http.MethodHead)
}

// build makes a target of its parts.
func (r *targetReader) build(p pieces) (fetch.Target, error) {
	s := r.base.clone()
	if p.method.given() {
		name, err := p.method.text("an HTTP method")
		if err != nil || name == "" {
			return fetch.Target{}, p.method.wrong("an HTTP method")
		}
		s.Method = name // as it is written: methods are case-sensitive, and http.batch leaves them so
	}
	if err := s.setBody(p.body); err != nil {
		return fetch.Target{}, err
	}
	if !p.params.nullish() {
		if err := r.setParams(s, p.params); err != nil {
			return fetch.Target{}, err
		}
	}
	target, ok := r.readURL(p.url, s)
	if !ok {
		return fetch.Target{}, p.url.wrong("a URL")
	}
	where := urltext.Mask(target.URL)
	var err error
	if err = s.compress(r.state.Logger, where); err != nil {
		return fetch.Target{}, err
	}
	s.fixContentLength(r.state.Logger, where)
	target.Spec, err = r.specOf(s, r.named(target.URL, s.Method))
	return target, err
}

// named is the target that is being read, to be named.
func (r *targetReader) named(url, method string) *namedTarget {
	return &namedTarget{url: url, method: method, index: r.index, key: r.key}
}

// setParams reads k6/http's params.
func (r *targetReader) setParams(s *settings, params field) error {
	fields, keys, err := params.object("an object of params")
	if err != nil {
		return err
	}
	for i, key := range keys {
		if !fields[i].given() {
			continue
		}
		if key == "responseCallback" {
			expected, err := fields[i].responseCallback()
			if err != nil {
				return err
			}
			s.Expected = nil
			if expected != nil {
				s.Expected = expected.match
			}
			continue
		}
		known, err := s.set(key, fields[i])
		if err != nil {
			return err
		}
		if !known {
			return unknown(fields[i], "a param", settingNames, []string{"responseCallback"})
		}
	}
	return nil
}

// readURL reads a URL as a string or as what http.url`…` makes, whose template becomes the name.
func (r *targetReader) readURL(f field, s *settings) (fetch.Target, bool) {
	switch u := f.export().(type) {
	case string:
		return fetch.Target{URL: r.resolve(u), Spec: r.plain}, true
	case httpext.URL:
		_, named := s.tags.Tags.Get(metrics.TagName.String())
		enabled := r.state.Options.SystemTags.Has(metrics.TagName)
		if named || s.naming != nil || !enabled || u.Name == "" || u.Name == u.Clean() {
			return fetch.Target{URL: r.resolve(u.URL), Spec: r.plain}, true
		}
		if s == r.base {
			s = s.clone()
		}
		s.tags.SetSystemTagOrMeta(metrics.TagName, u.Name)
		return fetch.Target{URL: r.resolve(u.URL), Spec: s.spec()}, true
	default:
		return fetch.Target{}, false
	}
}

// resolve applies the baseURL of a Client to a relative URL (RFC 3986, section 5).
func (r *targetReader) resolve(raw string) string {
	if r.baseURL == nil {
		return raw
	}
	ref, err := url.Parse(raw)
	if err != nil || ref.IsAbs() {
		return raw
	}
	return r.baseURL.ResolveReference(ref).String()
}

// readBaseURL reads the option baseURL.
func (f field) readBaseURL() (*url.URL, error) {
	raw, err := f.text("an absolute URL")
	if err != nil {
		return nil, err
	}
	u, err := url.Parse(raw)
	if err != nil || !u.IsAbs() || u.Host == "" {
		return nil, &misuse{f.path + " must be an absolute URL; got " + strconv.Quote(urltext.Mask(raw))}
	}
	return u, nil
}
