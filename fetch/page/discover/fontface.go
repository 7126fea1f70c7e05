package discover

import (
	"strings"

	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover/cssquery"
	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover/csstoken"
)

// fontFace is what a rule @font-face says so far.
type fontFace struct {
	family bool
	source string // the first usable one of the last valid declaration
}

// describe takes a descriptor of the rule.
func (f *fontFace) describe(name string, value []csstoken.Token) {
	switch name {
	case "font-family":
		f.family = len(value) > 0
	case "src":
		for _, part := range cssquery.SplitCommas(value) {
			if source, ok := fontSource(part); ok {
				f.source = source
				return
			}
		}
	}
}

// fontSource returns the reference of a font, if browsers use its format. One without a format may be any. A local font
// is taken for missing.
func fontSource(tokens []csstoken.Token) (reference string, ok bool) {
	tokens = skipSpace(tokens)
	if len(tokens) == 0 || tokens[0].Kind != csstoken.URL {
		return "", false
	}
	reference = tokens[0].Text()
	for tokens = skipSpace(tokens[1:]); len(tokens) > 0; {
		first, rest := component(tokens)
		switch {
		case isFunction(first[0], "format"):
			ok = allArguments(first, cssquery.FontFormat)
		case isFunction(first[0], "tech"):
			ok = allArguments(first, cssquery.FontTech)
		default:
			ok = false
		}
		if !ok {
			return "", false
		}
		tokens = rest
	}
	return reference, true
}

// allArguments reports whether there are names or strings in a function, and all are supported.
func allArguments(function []csstoken.Token, supported func(string) bool) bool {
	found := false
	for _, token := range cssquery.Arguments(function) {
		switch token.Kind {
		case csstoken.Space, csstoken.Comma:
		case csstoken.String, csstoken.Ident:
			if found = true; !supported(token.Text() + token.Name()) {
				return false
			}
		default:
			return false
		}
	}
	return found
}

// useFont finds the font of a rule that is complete.
func (s *sheet) useFont(f *fontFace) {
	if !f.family || strings.TrimSpace(f.source) == "" {
		return
	}
	s.finder.find(s.base, f.source, Resource{Type: Font, CrossOrigin: Anonymous, Element: elementOfFonts}, importance{})
}
