package discover_test

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover"
)

// valid checks what holds for whatever was found.
func valid(t *testing.T, found []discover.Resource) {
	t.Helper()
	type key struct {
		url               string
		kind              discover.Type
		origin            discover.CrossOrigin
		preload, blocking bool
	}
	seen := make(map[key]bool)
	for _, resource := range found {
		target, err := url.Parse(resource.URL)
		require.NoError(t, err, "what is found is a URL")
		require.Contains(t, []string{"http", "https"}, target.Scheme)
		require.NotEmpty(t, target.Host)
		require.NotContains(t, resource.URL, "#")
		require.LessOrEqual(t, len(resource.URL), 8<<10)
		for _, b := range []byte(resource.URL) {
			require.True(t, b > ' ' && b < 0x7f, "%q is encoded", resource.URL)
		}
		require.NotEmpty(t, resource.Element)
		require.False(t, resource.Blocking && resource.Late)
		use := key{resource.URL, resource.Type, resource.CrossOrigin, resource.Preload, resource.Blocking}
		require.False(t, seen[use], "each use is found once")
		seen[use] = true
	}
}

func FuzzHTML(f *testing.F) {
	f.Add(everything, "text/html", uint8(1))
	f.Add(`<script><!-- <script> </script> --></script><img src=a>`, inUTF8, uint8(3))
	f.Add("<meta charset=shift_jis><img src='\x83\x5c'><iframe srcdoc='<base href=/b/><img src=a>'>", "", uint8(2))
	f.Add("\xff\xfe<\x00i\x00m\x00g\x00 \x00s\x00r\x00c\x00=\x00a\x00>\x00", "text/html", uint8(5))
	f.Add(`<object data=a><embed src=b></object><video poster=a><source src=c><track default src=d>`, "", uint8(7))
	f.Add(`<picture><source srcset="a 1x" type=image/png media=(color)><img sizes=50vw srcset="a 1w"></picture><svg><script href=a />`, "", uint8(4))
	f.Add(`<style><!-- @import url(a;b) layer(x) supports(not (a:b)) print; @media all{@font-face{src:url(a)format(woff)`, "", uint8(6))
	f.Add(`<?xml encoding='koi8-r'?><script src="a"/><svg><foreignObject><title/><iframe src="b"/></foreignObject></svg><![CDATA[<img>]]>`, "text/xml", uint8(3))
	f.Fuzz(func(t *testing.T, document, contentType string, size uint8) {
		options := discover.Options{CSS: discover.All, Lazy: true, DPR: 1.5}
		whole := scanHTML(t, document, contentType, options, len(document))
		valid(t, whole)
		require.Equal(t, whole, scanHTML(t, document, contentType, options, int(size)), "in writes of %d bytes", size)
	})
}

func FuzzCSS(f *testing.F) {
	f.Add(`@charset "utf-8"; @import url(a.css) layer(b) screen; @import "b.css" supports(display: grid);`, "text/css", uint8(1))
	f.Add(`@font-face { font-family: "a}"; src: local(a), url("a.woff2") format("woff2") tech(variations), url(b) }`, "", uint8(2))
	f.Add(`@media (min-width: 1px) { p { background: image-set("a" 1x, url(b) 2x type("image/png")) ; b: url(c\)d) } }`, "", uint8(3))
	f.Add("p{a:url( 'b\\\nc' );d:url(e f);g:\"\n;h:url(i)}/* } */<!-- --> } @x{", "text/css; charset=koi8-r", uint8(4))
	f.Fuzz(func(t *testing.T, sheet, contentType string, size uint8) {
		options := discover.Options{CSS: discover.All}
		whole := scanCSS(t, sheet, contentType, options, len(sheet))
		valid(t, whole)
		require.Equal(t, whole, scanCSS(t, sheet, contentType, options, int(size)), "in writes of %d bytes", size)
	})
}

func FuzzURL(f *testing.F) {
	for _, seed := range []string{"a", "//a/b", `\\a\b`, "http:a", "https:/a", "?a%zz#b", "1:2", "a%b c", "http://ä/é?ü", "///", "http://[::1]:80/", "http:::80", "//:@a:443", "%2e%2E/a"} {
		f.Add(seed)
	}
	base := &url.URL{Scheme: "https", Host: "shop.example", Path: "/d/page.html"}
	f.Fuzz(func(t *testing.T, reference string) {
		var found []discover.Resource
		scanner := discover.NewCSS(base, "", discover.Options{CSS: discover.All}, func(r discover.Resource) { found = append(found, r) })
		for _, part := range []string{"@import '", escapeCSS(reference), "';"} {
			_, err := scanner.Write([]byte(part))
			require.NoError(t, err)
		}
		scanner.Close()
		valid(t, found)
	})
}

// escapeCSS returns a text as it stands in a string of CSS.
func escapeCSS(text string) string {
	const hex = "0123456789abcdef"
	out := make([]byte, 0, 2*len(text))
	for i := range len(text) {
		switch c := text[i]; {
		case c < ' ':
			out = append(out, '\\', hex[c>>4], hex[c&15], ' ')
		case c == '\'' || c == '\\':
			out = append(out, '\\', c)
		default:
			out = append(out, c)
		}
	}
	return string(out)
}
