package fetch

import (
	"net/url"
	"strings"
)

// MaskURL hides the user info of a URL: "http://me:secret@host/" becomes "http://****:****@host/". It works on the
// text, so that what is percent-encoded, or no URL at all, is hidden too.
func MaskURL(raw string) string {
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

// Shown is the URL of the target as requests have it, with its user info masked: put together from its parts, as k6
// reports it. What is no URL is shown as it is.
func (t *Target) Shown() string {
	u, err := url.Parse(t.URL)
	if err != nil {
		return MaskURL(t.URL)
	}
	return MaskURL(canonical(u, t.URL))
}

// HostOf returns the host and port of a URL, in small letters, without user info. It is empty for what is no URL.
func HostOf(raw string) string { return hostOf(raw) }

// hostOf returns the host and port of a URL as they are written, without parsing the rest.
func hostOf(raw string) string {
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

// parseURL parses a target's URL. Its error has k6's code for an invalid URL and holds nothing of the URL.
func parseURL(raw string) (*url.URL, error) {
	u, err := url.Parse(raw)
	if err == nil {
		return u, nil
	}
	reason := "cannot be parsed"
	if parseErr, ok := asError[*url.Error](err); ok {
		reason = boundedText(parseErr.Err.Error())
		if strings.Contains(raw, "@") {
			reason = boundedText(quotedText.ReplaceAllString(parseErr.Err.Error(), "")) // it may be of a password
		}
	}
	return nil, &codedError{code: CodeInvalidURL, text: "invalid URL: " + reason}
}
