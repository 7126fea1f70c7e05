//nolint:goconst // a table of cases
package request_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover"
	"github.com/xk6-fetch/xk6-fetch/fetch/page/request"
)

const (
	allowOrigin      = "Access-Control-Allow-Origin"
	allowCredentials = "Access-Control-Allow-Credentials"
	resourcePolicy   = "Cross-Origin-Resource-Policy"

	digest = "sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng="
)

// script is a script of another origin.
func script(crossOrigin discover.CrossOrigin) discover.Resource {
	return discover.Resource{URL: cdn + "/x.js", Type: discover.Script, CrossOrigin: crossOrigin, Element: "script"}
}

func TestCORSCheck(t *testing.T) {
	t.Parallel()
	const from = ", and the request is from https://shop.example"
	for _, c := range []struct {
		says        string
		crossOrigin discover.CrossOrigin
		header      http.Header
		want        string // the error, without how it begins and ends
	}{
		{"any origin", discover.Anonymous, http.Header{allowOrigin: {"*"}}, ""},
		{"this origin", discover.Anonymous, http.Header{allowOrigin: {shop}}, ""},
		{"no field", discover.Anonymous, http.Header{}, "Access-Control-Allow-Origin is missing"},
		{"another origin", discover.Anonymous, http.Header{allowOrigin: {cdn}}, "Access-Control-Allow-Origin is https://cdn.example"},
		{"another scheme", discover.Anonymous, http.Header{allowOrigin: {plainShop}}, "Access-Control-Allow-Origin is http://shop.example"},
		{"a slash too much", discover.Anonymous, http.Header{allowOrigin: {shop + "/"}}, "Access-Control-Allow-Origin is https://shop.example/"},
		{"upper case", discover.Anonymous, http.Header{allowOrigin: {"https://SHOP.example"}}, "Access-Control-Allow-Origin is https://SHOP.example"},
		{"null", discover.Anonymous, http.Header{allowOrigin: {"null"}}, "Access-Control-Allow-Origin is null"},
		{"several origins", discover.Anonymous, http.Header{allowOrigin: {shop, shop}}, "Access-Control-Allow-Origin is https://shop.example, https://shop.example"},
		{"an empty field", discover.Anonymous, http.Header{allowOrigin: {""}}, `Access-Control-Allow-Origin is ""`},
		{"credentials that were not sent need not be allowed", discover.Anonymous, http.Header{allowOrigin: {shop}, allowCredentials: {"false"}}, ""},
		{"credentials", discover.UseCredentials, http.Header{allowOrigin: {shop}, allowCredentials: {"true"}}, ""},
		{"credentials for any origin", discover.UseCredentials, http.Header{allowOrigin: {"*"}, allowCredentials: {"true"}}, "Access-Control-Allow-Origin is *, which does not allow credentials"},
		{"credentials that are not allowed", discover.UseCredentials, http.Header{allowOrigin: {shop}}, "Access-Control-Allow-Credentials is missing"},
		{"true is case-sensitive", discover.UseCredentials, http.Header{allowOrigin: {shop}, allowCredentials: {"True"}}, "Access-Control-Allow-Credentials is True and not true"},
		{"twice true is not true", discover.UseCredentials, http.Header{allowOrigin: {shop}, allowCredentials: {"true", "true"}}, "Access-Control-Allow-Credentials is true, true and not true"},
		{"control characters are quoted", discover.Anonymous, http.Header{allowOrigin: {"a\x1b[1mü"}}, `Access-Control-Allow-Origin is "a\x1b[1m\u00fc"`},
		{"long values are cut", discover.Anonymous, http.Header{allowOrigin: {strings.Repeat("a", 1000)}}, "Access-Control-Allow-Origin is " + strings.Repeat("a", 100) + "..."},
	} {
		r := request.Request{Resource: script(c.crossOrigin), Document: shop + "/"}
		err := r.Check(c.header)
		if c.want == "" {
			require.NoError(t, err, c.says)
			continue
		}
		require.EqualError(t, err, "blocked by CORS: "+c.want+from, c.says)
	}
}

