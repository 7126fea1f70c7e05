package http1

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTemplate(t *testing.T) {
	t.Parallel()
	for _, other := range templateURLs {
		t.Run(other, func(t *testing.T) {
			t.Parallel()
			compareTemplate(t, "http://a.example/first?x", other)
		})
	}
	t.Run("learns nothing of what is unusual", func(t *testing.T) {
		t.Parallel()
		for _, first := range []string{"http://me:secret@a.example/", "http:opaque"} {
			u, err := url.Parse(first)
			require.NoError(t, err)
			var template Template
			template.Learn(templateRequest(u), []byte("GET / HTTP/1.1\r\n\r\n"))
			_, ok := template.Append(nil, u)
			require.False(t, ok)
		}
	})
	t.Run("serves its own host, and the usual", func(t *testing.T) {
		t.Parallel()
		for other, want := range map[string]bool{
			"http://a.example/2?q": true, "http://a.example": true, "https://a.example/2": false,
			"http://b.example/2": false, "http://me@a.example/2": false,
		} {
			require.Equal(t, want, compareTemplate(t, "http://a.example/", other), other)
		}
	})
}

var templateURLs = []string{ //nolint:gochecknoglobals // of a test and a fuzz test
	"http://a.example/", "http://a.example", "http://a.example?q", "http://a.example/?", "http://a.example/a b#c",
	"http://a.example/%2f/ä?ö=%zz", "http://a.example//x", "http://a.example:80/", "http://A.example/", "http://a.example/*",
	"http://u@a.example/", "http:a.example", "http://a.example/?a b\"<>`", "http://a.example/\\", "http://[::1]/",
}

// FuzzTemplate compares what a template makes with what net/http makes.
func FuzzTemplate(f *testing.F) {
	for _, u := range templateURLs {
		f.Add("http://a.example/first?x", u)
		f.Add(u, "http://a.example/second")
	}
	f.Fuzz(func(t *testing.T, first, second string) { compareTemplate(t, first, second) })
}

// compareTemplate learns from the first URL and reports whether the template fits the second.
func compareTemplate(t *testing.T, first, second string) bool {
	t.Helper()
	u, err := url.Parse(first)
	if err != nil {
		return false
	}
	req := templateRequest(u)
	wire, err := AppendWire(nil, req, false)
	if err != nil {
		return false
	}
	var template Template
	template.Learn(req, wire)

	other, err := url.Parse(second)
	if err != nil {
		return false
	}
	got, ok := template.Append([]byte("before"), other)
	if !ok {
		require.Equal(t, "before", string(got))
		return false
	}
	want, err := AppendWire([]byte("before"), templateRequest(other), false)
	require.NoError(t, err)
	require.Equal(t, string(want), string(got))
	return true
}

func templateRequest(u *url.URL) *http.Request {
	return &http.Request{Method: http.MethodGet, URL: u, Header: http.Header{"User-Agent": {"k6/2.2.0"}, "X": {"1", "2"}}}
}
