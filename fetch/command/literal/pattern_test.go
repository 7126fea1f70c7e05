package literal_test

import (
	"strings"
	"testing"

	"github.com/grafana/sobek"
	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/command/literal"
)

func TestPatternOf(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"/a/": "/a/", "/a/i": "/a/i", `/\.png$/gu`: `/\.png$/gu`, "/a/b/": `/a\/b/`, `/a\/b/`: `/a\/b/`, "/[/]/": `/[\/]/`, `/\\/`: `/\\/`,
		"/a\nb/": `/a\nb/`, "/a\\\nb/": `/a\nb/`, "/a\u2028/": `/a\u2028/`,
		"": "", "a": "", "/": "", "//": "", "/a": "", "a/": "", "/(/": "", "/a/x": "", "/a/ii": "", "/a/ b": "", "/\x88/": "",
	} {
		pattern, ok := literal.PatternOf(text)
		require.Equal(t, want != "", ok, "%q", text)
		if ok {
			require.Equal(t, want, literal.Script(pattern, ""), "%q", text)
		}
	}
}

// What is written for a script is the same regular expression, on one line.
func FuzzPatternOf(f *testing.F) {
	for _, text := range []string{"/a/i", `/\.png$/`, "/a/b/", `/[/]\//`, "/\\\n/", "/\u2029\r/", `/\\/`, `/(?=a)\1/u`} {
		f.Add(text, "/x/a.png")
	}
	f.Fuzz(func(t *testing.T, text, url string) {
		pattern, ok := literal.PatternOf(text)
		if !ok {
			return
		}
		rt := sobek.New()
		script := literal.Script(pattern, "")
		require.False(t, strings.ContainsAny(script, "\n\r\u2028\u2029"), "%q", script)
		written, err := rt.RunString(script)
		require.NoError(t, err, "%q", script)
		require.NoError(t, rt.Set("a", literal.Of(rt, pattern)))
		require.NoError(t, rt.Set("b", written))
		require.NoError(t, rt.Set("url", url))
		same, err := rt.RunString("a instanceof RegExp && a.flags === b.flags && a.test(url) === b.test(url)")
		require.NoError(t, err)
		require.True(t, same.ToBoolean(), "%q", script)
	})
}
