// Package cssquery evaluates the conditions of CSS: media queries, @supports, and the lengths in them.
//
// A feature that it does not know is neither true nor false, and so is what contains it, unless the rest decides
// (Media Queries 4, section 3.1). A query that is not true in the end does not match.
package cssquery

import "github.com/xk6-fetch/xk6-fetch/fetch/page/discover/csstoken"

// Environment is the screen that media queries ask for: a desktop's, with a mouse.
type Environment struct {
	Width, Height float64 // of the viewport, in CSS pixels
	DPR           float64 // device pixels per CSS pixel
	Dark          bool    // prefers-color-scheme
}

// maxTokens bounds what a query may have, and maxDepth how deep its parentheses nest. Longer ones do not match.
const (
	maxTokens = 1024
	maxDepth  = 32
)

// Matches reports whether a list of media queries matches. An empty list does.
func (e Environment) Matches(list string) bool {
	if list == "" {
		return true
	}
	tokens, all := csstoken.All([]byte(list), maxTokens)
	return all && e.MatchesTokens(tokens)
}

// MatchesTokens is Matches for tokens.
func (e Environment) MatchesTokens(tokens []csstoken.Token) bool {
	if len(tokens) > maxTokens {
		return false
	}
	if len(trim(tokens)) == 0 {
		return true
	}
	for _, query := range SplitCommas(tokens) {
		if e.query(trim(query)) == yes {
			return true
		}
	}
	return false
}

// Condition reports whether a media condition is true. It has no media type.
func (e Environment) Condition(tokens []csstoken.Token) bool {
	return len(tokens) <= maxTokens && conditionOf(tokens, e.leaf()).whole() == yes
}

// query evaluates one media query.
func (e Environment) query(tokens []csstoken.Token) verdict {
	negated := false
	rest := tokens
	if len(rest) > 0 && (rest[0].Is("not") || rest[0].Is("only")) {
		if after := trim(rest[1:]); len(after) > 0 && after[0].Kind == csstoken.Ident {
			negated, rest = rest[0].Is("not"), after
		}
	}
	if len(rest) == 0 || rest[0].Kind != csstoken.Ident || rest[0].Is("not") {
		return conditionOf(tokens, e.leaf()).whole()
	}
	result := no
	switch rest[0].Name() {
	case "all", "screen":
		result = yes
	case "and", "or", "only", "layer":
		return invalid
	}
	if rest = trim(rest[1:]); len(rest) > 0 {
		if !rest[0].Is("and") || len(rest) < 2 || rest[1].Kind != csstoken.Space {
			return invalid
		}
		condition := conditionOf(rest[1:], e.leaf())
		condition.noOr = true
		value := condition.whole()
		if value == invalid {
			return invalid
		}
		result = min(result, value)
	}
	if negated {
		return result.not()
	}
	return result
}

// SplitCommas splits tokens at the commas that are not within brackets.
func SplitCommas(tokens []csstoken.Token) [][]csstoken.Token {
	var parts [][]csstoken.Token
	start := 0
	for i := 0; i < len(tokens); {
		if tokens[i].Kind == csstoken.Comma {
			parts = append(parts, tokens[start:i])
			i++
			start = i
			continue
		}
		i += max(1, componentLength(tokens[i:]))
	}
	return append(parts, tokens[start:])
}

func trim(tokens []csstoken.Token) []csstoken.Token {
	for len(tokens) > 0 && tokens[0].Kind == csstoken.Space {
		tokens = tokens[1:]
	}
	for len(tokens) > 0 && tokens[len(tokens)-1].Kind == csstoken.Space {
		tokens = tokens[:len(tokens)-1]
	}
	return tokens
}

// componentLength returns of how many tokens the component value consists that tokens begin with: one, or all of a
// bracket or function. It is 0 where brackets do not match. One that is not closed extends to the end.
func componentLength(tokens []csstoken.Token) int {
	var open []csstoken.Kind
	for i, token := range tokens {
		switch token.Kind {
		case csstoken.OpenParen, csstoken.Function:
			open = append(open, csstoken.CloseParen)
		case csstoken.OpenSquare:
			open = append(open, csstoken.CloseSquare)
		case csstoken.OpenBrace:
			open = append(open, csstoken.CloseBrace)
		case csstoken.CloseParen, csstoken.CloseSquare, csstoken.CloseBrace:
			if len(open) == 0 || open[len(open)-1] != token.Kind {
				return 0
			}
			open = open[:len(open)-1]
		default:
		}
		if len(open) == 0 {
			return i + 1
		}
	}
	return len(tokens)
}

// inside returns what is in the brackets of a component value.
func inside(component []csstoken.Token) []csstoken.Token {
	inner := component[1:]
	if n := componentLength(component); n == len(component) && len(inner) > 0 && closes(component) {
		inner = inner[:len(inner)-1]
	}
	return inner
}

// closes reports whether the last token of a component closes its first.
func closes(component []csstoken.Token) bool {
	depth := 0
	for i, token := range component {
		switch token.Kind {
		case csstoken.OpenParen, csstoken.Function, csstoken.OpenSquare, csstoken.OpenBrace:
			depth++
		case csstoken.CloseParen, csstoken.CloseSquare, csstoken.CloseBrace:
			depth--
		default:
		}
		if depth == 0 {
			return i == len(component)-1
		}
	}
	return false
}

// SplitLast splits the last component value off. What is before it has no spaces around it.
func SplitLast(tokens []csstoken.Token) (before, last []csstoken.Token) {
	tokens = trim(tokens)
	for i := 0; i < len(tokens); {
		n := max(1, componentLength(tokens[i:]))
		before, last = trim(tokens[:i]), tokens[i:i+n]
		i += n
	}
	return before, last
}

// ComponentLength returns of how many tokens the component value consists that tokens begin with: at least one.
func ComponentLength(tokens []csstoken.Token) int { return max(1, componentLength(tokens)) }

// Arguments returns what is in the parentheses of a function, without spaces around it. It is empty for anything else.
func Arguments(function []csstoken.Token) []csstoken.Token {
	if len(function) == 0 || function[0].Kind != csstoken.Function {
		return nil
	}
	return trim(inside(function))
}
