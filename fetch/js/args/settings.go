package args

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/js/common"
	k6http "go.k6.io/k6/v2/js/modules/k6/http"
	"go.k6.io/k6/v2/lib"
	"go.k6.io/k6/v2/metrics"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/k6net"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
)

// settings are a Spec in the making: what the options of a run and the params of a target may both say.
type settings struct {
	fetch.Spec

	Tags        metrics.TagsAndMeta
	compression []string
	// sized says that somebody chose MaxBodySize.
	sized bool
	// provider exports spans, if anybody does.
	provider lib.TracerProvider
	// naming makes names of what differs from target to target.
	naming *naming
}

// settingNames are the keys that options and params share.
//
//nolint:gochecknoglobals // a constant list
var settingNames = []string{
	"altSvc", "auth", "budget", "compression", "cookies", "earlyData", "expect", "expectedStatuses", "headers",
	"httpVersion", "jar", "maxBodySize", "name", "redirects", "responseType", "tags", "throw", "timeout", "tracing",
}

// defaultMaxBodySize bounds bodies that are kept.
const defaultMaxBodySize = 10_000_000

// defaultSettings are what k6's options say.
func defaultSettings(state *lib.State) *settings {
	s := &settings{Tags: state.Tags.GetCurrentValues(), provider: state.TracerProvider}
	s.Header = http.Header{"User-Agent": {state.Options.UserAgent.String}}
	s.Timeout = time.Minute
	s.Throw = throws(state.Options.Throw.Bool)
	s.Redirects = int(state.Options.MaxRedirects.Int64)
	s.RedirectsByDefault = !state.Options.MaxRedirects.Valid
	s.Expected = defaultStatuses().match
	if state.CookieJar != nil {
		s.Jar = state.CookieJar
	}
	return s
}

// clone returns a copy that can be changed without changing the original.
func (s *settings) clone() *settings {
	c := *s
	c.Header = s.Header.Clone()
	c.Cookies = slices.Clone(s.Cookies)
	c.Tags = s.Tags.Clone()
	return &c
}

// spec returns the finished Spec.
func (s *settings) Build() *fetch.Spec {
	spec := s.Spec
	if (spec.ResponseType != transport.ResponseNone || spec.Expect.NeedsBody()) && !s.sized {
		spec.MaxBodySize = defaultMaxBodySize
	}
	tags := s.Tags
	spec.Attachment = &tags
	if name, ok := tags.Tags.Get(metrics.TagName.String()); ok && spec.Name == "" {
		spec.Name = name
	}
	spec.NamedByURL = s.naming != nil // and found no name
	if slices.ContainsFunc(k6net.TraceHeaders(), func(name string) bool { return spec.Header[name] != nil }) {
		spec.Tracer = nil // the script traces by itself
	}
	return &spec
}

// set reads one setting. It returns false if there is none of that name.
func (s *settings) set(key string, f Field) (known bool, err error) {
	switch key {
	case "altSvc":
		s.AltSvc, err = f.Boolean()
	case "auth":
		var auth int
		auth, err = f.OneOf("basic", "digest", "ntlm")
		s.Auth = []transport.Auth{transport.AuthBasic, transport.AuthDigest, transport.AuthNTLM}[auth]
	case "budget":
		s.Budget, err = f.budget(s.Budget)
	case "compression":
		s.compression, err = f.compression()
	case "cookies":
		err = s.setCookies(f)
	case "earlyData":
		s.EarlyData, err = f.Boolean()
	case "expect":
		s.Expect, err = f.expectation(s.Expect)
	case "expectedStatuses":
		var expected *Statuses
		if expected, err = f.statuses(); err == nil {
			s.Expected = expected.match
		}
	case "headers":
		err = s.setHeaders(f)
	case "httpVersion":
		var version int
		version, err = f.OneOf("auto", "1.1", "2", "3")
		s.Version = []transport.Version{
			transport.VersionAny, transport.Version1, transport.Version2, transport.Version3,
		}[version]
	case "jar":
		err = s.setJar(f)
	case "maxBodySize":
		s.MaxBodySize, err = f.size()
		s.sized = true
	case "name":
		err = s.setName(f)
	case "redirects":
		s.Redirects, err = f.Integer(0)
		s.RedirectsByDefault = false
	case "responseType":
		err = s.setResponseType(f)
	case "tags":
		err = s.setTags(f)
	case "throw":
		s.Throw, err = f.throws()
	case "timeout":
		s.Timeout, err = f.duration()
	case "tracing":
		err = s.setTracing(f)
	default:
		return false, nil
	}
	return true, err
}

// each reads the settings of one object, and what else set knows. Settings from elsewhere that do not fit those of the
// object have no effect: a target with a version of its own may be in a run that follows Alt-Svc. Within one object it
// is a mistake.
func (s *settings) each(f Field, must string, set func(key string, f Field) error) error {
	var altSvc, early, version Field
	err := f.Each(must, func(key string, setting Field) error {
		switch key {
		case "altSvc":
			altSvc = setting
		case "earlyData":
			early = setting
		case "httpVersion":
			version = setting
		}
		return set(key, setting)
	})
	if err != nil || !version.Given() {
		return err
	}
	switch {
	case altSvc.Given() && s.AltSvc && s.Version != transport.VersionAny:
		return Misusef("%s must be false, or httpVersion 'auto': HTTP/3 that a server offers is not used with httpVersion %s",
			altSvc.Path, describe(version.Value))
	case early.Given() && s.EarlyData && (s.Version == transport.Version1 || s.Version == transport.Version2):
		return Misusef("%s must be false, or httpVersion '3' or 'auto': there is no early data with httpVersion %s",
			early.Path, describe(version.Value))
	default:
		return nil
	}
}

