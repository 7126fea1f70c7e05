package reference

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPlainReferencesAreNotParsed(t *testing.T) {
	t.Parallel()
	base, err := url.Parse("https://shop.example:8443/d/page.html?a#b")
	require.NoError(t, err)
	var r Resolver
	r.setBase(base)
	for _, test := range []struct{ title, reference, want string }{
		{"an absolute path", "/a/b.png", "https://shop.example:8443/a/b.png"},
		{"a name", "b-1_2~3.png", "https://shop.example:8443/d/b-1_2~3.png"},
		{"a path", "b//c/", "https://shop.example:8443/d/b//c/"},
		{"a query, in which more is allowed", "b?/../%zz|:?\\`{}", "https://shop.example:8443/d/b?/../%zz|:?\\`{}"},
		{"an empty query", "/b?", "https://shop.example:8443/b?"},
		{"a fragment", "s.svg#a b", "https://shop.example:8443/d/s.svg"},
		{"a URL", "http://CDN.example/a.png?b", "http://CDN.example/a.png?b"},
		{"a URL with a port", "https://127.0.0.1:8080/", "https://127.0.0.1:8080/"},
		{"a URL without a scheme", "//cdn.example/a", "https://cdn.example/a"},
		{"what is encoded", "a b", ""},
		{"what is encoded in queries", "/a?'", ""},
		{"what may be encoded, as the base has it", "a(1)", ""},
		{"an escape, which may be none", "/%61", ""},
		{"a space around", " a", ""},
		{"a dot segment", "/a/../b", ""},
		{"a name that begins with a dot, as those do", "/.b", ""},
		{"a backslash", `/a\b`, ""},
		{"a scheme", "data:a", ""},
		{"a scheme without slashes", "https:a", ""},
		{"a scheme in capitals", "HTTPS://cdn.example/a", ""},
		{"a host without a path", "https://cdn.example", ""},
		{"a host that needs IDNA", "https://é.example/a", ""},
		{"user info", "https://a@cdn.example/a", ""},
		{"no host", "///a", ""},
		{"a port without a host", "//:80/a", ""},
		{"a query alone", "?a", ""},
		{"nothing", "", ""},
	} {
		assert.Equal(t, test.want, r.plain(test.reference), test.title)
	}
}

// FuzzPlainReferences compares what is resolved without parsing with what Resolve returns.
func FuzzPlainReferences(f *testing.F) {
	for _, base := range []string{
		"https://shop.example/d/page.html", "http://u:p@h:80", "https://h/a/../b%20c/(d)\"?x", "https://h//a//b", "https://é/ä/../", "ftp://h/", "https:a", "",
		"https://h/%2e%2e/a%zz/", "https://h/a/b/../../../", "HTTPS://H/*", "https://h/..",
	} {
		for _, reference := range []string{"a", "/a.b/c", "//h:1/a", "https://h/a?b", "a/b?c#d", "*", "/a//b/", "a@b;c=d,e", "http://h:/a", "/a?", "a??"} {
			f.Add(base, reference)
		}
	}
	f.Fuzz(func(t *testing.T, baseText, reference string) {
		base, err := url.Parse(baseText)
		if err != nil {
			return
		}
		want, ok := Resolve(base, reference)
		var r Resolver
		got, gotOK := r.Resolve(base, reference)
		require.Equal(t, ok, gotOK)
		require.Equal(t, want, got)
		if text := r.plain(reference); text != "" && len(text) <= MaxLength {
			require.True(t, ok)
			require.Equal(t, want, text)
		}
	})
}
