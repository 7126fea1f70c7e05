package literal_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/grafana/sobek"
	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/command/literal"
)

func TestScript(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 60)
	for _, c := range []struct {
		value literal.Value
		want  string
	}{
		{nil, "null"},
		{true, "true"},
		{7, "7"},
		{0.5, "0.5"},
		{"it's\n\\", `'it\'s\n\\'`},
		{literal.Code("urls"), "urls"},
		{literal.List{}, "[]"},
		{literal.List{1, "a"}, "[1, 'a']"},
		{literal.Object{{"a", 1}, {"b-c", literal.List{2}}}, "{ a: 1, 'b-c': [2] }"},
		{literal.List{long, long}, "[\n  '" + long + "',\n  '" + long + "',\n]"},
		{literal.Object{{"a", literal.Object{{"b", long + long}}}}, "{\n  a: {\n    b: '" + long + long + "',\n  },\n}"},
	} {
		require.Equal(t, c.want, literal.Script(c.value, ""))
	}
}

func TestNumber(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]literal.Value{
		"10": 10, "-1": -1, "0.5": 0.5, "1e3": 1000.0, "10s": "10s", "": "", "Inf": "Inf", "NaN": "NaN", "0x10": "0x10", "abc": "abc",
	} {
		require.Equal(t, want, literal.Number(text), text)
	}
}

func TestWith(t *testing.T) {
	t.Parallel()
	o := literal.Object{}.With("b", 1).With("a", 2).With("b", 3)
	require.Equal(t, literal.Object{{"b", 3}, {"a", 2}}, o)
	require.Equal(t, 3, o.Get("b"))
	require.Nil(t, o.Get("c"))
	data, err := json.Marshal(literal.Object{{"o", o}, {"l", literal.List{nil, true}}})
	require.NoError(t, err)
	require.Equal(t, `{"o":{"b":3,"a":2},"l":[null,true]}`, string(data)) //nolint:testifylint // the order is what counts
}

// What is written for a script is, in a runtime, what was meant.
func FuzzScript(f *testing.F) {
	f.Add("it's", "a\u2028\\", 1.5)
	f.Add("__proto__", "", 0.0)
	f.Add("</script>", "\x00\x7f\r\n\t${x}`", -1e300)
	f.Fuzz(func(t *testing.T, name, text string, n float64) {
		if !utf8.ValidString(name + text) {
			return
		}
		v := literal.Object{{name, literal.List{text, n, nil, false, literal.Object{{"x", text}}}}}
		rt := sobek.New()
		written, err := rt.RunString("(" + literal.Script(v, "") + ")")
		require.NoError(t, err)
		require.NoError(t, rt.Set("a", written))
		require.NoError(t, rt.Set("b", literal.Of(rt, v)))
		same, err := rt.RunString("JSON.stringify(a) === JSON.stringify(b)")
		require.NoError(t, err)
		require.True(t, same.ToBoolean(), literal.Script(v, ""))
	})
}
