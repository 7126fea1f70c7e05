package discover_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover"
)

// sheets are what a stylesheet has, and the URLs that a browser fetches for it.
type sheets []struct {
	title, sheet string
	want         []string
}

func (s sheets) check(t *testing.T, options discover.Options) {
	t.Helper()
	for _, test := range s {
		if test.want == nil {
			test.want = []string{}
		}
		assert.Equal(t, test.want, urls(inCSS(t, test.sheet, options)), "%s: %s", test.title, test.sheet)
	}
}

func TestImports(t *testing.T) {
	t.Parallel()
	sheets{
		{"a string", `@import "a.css";`, []string{"/c/a.css"}},
		{"a string in single quotes", `@import 'a.css';`, []string{"/c/a.css"}},
		{"a URL", `@import url(a.css);`, []string{"/c/a.css"}},
		{"a URL in quotes", `@import url("a.css");`, []string{"/c/a.css"}},
		{"a URL with a semicolon", `@import url(https://cdn.example/css?family=A:400;700|B);`, []string{"https://cdn.example/css?family=A:400;700|B"}},
		{"capitals", `@IMPORT URL(a.css);`, []string{"/c/a.css"}},
		{"escapes", `@\69mport "\61.css";`, []string{"/c/a.css"}},
		{"no space", `@import"a.css";@import url(b.css);`, []string{"/c/a.css", "/c/b.css"}},
		{"comments", `/* a */ @import /* b */ "a.css" /* ; */ ; /* c */ @import "b.css";`, []string{"/c/a.css", "/c/b.css"}},
		{"the last without a semicolon", `@import "a.css"`, []string{"/c/a.css"}},
		{"behind a charset", `@charset "utf-8"; @import "a.css";`, []string{"/c/a.css"}},
		{"behind layers", `@layer a, b; @import "a.css";`, []string{"/c/a.css"}},
		{"behind a rule that is unknown", `@foo bar; @import "a.css";`, []string{"/c/a.css"}},
		{"behind a rule it is invalid", `p {} @import "a.css";`, nil},
		{"behind a rule with a block that is unknown, which is invalid itself", `@foo a { b: c } @import "a.css";`, []string{"/c/a.css"}},
		{"behind one with a block, which is invalid itself", `@import "b.css" { } @import "a.css";`, []string{"/c/a.css"}},
		{"behind keyframes it is invalid", `@keyframes a { } @import "a.css";`, nil},
		{"behind a layer that is behind another it is invalid", `@layer a; @import "a.css"; @layer b; @import "b.css";`, []string{"/c/a.css"}},
		{"behind a font it is invalid", `@font-face {} @import "a.css";`, nil},
		{"behind a namespace it is invalid", `@namespace url(http://a/); @import "a.css";`, nil},
		{"behind a block of a layer it is invalid", `@layer a {} @import "a.css";`, nil},
		{"behind a stray semicolon it is a part of what follows", `; @import "a.css";`, nil},
		{"in a block it is invalid", `@media screen { @import "a.css"; }`, nil},
		{"with a block it is invalid", `@import "a.css" {}`, nil},
		{"without a URL it is invalid", `@import screen "a.css"; @import;`, nil},
		{"a string that is cut off is invalid", "@import \"a.css\n; @import \"b.css\";", []string{"/c/b.css"}},
		{"data is none", `@import "data:text/css,p{}";`, nil},
		{"each one once", `@import "a.css"; @import "a.css";`, []string{"/c/a.css"}},
	}.check(t, discover.Options{})
}

func TestImportsWithConditions(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		title, sheet string
		blocking     bool
	}{
		{"none", `@import "a.css";`, true},
		{"media that match", `@import "a.css" screen and (min-width: 600px);`, true},
		{"media that do not match", `@import "a.css" print;`, false},
		{"one of several media", `@import url(a.css) print, (orientation: landscape);`, true},
		{"a layer without a name", `@import "a.css" layer;`, true},
		{"a layer with a name", `@import "a.css" layer(a.b);`, true},
		{"a layer and media", `@import "a.css" layer(a) print;`, false},
		{"what is supported", `@import "a.css" supports(display: grid);`, true},
		{"what is supported, with parentheses", `@import "a.css" supports((display: grid) and (not (-moz-foo: bar)));`, true},
		{"what is not supported, in parentheses", `@import "a.css" supports(not (display: grid));`, false},
		{"all of it", `@import "a.css" layer(a) supports(display: grid) screen;`, true},
		{"all of it, of which the media do not match", `@import "a.css" layer(a) supports(display: grid) print;`, false},
	} {
		found := inCSS(t, test.sheet, discover.Options{})
		if assert.Len(t, found, 1, "%s: browsers fetch an import whose conditions are not fulfilled as well", test.title) {
			assert.Equal(t, test.blocking, found[0].Blocking, test.title)
			assert.False(t, found[0].Late, test.title)
			assert.Equal(t, discover.Highest, found[0].Priority, test.title)
		}
	}
	unsupported := inCSS(t, `@import "a.css" layer(a) supports(-ms-grid: a) screen;`, discover.Options{})
	assert.Empty(t, unsupported, "a declaration that is not supported is the one condition that browsers look at first")
}

