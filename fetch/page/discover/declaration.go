package discover

import (
	"bytes"
	"strings"

	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover/cssquery"
	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover/csstoken"
	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover/srcset"
)

// maxValue bounds the tokens of a declaration. Those behind them do not count.
const maxValue = 4096

// What an Element is in CSS, for which a document's referrer policy does not count in Chromium.
const (
	elementOfImages = "css:url"
	elementOfFonts  = "css:@font-face"
)

// declaration finds what a declaration refers to.
func (s *sheet) declaration(text []byte) {
	if len(text) == 0 || len(s.blocks) == 0 || !s.active() {
		return
	}
	font := s.blocks[len(s.blocks)-1].font
	if font == nil && (s.finder.options.CSS != All || !refers(text)) {
		return
	}
	tokens, _ := csstoken.All(text, maxValue)
	if len(tokens) == 0 || tokens[0].Kind != csstoken.Ident {
		return
	}
	name := tokens[0].Name()
	value := skipSpace(tokens[1:])
	if len(value) == 0 || value[0].Kind != csstoken.Colon {
		return
	}
	value = skipSpace(value[1:])
	switch {
	case font != nil:
		font.describe(name, value)
	case name == "behavior" || name == "src" || strings.HasPrefix(name, "-moz-") || strings.HasPrefix(name, "-ms-"):
		// other browsers' properties, and a descriptor
	default:
		s.images(value, crossOriginOf(name))
	}
}

// crossOriginOf returns how images of a property are fetched: by CORS where they decide where something is drawn.
func crossOriginOf(property string) CrossOrigin {
	switch property {
	case "mask", "mask-image", "-webkit-mask", "-webkit-mask-image", "shape-outside", "clip-path", "fill":
		return Anonymous
	default:
		return None
	}
}

// refers reports whether a declaration may refer to something. It is cheaper than to read its tokens.
func refers(text []byte) bool {
	return bytes.IndexByte(text, '(') >= 0
}

// images finds the URLs in a value.
func (s *sheet) images(value []csstoken.Token, origin CrossOrigin) {
	for len(value) > 0 {
		token := value[0]
		switch {
		case token.Kind == csstoken.URL:
			s.image(token.Text(), origin)
		case isFunction(token, "image-set"), isFunction(token, "-webkit-image-set"):
			var set []csstoken.Token
			set, value = component(value)
			s.image(s.imageSet(cssquery.Arguments(set)), origin)
			continue
		}
		value = value[1:]
	}
}

// image finds an image. A reference to a part of the document itself is none.
func (s *sheet) image(reference string, origin CrossOrigin) {
	if strings.HasPrefix(reference, "#") {
		return
	}
	s.finder.find(s.base, reference, Resource{Type: Image, CrossOrigin: origin, Element: elementOfImages}, importance{})
}

// imageSet returns the image that is chosen of an image-set(): each a URL or string, a resolution, and a type.
func (s *sheet) imageSet(arguments []csstoken.Token) string {
	var candidates []srcset.Candidate
	for _, option := range cssquery.SplitCommas(arguments) {
		option = skipSpace(option)
		if len(option) == 0 || option[0].Kind != csstoken.URL && option[0].Kind != csstoken.String {
			continue
		}
		candidate := srcset.Candidate{URL: option[0].Text(), Density: 1}
		supported := true
		for rest := skipSpace(option[1:]); len(rest) > 0; {
			var first []csstoken.Token
			first, rest = component(rest)
			if density, ok := cssquery.Resolution(first); ok {
				candidate.Density = density
			} else if arguments := cssquery.Arguments(first); isFunction(first[0], "type") && len(arguments) == 1 {
				supported = imageType(arguments[0].Text())
			}
		}
		if supported {
			candidates = append(candidates, candidate)
		}
	}
	return srcset.AtLeast(candidates, s.finder.environment.DPR)
}
