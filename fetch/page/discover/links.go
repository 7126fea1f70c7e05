package discover

import (
	"slices"
	"strings"

	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover/srcset"
)

// link finds what a link element refers to. It may have several relations, each of which is a use of its own.
func (s *scanner) link(a attributes) {
	relations := strings.Fields(strings.ToLower(a.get("rel")))
	has := func(relation string) bool { return slices.Contains(relations, relation) }
	switch {
	case has("modulepreload"):
		s.modulePreload(a)
	case has("preload"):
		s.preload(a)
	}
	if has("stylesheet") {
		s.stylesheet(a, has("alternate"))
	}
	if s.inBody || s.finder.options.Frame || s.nested > 0 {
		return // only the head of the page itself has what follows
	}
	if has("manifest") {
		s.manifest(a)
	}
	if has("icon") {
		s.icons.consider(a, s.base)
	}
}

// manifest finds the manifest that the first link to one refers to.
func (s *scanner) manifest(a attributes) {
	if s.manifested {
		return
	}
	s.manifested = true // even if it is empty
	origin := Anonymous
	if crossOrigin(a) == UseCredentials {
		origin = UseCredentials
	}
	s.find(a, "href", Resource{Type: Manifest, CrossOrigin: origin, Element: "link", Late: true}, importance{})
}

// linked is what all links have in common.
func linked(a attributes, kind Type) Resource {
	return Resource{
		Type: kind, Element: "link", CrossOrigin: crossOrigin(a), Integrity: a.get("integrity"),
		ReferrerPolicy: referrerPolicy(a.get("referrerpolicy")),
	}
}

func (s *scanner) stylesheet(a attributes, alternate bool) {
	if kind := Essence(a.get("type")); kind != "" && kind != "text/css" || a.has("disabled") {
		return
	}
	matches := s.finder.environment.Matches(a.get("media")) && !alternate
	resource := linked(a, Style)
	resource.Blocking, resource.Late = matches, !matches
	s.find(a, "href", resource, importance{
		lazy: !matches, inDocument: true, blocking: matches && !s.inBody,
	})
}

// preload finds a preload of a type that browsers preload, if its media match. Chromium looks at the format of styles,
// fonts and images alone.
func (s *scanner) preload(a attributes) {
	if !s.finder.environment.Matches(a.get("media")) {
		return
	}
	kind := Essence(a.get("type"))
	var resource Resource
	supported := true
	switch strings.ToLower(a.get("as")) {
	case "script":
		resource = linked(a, Script)
	case "style":
		resource, supported = linked(a, Style), kind == "text/css"
	case "font":
		resource, supported = linked(a, Font), fontType(kind)
	case "image":
		resource, supported = linked(a, Image), imageType(kind)
	case "track":
		resource = linked(a, Track)
	case "fetch":
		resource = linked(a, Other)
	default:
		return
	}
	if !supported && kind != "" {
		return
	}
	resource.Preload = true
	reference := a.get("href")
	if resource.Type == Image && a.get("imagesrcset") != "" {
		reference = s.choose(srcset.Parse(a.get("imagesrcset")), a.get("imagesizes"), false, reference)
	}
	s.finder.find(s.base, reference, resource, importance{hint: hint(a), preload: true, inDocument: true})
}

// modulePreload finds a preload of a module. What that is for changes nothing in Chromium.
func (s *scanner) modulePreload(a attributes) {
	if !s.finder.environment.Matches(a.get("media")) {
		return
	}
	resource := linked(a, Script)
	resource.Preload = true
	resource.CrossOrigin = max(resource.CrossOrigin, Anonymous)
	s.find(a, "href", resource, importance{module: true, preload: true, inDocument: true})
}
