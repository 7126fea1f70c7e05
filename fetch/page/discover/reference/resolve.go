// Package reference resolves references in HTML and CSS to the URLs that browsers fetch.
package reference

import (
	"net/url"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// MaxLength bounds a reference and a URL, in bytes. Longer ones are not fetched.
const MaxLength = 8 << 10

// Resolve returns the absolute URL of a reference, without its fragment. It reports whether a browser would fetch it
// over HTTP.
//
// It reads a reference as browsers do (URL Standard) rather than as RFC 3986: spaces around it and newlines in it are
// dropped, backslashes are slashes, and what a URL must not hold is percent-encoded. It differs from browsers in this:
// a percent sign in a path that encodes nothing is encoded itself, and the query is encoded in UTF-8, whatever the
// encoding of the document.
func Resolve(base *url.URL, reference string) (string, bool) {
	if len(reference) > MaxLength {
		return "", false
	}
	reference, ok := clean(reference, base.Scheme)
	if !ok {
		return "", false
	}
	target, err := base.Parse(reference)
	if err != nil || target.Scheme != "http" && target.Scheme != "https" || !validHost(target) {
		return "", false
	}
	target.Fragment, target.RawFragment = "", ""
	if target.Path == "" {
		target.Path = "/"
	}
	target.Host = withoutDefaultPort(target)
	if target.User.String() == "" || target.User.String() == ":" {
		target.User = nil
	}
	if !isASCII(target.Host) {
		if target.Host, err = idna.Lookup.ToASCII(target.Host); err != nil {
			return "", false
		}
	}
	text := target.String()
	return text, len(text) <= MaxLength
}

// validHost reports whether a URL has a host. Only those in brackets have colons.
func validHost(u *url.URL) bool {
	name := u.Hostname()
	return name != "" && (strings.HasPrefix(u.Host, "[") || !strings.Contains(name, ":"))
}

// withoutDefaultPort returns the host of a URL, and its port unless that is the scheme's.
func withoutDefaultPort(u *url.URL) string {
	port := ":443"
	if u.Scheme == "http" {
		port = ":80"
	}
	return strings.TrimSuffix(strings.TrimSuffix(u.Host, port), ":")
}

// HasForeignUser reports whether a URL has a user or a password that its base has not. Browsers block such requests.
func HasForeignUser(base *url.URL, text string) bool {
	if !strings.Contains(text, "@") {
		return false
	}
	u, err := url.Parse(text)
	return err != nil || u.User != nil && (u.User.String() != base.User.String() || Origin(u) != Origin(base))
}

// clean returns a reference in a form that net/url parses as a browser would, given the scheme of its base.
func clean(reference, baseScheme string) (cleaned string, ok bool) {
	reference = strings.TrimFunc(reference, func(r rune) bool { return r <= ' ' })
	if !utf8.ValidString(reference) {
		reference = string([]rune(reference))
	}
	if strings.ContainsAny(reference, "\t\n\r") {
		reference = strings.NewReplacer("\t", "", "\n", "", "\r", "").Replace(reference)
	}
	if reference == "" {
		return "", false
	}
	reference, _, _ = strings.Cut(reference, "#") // the base itself may be left
	scheme, isAbsolute := schemeOf(reference)
	if isAbsolute {
		if scheme != "http" && scheme != "https" {
			return "", false
		}
		reference = reference[len(scheme)+1:]
	}
	path, query, hasQuery := strings.Cut(reference, "?")
	path = encode(dots(strings.ReplaceAll(path, `\`, "/")), "\"<>`{}^| ", true)
	switch {
	case isAbsolute && (scheme != baseScheme || strings.HasPrefix(path, "//")):
		path = scheme + "://" + strings.TrimLeft(path, "/") // "https:/host" as well
	case strings.HasPrefix(path, "//"):
		path = "//" + strings.TrimLeft(path, "/")
	case strings.Contains(path, ":") && path[0] != '/':
		path = "./" + path // what is before the colon is no scheme
	}
	if hasQuery {
		path += "?" + encode(query, "\"<>' ", false)
	}
	return path, true
}

// dots decodes the dots of a path, where a part consists of nothing else.
func dots(path string) string {
	if !strings.Contains(path, "%2") {
		return path
	}
	parts := strings.Split(path, "/")
	for i, part := range parts {
		decoded := strings.NewReplacer("%2e", ".", "%2E", ".").Replace(part)
		if decoded == "." || decoded == ".." {
			parts[i] = decoded
		}
	}
	return strings.Join(parts, "/")
}

// schemeOf returns the scheme of a reference in lower case, if it has one.
func schemeOf(reference string) (string, bool) {
	for i := range len(reference) {
		switch c := reference[i]; {
		case 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z':
		case i > 0 && ('0' <= c && c <= '9' || c == '+' || c == '-' || c == '.'):
		case i > 0 && c == ':':
			return strings.ToLower(reference[:i]), true
		default:
			return "", false
		}
	}
	return "", false
}

// encode percent-encodes those characters, controls, what is not ASCII, and percent signs that encode nothing if strays
// count.
func encode(s, characters string, strays bool) string {
	const hex = "0123456789ABCDEF"
	var out strings.Builder
	for i := range len(s) {
		c := s[i]
		stray := strays && c == '%' && (i+2 >= len(s) || !isHex(s[i+1]) || !isHex(s[i+2]))
		if c > ' ' && c < 0x7f && !stray && strings.IndexByte(characters, c) < 0 {
			if out.Len() > 0 {
				out.WriteByte(c)
			}
			continue
		}
		if out.Len() == 0 {
			out.WriteString(s[:i])
		}
		out.WriteByte('%')
		out.WriteByte(hex[c>>4])
		out.WriteByte(hex[c&15])
	}
	if out.Len() == 0 {
		return s
	}
	return out.String()
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// Origin returns scheme, host and port of a URL.
func Origin(u *url.URL) string { return u.Scheme + "://" + withoutDefaultPort(u) }
