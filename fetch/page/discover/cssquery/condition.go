package cssquery

import "github.com/xk6-fetch/xk6-fetch/fetch/page/discover/csstoken"

// verdict is what became of a condition. The order makes "and" the minimum, and "or" the maximum.
type verdict uint8

const (
	invalid verdict = iota
	no
	unknown
	yes
)

func (v verdict) not() verdict {
	switch v {
	case yes:
		return no
	case no:
		return yes
	default:
		return v
	}
}

func truth(b bool) verdict {
	if b {
		return yes
	}
	return no
}

// leaves evaluate what a condition combines.
type leaves struct {
	// feature evaluates what is in parentheses. It is invalid where that has not the form of a feature.
	feature func(inner []csstoken.Token) verdict
	// function evaluates a function.
	function func(name string, arguments []csstoken.Token) verdict
}

// condition reads features in parentheses that are combined by not, and, or. The grammars of media queries and of
// @supports agree in that.
type condition struct {
	tokens []csstoken.Token
	leaves leaves
	depth  int
	noOr   bool // behind a media type, "or" is invalid
}

func conditionOf(tokens []csstoken.Token, leaves leaves) *condition {
	return &condition{tokens: tokens, leaves: leaves}
}

// whole evaluates all tokens.
func (c *condition) whole() verdict {
	if c.depth > maxDepth {
		return invalid
	}
	value := c.sequence()
	if c.skipSpace(); len(c.tokens) > 0 {
		return invalid
	}
	return value
}

// sequence is: not X | X [and X]* | X [or X]*
func (c *condition) sequence() verdict {
	if c.skipSpace(); c.at("not") {
		c.next()
		return c.operand().not()
	}
	value := c.operand()
	operator := ""
	for value != invalid {
		c.skipSpace()
		if len(c.tokens) == 0 || c.tokens[0].Kind != csstoken.Ident {
			break
		}
		name := c.tokens[0].Name()
		if operator == "" {
			operator = name
		}
		if name != operator || name != "and" && (name != "or" || c.noOr) {
			return invalid
		}
		c.next()
		right := c.operand()
		switch {
		case right == invalid:
			return invalid
		case name == "and":
			value = min(value, right)
		default:
			value = max(value, right)
		}
	}
	return value
}

// operand is a feature or a condition in parentheses, or a function.
func (c *condition) operand() verdict {
	c.skipSpace()
	if len(c.tokens) == 0 {
		return invalid
	}
	first := c.tokens[0]
	if first.Kind != csstoken.OpenParen && first.Kind != csstoken.Function {
		return invalid
	}
	length := componentLength(c.tokens)
	if length == 0 {
		return invalid
	}
	component := c.tokens[:length]
	c.tokens = c.tokens[length:]
	if first.Kind == csstoken.Function {
		return c.leaves.function(first.Name(), trim(inside(component)))
	}
	inner := trim(inside(component))
	if beginsCondition(inner) {
		nested := conditionOf(inner, c.leaves)
		nested.depth = c.depth + 1
		return nested.whole()
	}
	return c.leaves.feature(inner)
}

// beginsCondition reports whether what is in parentheses is a condition rather than a feature.
func beginsCondition(inner []csstoken.Token) bool {
	if len(inner) == 0 {
		return false
	}
	switch inner[0].Kind {
	case csstoken.OpenParen:
		return true
	case csstoken.Function:
		return inner[0].Name() != "calc" && inner[0].Name() != "min" && inner[0].Name() != "max"
	default:
		return inner[0].Is("not")
	}
}

func (c *condition) at(name string) bool {
	return len(c.tokens) > 0 && c.tokens[0].Is(name)
}

func (c *condition) next() { c.tokens = c.tokens[1:] }

func (c *condition) skipSpace() {
	for len(c.tokens) > 0 && c.tokens[0].Kind == csstoken.Space {
		c.next()
	}
}
