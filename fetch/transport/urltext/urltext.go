// Package urltext works on URLs as texts: without parsing them where that is not needed, and without showing what is
// secret in them.
package urltext

import (
	"net/url"
	"strings"
)

// Mask hides the user info of a URL: "http://me:secret@host/" becomes "http://****:****@host/". It works on the
// text, so that what is percent-encoded, or no URL at all, is hidden too.
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

// Host returns the host and port of a URL in small letters, without user info, and without parsing the rest. It is
// empty for what is no URL.
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

// Shown returns a URL as requests have it, with its user info masked: put together from its parts, as k6 reports it.
// What is no URL is returned as it is, masked.
func Shown(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return Mask(raw)
	}
	return Mask(Canonical(u, raw))
}

// Canonical returns the URL as it is put together from its parts. It is raw itself, most often.
func Canonical(u *url.URL, raw string) string {
	if s := u.String(); s != raw {
		return s
	}
	return raw
}
