package cache

import (
	"net/http"
	"net/textproto"
	"slices"
	"strings"
)

// selector is a field that selects a variant (section 4.1), as the request had it that the variant was the response to.
type selector struct {
	name  string
	lines int    // 0: the request did not have it
	value string // its lines, combined
	equal string // what is equal to it: its value in a normal form
}

// nominated returns the names of the fields that a Vary field nominates, each once, in the order of the alphabet.
func nominated(vary []string) []string {
	var names []string
	for _, line := range vary {
		for name := range strings.SplitSeq(line, ",") {
			if name = strings.Trim(name, ows); name != "" {
				names = append(names, textproto.CanonicalMIMEHeaderKey(name))
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// selectBy notes what a request has in the nominated fields.
func selectBy(names []string, h http.Header) []selector {
	selection := make([]selector, len(names))
	for i, name := range names {
		value := strings.Join(h[name], ", ")
		selection[i] = selector{name: name, lines: len(h[name]), value: value, equal: normal(name, value)}
	}
	return selection
}

// matches reports whether a request would select the variant. A field that one request has and the other has not does
// not match, even if it is empty.
func matches(selection []selector, h http.Header) bool {
	for i := range selection {
		s := &selection[i]
		lines := h[s.name]
		switch {
		case len(lines) == 0 || s.lines == 0:
			if len(lines) != s.lines {
				return false
			}
		case len(lines) == 1 && lines[0] == s.value:
		case normal(s.name, strings.Join(lines, ", ")) != s.equal:
			return false
		}
	}
	return true
}

// normal is the normal form of a field's value. Section 4.1 lets a cache ignore differences that are none by the
// field's definition: white space in lists, and the case of codings and languages. It knows these fields by name. Of
// others it ignores nothing but white space around them, because it cannot know whether they are lists. The order of
// languages stays, because servers take it for a preference.
func normal(name, value string) string {
	switch name {
	case "Accept-Encoding", "Accept-Language", "Accept-Charset":
		return withoutSpace(strings.ToLower(value))
	case "Accept":
		return withoutSpace(value)
	default:
		return strings.Trim(value, ows)
	}
}

// withoutSpace removes white space next to commas and semicolons, and empty members. A list with quotes stays as it is.
func withoutSpace(list string) string {
	if strings.IndexByte(list, '"') >= 0 {
		return strings.Trim(list, ows)
	}
	b := make([]byte, 0, len(list))
	last, space := byte(','), false
	for i := range len(list) {
		c := list[i]
		switch {
		case c == ' ' || c == '\t':
			space = true
			continue
		case c == ',' && last == ',': // an empty member
			continue
		case space && c != ',' && c != ';' && last != ',' && last != ';':
			b = append(b, ' ')
		}
		b, last, space = append(b, c), c, false
	}
	return strings.TrimRight(string(b), ",")
}
