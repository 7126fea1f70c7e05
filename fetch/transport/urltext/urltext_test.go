package urltext

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestMask(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		"":                                  "",
		"http://host/path?a=b@c#d@e":        "http://host/path?a=b@c#d@e",
		"http://me@host/":                   "http://****@host/",
		"http://me:secret@host:80/":         "http://****:****@host:80/",
		"http://m%40e:s%3Ae%2Fcret@host/":   "http://****:****@host/",
		"http://me:se@cret@host/":           "http://****:****@host/",
		"http://me:se/cret@host/":           "http://****:****@host/",
		"http://me:secret@host/%zz":         "http://****:****@host/%zz",
		"//me:secret@host/":                 "//****:****@host/",
		"http://host/a@b":                   "http://host/a@b",
		"http://host?to=http://me:x@other/": "http://host?to=http://me:x@other/",
		"mailto:me@host":                    "mailto:me@host",
		"http://me:secret@[::1]:80/":        "http://****:****@[::1]:80/",
		"not a URL":                         "not a URL",
		"http://@host/":                     "http://****@host/",
		"http://me:secret@host\\@x/":        "http://****:****@host\\@x/",
	} {
		require.Equal(t, want, Mask(raw), raw)
		require.Equal(t, want, Mask(Mask(raw)), "once more does no harm")
	}
}

// FuzzMask makes URLs with a user and a password, and looks for them in the masked text.
func FuzzMask(f *testing.F) {
	f.Add("http", "me", "secret", "host", "/path")
	f.Add("https", "m%40e", "s%2F?#@:", "[::1]:80", "?a=b@c")
	f.Add("", "%", "%zz", "host:port", "/@")
	f.Fuzz(func(t *testing.T, scheme, user, password, host, rest string) {
		if strings.ContainsAny(scheme, "/") || strings.ContainsAny(host, "@/?#\\") || strings.ContainsAny(rest, "@") ||
			rest != "" && !strings.ContainsAny(rest[:1], "/?#") {
			t.Skip("no URL with these parts")
		}
		const mark = "s3cr3t"
		clean := func(s string) string {
			return strings.NewReplacer("s3cr3t", "").Replace(s)
		}
		scheme, host, rest = clean(scheme), clean(host), clean(rest)
		user, password = clean(user)+mark, mark+clean(password)+mark
		// Fully encoded, and encoded only where the text would end the authority.
		for _, info := range []string{
			url.UserPassword(user, password).String(),
			strings.NewReplacer("/", "%2F", "?", "%3F", "#", "%23", "\\", "%5C").Replace(user + ":" + password),
		} {
			raw := scheme + "://" + info + "@" + host + rest
			masked := Mask(raw)
			require.NotContains(t, masked, mark, raw)
			require.Equal(t, scheme+"://****:****@"+host+rest, masked)
		}
	})
}

// FuzzHost compares with net/url, if that can parse the URL.
func FuzzHost(f *testing.F) {
	for _, raw := range []string{
		"http://Host:80/path", "https://me:secret@host", "http://[::1]:80?a", "//host#x", "mailto:me", "http:///", "http://a@b@c/",
		"http://host/a//b", "/path//x", "a:b//c", "http://%41/", "HTTP://HOST",
	} {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		got := Host(raw)
		require.Equal(t, strings.ToLower(got), got)
		u, err := url.Parse(raw)
		if err != nil || u.Host == "" || strings.ContainsAny(raw, "\\%") || u.Scheme == "" && !strings.HasPrefix(raw, "//") {
			return
		}
		require.Equal(t, strings.ToLower(u.Host), got, raw)
	})
}