func (s *settings) setResponseType(f Field) error {
	kind, err := f.OneOf("none", "text", "binary")
	if err != nil {
		return err
	}
	kinds := []transport.ResponseType{transport.ResponseNone, transport.ResponseText, transport.ResponseBinary}
	s.ResponseType = kinds[kind]
	return nil
}

func (s *settings) setHeaders(f Field) error {
	if f.nullish() {
		return nil
	}
	fields, names, err := f.Object("an object of header names and values")
	if err != nil {
		return err
	}
	for i, name := range names {
		if fields[i].nullish() {
			return fields[i].Wrong("a string")
		}
		value, err := fields[i].AsText("a string")
		if err != nil {
			return err
		}
		if strings.EqualFold(name, "host") {
			s.Host = value
		}
		s.Header.Set(name, value)
	}
	return nil
}

func (s *settings) setCookies(f Field) error {
	if f.nullish() {
		return nil
	}
	fields, names, err := f.Object("an object of cookie names and values")
	if err != nil {
		return err
	}
	for i, name := range names {
		if fields[i].nullish() {
			continue // as in k6
		}
		cookie, err := fields[i].cookie(name)
		if err != nil {
			return err
		}
		s.Cookies = slices.DeleteFunc(s.Cookies, func(c transport.Cookie) bool { return c.Name == name })
		s.Cookies = append(s.Cookies, cookie)
	}
	return nil
}

// cookie reads a cookie: its value, or an object { value, replace }.
func (f Field) cookie(name string) (cookie transport.Cookie, err error) {
	const must = "a string or an object { value, replace? }"
	cookie.Name = name
	if o, ok := f.Value.(*sobek.Object); !ok || !IsPlain(o) {
		cookie.Value, err = f.AsText(must)
		return cookie, err
	}
	fields, keys, err := f.Object(must)
	if err != nil {
		return cookie, err
	}
	for i, key := range keys {
		switch strings.ToLower(key) {
		case "replace":
			cookie.Replace = fields[i].Given() && fields[i].Value.ToBoolean()
		case "value":
			if cookie.Value, err = fields[i].AsText("a string"); err != nil {
				return cookie, err
			}
		}
	}
	return cookie, nil
}

func (s *settings) setJar(f Field) error {
	if sobek.IsNull(f.Value) {
		s.Jar = nil
		return nil
	}
	switch jar := f.export().(type) {
	case *k6http.CookieJar:
		s.Jar = jar.Jar
	case k6http.CookieJar:
		s.Jar = jar.Jar
	default:
		return f.Wrong("a cookie jar (http.CookieJar) or null")
	}
	return nil
}

// setTracing reads how to trace: true, false, null, or an object { propagator?, sampling? }.
func (s *settings) setTracing(f Field) error {
	propagator, sampling := k6net.PropagatorW3C, 1.0
	if on, plain := f.export().(bool); plain || f.nullish() {
		if s.Tracer = nil; on {
			s.Tracer = k6net.NewTracer(propagator, sampling, s.provider)
		}
		return nil
	}
	err := f.Each("true, false or an object { propagator?, sampling? }", func(key string, part Field) (err error) {
		switch key {
		case "propagator":
			var which int
			which, err = part.OneOf("w3c", "jaeger")
			propagator = []k6net.Propagator{k6net.PropagatorW3C, k6net.PropagatorJaeger}[which]
		case "sampling":
			var ok bool
			if sampling, ok = part.Number(); !ok || sampling < 0 || sampling > 1 {
				err = part.Wrong("a number from 0 to 1")
			}
		default:
			err = Unknown(part, "a part of tracing", []string{"propagator", "sampling"})
		}
		return err
	})
	s.Tracer = k6net.NewTracer(propagator, sampling, s.provider)
	return err
}

func (s *settings) setTags(f Field) error {
	if f.nullish() {
		return nil
	}
	fields, names, err := f.Object("an object of tag names and values")
	if err != nil {
		return err
	}
	for i, name := range names {
		value := fields[i].Value
		if fields[i].nullish() || isSymbol(value) || common.ApplyCustomUserTag(&s.Tags, name, value) != nil {
			return fields[i].Wrong("a string, a number or a boolean")
		}
	}
	return nil
}

// fixContentLength takes a Content-Length header out, as k6 does: the body decides.
func (s *settings) fixContentLength(logger interface{ Warnf(string, ...any) }, where string) {
	value := s.Header.Get("Content-Length")
	if value == "" {
		return
	}
	s.Header.Del("Content-Length")
	if n, err := strconv.Atoi(value); err != nil || n != len(s.Body) {
		logger.Warnf("The specified Content-Length header %q of %s doesn't match the actual request body length of %d, "+
			"so it will be ignored!", value, where, len(s.Body))
	}
}

// throws is what k6's option and its param of that name mean: what has no answer is an error.
func throws(asked bool) fetch.Throw {
	if asked {
		return fetch.ThrowUnanswered
	}
	return fetch.ThrowNever
}

// throws reads which failures make the promise reject.
func (f Field) throws() (fetch.Throw, error) {
	switch v := f.export().(type) {
	case bool:
		return throws(v), nil
	case string:
		if v == "failed" {
			return fetch.ThrowFailed, nil
		}
	}
	return fetch.ThrowNever, f.Wrong("true, false or 'failed'")
}
