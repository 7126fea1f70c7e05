package reference

import (
	"net/url"
	"strings"
)

// Resolver resolves references as Resolve does. Most of a page's need no encoding and have no dot segments: those it
// does not parse, but puts behind what Resolve makes of their base. The zero value is ready to use.
type Resolver struct {
	base   *url.URL // whose texts these are
	origin string   // before references that begin with a slash; empty if base is not of HTTP
	folder string   // before those that begin with a name
}

// Resolve is Resolve. The base must not change.
func (r *Resolver) Resolve(base *url.URL, reference string) (string, bool) {
	if r.base != base {
		r.setBase(base)
	}
	if text := r.plain(reference); text != "" && len(text) <= MaxLength {
		return text, true
	}
	return Resolve(base, reference)
}

func (r *Resolver) setBase(base *url.URL) {
	const name = "a"
	r.base, r.origin, r.folder = base, "", ""
	if text, ok := Resolve(base, "/"); ok {
		r.origin = strings.TrimSuffix(text, "/")
	}
	if text, ok := Resolve(base, name); ok {
		r.folder = strings.TrimSuffix(text, name)
	}
}

// plain resolves a reference in which Resolve would change nothing, and returns nothing for others. What it returns is
// no part of the reference, which may be part of a long tag.
func (r *Resolver) plain(reference string) string {
	if reference == "" || len(reference) > MaxLength || r.origin == "" || r.folder == "" {
		return ""
	}
	host := plainAuthority(reference)
	length := plainPath(reference[host:])
	if length == 0 {
		return ""
	}
	used := reference[:host+length]
	switch {
	case host > 0 && used[0] == '/':
		return r.base.Scheme + ":" + used
	case host > 0:
		return strings.Clone(used)
	case strings.HasPrefix(used, "//"):
		return ""
	case used[0] == '/':
		return r.origin + used
	default:
		return r.folder + used
	}
}

// plainAuthority returns the length of the scheme and the host that a reference begins with, up to the path. It is 0
// without those, or where they are not plain.
func plainAuthority(reference string) int {
	for _, start := range [...]string{"https://", "http://", "//"} {
		if host, ok := strings.CutPrefix(reference, start); ok {
			if length := plainHost(host); length > 0 {
				return len(start) + length
			}
		}
	}
	return 0
}

// plainHost returns the length of a host and a port that a path follows. A port that may be the scheme's is not plain.
func plainHost(s string) int {
	name := 0
	for name < len(s) && (isAlphanumeric(s[name]) || s[name] == '-' || s[name] == '.') {
		name++
	}
	end := name
	if end < len(s) && s[end] == ':' {
		for end++; end < len(s) && '0' <= s[end] && s[end] <= '9'; end++ {
			continue
		}
		if port := s[name:end]; port == ":" || port == ":80" || port == ":443" {
			return 0
		}
	}
	if name == 0 || end == len(s) || s[end] != '/' {
		return 0
	}
	return end
}

// plainPath returns the length of a path and a query, up to the fragment. It is 0 without a path, and where clean would
// change something, a segment begins with a dot, or a colon may end a scheme.
func plainPath(s string) int {
	i := 0
	for ; i < len(s) && s[i] != '?' && s[i] != '#'; i++ {
		switch c := s[i]; {
		case isAlphanumeric(c), c == '/':
		case c == '.' && i > 0 && s[i-1] != '/':
		case strings.IndexByte("-_~$&+,;=@", c) >= 0:
		default:
			return 0
		}
	}
	if i == 0 {
		return 0
	}
	for ; i < len(s) && s[i] != '#'; i++ {
		if c := s[i]; c <= ' ' || c >= 0x7f || c == '"' || c == '\'' || c == '<' || c == '>' {
			return 0
		}
	}
	return i
}

func isAlphanumeric(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}
