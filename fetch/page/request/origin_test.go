//nolint:goconst // a table of cases
package request_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/publicsuffix"

	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover"
	"github.com/xk6-fetch/xk6-fetch/fetch/page/request"
)

func TestOrigin(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ says, url, want string }{
		{"path and query do not belong to it", "https://shop.example/a?b#c", "https://shop.example"},
		{"nor does user info", "https://me:secret@shop.example/", "https://shop.example"},
		{"a second @ in that", "https://me@x:y@shop.example", "https://shop.example"},
		{"an @ in the path is none", "https://shop.example/@me", "https://shop.example"},
		{"nor is one in the query", "https://shop.example?@me", "https://shop.example"},
		{"a port", "https://shop.example:8443/", "https://shop.example:8443"},
		{"the port of https", "https://shop.example:443/", "https://shop.example"},
		{"the port of http", "http://shop.example:80", "http://shop.example"},
		{"the port of the other", "http://shop.example:443/", "http://shop.example:443"},
		{"an empty port", "https://shop.example:/", "https://shop.example"},
		{"upper case", "HTTPS://Shop.Example/A", "https://shop.example"},
		{"IPv4", "http://127.0.0.1:8080/", "http://127.0.0.1:8080"},
		{"IPv6", "http://[::1]/", "http://[::1]"},
		{"IPv6 with a port", "http://[::1]:8080/", "http://[::1]:8080"},
		{"the end of a name counts", "https://shop.example./", "https://shop.example."},
		{"another scheme", "data:text/html,x", "null"},
		{"another scheme with a host", "ftp://shop.example/", "null"},
		{"no host", "https:///x", "null"},
		{"nothing", "", "null"},
	} {
		assert.Equal(t, c.want, request.Origin(c.url), c.says)
	}
}

// The Public Suffix List says what a site is. Where the rule of this package knows better suffixes than most, it must
// say the same.
func TestSite(t *testing.T) {
	t.Parallel()
	for _, host := range []string{
		"example", "shop.example", "static.shop.example", "a.b.c.shop.example", "shop.com", "www.shop.com", "shop.de",
		"www.shop.de", "shop.co.uk", "www.shop.co.uk", "a.www.shop.co.uk", "co.uk", "uk", "www.bund.de", "www.orf.at", "www.bka.gv.at",
		"shop.com.au", "static.shop.com.au", "shop.com.br", "www.shop.com.br", "www.u-tokyo.ac.jp", "www.shop.co.jp", "www.shop.ne.jp",
		"www.shop.or.kr", "www.shop.go.kr", "a.b.gov.uk", "www.gob.mx", "www.shop.gob.mx", "www.shop.org.nz", "www.beehive.govt.nz",
		"t.co", "www.t.co", "api.id.me", "www.id.me", "a.b.io", "www.x.me", "go.com", "www.go.com", "www.co.com.example",
		"a.github.io", "b.a.github.io", "a.pages.dev", "x.a.workers.dev", "d1.cloudfront.net", "a.s3.amazonaws.com",
		"a.vercel.app", "a.netlify.app", "a.web.app", "a.herokuapp.com", "a.azurewebsites.net", "a.myshopify.com", "x-y.a.run.app",
		"a.localhost", "b.a.localhost", "localhost",
	} {
		want, err := publicsuffix.EffectiveTLDPlusOne(host)
		if err != nil {
			want = host // it is a suffix
		}
		assert.Equal(t, "https://"+want, request.Site("https://"+host+":8443/"))
	}
}

func TestSiteOtherwise(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ says, url, want string }{
		{"schemes count", "http://www.shop.example/", "http://shop.example"},
		{"an address is its own site", "http://127.0.0.1:8080/", "http://127.0.0.1"},
		{"of IPv6 as well", "http://[2001:db8::1]:8080/", "http://[2001:db8::1]"},
		{"the end of a name stays", "https://www.shop.example./", "https://shop.example."},
		{"a suffix that this package does not know counts as a site", "https://shop.city.kobe.jp/", "https://kobe.jp"},
		{"another scheme", "data:,", "null"},
	} {
		assert.Equal(t, c.want, request.Site(c.url), c.says)
	}
}

// Fetch Metadata goes to trustworthy URLs, which shows what they are.
func TestTrustworthyURLs(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		says, url string
		want      bool
	}{
		{"TLS", "https://shop.example/", true},
		{"plain text", "http://shop.example/", false},
		{"loopback", "http://127.0.0.1/", true},
		{"all of it", "http://127.255.1.2:8080/", true},
		{"loopback of IPv6", "http://[::1]:8080/", true},
		{"a name of loopback", "http://localhost/", true},
		{"in upper case", "http://LOCALHOST/", true},
		{"with its end", "http://localhost.:8080/", true},
		{"names below", "http://a.b.localhost/", true},
		{"names that only end like it", "http://mylocalhost/", false},
		{"names that only begin like it", "http://localhost.example/", false},
		{"a private address", "http://192.168.0.1/", false},
		{"any address", "http://0.0.0.0/", false},
		{"another of IPv6", "http://[::2]/", false},
	} {
		r := request.Request{Resource: discover.Resource{URL: c.url, Type: discover.Image}, Document: "https://shop.example/"}
		assert.Equal(t, c.want, r.Header().Get("Sec-Fetch-Mode") != "", c.says)
		assert.Equal(t, !c.want, request.Insecure(c.url), c.says)
	}
	for _, none := range []string{"", "data:,", "ws://shop.example/", "http://", "http://2001:db8::1/"} {
		assert.False(t, request.Insecure(none), none)
	}
}

// Origins are those that net/url finds, and a site is one for all hosts below it.
func FuzzOrigin(f *testing.F) {
	for _, text := range []string{
		"https://me:secret@shop.example:443/a?b#c", "http://[::1]:8080", "https://a.b.co.uk:1/", "HTTP://X./", "https://a@b@c:/?/@", "http://a..b",
		"https://a.github.io", "http://127.0.0.1",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, site := request.Origin(text), request.Site(text)
		require.Equal(t, got, request.Origin(got), "it is the origin of itself")
		require.Equal(t, site, request.Site(got))
		require.Equal(t, site, request.Site(site))
		u, err := url.Parse(text)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.Opaque != "" || strings.ContainsAny(text, "%\\") {
			return
		}
		if strings.Contains(u.Hostname(), ":") && u.Host[0] != '[' {
			require.Equal(t, "null", got) // net/url accepts it, browsers do not
			return
		}
		want := u.Scheme + "://" + strings.ToLower(u.Host)
		switch port := u.Port(); {
		case port == "", u.Scheme == "http" && port == "80", u.Scheme == "https" && port == "443":
			want = strings.TrimSuffix(want, ":"+port)
		}
		require.Equal(t, want, got)
	})
}
