package columns_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/columns"
)

func TestOf(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		what, text string
		want       int
	}{
		{"letters take one column each", "Füße", 4},
		{"marks on a letter take none", "e\u0301", 1},
		{"nor does what joins", "a\u200db", 2},
		{"East Asian writing takes two", "日本", 4},
		{"and so do full-width letters", "Ａ", 2},
		{"and emoji, old ones too", "😀✅🚀", 6},
		{"signs of the reports take one", "✓✗–×·", 5},
	} {
		require.Equal(t, c.want, columns.Of(c.text), c.what)
	}
}

func TestShorten(t *testing.T) {
	t.Parallel()
	const letters = "abcdefghij"
	for _, c := range []struct {
		text         string
		n            int
		want, middle string
	}{
		{letters, 10, letters, letters},
		{letters, 9, "abcdefgh…", "abcde…hij"},
		{letters, 4, "abc…", "abc…"},
		{letters, 1, "…", "…"},
		{letters, 0, "", ""},
		{"日日日日日日", 9, "日日日日…", "日日…日"},
		{"e\u0301e\u0301e\u0301", 2, "e\u0301…", "e\u0301…"},
		{"0123456789e\u0301\u0302", 9, "01234567…", "01234…89e\u0301\u0302"},
	} {
		require.Equal(t, c.want, columns.Shorten(c.text, c.n))
		require.Equal(t, c.middle, columns.ShortenMiddle(c.text, c.n))
	}
}

func FuzzShorten(f *testing.F) {
	f.Add("https://a.example/日本/e\u0301?"+strings.Repeat("q", 100), 20)
	f.Add("a\u0300\u0301\u200d😀", 3)
	f.Fuzz(func(t *testing.T, text string, n int) {
		if n < 0 || n > 500 {
			return
		}
		for _, short := range []string{columns.Shorten(text, n), columns.ShortenMiddle(text, n), columns.ShortenURL(text, n)} {
			require.Equal(t, utf8.ValidString(text), utf8.ValidString(text+short))
			require.LessOrEqual(t, columns.Of(short), n)
			if columns.Of(text) <= n {
				require.Equal(t, text, short)
			}
		}
	})
}

// Colours take no columns once they are taken out.
func TestPaint(t *testing.T) {
	t.Parallel()
	painted := "a " + columns.Paint(columns.Red, "b") + columns.Paint(columns.Green, "c")
	require.Equal(t, "a \x1b[31mb\x1b[0m\x1b[32mc\x1b[0m", painted)
	require.Equal(t, "a bc", columns.Plain(painted))
	require.Equal(t, "as it is", columns.Plain("as it is"))
}

func TestShortenURL(t *testing.T) {
	t.Parallel()
	const long = "/images/products/2026/spring/hero.avif?w=640"
	for _, c := range []struct {
		what, url string
		n         int
		want      string
	}{
		{"what fits is left alone", long, 44, long},
		{"segments of the middle are left out", long, 40, "/images/…/2026/spring/hero.avif?w=640"},
		{"and more of them, from the beginning last", long, 36, "/images/…/spring/hero.avif?w=640"},
		{"as many as there are", long, 25, "/…/spring/hero.avif?w=640"},
		{"until the file is left", long, 20, "/…/hero.avif?w=640"},
		{"which is cut, too", long, 12, "/images…=640"},
		{"a host stays", "cdn.example/assets/2026/03/app.js", 24, "cdn.example/…/03/app.js"},
		{"and so does a scheme", "http://cdn.example/assets/2026/03/app.js", 31, "http://cdn.example/…/03/app.js"},
		{"a slash in a query is none of a path", "/search?q=/a/b/c/d/e/f/g/h/i", 14, "/search?q…/h/i"},
		{"a segment alone is cut", "/app.28aed2a6b1c3.bundle.js", 14, "/app.28ae…e.js"},
		{"a folder has no file", "/images/products/2026/", 18, "/images/…/2026/"},
	} {
		require.Equal(t, c.want, columns.ShortenURL(c.url, c.n), c.what)
	}
}
