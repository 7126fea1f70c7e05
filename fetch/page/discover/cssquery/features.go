package cssquery

import (
	"slices"
	"strings"

	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover/csstoken"
)

func (e Environment) leaf() leaves {
	return leaves{
		feature:  e.feature,
		function: func(string, []csstoken.Token) verdict { return unknown },
	}
}

// feature evaluates a media feature: (name), (name: value), (name < value) or (value < name < value).
func (e Environment) feature(inner []csstoken.Token) verdict {
	if len(inner) == 0 {
		return invalid
	}
	if inner[0].Kind == csstoken.Ident {
		name := inner[0].Name()
		rest := trim(inner[1:])
		switch {
		case len(rest) == 0:
			return e.exists(name)
		case rest[0].Kind == csstoken.Colon:
			return e.equals(name, trim(rest[1:]))
		}
	}
	if value := e.interval(inner); value != invalid {
		return value
	}
	if inner[0].Kind == csstoken.Ident && balanced(inner) {
		return unknown // a form of the future: an identifier, and anything
	}
	return invalid
}

func balanced(tokens []csstoken.Token) bool {
	for len(tokens) > 0 {
		n := componentLength(tokens)
		if n == 0 {
			return false
		}
		tokens = tokens[n:]
	}
	return true
}

// noPreference is the keyword of users who set nothing.
const noPreference = "no-preference"

// keywords returns the keyword of a feature, and all that it may have.
func (e Environment) keywords(name string) (is string, all []string) {
	switch name {
	case "orientation":
		if e.Height >= e.Width {
			return "portrait", []string{"portrait", "landscape"}
		}
		return "landscape", []string{"portrait", "landscape"}
	case "prefers-color-scheme":
		if e.Dark {
			return "dark", []string{"dark", "light"}
		}
		return "light", []string{"dark", "light"}
	case "hover", "any-hover":
		return "hover", []string{"none", "hover"}
	case "pointer", "any-pointer":
		return "fine", []string{"none", "coarse", "fine"}
	case "prefers-reduced-motion", "prefers-reduced-data", "prefers-reduced-transparency":
		return noPreference, []string{noPreference, "reduce"}
	case "prefers-contrast":
		return noPreference, []string{noPreference, "less", "more", "custom"}
	case "forced-colors":
		return "none", []string{"none", "active"}
	case "inverted-colors":
		return "none", []string{"none", "inverted"}
	case "scripting":
		return "enabled", []string{"none", "initial-only", "enabled"}
	case "update":
		return "fast", []string{"none", "slow", "fast"}
	case "display-mode":
		return "browser", []string{"browser", "fullscreen", "minimal-ui", "standalone", "window-controls-overlay"}
	case "color-gamut":
		return "srgb", []string{"srgb", "p3", "rec2020"}
	case "dynamic-range", "video-dynamic-range":
		return "standard", []string{"standard", "high"}
	default:
		return "", nil
	}
}

// unitKind is what the values of a feature are measured in.
type unitKind uint8

const (
	pixels unitKind = iota
	ratio
	dots // dots per CSS pixel
	plain
)

// number returns the value of a feature that is a number.
func (e Environment) number(name string) (value float64, kind unitKind, ok bool) {
	switch name {
	case "width", "device-width":
		return e.Width, pixels, true
	case "height", "device-height":
		return e.Height, pixels, true
	case "aspect-ratio", "device-aspect-ratio":
		return e.Width / max(e.Height, 1), ratio, true
	case "resolution":
		return e.DPR, dots, true
	case "-webkit-device-pixel-ratio":
		return e.DPR, plain, true
	case "color":
		return 8, plain, true
	case "color-index", "monochrome", "grid":
		return 0, plain, true
	default:
		return 0, 0, false
	}
}

// exists evaluates a feature without a value.
func (e Environment) exists(name string) verdict {
	if is, all := e.keywords(name); all != nil {
		return truth(is != "none" && is != noPreference)
	}
	if value, _, ok := e.number(name); ok {
		return truth(value != 0)
	}
	return unknown
}

// equals evaluates a feature with a value, which may be a least or a most.
func (e Environment) equals(name string, value []csstoken.Token) verdict {
	if is, all := e.keywords(name); all != nil {
		if len(value) != 1 || !slices.Contains(all, value[0].Name()) {
			return unknown
		}
		return truth(value[0].Name() == is)
	}
	relation := "="
	switch {
	case strings.HasPrefix(name, "min-"):
		name, relation = name[len("min-"):], ">="
	case strings.HasPrefix(name, "max-"):
		name, relation = name[len("max-"):], "<="
	case strings.HasPrefix(name, "-webkit-min-"):
		name, relation = "-webkit-"+name[len("-webkit-min-"):], ">="
	case strings.HasPrefix(name, "-webkit-max-"):
		name, relation = "-webkit-"+name[len("-webkit-max-"):], "<="
	}
	return e.compare(name, relation, value)
}

// compare evaluates: name relation value.
func (e Environment) compare(name, relation string, value []csstoken.Token) verdict {
	is, kind, ok := e.number(name)
	if !ok {
		return unknown
	}
	than, ok := e.value(kind, value)
	if !ok {
		return unknown
	}
	switch relation {
	case "<":
		return truth(is < than)
	case "<=":
		return truth(is <= than)
	case ">":
		return truth(is > than)
	case ">=":
		return truth(is >= than)
	default:
		return truth(is == than)
	}
}

// value reads what a feature is compared with. No feature is negative.
func (e Environment) value(kind unitKind, tokens []csstoken.Token) (value float64, ok bool) {
	switch kind {
	case pixels:
		value, ok = e.Length(tokens)
	case ratio:
		value, ok = ratioOf(tokens)
	case dots:
		value, ok = Resolution(tokens)
	default:
		value, ok = plainNumber(tokens)
	}
	return value, ok && value >= 0
}

func plainNumber(tokens []csstoken.Token) (float64, bool) {
	if len(tokens) != 1 || tokens[0].Kind != csstoken.Number {
		return 0, false
	}
	value, _ := tokens[0].Number()
	return value, true
}

// ratioOf reads 16/9 or 1.5.
func ratioOf(tokens []csstoken.Token) (float64, bool) {
	for i, token := range tokens {
		if !token.IsDelim('/') {
			continue
		}
		over, ok := plainNumber(trim(tokens[:i]))
		under, ok2 := plainNumber(trim(tokens[i+1:]))
		return over / under, ok && ok2 && under > 0
	}
	return plainNumber(tokens)
}
