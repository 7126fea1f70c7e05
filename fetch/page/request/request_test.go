package request_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover"
	"github.com/xk6-fetch/xk6-fetch/fetch/page/request"
)

// A kind has the same headers as its requests, and several requests have the same kind.
func TestKinds(t *testing.T) {
	t.Parallel()
	kinds := make(map[request.Request]http.Header)
	count := 0
	for _, p := range pages() {
		for _, r := range p.resources(t) {
			count++
			kind := r.request.Kind()
			assert.Equal(t, r.request.Header(), kind.Header(), r.url)
			assert.Equal(t, r.request.Credentials(), kind.Credentials(), r.url)
			assert.Equal(t, kind, kind.Kind(), r.url)
			kinds[kind] = kind.Header()
		}
	}
	assert.Less(t, len(kinds), count)
	first := request.Request{Document: shop + "/", Resource: discover.Resource{
		URL: cdn + "/a.png?1", Type: discover.Image, Element: "img", Priority: discover.Medium, Late: true,
	}}
	second := request.Request{Document: shop + "/", Resource: discover.Resource{
		URL: "https://CDN.example:443/b.png", Type: discover.Image, Element: "img", Blocking: true, Integrity: digest,
	}}
	assert.Equal(t, first.Kind(), second.Kind())
}

// A document that is none of HTTP has an origin like no other.
func TestDocumentsWithoutOrigin(t *testing.T) {
	t.Parallel()
	r := request.Request{
		Document: "data:text/html,x",
		Resource: discover.Resource{URL: cdn + "/a", Type: discover.Font, CrossOrigin: discover.Anonymous},
	}
	header := r.Header()
	assert.Equal(t, "null", header.Get("Origin"))
	assert.Equal(t, "cross-site", header.Get("Sec-Fetch-Site"))
	assert.Empty(t, header.Get("Referer"))
	assert.False(t, r.Credentials())
	require.NoError(t, r.Check(http.Header{allowOrigin: {"null"}}))
	require.Error(t, r.Check(http.Header{allowOrigin: {cdn}}))
}

// Whatever URLs there are, a header has neither user info nor fragments, and its values are bounded.
func FuzzHeader(f *testing.F) {
	f.Add("https://cdn.example/a#f", "https://me:secret@shop.example/#f", "https://cdn.example/s.css", "origin", uint8(2), uint8(1), "script")
	f.Add("http://[::1]:80", "http://a@b@localhost:80?x", "", "unsafe-url", uint8(6), uint8(0), "use")
	f.Add("x", "data:,", "https://:secret@/", "no-referrer", uint8(8), uint8(2), "")
	f.Fuzz(func(t *testing.T, url, document, referrer, policy string, kind, crossOrigin uint8, element string) {
		r := request.Request{
			Document: document, Referrer: referrer, Policy: policy, ThirdParty: kind&64 > 0,
			Resource: discover.Resource{
				URL: url, Type: discover.Type(kind % (uint8(discover.Other) + 1)), CrossOrigin: discover.CrossOrigin(crossOrigin % 3),
				Element: element, Preload: kind&128 > 0,
			},
		}
		header := r.Header()
		sameKind := r.Kind()
		require.Equal(t, header, sameKind.Header())
		for name, lines := range header {
			require.Len(t, lines, 1)
			require.NotContains(t, lines[0], "#")
			require.LessOrEqual(t, len(lines[0]), 4096+len(document)+len(referrer), name)
		}
		_, authority, _ := strings.Cut(header.Get("Referer"), "://")
		authority, _, _ = strings.Cut(authority, "/")
		require.NotContains(t, authority+header.Get("Origin"), "@")
		if err := r.Check(http.Header{allowOrigin: {policy}, resourcePolicy: {referrer}}); err != nil {
			require.Less(t, len(err.Error()), 500)
			for _, b := range []byte(err.Error()) {
				require.True(t, ' ' <= b && b < 0x7f)
			}
		}
	})
}

func ExampleRequest() {
	r := request.Request{
		Document: "https://shop.example/cart",
		Resource: discover.Resource{
			URL: "https://cdn.example/shop.js", Type: discover.Script, CrossOrigin: discover.Anonymous, Element: "script",
		},
	}
	header := r.Header()
	for _, name := range []string{"Accept", "Origin", "Referer", "Sec-Fetch-Dest", "Sec-Fetch-Mode", "Sec-Fetch-Site"} {
		fmt.Printf("%s: %s\n", name, header.Get(name))
	}
	fmt.Println("cookies:", r.Credentials())
	fmt.Println(r.Check(http.Header{}))
	// Output:
	// Accept: */*
	// Origin: https://shop.example
	// Referer: https://shop.example/
	// Sec-Fetch-Dest: script
	// Sec-Fetch-Mode: cors
	// Sec-Fetch-Site: cross-site
	// cookies: false
	// blocked by CORS: Access-Control-Allow-Origin is missing, and the request is from https://shop.example
}

func BenchmarkHeader(b *testing.B) {
	r := request.Request{
		Document: "https://shop.example/cart?id=1", Policy: "origin",
		Resource: discover.Resource{
			URL: "https://static.shop.example/a.js", Type: discover.Script, CrossOrigin: discover.Anonymous, Element: "script",
		},
	}
	b.Run("header", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_ = r.Header()
		}
	})
	b.Run("kind", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_ = r.Kind()
		}
	})
}
