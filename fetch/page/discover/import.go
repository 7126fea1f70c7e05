package discover

import (
	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover/cssquery"
	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover/csstoken"
)

// importRule finds the sheet of an @import: a URL or string, layer or layer(…), supports(…), and media. Chromium
// fetches one whose conditions are not fulfilled all the same, and as soon, unless it is a declaration that is not
// supported.
func (s *sheet) importRule(text []byte) {
	tokens, all := csstoken.All(text, maxPrelude)
	tokens = skipSpace(tokens)
	if !all || len(tokens) == 0 || tokens[0].Kind != csstoken.URL && tokens[0].Kind != csstoken.String {
		return
	}
	reference, matches := tokens[0].Text(), !s.inactive
	tokens = skipSpace(tokens[1:])
	if len(tokens) > 0 && (tokens[0].Is("layer") || isFunction(tokens[0], "layer")) {
		_, tokens = component(tokens)
	}
	if len(tokens) > 0 && isFunction(tokens[0], "supports") {
		var supports []csstoken.Token
		supports, tokens = component(tokens)
		supported, fetched := cssquery.SupportsImport(cssquery.Arguments(supports))
		if !fetched {
			return
		}
		matches = matches && supported
	}
	matches = matches && s.finder.environment.MatchesTokens(tokens)
	s.finder.find(s.base, reference, Resource{Type: Style, Blocking: matches, Element: "css:@import"},
		importance{inDocument: s.inDocument})
}

func isFunction(token csstoken.Token, name string) bool {
	return token.Kind == csstoken.Function && token.Name() == name
}

// component splits the first component value off, and the spaces behind it.
func component(tokens []csstoken.Token) (first, rest []csstoken.Token) {
	n := cssquery.ComponentLength(tokens)
	return tokens[:n], skipSpace(tokens[n:])
}

func skipSpace(tokens []csstoken.Token) []csstoken.Token {
	for len(tokens) > 0 && tokens[0].Kind == csstoken.Space {
		tokens = tokens[1:]
	}
	return tokens
}
