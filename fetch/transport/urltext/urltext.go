// Package urltext works on the text of URLs: it avoids parsing where possible, and never shows secrets.
package urltext

import (
	"net/url"
	"strings"
)

// Mask hides the user info of a URL: "http://me:secret@host/" becomes "http://****:****@host/". It works on the text,
// so that it also hides user info that is percent-encoded, or in an invalid URL.
func Mask(raw string) string {
	start, end, ok := authority(raw)
	if !ok {
		return raw
	}
	at := strings.LastIndexByte(raw[start:end], '@')
	if at < 0 {
		// A slash in a password ends the authority too early, and makes the port invalid.
		if at = strings.LastIndexByte(raw[start:], '@'); at < 0 {
			return raw
		}
		if _, err := url.Parse(raw); err == nil {
			return raw
		}
	}
	mask := "****"
	if strings.IndexByte(raw[start:start+at], ':') >= 0 {
		mask = "****:****"
	}
	return raw[:start] + mask + raw[start+at:]
}

// Host returns the host and port of a URL in lower case, without user info. It does not parse the rest. It is empty for
// a text without a host.
func Host(raw string) string {
	start, end, ok := authority(raw)
	if !ok {
		return ""
	}
	host := raw[start:end]
	if at := strings.LastIndexByte(host, '@'); at >= 0 {
		host = host[at+1:]
	}
	return strings.ToLower(host)
}

// authority returns where the authority of a URL begins and ends (RFC 3986, section 3.2).
func authority(raw string) (start, end int, ok bool) {
	slashes := strings.Index(raw, "//")
	if slashes < 0 {
		return 0, 0, false
	}
	start = slashes + len("//")
	if n := strings.IndexAny(raw[start:], "/?#\\"); n >= 0 {
		return start, start + n, true
	}
	return start, len(raw), true
}

// Shown returns a URL as k6 reports it: reassembled from its parts, with its user info masked. An invalid URL is only
// masked.
func Shown(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return Mask(raw)
	}
	return Mask(Canonical(u, raw))
}

// Canonical returns the URL, reassembled from its parts. Mostly that is raw itself.
func Canonical(u *url.URL, raw string) string {
	if s := u.String(); s != raw {
		return s
	}
	return raw
}
