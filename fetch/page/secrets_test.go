package page_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
)

// What the script sends in secret is for the host that it has named, also if the page is found at another.
func TestSecretsAreForTheHostThatWasNamed(t *testing.T) {
	t.Parallel()
	for name, start := range map[string]string{"a page": "/page", "one that is found elsewhere": "/moved"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, nil)
			elsewhere := strings.Replace(s.URL, "127.0.0.1", "localhost", 1)
			images := "<img src=" + s.URL + "/own.png><img src=" + elsewhere + "/other.png>"
			s.files = map[string]string{
				"/page": images, "/moved": "+Location: " + elsewhere + "/page\n", "/own.png": "a", "/other.png": "b",
			}
			v := visitor(t, s)
			secret := func() *fetch.Spec {
				sp := spec()
				sp.Header = http.Header{"Authorization": {"Bearer hush"}, "X-Mine": {"yes"}}
				sp.Cookies = []transport.Cookie{{Name: "a", Value: "hush"}}
				return sp
			}
			v.document = secret()
			v.page.SpecOf = func(string, string) *fetch.Spec { return secret() }
			require.Equal(t, 3, v.visit(s.URL+start).Ok)
			own, other := s.head("/own.png"), s.head("/other.png")
			require.Equal(t, []string{"Bearer hush", "a=hush", "yes"},
				[]string{own.Get("Authorization"), own.Get("Cookie"), own.Get("X-Mine")})
			require.Equal(t, []string{"", "", "yes"},
				[]string{other.Get("Authorization"), other.Get("Cookie"), other.Get("X-Mine")})
		})
	}
}
