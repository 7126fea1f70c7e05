package csstoken_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover/csstoken"
)

func first(t *testing.T, text string) csstoken.Token {
	t.Helper()
	tokens, _ := csstoken.All([]byte(text), 1)
	require.Len(t, tokens, 1)
	return tokens[0]
}

func TestTextOfTokens(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		title, text string
		kind        csstoken.Kind
		want        string
	}{
		{"a string in double quotes", `"a b"`, csstoken.String, "a b"},
		{"a string in single quotes", `'a"b'`, csstoken.String, `a"b`},
		{"an escaped quote", `"a\"b"`, csstoken.String, `a"b`},
		{"an escaped backslash at the end", `"a\\"`, csstoken.String, `a\`},
		{"a string that is not closed", `"a`, csstoken.String, "a"},
		{"a string that goes on in the next line", "\"a\\\nb\"", csstoken.String, "ab"},
		{"and with both characters of Windows", "\"a\\\r\nb\"", csstoken.String, "ab"},
		{"a code point", `"\41 B"`, csstoken.String, "AB"},
		{"a code point of six digits needs no space", `"\000041B"`, csstoken.String, "AB"},
		{"a code point that is none", `"\110000 x"`, csstoken.String, "\ufffdx"},
		{"a surrogate", `"\d800 x"`, csstoken.String, "\ufffdx"},
		{"zero", `"\0 x"`, csstoken.String, "\ufffdx"},
		{"an escaped letter of another script", `"\é"`, csstoken.String, "é"},
		{"a NUL", "\"a\x00b\"", csstoken.String, "a\ufffdb"},
		{"a URL", "url(a.png)", csstoken.URL, "a.png"},
		{"a URL in spaces", "url(  a.png\n)", csstoken.URL, "a.png"},
		{"a URL in quotes", `url( "a b.png" )`, csstoken.URL, "a b.png"},
		{"a URL in capitals", "URL(a.png)", csstoken.URL, "a.png"},
		{"a URL with escapes", `url(a\)b\ c.png)`, csstoken.URL, "a)b c.png"},
		{"a URL that is not closed", "url(a.png", csstoken.URL, "a.png"},
		{"a URL with a space in it", "url(a b.png)", csstoken.Bad, ""},
		{"a URL with a quote in it", "url(a'b.png)", csstoken.Bad, ""},
		{"an empty URL", "url()", csstoken.URL, ""},
	} {
		token := first(t, test.text)
		assert.Equal(t, test.kind, token.Kind, test.title)
		assert.Equal(t, test.want, token.Text(), test.title)
	}
}

func TestNamesAndNumbers(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "media", first(t, "@MEDIA print").Name())
	assert.Equal(t, "import", first(t, `@\69mport "x"`).Name(), "escapes count")
	assert.Equal(t, "image-set", first(t, "Image-Set(").Name())
	assert.Equal(t, "--x", first(t, "--x: 1").Name())
	assert.Empty(t, first(t, "1px").Name())
	for _, test := range []struct {
		text, unit string
		value      float64
	}{
		{"1px", "px", 1},
		{"-.5EM", "em", -0.5},
		{"+1.5e1vw", "vw", 15},
		{"1e2", "", 100},
		{"2ex", "ex", 2},
		{"50%", "%", 50},
		{"1e-1s", "s", 0.1},
		{"1.x", "", 1},
		{"1e", "e", 1},
	} {
		value, unit := first(t, test.text).Number()
		assert.InDelta(t, test.value, value, 1e-9, test.text)
		assert.Equal(t, test.unit, unit, test.text)
	}
}

func TestCommentsAreLeftOut(t *testing.T) {
	t.Parallel()
	tokens, all := csstoken.All([]byte("a/* b */c/* d"), 10)
	require.True(t, all)
	require.Len(t, tokens, 2)
	assert.True(t, tokens[0].Is("a") && tokens[1].Is("c"))
	_, all = csstoken.All([]byte("a b c"), 2)
	assert.False(t, all, "there are more than asked for")
}

func FuzzTokens(f *testing.F) {
	for _, seed := range []string{
		`@import url("a") layer(x);`, "a{b:url(c\\)d)}", "\"\\\n\\", "1e", "u+0?", "<!-- -->", "\\", "url(", "/*", "-\\", "@", "#\\",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		before := string(text)
		tokens, all := csstoken.All(text, len(text)+1)
		require.True(t, all, "a token has at least one byte")
		for _, token := range tokens {
			require.Positive(t, token.Length())
			_, _ = token.Number()
			_ = token.Name()
			require.LessOrEqual(t, len(token.Text()), 3*len(text)+3)
		}
		require.Equal(t, before, string(text), "the text is unchanged")
	})
}
