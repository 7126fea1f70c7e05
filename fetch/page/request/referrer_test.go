//nolint:goconst // a table of cases
package request_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover"
	"github.com/xk6-fetch/xk6-fetch/fetch/page/request"
)

func TestParsePolicy(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		says  string
		lines []string
		want  string
	}{
		{"none", nil, ""},
		{"one", []string{"origin"}, "origin"},
		{"the last counts", []string{"no-referrer, unsafe-url"}, "unsafe-url"},
		{"unknown ones do not", []string{"no-referrer, future-policy"}, "no-referrer"},
		{"nor empty ones", []string{"no-referrer,,"}, "no-referrer"},
		{"lines are one list", []string{"origin", "same-origin"}, "same-origin"},
		{"an unknown last line", []string{"origin", "x"}, "origin"},
		{"upper case", []string{"Strict-Origin"}, "strict-origin"},
		{"space around", []string{" \tno-referrer-when-downgrade\t "}, "no-referrer-when-downgrade"},
		{"old names are those of meta elements only", []string{"never", "always", "default"}, ""},
		{"parts of names are none", []string{"origin-when"}, ""},
		{"semicolons separate nothing", []string{"origin;x"}, ""},
		{"every policy: cross-origin", []string{"origin-when-cross-origin"}, "origin-when-cross-origin"},
		{"every policy: the default", []string{"strict-origin-when-cross-origin"}, "strict-origin-when-cross-origin"},
	} {
		header := http.Header{"Referrer-Policy": c.lines}
		assert.Equal(t, c.want, request.ParsePolicy(header), c.says)
	}
}

// TestWhatChromiumSends has most cases. Those below are of requests that a browser makes for documents only, or under
// URLs that it rewrites first.
func TestReferrers(t *testing.T) {
	t.Parallel()
	const page, other = "https://me:secret@shop.example:443/a?b#c", "http://shop.example/"
	for _, c := range []struct{ says, from, to, policy, want string }{
		{"user info, default ports and fragments are left out", page, "https://shop.example/", "", "https://shop.example/a?b"},
		{"a URL without a path", "https://shop.example?b", "https://shop.example/", "", "https://shop.example/?b"},
		{"upper case", "https://SHOP.example/A", "https://shop.example/", "", "https://shop.example/A"},
		{"a document that is none of HTTP", "about:blank", "https://shop.example/", "unsafe-url", ""},
		{"the default in a downgrade", page, other, "", ""},
		{"an unknown policy is the default", page, other, "x", ""},
		{"no-referrer-when-downgrade", page, other, "no-referrer-when-downgrade", ""},
		{"strict-origin in a downgrade", page, other, "strict-origin", ""},
		{"strict-origin-when-cross-origin in a downgrade", page, other, "strict-origin-when-cross-origin", ""},
		{"same-origin in a downgrade", page, other, "same-origin", ""},
		{"origin in a downgrade", page, other, "origin", "https://shop.example/"},
		{"origin-when-cross-origin in a downgrade", page, other, "origin-when-cross-origin", "https://shop.example/"},
		{"unsafe-url in a downgrade", page, other, "unsafe-url", "https://shop.example/a?b"},
		{"a long URL of the same origin", "https://shop.example/" + strings.Repeat("a", 4096), "https://shop.example/", "", "https://shop.example/"},
		{"a long URL with unsafe-url", "https://shop.example/" + strings.Repeat("a", 4096), other, "unsafe-url", "https://shop.example/"},
	} {
		r := request.Request{
			Resource: discover.Resource{URL: c.to, Type: discover.Document, Element: "iframe"}, Document: c.from, Policy: c.policy,
		}
		assert.Equal(t, c.want, r.Header().Get("Referer"), c.says)
		r.Policy, r.Resource.ReferrerPolicy = "no-referrer", c.policy
		if c.policy != "" && c.policy != "x" {
			assert.Equal(t, c.want, r.Header().Get("Referer"), "%s, of the element", c.says)
		}
	}
}
