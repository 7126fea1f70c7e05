package args

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
func (r *TargetReader) readOne(f Field) (fetch.Target, error) {
	const must = "a URL, an array [method, url, body?, params?] or an object { method?, url, body?, params?, start? }"
	if target, ok := r.readURL(f, r.Base); ok {
		if r.Base.naming == nil {
			return target, nil
		}
		var err error
		target.Spec, err = r.specOf(r.Base, r.named(target.URL, target.Spec.Method))
		return target, err
	}
	o, ok := f.Value.(*sobek.Object)
	if !ok {
		return fetch.Target{}, f.Wrong(must)
	}
	var (
		p   pieces
		err error
	)
	if IsArray(o) {
		p, err = piecesOfArray(f, o, must)
	} else {
		p, err = piecesOfObject(f, must)
	}
	if err != nil {
		return fetch.Target{}, err
	}
	if p.start.Given() {
		start, err := p.start.start()
		if err != nil {
			return fetch.Target{}, err
		}
		r.starts.set(r.index, start)
	}
	return r.build(p)
}

// pieces are what a target is made of, as far as they are given.
type pieces struct{ method, url, body, params, start Field }

//nolint:gochecknoglobals // a constant list
var pieceNames = []string{"method", "url", "body", "params", "start"}

func piecesOfArray(f Field, o *sobek.Object, must string) (pieces, error) {
	var p pieces
	order := []*Field{&p.method, &p.url, &p.body, &p.params}
	n := ArrayLen(o)
	if n < 2 || n > len(order) {
		return p, f.Wrong(must)
	}
	for i, part := range order[:n] {
		*part = f.Item(o, i)
	}
	if !p.method.Given() {
		return p, p.method.Wrong("an HTTP method")
	}
	return p, nil
}

func piecesOfObject(f Field, must string) (pieces, error) {
	var p pieces
	known := map[string]*Field{"method": &p.method, "url": &p.url, "body": &p.body, "params": &p.params, "start": &p.start}
	fields, keys, err := f.Object(must)
	if err != nil {
		return p, err
	}
	for i, key := range keys {
		part, ok := known[key]
		if !ok {
			return p, Unknown(fields[i], "part of a target", pieceNames)
		}
		*part = fields[i]
	}
	if !p.url.Given() {
		return p, Field{Path: f.Path + ".url", Runtime: f.Runtime}.Wrong("a URL")
	}
	if name, err := p.method.Text(""); p.method.Given() && err == nil { // as http.batch does
		p.method.Value = f.Runtime.ToValue(strings.ToUpper(name))
		if isBodiless(p.method) {
			p.body = Field{}
		}
	}
	return p, nil
}

// isBodiless reports whether k6 drops the body of a request of that method.
func isBodiless(method Field) bool {
	name, _ := method.Text("")
	return strings.EqualFold(name, http.MethodGet) || strings.EqualFold(name, http.MethodHead)
}

// build makes a target of its parts.
func (r *TargetReader) build(p pieces) (fetch.Target, error) {
	s := r.Base.clone()
	if p.method.Given() {
		name, err := p.method.Text("an HTTP method")
		if err != nil || name == "" {
			return fetch.Target{}, p.method.Wrong("an HTTP method")
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
		return fetch.Target{}, p.url.Wrong("a URL")
	}
	where := urltext.Mask(target.URL)
	var err error
	if err = s.compress(r.State.Logger, where); err != nil {
		return fetch.Target{}, err
	}
	s.fixContentLength(r.State.Logger, where)
	target.Spec, err = r.specOf(s, r.named(target.URL, s.Method))
	return target, err
}

// named is the target that is being read, to be named.
func (r *TargetReader) named(url, method string) *namedTarget {
	return &namedTarget{url: url, method: method, index: r.index, key: r.key}
}

// setParams reads k6/http's params.
func (r *TargetReader) setParams(s *settings, params Field) error {
	return s.each(params, "an object of params", func(key string, param Field) error {
		if key == "responseCallback" {
			return s.setExpected(param)
		}
		known, err := s.set(key, param)
		if err == nil && !known {
			err = Unknown(param, "a param", settingNames, []string{"responseCallback"})
		}
		return err
	})
}

// setExpected reads k6's responseCallback.
func (s *settings) setExpected(callback Field) error {
	expected, err := callback.responseCallback()
	if err != nil {
		return err
	}
	s.Expected = nil
	if expected != nil {
		s.Expected = expected.match
	}
	return nil
}

// readURL reads a URL as a string or as what http.url`…` makes, whose template becomes the name.
func (r *TargetReader) readURL(f Field, s *settings) (fetch.Target, bool) {
	switch u := f.export().(type) {
	case string:
		return fetch.Target{URL: r.resolve(u), Spec: r.Plain}, true
	case httpext.URL:
		_, named := s.Tags.Tags.Get(metrics.TagName.String())
		enabled := r.State.Options.SystemTags.Has(metrics.TagName)
		if named || s.naming != nil || !enabled || u.Name == "" || u.Name == u.Clean() {
			return fetch.Target{URL: r.resolve(u.URL), Spec: r.Plain}, true
		}
		if s == r.Base {
			s = s.clone()
		}
		s.Tags.SetSystemTagOrMeta(metrics.TagName, u.Name)
		return fetch.Target{URL: r.resolve(u.URL), Spec: s.Build()}, true
	default:
		return fetch.Target{}, false
	}
}

// resolve applies the baseURL of a Client to a relative URL (RFC 3986, section 5).
func (r *TargetReader) resolve(raw string) string {
	if r.BaseURL == nil && r.User == nil {
		return raw
	}
	u, err := url.Parse(raw)
	if err != nil {
		return raw
	}
	changed := false
	if r.BaseURL != nil && !u.IsAbs() {
		u, changed = r.BaseURL.ResolveReference(u), true
	}
	if r.User != nil && u.User == nil && u.Host != "" {
		u.User, changed = r.User, true
	}
	if !changed {
		return raw
	}
	return u.String()
}

// ReadBaseURL reads the option baseURL.
func (f Field) ReadBaseURL() (*url.URL, error) {
	raw, err := f.Text("an absolute URL")
	if err != nil {
		return nil, err
	}
	u, err := url.Parse(raw)
	if err != nil || !u.IsAbs() || u.Host == "" {
		return nil, Misusef("%s", f.Path+" must be an absolute URL; got "+strconv.Quote(urltext.Mask(raw)))
	}
	return u, nil
}
