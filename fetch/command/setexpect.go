package command

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/xk6-fetch/xk6-fetch/fetch/command/literal"
)

// setExpect reads one thing that responses must be: contains=text, header:name=value, json:path=value, and others. What
// is given several times must all hold.
func setExpect(p *plan, f *flag, text string) error {
	what, value, given := cutOutside(text)
	kind, name, named := strings.Cut(what, ":")
	wrong := func() error {
		return usagef("%s must be contains=, lacks=, matches=/…/, sha256=, status=, header:NAME=, json:PATH= or days-left=, "+
			"such as 'contains=Welcome'; got %q", f.path(), text)
	}
	expected := p.get(f.option)
	part := func(name string) literal.Object {
		o, _ := expected.Get(name).(literal.Object)
		return o
	}
	switch {
	case kind == "header" && named && name != "":
		var must literal.Value // absent
		if given {
			must = patternOr(value)
		}
		return p.set(f, f.option, expected.With("headers", part("headers").With(name, must)))
	case !given || named != (kind == "json"):
		return wrong()
	}
	switch kind {
	case "contains", "lacks", "matches", "sha256":
		all, _ := part("body").Get(kind).(literal.List)
		must := literal.Value(value)
		if kind == "matches" {
			must = patternOr(value)
		}
		expected = expected.With("body", part("body").With(kind, append(all, must)))
	case "status":
		all, ok := statuses(value)
		if !ok {
			return usagef("%s must be statuses and ranges of them, such as status=200,300-399; got %q", f.path(), text)
		}
		expected = expected.With("status", all)
	case "json":
		expected = expected.With("json", part("json").With(name, jsonOr(value)))
	case "days-left":
		expected = expected.With("certificate", literal.Object{{Name: "daysLeft", Value: literal.Number(value)}})
	default:
		return wrong()
	}
	return p.set(f, f.option, expected)
}

// cutOutside cuts a text at its first = outside of parentheses: paths of GJSON have some in queries.
func cutOutside(text string) (before, after string, found bool) {
	depth := 0
	for i, c := range []byte(text) {
		switch {
		case c == '(':
			depth++
		case c == ')':
			depth--
		case c == '=' && depth <= 0:
			return text[:i], text[i+1:], true
		}
	}
	return text, "", false
}

// patternOr returns the regular expression that a text is, or the text.
func patternOr(text string) literal.Value {
	if pattern, ok := literal.PatternOf(text); ok {
		return pattern
	}
	return text
}

// jsonOr returns what a text is in JSON: else a regular expression, or the text.
func jsonOr(text string) literal.Value {
	var value any
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		return patternOr(text)
	}
	return literalOf(value)
}

// literalOf returns what encoding/json has decoded as a value of options.
func literalOf(value any) literal.Value {
	switch v := value.(type) {
	case []any:
		list := make(literal.List, len(v))
		for i := range v {
			list[i] = literalOf(v[i])
		}
		return list
	case map[string]any:
		var o literal.Object
		for _, name := range slices.Sorted(maps.Keys(v)) {
			o = o.With(name, literalOf(v[name]))
		}
		return o
	default:
		return v
	}
}
