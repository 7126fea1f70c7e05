package discover

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover/reference"
	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover/srcset"
)

// picture is the picture element that is open, and the source that was chosen of it: the first that matches.
type picture struct {
	open       bool
	inner      int // open elements in it, whose sources and images are none of its children
	chosen     bool
	candidates []srcset.Candidate
	sizes      string
}

// graphic finds the image of an element.
func (s *scanner) graphic(name string, a attributes) {
	switch name {
	case "picture":
		s.context.picture = picture{open: true}
	case "image":
		if s.context.inSVG() {
			s.svgImage(name, a)
			return
		}
		s.image(a) // another name of img
	case "img":
		s.image(a)
	case "feimage":
		s.svgImage(name, a)
	case "use":
		s.use(a)
	case "input":
		if equalFold(a.get("type"), "image") {
			resource := Resource{Type: Image, Element: "input"}
			s.find(a, "src", resource, importance{inDocument: true, small: isSmall(a)})
		}
	case "body", "table", "thead", "tbody", "tfoot", "tr", "td", "th":
		s.find(a, "background", Resource{Type: Image, Element: name}, importance{})
	}
}

// image finds the image of an img element: the one chosen of the picture around it, or of its own.
func (s *scanner) image(a attributes) {
	lazy := isLazy(a)
	chosen := s.context.picture
	chosen.chosen = chosen.chosen && chosen.inner == 0
	s.context.picture.open = chosen.open && chosen.inner > 0 // sources behind its image do not count
	if lazy && !s.finder.options.Lazy {
		return
	}
	reference := trimmed(a, "src")
	if chosen.chosen {
		reference = s.choose(chosen.candidates, chosen.sizes, lazy, "")
	} else if set := a.get("srcset"); set != "" {
		reference = s.choose(srcset.Parse(set), a.get("sizes"), lazy, reference)
	}
	s.finder.find(s.base, reference, Resource{
		Type: Image, Late: lazy, Element: "img", CrossOrigin: crossOrigin(a),
		ReferrerPolicy: referrerPolicy(a.get("referrerpolicy")),
	}, importance{hint: hint(a), inDocument: true, small: isSmall(a)})
}

// choose returns the candidate of a srcset that the environment is best served with, or else the one beside it.
func (s *scanner) choose(candidates []srcset.Candidate, sizes string, lazy bool, beside string) string {
	environment := s.finder.environment
	return srcset.Choose(candidates, beside, srcset.Size(sizes, environment, lazy), environment.DPR)
}

// source takes a source of a picture, or finds one of audio and video.
func (s *scanner) source(a attributes) {
	p := &s.context.picture
	if !p.open {
		s.mediaSource(a)
		return
	}
	if kind := Essence(a.get("type")); p.chosen || p.inner > 0 || kind != "" && !imageType(kind) {
		return
	}
	if !s.finder.environment.Matches(a.get("media")) {
		return
	}
	p.candidates, p.sizes = srcset.Parse(a.get("srcset")), a.get("sizes")
	p.chosen = len(p.candidates) > 0
}

// isSmall reports whether the attributes of an image say that it is small to Chromium.
func isSmall(a attributes) bool {
	width, hasWidth := dimension(a.get("width"))
	height, hasHeight := dimension(a.get("height"))
	if hasWidth && hasHeight {
		return width*height <= smallImage
	}
	return hasWidth && width == 0 || hasHeight && height == 0
}

func dimension(value string) (float64, bool) {
	value = strings.TrimSuffix(trimSpace(value), "px")
	if pixels, ok := whole(value); ok || value == "" {
		return pixels, ok
	}
	number, err := strconv.ParseFloat(value, 64)
	return number, err == nil && number >= 0
}

// whole reads a number of a few digits, which dimensions are.
func whole(value string) (number float64, ok bool) {
	const maxDigits = 9
	for _, c := range []byte(value) {
		if c < '0' || c > '9' {
			return 0, false
		}
		number = 10*number + float64(c-'0')
	}
	return number, value != "" && len(value) <= maxDigits
}

// svgReference returns the attribute href, or its older name.
func svgReference(a attributes) string {
	if reference, ok := a.lookup("href"); ok {
		return reference
	}
	return a.get("xlink:href")
}

func (s *scanner) svgImage(name string, a attributes) {
	if reference := svgReference(a); !strings.HasPrefix(reference, "#") {
		resource := Resource{Type: Image, Element: name}
		s.finder.find(s.base, reference, resource, importance{hint: hint(a), inDocument: name == "image"})
	}
}

// use finds the document that holds what an SVG use element shows. Browsers load it from the same origin only, and not
// if it is the document itself.
func (s *scanner) use(a attributes) {
	text, ok := reference.Resolve(s.base, svgReference(a))
	if !ok || strings.HasPrefix(svgReference(a), "#") || text == withoutFragment(s.document) {
		return
	}
	target, err := url.Parse(text)
	if err != nil || reference.Origin(target) != reference.Origin(s.document) {
		return
	}
	s.finder.find(s.base, text, Resource{Type: Image, Element: "use"}, importance{})
}