func TestCheckOfOtherRequests(t *testing.T) {
	t.Parallel()
	const (
		needsCORS = "blocked by CORS: Access-Control-Allow-Origin is missing, and the request is from https://shop.example"
		unchecked = "integrity: not checked without crossorigin, because the page is from https://shop.example"
		policy    = "blocked: Cross-Origin-Resource-Policy is "
		from      = ", and the request is from https://shop.example"
	)
	with := func(r discover.Resource, change func(*discover.Resource)) discover.Resource {
		change(&r)
		return r
	}
	plain := script(discover.None)
	for _, c := range []struct {
		says     string
		resource discover.Resource
		header   http.Header
		want     string
	}{
		{"no CORS", plain, http.Header{}, ""},
		{"CORS to the same origin", with(script(discover.Anonymous), func(r *discover.Resource) { r.URL = shop + ":443/x" }), http.Header{}, ""},
		{"a document", discover.Resource{URL: cdn, Type: discover.Document, Element: "iframe"}, http.Header{resourcePolicy: {"same-origin"}}, ""},
		{"a manifest needs CORS", discover.Resource{URL: cdn, Type: discover.Manifest}, http.Header{}, needsCORS},
		{"a font does", discover.Resource{URL: cdn, Type: discover.Font, CrossOrigin: discover.Anonymous}, http.Header{}, needsCORS},
		{"a track must be of the same origin", discover.Resource{URL: cdn, Type: discover.Track}, http.Header{allowOrigin: {"*"}}, "blocked: without crossorigin, it has to be from https://shop.example"},
		{"one that is", discover.Resource{URL: shop, Type: discover.Track}, http.Header{}, ""},
		{"a digest without CORS", with(plain, func(r *discover.Resource) { r.Integrity = digest }), http.Header{allowOrigin: {"*"}}, unchecked},
		{"an unknown digest is none", with(plain, func(r *discover.Resource) { r.Integrity = "foo666-AA" }), http.Header{}, ""},
		{"a digest of what has none", with(plain, func(r *discover.Resource) { r.Type, r.Integrity = discover.Image, digest }), http.Header{}, ""},
		{"a digest with CORS", with(script(discover.Anonymous), func(r *discover.Resource) { r.Integrity = digest }), http.Header{allowOrigin: {"*"}}, ""},
		{"a policy for one origin", plain, http.Header{resourcePolicy: {"same-origin"}}, policy + "same-origin" + from},
		{"a policy for one site", plain, http.Header{resourcePolicy: {"same-site"}}, policy + "same-site" + from},
		{"a policy for the site of the page", with(plain, func(r *discover.Resource) { r.URL = static }), http.Header{resourcePolicy: {"same-site"}}, ""},
		{"of which only the origin counts", with(plain, func(r *discover.Resource) { r.URL = static }), http.Header{resourcePolicy: {"same-origin"}}, policy + "same-origin" + from},
		{"plain text of the site of the page", with(plain, func(r *discover.Resource) { r.URL = plainShop }), http.Header{resourcePolicy: {"same-site"}}, ""},
		{"a policy for all", plain, http.Header{resourcePolicy: {"cross-origin"}}, ""},
		{"an unknown policy", plain, http.Header{resourcePolicy: {"Same-Origin"}}, ""},
		{"two policies are unknown", plain, http.Header{resourcePolicy: {"same-origin", "same-origin"}}, ""},
		{"a policy and CORS", script(discover.Anonymous), http.Header{allowOrigin: {"*"}, resourcePolicy: {"same-origin"}}, ""},
	} {
		r := request.Request{Resource: c.resource, Document: shop + "/x"}
		err := r.Check(c.header)
		if c.want == "" {
			require.NoError(t, err, c.says)
			continue
		}
		require.EqualError(t, err, c.want, c.says)
	}
	secure := request.Request{Resource: discover.Resource{URL: shop, Type: discover.Image}, Document: plainShop}
	require.Error(t, secure.Check(http.Header{resourcePolicy: {"same-site"}}), "TLS is not for a page in plain text")
	top := request.Request{Resource: discover.Resource{URL: shop, Type: discover.Document}}
	require.NoError(t, top.Check(http.Header{}), "the page itself")
}

func TestIntegrityOfWhat(t *testing.T) {
	t.Parallel()
	for kind := discover.Document; kind <= discover.Other; kind++ {
		for _, preload := range []bool{false, true} {
			r := request.Request{Resource: discover.Resource{Type: kind, Preload: preload, Integrity: digest}}
			want := ""
			if kind == discover.Script || kind == discover.Style || preload && (kind == discover.Image || kind == discover.Font) {
				want = digest
			}
			assert.Equal(t, want, r.Integrity(), "%s, preload: %v", kind, preload)
		}
	}
}
