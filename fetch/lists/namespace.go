package lists

import (
	"encoding/xml"
	"strings"
)

// maxNamespaces bounds how many prefixes may be declared at the same time.
const maxNamespaces = 1000

// namespaces are the prefixes that are declared at the decoder's place. Elements end in the opposite order, so
// declarations are undone in that order.
type namespaces struct {
	uris     map[string]string // the default namespace has no prefix
	replaced []declaration
}

type declaration struct {
	prefix, uri string
	isNone      bool
}

// declare notes the declarations of an element, and returns their number.
func (n *namespaces) declare(attributes []xml.Attr) (declared int) {
	for i := range attributes {
		prefix, ok := declares(attributes[i].Name)
		if !ok {
			continue
		}
		if n.uris == nil {
			n.uris = make(map[string]string)
		}
		before, known := n.uris[prefix]
		n.replaced = append(n.replaced, declaration{prefix, before, !known})
		n.uris[prefix] = strings.TrimSpace(attributes[i].Value)
		declared++
	}
	return declared
}

// leave undoes the last declarations.
func (n *namespaces) leave(declared int) {
	for range declared {
		last := n.replaced[len(n.replaced)-1]
		n.replaced = n.replaced[:len(n.replaced)-1]
		if last.isNone {
			delete(n.uris, last.prefix)
		} else {
			n.uris[last.prefix] = last.uri
		}
	}
}

// of is the namespace of an element. An undeclared prefix stands for itself.
func (n *namespaces) of(name xml.Name) string {
	uri, ok := n.uris[name.Space]
	if !ok {
		return name.Space
	}
	return uri
}

// declares returns the prefix that an attribute declares.
func declares(attribute xml.Name) (prefix string, ok bool) {
	switch {
	case attribute.Space == "xmlns":
		return attribute.Local, true
	case attribute.Space == "" && attribute.Local == "xmlns":
		return "", true
	default:
		return "", false
	}
}

// isSitemaps reports whether a namespace is one of sitemaps: http://www.sitemaps.org/schemas/sitemap/0.9,
// http://www.google.com/schemas/sitemap/0.84, and the like with https. That of images is .../schemas/sitemap-image/1.1.
func isSitemaps(uri string) bool { return strings.Contains(uri, "/schemas/sitemap/") }

// rawName is a name as written in the file.
func rawName(name xml.Name) string {
	if name.Space == "" {
		return name.Local
	}
	return name.Space + ":" + name.Local
}
