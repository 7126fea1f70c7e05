package discover

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover/cut"
)

func TestTagsThatNeedNoTokenizer(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		title, tag  string
		want        attributes
		selfClosing bool
	}{
		{"no attributes", `<a>`, nil, false},
		{"quotes", `<a b="c>" d='e"'>`, attributes{{"b", "c>"}, {"d", `e"`}}, false},
		{"no quotes", "<a b=c\n d = e>", attributes{{"b", "c"}, {"d", "e"}}, false},
		{"no values", `<a b c= >`, attributes{{"b", ""}, {"c", ""}}, false},
		{"capitals", `<a viewBox=B>`, attributes{{"viewbox", "B"}}, false},
		{"the first of a name", `<a b=c B=d>`, attributes{{"b", "c"}}, false},
		{"an ampersand", `<a b=c&amp;amp;d>`, attributes{{"b", "c&amp;d"}}, false},
		{"a value of another script", `<a b=ä>`, attributes{{"b", "ä"}}, false},
		{"an equals sign before a name", `<a =b=c>`, attributes{{"=b", "c"}}, false},
		{"a tag that closes itself", `<a b=c />`, attributes{{"b", "c"}}, true},
		{"a tag without attributes that closes itself", `<a/>`, nil, true},
		{"a slash that is a value's", `<a b=c/>`, attributes{{"b", "c/"}}, false},
		{"a slash of a second value, which is not told apart", `<a b=c b=d/>`, attributes{{"b", "c"}}, true},
	} {
		var r tagReader
		found, selfClosing, ok := r.plain([]byte(test.tag), len("<a"))
		require.True(t, ok, test.title)
		assert.Equal(t, test.want, found, test.title)
		assert.Equal(t, test.selfClosing, selfClosing, test.title)
	}
	var many strings.Builder
	for i := range maxPlain + 1 {
		fmt.Fprintf(&many, "b%d ", i)
	}
	for _, test := range []struct{ title, tag string }{
		{"another character reference", `<a b="&quot;">`},
		{"an ampersand that begins none", `<a b="?c&d">`},
		{"a carriage return", "<a b='c\rd'>"},
		{"a NUL", "<a b\x00>"},
		{"a name of another script", `<a Ä>`},
		{"many attributes", `<a ` + many.String() + `>`},
		{"a tag that is not complete", `<a b="c>`},
	} {
		var r tagReader
		_, _, ok := r.plain([]byte(test.tag), len("<a"))
		assert.False(t, ok, test.title)
	}
}

// readers compares how a tag is read without and with the tokenizer.
type readers struct {
	t            *testing.T
	plain, other tagReader
}

func (r *readers) Tag(name, raw []byte) string {
	want, wantClosing, ok := r.other.tokenize(raw)
	require.True(r.t, ok, "%q is a tag", raw)
	if found, selfClosing, ok := r.plain.plain(raw, len("<")+len(name)); ok {
		require.True(r.t, slices.Equal(want, found), "%q has %q, not %q", raw, want, found)
		require.Equal(r.t, wantClosing, selfClosing, "%q", raw)
	}
	return cut.RawText(name)
}

func (r *readers) EndTag([]byte) {}
func (r *readers) Text([]byte)   {}

// FuzzAttributes compares attributes that are read without the tokenizer with those that it reads.
func FuzzAttributes(f *testing.F) {
	for _, seed := range []string{
		`<a href="b>c" d='e' f=g/h><br/><p / =x>`, `<a b=c b=d/><a B=c b><a b/c=/d / ><a b = "c"d='e'/>`, `<a b="&amp;&amp;amp;"c=&quot;d>`,
		"<a b\x00=c\rd><a Ä=ä ſ=K>", `<a ="b>c"><a b = c><d  e=''f><g =h><i j==k"l'=m>`,
	} {
		f.Add([]byte(seed), uint8(1))
	}
	f.Fuzz(func(t *testing.T, document []byte, size uint8) {
		tags := cut.NewTags(&readers{t: t}, func() bool { return false })
		for part := range slices.Chunk(document, max(1, int(size))) {
			tags.Write(part)
		}
	})
}
