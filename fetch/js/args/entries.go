package args

import (
	"net/http"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/lists"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/urltext"
)

// entryTargets makes targets of entries, one after another.
type entryTargets struct {
	reader *TargetReader
	// nameOf is the name of an entry that has none of its own. Nil leaves it to the settings.
	nameOf func(i int) string
	specs  map[specKey]*fetch.Spec
}

// specKey is all that differs between entries without headers and bodies.
type specKey struct{ method, name string }

func newEntryTargets(r *TargetReader) *entryTargets {
	return &entryTargets{reader: r, specs: make(map[specKey]*fetch.Spec)}
}

// of makes the target of the i-th entry.
func (t *entryTargets) of(e *lists.Entry, i int) fetch.Target {
	target := fetch.Target{URL: t.reader.resolve(e.URL)}
	target.Spec = t.spec(e, t.name(&target, e, i))
	return target
}

func (t *entryTargets) name(target *fetch.Target, e *lists.Entry, i int) string {
	naming := t.reader.Base.naming
	switch {
	case e.Name != "":
		return e.Name
	case t.nameOf != nil:
		return t.nameOf(i)
	case naming == nil:
		return ""
	}
	name, _ := naming.of(&namedTarget{url: target.URL, method: e.Method, index: i}) // only functions fail
	return name
}

func (t *entryTargets) spec(e *lists.Entry, name string) *fetch.Spec {
	if e.Header != nil || e.Body != nil {
		return t.ownSpec(e, name)
	}
	key := specKey{e.Method, name}
	spec := t.specs[key]
	if spec == nil {
		if e.Method == "" && t.reader.Method != "" {
			spec = t.ownSpec(&lists.Entry{URL: e.URL, Method: t.reader.Method, Body: t.reader.Body}, name)
		} else {
			settings := *t.reader.Base
			settings.Method = e.Method
			spec = settings.named(name)
		}
		if len(t.specs) < maxSpecs {
			t.specs[key] = spec
		}
	}
	return spec
}

// ownSpec is the spec of an entry that is unlike others.
func (t *entryTargets) ownSpec(e *lists.Entry, name string) *fetch.Spec {
	own := t.reader.Base.clone()
	own.Method = e.Method
	for header, values := range e.Header {
		own.Header[header] = values
		if header == "Host" {
			own.Host = values[0]
		}
	}
	if e.Method != "" && e.Method != http.MethodGet && e.Method != http.MethodHead {
		own.Body = e.Body
	}
	logger, where := t.reader.State.Logger, urltext.Mask(e.URL)
	if err := own.compress(logger, where); err != nil {
		logger.WithError(err).Warnf("the body for %s is sent as it is", where)
	}
	own.fixContentLength(logger, where)
	return own.named(name)
}