func TestFonts(t *testing.T) {
	t.Parallel()
	sheets{
		{"a font", `@font-face { font-family: a; src: url(a.ttf); }`, []string{"/c/a.ttf"}},
		{"a font at the end of a sheet that is cut off", `@font-face { font-family: a; src: url(a.ttf)`, []string{"/c/a.ttf"}},
		{"the order does not matter", `@font-face { src: url(a.ttf); font-family: a }`, []string{"/c/a.ttf"}},
		{"the first usable format", `@font-face { font-family: a; src: url(a.eot) format("embedded-opentype"), url(a.svg#a) format("svg"), url(a.ttf) format("woff2"), url(a.woff) format("woff") }`, []string{"/c/a.ttf"}},
		{"a format as a keyword", `@font-face { font-family: a; src: url(a.x) format(svg), url(a.ttf) format(truetype) }`, []string{"/c/a.ttf"}},
		{"one without a format is tried", `@font-face { font-family: a; src: url(a.eot), url(a.ttf) format("woff2") }`, []string{"/c/a.eot"}},
		{"the last declaration counts", `@font-face { font-family: a; src: url(a.eot); src: url(a.eot?#iefix) format("embedded-opentype"), url(a.woff) format("woff") }`, []string{"/c/a.woff"}},
		{"an invalid declaration does not", `@font-face { font-family: a; src: url(a.ttf); src: foo }`, []string{"/c/a.ttf"}},
		{"a local font is taken for missing", `@font-face { font-family: a; src: local("a"), url(a.ttf) }`, []string{"/c/a.ttf"}},
		{"a technique that is known", `@font-face { font-family: a; src: url(a.ttf) format("woff2") tech(variations) }`, []string{"/c/a.ttf"}},
		{"a technique that is unknown", `@font-face { font-family: a; src: url(a.ttf) tech(incremental), url(b.woff2) }`, []string{"/c/b.woff2"}},
		{"several formats are all needed", `@font-face { font-family: a; src: url(a.ttf) format("woff2", "svg"), url(b.woff2) }`, []string{"/c/b.woff2"}},
		{"data is usable, and nothing is fetched", `@font-face { font-family: a; src: url(data:font/woff2;base64,d09GMg==) format("woff2"), url(a.woff) }`, nil},
		{"none without a family", `@font-face { src: url(a.ttf) }`, nil},
		{"none without a source", `@font-face { font-family: a }`, nil},
		{"all fonts count, whatever their range", `@font-face { font-family: a; src: url(a); unicode-range: U+0-FF } @font-face { font-family: a; src: url(b); unicode-range: U+100-200, U+3?? }`, []string{"/c/a", "/c/b"}},
		{"media that match", `@media screen { @font-face { font-family: a; src: url(a) } }`, []string{"/c/a"}},
		{"media that do not match", `@media print { @font-face { font-family: a; src: url(a) } } @font-face { font-family: b; src: url(b) }`, []string{"/c/b"}},
		{"media within media", `@media screen { @media print { @font-face { font-family: a; src: url(a) } } @font-face { font-family: b; src: url(b) } }`, []string{"/c/b"}},
		{"what is supported", `@supports (display: grid) { @font-face { font-family: a; src: url(a) } }`, []string{"/c/a"}},
		{"what is not supported", `@supports not (display: grid) { @font-face { font-family: a; src: url(a) } }`, nil},
		{"layers", `@layer a { @font-face { font-family: a; src: url(a) } }`, []string{"/c/a"}},
		{"a rule with an invalid beginning", `; @font-face { font-family: a; src: url(a) } @font-face { font-family: b; src: url(b) }`, []string{"/c/b"}},
		{"a rule that is unknown is not looked into", `@foo { @font-face { font-family: a; src: url(a) } } @font-face { font-family: b; src: url(b) }`, []string{"/c/b"}},
		{"a brace too many", `} @font-face { font-family: a; src: url(a) }`, []string{"/c/a"}},
		{"strings and comments with braces", `p::after { content: "}"; /* } */ content: '\'}' } @font-face { font-family: "{a"; src: url(a) }`, []string{"/c/a"}},
		{"an URL with what would end a rule", `p { background: url(data:image/svg+xml;utf8,<svg a='};{'>) } @font-face { font-family: a; src: url(a) }`, []string{"/c/a"}},
		{"an URL with one quote, which is invalid, but ends", `p { background: url(it's};{) } @font-face { font-family: a; src: url(a) }`, []string{"/c/a"}},
		{"an URL with an escaped parenthesis", `p { background: url(a\)};{) } @font-face { font-family: a; src: url(a) }`, []string{"/c/a"}},
		{"an escaped brace", `p\} { color: red } @font-face { font-family: a; src: url(a) }`, []string{"/c/a"}},
		{"parentheses with what would end a rule", `p { width: var(--a, {};}) } @font-face { font-family: a; src: url(a) }`, []string{"/c/a"}},
	}.check(t, discover.Options{})
}

