package urltext

import (
	"net/url"
	"strings"
)

// SameOrigin parses URLs of the same origin as one before, whose path and query need no escaping: most URLs of a long
// list. It returns what net/url would, in a fraction of the time and without allocating.
type SameOrigin struct {
	prefix       string // what such a URL begins with, up to its path; empty: there was none
	scheme, host string
	url          url.URL // the one that was parsed last
}

// Learn takes the origin of a URL that net/url has parsed. raw is its text.
func (n *SameOrigin) Learn(u *url.URL, raw string) {
	*n = SameOrigin{}
	prefix := u.Scheme + "://" + u.Host
	if u.User != nil || u.Host == "" || !strings.HasPrefix(raw, prefix+"/") || u.String() != raw {
		return
	}
	n.prefix, n.scheme, n.host = prefix, u.Scheme, u.Host
}

// Parse returns the URL, which is valid until the next call, or false for one that net/url has to parse.
func (n *SameOrigin) Parse(raw string) (*url.URL, bool) {
	if n.prefix == "" || !strings.HasPrefix(raw, n.prefix) {
		return nil, false
	}
	target := raw[len(n.prefix):]
	if !isPlainTarget(target) {
		return nil, false
	}
	path, query, _ := strings.Cut(target, "?")
	n.url = url.URL{Scheme: n.scheme, Host: n.host, Path: path, RawQuery: query}
	return &n.url, true
}

// isPlainTarget reports whether a path and a query are written as net/url would write them: it parses and writes what
// is in a query as it is, and of a path what it would not escape.
func isPlainTarget(s string) bool {
	if s == "" || s[0] != '/' {
		return false
	}
	for i := range len(s) {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9', 'A' <= c && c <= 'Z':
		case strings.IndexByte("/-_.~$&+,:;=@", c) >= 0:
		case c == '?':
			return isPlainQuery(s[i+1:])
		default:
			return false
		}
	}
	return true
}

func isPlainQuery(s string) bool {
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c >= 0x7f || c == '#' {
			return false
		}
	}
	return s != "" // a question mark with nothing behind it is noted by itself
}
