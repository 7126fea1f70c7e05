package cssquery

import "github.com/xk6-fetch/xk6-fetch/fetch/page/discover/csstoken"

// calculation evaluates calc(), min(), max() and clamp() of lengths and numbers.
type calculation struct{ environment Environment }

// quantity is a length in pixels, or a number.
type quantity struct {
	value  float64
	length bool
}

// function evaluates a function, which is all of the tokens.
func (c calculation) function(tokens []csstoken.Token, depth int) (quantity, bool) {
	if depth > maxDepth {
		return quantity{}, false
	}
	var arguments []quantity
	for _, part := range SplitCommas(inside(tokens)) {
		argument, ok := c.sum(part, depth+1)
		if !ok || len(arguments) > 0 && argument.length != arguments[0].length {
			return quantity{}, false
		}
		arguments = append(arguments, argument)
	}
	result := arguments[0]
	switch name := tokens[0].Name(); {
	case name == "calc" && len(arguments) == 1:
	case name == "min":
		for _, other := range arguments {
			result.value = min(result.value, other.value)
		}
	case name == "max":
		for _, other := range arguments {
			result.value = max(result.value, other.value)
		}
	case name == "clamp" && len(arguments) == 3:
		result.value = max(arguments[0].value, min(arguments[1].value, arguments[2].value))
	default:
		return quantity{}, false
	}
	return result, true
}

// sum evaluates terms that are added or subtracted. Plus and minus stand between spaces.
func (c calculation) sum(tokens []csstoken.Token, depth int) (quantity, bool) {
	tokens = trim(tokens)
	sign, total, first := 1.0, quantity{}, true
	for start, i := 0, 0; ; {
		end := i >= len(tokens)
		if !end && !isSign(tokens, i) {
			i += max(1, componentLength(tokens[i:]))
			continue
		}
		term, ok := c.product(tokens[start:i], depth)
		if !ok || !first && term.length != total.length {
			return quantity{}, false
		}
		total, first = quantity{total.value + sign*term.value, term.length}, false
		if end {
			return total, true
		}
		if sign = 1; tokens[i].IsDelim('-') {
			sign = -1
		}
		i++
		start = i
	}
}

// isSign reports whether the token at i adds or subtracts.
func isSign(tokens []csstoken.Token, i int) bool {
	return (tokens[i].IsDelim('+') || tokens[i].IsDelim('-')) && i > 0 && i+1 < len(tokens) &&
		tokens[i-1].Kind == csstoken.Space && tokens[i+1].Kind == csstoken.Space
}

// product evaluates factors that are multiplied or divided.
func (c calculation) product(tokens []csstoken.Token, depth int) (quantity, bool) {
	result := quantity{value: 1}
	divide := false
	for start, i := 0, 0; ; {
		end := i >= len(tokens)
		if !end && !tokens[i].IsDelim('*') && !tokens[i].IsDelim('/') {
			i += max(1, componentLength(tokens[i:]))
			continue
		}
		factor, ok := c.factor(trim(tokens[start:i]), depth)
		if !ok || factor.length && (divide || result.length) || divide && factor.value == 0 {
			return quantity{}, false
		}
		if divide {
			result.value /= factor.value
		} else {
			result = quantity{result.value * factor.value, result.length || factor.length}
		}
		if end {
			return result, true
		}
		divide = tokens[i].IsDelim('/')
		i++
		start = i
	}
}

// factor evaluates a number, a length, a function, or a sum in parentheses.
func (c calculation) factor(tokens []csstoken.Token, depth int) (quantity, bool) {
	if len(tokens) == 0 || componentLength(tokens) != len(tokens) || depth > maxDepth {
		return quantity{}, false
	}
	switch tokens[0].Kind {
	case csstoken.Number:
		value, _ := tokens[0].Number()
		return quantity{value: value}, true
	case csstoken.Dimension:
		value, ok := c.environment.dimension(tokens[0])
		return quantity{value, true}, ok
	case csstoken.Function:
		return c.function(tokens, depth+1)
	case csstoken.OpenParen:
		return c.sum(inside(tokens), depth+1)
	default:
		return quantity{}, false
	}
}