func TestImagesInStyles(t *testing.T) {
	t.Parallel()
	sheets{
		{"an image", `p { background: url(a.png) }`, []string{"/c/a.png"}},
		{"several images", `p { background: url(a.png), url("b.png"); cursor: url(c.cur), auto }`, []string{"/c/a.png", "/c/b.png", "/c/c.cur"}},
		{"an image in a function", `p { background: cross-fade(url(a.png), url(b.png)) }`, []string{"/c/a.png", "/c/b.png"}},
		{"an image of a variable", `p { --a: url(a.png) }`, []string{"/c/a.png"}},
		{"an image of a nested rule", `p { color: red; &:hover { background: url(a.png) } background: url(b.png) }`, []string{"/c/a.png", "/c/b.png"}},
		{"an image of a nested condition", `p { @media print { background: url(a.png) } @media screen { background: url(b.png) } }`, []string{"/c/b.png"}},
		{"images of keyframes", `@keyframes a { from { background: url(a.png) } }`, []string{"/c/a.png"}},
		{"images of containers", `@container (width > 1px) { p { background: url(a.png) } }`, []string{"/c/a.png"}},
		{"the image of a set by density", `p { background: image-set("a.png" 1x, "b.png" 2x) }`, []string{"/c/a.png"}},
		{"the image of a set by type", `p { background: -webkit-image-set(url(a.heic) type("image/heic"), url(b.png) type("image/png")) }`, []string{"/c/b.png"}},
		{"a part of the document is none", `p { filter: url(#a); mask: url("#b") }`, nil},
		{"data is none", `p { background: url(data:image/png;base64,AA==) }`, nil},
		{"an empty one is none", `p { background: url() url("") }`, nil},
		{"an invalid one is none", `p { background: url(a b.png); background: url(c.png) }`, []string{"/c/c.png"}},
		{"another browser's properties are not", `p { behavior: url(a.htc); -moz-binding: url(b.xml) }`, nil},
		{"text is not", `p { content: "url(a.png)" } /* url(b.png) */`, nil},
		{"a namespace is not", `@namespace url(http://www.w3.org/1999/xhtml);`, nil},
		{"another function is not", `p { background: my-url(a.png) }`, nil},
		{"imports and fonts are", `@import "a.css"; @font-face { font-family: a; src: url(a.ttf) } p { background: url(a.png) }`, []string{"/c/a.css", "/c/a.ttf", "/c/a.png"}},
	}.check(t, discover.Options{CSS: discover.All})
	sheets{
		{"they do not count otherwise", `p { background: url(a.png) }`, nil},
	}.check(t, discover.Options{})
	sharp := inCSS(t, `p { background: image-set("a.png" 1x, "b.png" 2x) }`, discover.Options{CSS: discover.All, DPR: 2})
	assert.Equal(t, []string{"/c/b.png"}, urls(sharp))
}

// Browsers use these only if their origin allows it.
func TestImagesThatNeedCORS(t *testing.T) {
	t.Parallel()
	for property, want := range map[string]discover.CrossOrigin{
		"mask": discover.Anonymous, "mask-image": discover.Anonymous, "-webkit-mask": discover.Anonymous,
		"-webkit-mask-image": discover.Anonymous, "shape-outside": discover.Anonymous, "clip-path": discover.Anonymous,
		"fill": discover.Anonymous, "background": discover.None, "-webkit-mask-box-image": discover.None,
		"border-image": discover.None, "cursor": discover.None,
	} {
		for _, image := range []string{"url(a.png)", `image-set("a.png" 1x)`} {
			found := inCSS(t, "p { "+property+": "+image+" }", discover.Options{CSS: discover.All})
			require.Len(t, found, 1, property)
			assert.Equal(t, want, found[0].CrossOrigin, property)
		}
	}
}

func TestEncodingOfStyles(t *testing.T) {
	t.Parallel()
	const name = "/c/%C3%A4.css" // ä
	for _, test := range []struct{ title, contentType, sheet string }{
		{"UTF-8 unless stated", "text/css", "@import 'ä.css';"},
		{"the header", "text/css; charset=iso-8859-1", "@import '\xe4.css';"},
		{"the rule", "text/css", "@charset \"iso-8859-1\"; @import '\xe4.css';"},
		{"the header counts more than the rule", "text/css; charset=utf-8", "@charset \"iso-8859-1\"; @import 'ä.css';"},
		{"the mark counts more than the header", "text/css; charset=iso-8859-1", "\xef\xbb\xbf@import 'ä.css';"},
		{"UTF-16 by its mark", "text/css", "\xff\xfe@\x00i\x00m\x00p\x00o\x00r\x00t\x00'\x00\xe4\x00.\x00c\x00s\x00s\x00'\x00"},
		{"an unknown encoding", "text/css; charset=foo", "@import 'ä.css';"},
	} {
		for size := 1; size <= len(test.sheet); size++ {
			found := scanCSS(t, test.sheet, test.contentType, discover.Options{}, size)
			assert.Equal(t, []string{name}, urls(found), "%s, %d bytes a write", test.title, size)
		}
	}
}
