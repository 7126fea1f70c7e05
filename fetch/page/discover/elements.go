package discover

import (
	"bytes"
	"net/url"
	"strings"

	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover/reference"
)

// relevant reports whether the attributes of a tag matter.
func (s *scanner) relevant(name string, raw []byte) bool {
	switch name {
	case "base", "link", "meta", "script", "style", "template":
		return true
	case "img", "image", "feimage", "use", "picture", "source", "input":
		return true
	case "video", "audio", "track", "iframe", "frame", "embed", "object":
		return true
	case "body", "table", "thead", "tbody", "tfoot", "tr", "td", "th":
		return mentions(raw, "background") || s.styled(raw)
	default:
		return s.styled(raw)
	}
}

func (s *scanner) styled(raw []byte) bool {
	return s.finder.options.CSS == All && bytes.IndexByte(raw, '(') >= 0 && mentions(raw, "style")
}

// mentions reports whether a word is in a text, in lower case or capitals. Where it has to be, that is cheaper than to
// read what the text says.
func mentions(text []byte, word string) bool {
	for i := 0; i+len(word) <= len(text); i++ {
		if text[i]|0x20 == word[0] && bytes.EqualFold(text[i:i+len(word)], []byte(word)) {
			return true
		}
	}
	return false
}

// element finds what an element refers to.
func (s *scanner) element(name string, a attributes) {
	switch name {
	case "base":
		s.setBase(a)
	case "meta":
		s.meta(a)
	case "link":
		s.link(a)
	case "script":
		s.script(a)
	case "iframe", "frame":
		s.frame(name, a)
	case "embed", "object":
		s.plugin(name, a)
	case "video", "audio":
		s.audioVideo(name, a)
	case "track":
		s.track(a)
	case "source":
		s.source(a)
	default:
		s.graphic(name, a)
	}
}

// setBase takes the first base element with a reference. It affects what follows.
func (s *scanner) setBase(a attributes) {
	href, ok := a.lookup("href")
	if !ok || s.based {
		return
	}
	s.based = true // even if it is invalid
	text, ok := reference.Resolve(s.document, href)
	if !ok {
		return
	}
	if base, err := url.Parse(text); err == nil {
		s.base = base
	}
}

// meta takes the document's referrer policy.
func (s *scanner) meta(a attributes) {
	if equalFold(a.get("name"), "referrer") {
		if policy := referrerPolicy(a.get("content")); policy != "" {
			s.finder.policy = policy
		}
	}
}

// frame finds the document of a frame, or scans the one that it has as an attribute.
func (s *scanner) frame(name string, a attributes) {
	if content, ok := a.lookup("srcdoc"); ok && name == "iframe" {
		s.nest(content)
		return
	}
	lazy := name == "iframe" && isLazy(a)
	if lazy && !s.finder.options.Lazy {
		return
	}
	if text, ok := reference.Resolve(s.base, a.get("src")); ok && text == withoutFragment(s.document) {
		return // HTML forbids that a document is in itself
	}
	s.find(a, "src", Resource{
		Type: Document, Late: lazy, Element: name, ReferrerPolicy: referrerPolicy(a.get("referrerpolicy")),
	}, importance{lazy: lazy})
}

// withoutFragment returns a URL as resources have it.
func withoutFragment(u *url.URL) string {
	text, _ := reference.Resolve(u, u.String())
	return text
}

// nest scans the document of a frame, which is never lazy. It has a referrer policy and priorities of its own.
func (s *scanner) nest(content string) {
	const maxNested = 4
	if s.nested == maxNested {
		return
	}
	policy, priorities := s.finder.policy, s.finder.prioritizer
	s.finder.prioritizer = prioritizer{}
	inner := newScanner(s.document, s.base, s.finder, s.nested+1)
	inner.tags.Write([]byte(content))
	inner.close()
	s.finder.policy, s.finder.prioritizer = policy, priorities
}

// plugin finds what an embed or object element shows, unless it is the replacement of another.
func (s *scanner) plugin(name string, a attributes) {
	attribute, kind, own := "src", Embed, 0
	if name == "object" {
		attribute, kind, own = "data", Object, 1
	}
	if s.context.shown(own) || s.context.media.open || !displayable(a.get("type"), a.get(attribute)) {
		return
	}
	resource := Resource{Type: kind, Element: name}
	s.find(a, attribute, resource, importance{image: showsImage(a.get("type"), a.get(attribute))})
}

// styleAttribute finds the images of a style attribute.
func (s *scanner) styleAttribute(a attributes) {
	if s.finder.options.CSS != All {
		return
	}
	if style, ok := a.lookup("style"); ok {
		declarations := newDeclarations(s.base, s.finder)
		declarations.write([]byte(style))
		declarations.close()
	}
}

// openSheet begins to read a style element.
func (s *scanner) openSheet(a attributes) {
	if kind := trimmed(a, "type"); kind != "" && !equalFold(kind, "text/css") {
		return
	}
	s.sheet = newSheet(s.base, s.finder)
	s.sheet.inactive = !s.finder.environment.Matches(a.get("media"))
	s.sheet.inDocument = true
}

func (s *scanner) closeSheet() {
	if s.sheet != nil {
		s.sheet.close()
		s.sheet = nil
	}
}

// find passes on what an attribute refers to.
func (s *scanner) find(a attributes, attribute string, resource Resource, i importance) {
	i.hint = hint(a)
	s.finder.find(s.base, a.get(attribute), resource, i)
}

// hint returns fetchpriority, if it is high or low.
func hint(a attributes) string {
	switch hint := strings.ToLower(a.get("fetchpriority")); hint {
	case "high", "low":
		return hint
	default:
		return ""
	}
}

func isLazy(a attributes) bool { return equalFold(a.get("loading"), "lazy") }

// crossOrigin returns what the attribute crossorigin says. An invalid value counts as anonymous.
func crossOrigin(a attributes) CrossOrigin {
	value, ok := a.lookup("crossorigin")
	switch {
	case !ok:
		return None
	case equalFold(value, "use-credentials"):
		return UseCredentials
	default:
		return Anonymous
	}
}

// referrerPolicy returns a valid referrer policy in lower case, or nothing. The old names of meta elements are valid.
func referrerPolicy(value string) string {
	switch policy := strings.ToLower(trimSpace(value)); policy {
	case "no-referrer", "no-referrer-when-downgrade", "same-origin", "origin", "strict-origin",
		"origin-when-cross-origin", "strict-origin-when-cross-origin", "unsafe-url":
		return strings.Clone(policy)
	case "never":
		return "no-referrer"
	case "always":
		return "unsafe-url"
	case "default":
		return "strict-origin-when-cross-origin"
	default:
		return ""
	}
}

func trimmed(a attributes, name string) string {
	return trimSpace(a.get(name))
}

// trimSpace removes what HTML calls ASCII whitespace.
func trimSpace(text string) string {
	if text == "" || text[0] > ' ' && text[len(text)-1] > ' ' {
		return text
	}
	return strings.Trim(text, " \t\r\n\f")
}

func equalFold(a, b string) bool { return strings.EqualFold(a, b) }
