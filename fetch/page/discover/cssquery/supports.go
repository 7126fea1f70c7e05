package cssquery

import (
	"strings"

	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover/csstoken"
)

// Supports reports whether a browser of today fulfils a condition of @supports. It knows no list of properties: one
// without the prefix of another browser counts as supported.
func Supports(tokens []csstoken.Token) bool {
	return len(tokens) <= maxTokens && conditionOf(tokens, supportLeaves()).whole() == yes
}

// SupportsImport is Supports for the function supports() of @import, where a declaration stands without parentheses. It
// also reports whether Chromium fetches the stylesheet, which it does unless such a declaration is not supported.
func SupportsImport(tokens []csstoken.Token) (supported, fetched bool) {
	tokens = trim(tokens)
	if len(tokens) <= maxTokens {
		if is := declaration(tokens); is != invalid {
			return is == yes, is == yes
		}
	}
	return Supports(tokens), true
}

func supportLeaves() leaves {
	return leaves{
		feature: func(inner []csstoken.Token) verdict {
			if len(inner) == 0 {
				return invalid
			}
			if value := declaration(inner); value != invalid {
				return value
			}
			return unknown
		},
		function: func(name string, arguments []csstoken.Token) verdict {
			switch name {
			case "selector":
				return truth(len(arguments) > 0)
			case "font-format":
				return truth(len(arguments) == 1 && FontFormat(arguments[0].Name()))
			case "font-tech":
				return truth(len(arguments) == 1 && FontTech(arguments[0].Name()))
			default:
				return unknown
			}
		},
	}
}

// declaration evaluates "property: value".
func declaration(tokens []csstoken.Token) verdict {
	if len(tokens) == 0 || tokens[0].Kind != csstoken.Ident {
		return invalid
	}
	rest := trim(tokens[1:])
	if len(rest) < 2 || rest[0].Kind != csstoken.Colon {
		return invalid
	}
	name := tokens[0].Name()
	for _, prefix := range []string{"-moz-", "-ms-", "-o-", "-khtml-", "-apple-", "-webkit-touch-callout"} {
		if strings.HasPrefix(name, prefix) {
			return no
		}
	}
	value := trim(rest[1:])
	if len(value) == 0 {
		return invalid
	}
	return truth(!strings.HasPrefix(value[0].Name(), "-moz-") && !strings.HasPrefix(value[0].Name(), "-ms-"))
}

// FontFormat reports whether browsers use fonts of a format, as CSS Fonts names it.
func FontFormat(name string) bool {
	switch lowered := strings.ToLower(name); lowered {
	case "woff2", "woff", "truetype", "opentype", "collection":
		return true
	case "woff2-variations", "woff-variations", "truetype-variations", "opentype-variations":
		return true
	default:
		return false
	}
}

// FontTech reports whether Chromium uses fonts that need a technique.
func FontTech(name string) bool {
	switch lowered := strings.ToLower(name); lowered {
	case "features-opentype", "features-aat", "variations", "palettes":
		return true
	case "color-colrv0", "color-colrv1", "color-sbix", "color-cbdt":
		return true
	default:
		return false
	}
}
