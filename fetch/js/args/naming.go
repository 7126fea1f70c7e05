package args

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/metrics"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/urltext"
)

// naming says what metrics and reports call a target, where that depends on the target. A nil one leaves it to the
// URL.
type naming struct {
	// literals and placeholders alternate, a literal first and last.
	literals, placeholders []string
	// function is the script's, for the event loop alone.
	function sobek.Callable
	at       Field
}

//nolint:gochecknoglobals // constants
var (
	// byHost is the naming of lists: they are long, and a name makes time series.
	byHost = &naming{literals: []string{"", ""}, placeholders: []string{"host"}}
	// namings are those that have a word of their own. By URL is as without a name, except that lists have a default.
	namings = map[string]*naming{
		"url": {}, "host": byHost, "path": {literals: []string{"", ""}, placeholders: []string{"path"}},
	}
)

// placeholders are what can stand in braces.
func isPlaceholder(name string) bool {
	return name == "host" || name == "path" || name == "key" || name == "index"
}

// setName reads the setting name.
func (s *settings) setName(f Field) error {
	const must = "a string, or a function that returns one"
	s.Name, s.naming = "", nil
	s.Tags.Tags = s.Tags.Tags.Without(metrics.TagName.String())
	if function, ok := sobek.AssertFunction(f.Value); ok {
		s.naming = &naming{function: function, at: f}
		return nil
	}
	name, err := f.Text(must)
	if err != nil {
		return err
	}
	if known, ok := namings[name]; ok {
		s.naming = known
		return nil
	}
	if s.naming, err = f.template(name); err != nil || s.naming != nil {
		return err
	}
	s.Name = name
	s.Tags.SetTag(metrics.TagName.String(), name)
	return nil
}

// template reads a name with placeholders in it, nil if there are none.
func (f Field) template(name string) (*naming, error) {
	n := &naming{}
	literal := ""
	for rest := name; ; {
		before, after, found := strings.Cut(rest, "{")
		inside, behind, closed := strings.Cut(after, "}")
		if !found || !closed {
			n.literals = append(n.literals, literal+rest)
			break
		}
		word := inside != "" && strings.Trim(inside, "abcdefghijklmnopqrstuvwxyz") == ""
		switch {
		case isPlaceholder(inside):
			n.literals = append(n.literals, literal+before)
			n.placeholders = append(n.placeholders, inside)
			literal, rest = "", behind
		case word:
			return nil, f.Wrong("a string in which nothing but {host}, {path}, {key} and {index} is in braces")
		default: // as in the names of http.url`…`
			literal += before + "{"
			rest = after
		}
	}
	if len(n.placeholders) == 0 {
		return nil, nil //nolint:nilnil // it is an ordinary name
	}
	return n, nil
}

// of is the name of a target, empty for its URL.
func (n *naming) of(target *namedTarget) (string, error) {
	if n.function != nil {
		return n.call(target)
	}
	switch len(n.placeholders) {
	case 0:
		return "", nil
	case 1:
		if n.literals[0] == "" && n.literals[1] == "" {
			return target.part(n.placeholders[0]), nil
		}
	}
	var b strings.Builder
	for i, placeholder := range n.placeholders {
		b.WriteString(n.literals[i])
		b.WriteString(target.part(placeholder))
	}
	b.WriteString(n.literals[len(n.placeholders)])
	return b.String(), nil
}

// call asks the script.
func (n *naming) call(target *namedTarget) (string, error) {
	method := target.method
	if method == "" {
		method = http.MethodGet
	}
	var key any = target.index
	if target.key != nil {
		key = *target.key
	}
	o := NewObject(n.at.Runtime, "url", target.url, "index", target.index, "key", key, "method", method)
	value, err := n.function(sobek.Undefined(), o)
	if err != nil {
		return "", err
	}
	result := Field{Path: n.at.Path + "()", Value: value, Runtime: n.at.Runtime}
	return result.Text("a string")
}

// namedTarget is what a name can be made of.
type namedTarget struct {
	url    string
	method string
	index  int
	key    *string // nil if there is none, which the index stands for
}

func (t *namedTarget) part(placeholder string) string {
	switch {
	case placeholder == "host":
		return urltext.Host(t.url)
	case placeholder == "path":
		return pathOf(t.url)
	case placeholder == "key" && t.key != nil:
		return urltext.Mask(*t.key)
	default:
		return strconv.Itoa(t.index)
	}
}

// pathOf is the path of a URL, without the query.
func pathOf(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return ""
	}
	if path := u.EscapedPath(); path != "" {
		return path
	}
	return "/"
}

// maxSpecs bounds how many specs a call remembers: one for each name.
const maxSpecs = 4096

// specOf returns the spec of a target of these settings.
func (r *TargetReader) specOf(s *settings, target *namedTarget) (*fetch.Spec, error) {
	if s.naming == nil || s.hasNameTag() {
		if s == r.Base {
			return r.Plain, nil
		}
		return s.Build(), nil
	}
	name, err := s.naming.of(target)
	if err != nil {
		return nil, err
	}
	if s != r.Base {
		return s.named(name), nil
	}
	spec := r.specs[name]
	if spec == nil {
		spec = s.named(name)
		if r.specs == nil {
			r.specs = make(map[string]*fetch.Spec)
		}
		if len(r.specs) < maxSpecs {
			r.specs[name] = spec
		}
	}
	return spec, nil
}

// named is the spec of these settings with a name.
func (s *settings) named(name string) *fetch.Spec {
	if name == "" {
		return s.Build()
	}
	c := *s
	c.Name = name
	c.Tags = s.Tags.Clone()
	c.Tags.SetTag(metrics.TagName.String(), name)
	return c.Build()
}

func (s *settings) hasNameTag() bool {
	_, named := s.Tags.Tags.Get(metrics.TagName.String())
	return named
}
