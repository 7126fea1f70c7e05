package request

import (
	"net/netip"
	"strings"
)

// origin is scheme, host and port of a URL, as browsers compare and write them: in lower case, and without the port
// that the scheme implies. That of a URL which is invalid or none of HTTP is zero, and equal to none.
type origin struct{ scheme, host, port string }

// parse splits a URL into its origin, and its path and query. It drops user info and fragments, which browsers never
// tell anyone.
func parse(text string) (o origin, rest string) {
	text, _, _ = strings.Cut(text, "#")
	scheme, rest, ok := strings.Cut(text, "://")
	scheme = strings.ToLower(scheme)
	if !ok || scheme != "http" && scheme != "https" {
		return origin{}, ""
	}
	authority := rest
	if i := strings.IndexAny(rest, "/?"); i >= 0 {
		authority, rest = rest[:i], rest[i:]
	} else {
		rest = ""
	}
	if i := strings.LastIndexByte(authority, '@'); i >= 0 {
		authority = authority[i+1:]
	}
	host, port := authority, ""
	if i := strings.LastIndexByte(authority, ':'); i > strings.LastIndexByte(authority, ']') {
		host, port = authority[:i], authority[i+1:]
	}
	bracketed := strings.HasPrefix(host, "[") && strings.HasSuffix(host, "]")
	if host == "" || strings.Contains(host, ":") && !bracketed {
		return origin{}, ""
	}
	if scheme == "http" && port == "80" || scheme == "https" && port == "443" {
		port = ""
	}
	if !strings.HasPrefix(rest, "/") {
		rest = "/" + rest
	}
	return origin{scheme, strings.ToLower(host), port}, rest
}

// String writes an origin as the field Origin has it (HTML, section 7.1.1).
func (o origin) String() string {
	switch {
	case o == origin{}:
		return "null"
	case o.port == "":
		return o.scheme + "://" + o.host
	default:
		return o.scheme + "://" + o.host + ":" + o.port
	}
}

func (o origin) same(other origin) bool { return o == other && o != origin{} }

// trustworthy reports whether nobody can change what such an origin sends on its way: by TLS, or because it does not
// leave the machine (Secure Contexts, section 3.1).
func (o origin) trustworthy() bool {
	if o.scheme == "https" {
		return true
	}
	host := strings.TrimSuffix(o.host, ".")
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	address, ok := o.address()
	return ok && address.IsLoopback()
}

// address returns the IP address that a host is, if it is one.
func (o origin) address() (netip.Addr, bool) {
	address, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(o.host, "["), "]"))
	return address, err == nil
}

// Insecure reports whether others could change what comes from a URL. It is false for URLs that are none of HTTP.
func Insecure(url string) bool {
	o, _ := parse(url)
	return o != origin{} && !o.trustworthy()
}

// Origin returns the origin of a URL, as browsers write it: "https://shop.example". Two URLs have the same origin if
// the results are equal, unless they are "null", as for URLs that are none of HTTP.
func Origin(url string) string {
	o, _ := parse(url)
	return o.String()
}
