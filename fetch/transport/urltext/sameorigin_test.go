package urltext

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNear(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]bool{
		"http://a.example/2":                true,
		"http://a.example/":                 true,
		"http://a.example/a/b.html;v=1?q=%": true,
		"http://a.example/?a?b/c\"<>":       true,
		"http://a.example//x":               true,
		"http://a.example":                  false,
		"http://a.example?q":                false,
		"http://a.example/?":                false,
		"http://a.example/#f":               false,
		"http://a.example/?q#f":             false,
		"http://a.example/%41":              false,
		"http://a.example/ü":                false,
		"http://a.example/a b":              false,
		"http://a.example/?a b":             false,
		"http://a.example:80/":              false,
		"http://a.example.org/":             false,
		"http://b.example/":                 false,
		"https://a.example/":                false,
		"HTTP://a.example/":                 false,
		"":                                  false,
	} {
		require.Equal(t, want, compareNear(t, "http://a.example/1", raw), raw)
	}
	for _, first := range []string{
		"http://me:secret@a.example/1", "http://a.example", "mailto:me", "/1", "http:///1", "HTTP://a.example/1", "http://%41/1",
	} {
		require.False(t, compareNear(t, first, first), "%s teaches nothing", first)
	}
}

// FuzzNear: what it parses, net/url parses to the same, and writes unchanged.
func FuzzNear(f *testing.F) {
	for _, raw := range []string{
		"http://a.example/2", "http://a.example/?", "http://a.example/;,:@&=+$-_.~!*'()?#%20", "http://a.example/[1]", "http://[::1]:80/x",
		"http://[fe80::1%25en0]/", "http://a.example/\\?^`{|}",
	} {
		f.Add("http://a.example/1", raw)
		f.Add(raw, "http://a.example/3")
		f.Add(raw, raw)
	}
	f.Fuzz(func(t *testing.T, first, second string) { compareNear(t, first, second) })
}

// compareNear learns from the first URL and reports whether it can parse the second.
func compareNear(t *testing.T, first, second string) bool {
	t.Helper()
	u, err := url.Parse(first)
	if err != nil {
		return false
	}
	var n SameOrigin
	n.Learn(u, first)
	got, ok := n.Parse(second)
	if !ok {
		return false
	}
	want, err := url.Parse(second)
	require.NoError(t, err)
	require.Equal(t, want, got)
	require.Equal(t, second, got.String())
	require.Equal(t, Mask(second), second, "there is nothing to hide in it")
	return true
}
