package discover_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// everything has what a tag, a text or a rule may be split in.
const everything = `<!DOCTYPE html><html><head><meta charset="utf-8"><title>A &amp; B <b></title><!-- <img src=no.png> -- -->` +
	`<link rel="stylesheet" href="/ä.css?a=1&amp;b=2" media="screen and (min-width: 600px)"><base href='/base/'>` +
	`<style>@import url( "one.css" ) layer(a); /* } */ @font-face { font-family: "}"; src: url(a.eot) format('eot'), url(a.woff2) format("woff2") }
	p::after { content: "</p>"; background: url(data:image/png;base64,AA;==) , url(bg.png) }</style>` +
	`<script>/* <!-- <script> "</script>" --> */ "</scrip"; document.write("<img src=no2.png>") </script><script src=a.js async></script>` +
	`</head><body class='a>b' data-x=a/b><picture><source srcset="a.png 1x, b.png 2x"><img src="c.png" alt="a &quot;>&quot;"/></picture>` +
	`<noscript><img src=no3.png></noscript><template><img src=no4.png></template><svg><![CDATA[<img src=no5.png>]]><use href="s.svg#a"/></svg>` +
	`<iframe srcdoc="&lt;img src='in.png'&gt;"></iframe><p style="background: url(&quot;p.png&quot;)">é</p><textarea><img src=no6.png></textarea>` +
	`<!-- a --!><video><source src=v.mov type=video/quicktime><source src=v.webm></video></body></html><img src=last.png`

func TestTheResultDoesNotDependOnHowTheInputIsSplit(t *testing.T) {
	t.Parallel()
	options := discover.Options{CSS: discover.All}
	want := inHTML(t, everything, options)
	require.Equal(t, []string{
		"/%C3%A4.css?a=1&b=2", "/base/one.css", "/base/a.woff2", "/base/bg.png", "/base/a.js", "/base/a.png", "/base/s.svg",
		"/base/in.png", "/base/p.png", "/base/v.webm",
	}, urls(want))
	for size := 1; size < 64; size++ {
		require.Equal(t, want, scanHTML(t, everything, "text/html", options, size), "%d bytes a write", size)
	}
	for at := range len(everything) {
		var found []discover.Resource
		scanner := discover.NewHTML(parse(t, page), "text/html", options, func(r discover.Resource) { found = append(found, r) })
		_, _ = fmt.Fprint(scanner, everything[:at])
		_, _ = fmt.Fprint(scanner, everything[at:])
		scanner.Close()
		require.Equal(t, want, found, "split at %d, %q", at, everything[max(0, at-10):at])
	}
}

func TestWhatIsInTheHeadIsFoundBeforeTheBodyHasCome(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ title, contentType, start string }{
		{"a tag that is complete", inUTF8, `<link rel=stylesheet href=/a.css>`},
		{"whatever its encoding", "text/html", `<title>Shop</title><link rel=stylesheet href=/a.css>`},
		{"an encoding that the header states", "text/html; charset=windows-1251", "<title>\xef</title><link rel=stylesheet href=/a.css>"},
		{"an encoding that a mark states", "text/html", "\xef\xbb\xbf<link rel=stylesheet href=/a.css>"},
		{"an import that is complete, in a style that is not", "text/html", `<style>@import "/a.css";`},
		{"a font whose rule is complete", "text/html", `<style>@font-face{font-family:a;src:url(/a.css)}`},
		{
			"an encoding that the document states in its first KiB", "text/html",
			"<title>é</title><meta charset=utf-8><link rel=stylesheet href=/a.css>" + strings.Repeat(" ", 1024),
		},
	} {
		var found []discover.Resource
		scanner := discover.NewHTML(parse(t, page), test.contentType, discover.Options{}, func(r discover.Resource) { found = append(found, r) })
		_, _ = fmt.Fprint(scanner, test.start)
		assert.Equal(t, []string{"/a.css"}, urls(found), test.title)
	}
	var found []discover.Resource
	sheet := discover.NewCSS(parse(t, page), "text/css", discover.Options{}, func(r discover.Resource) { found = append(found, r) })
	_, _ = fmt.Fprint(sheet, `@import "/a.css"; p {`)
	assert.Equal(t, []string{"/a.css"}, urls(found), "stylesheets stream as well")
}

// latin has a letter in ISO-8859-1 and its successor.
const latin = "<img src=/\xe4>"

func TestEncodingOfDocuments(t *testing.T) {
	t.Parallel()
	filler := "<!-- " + strings.Repeat("x", 2000) + " -->"
	for _, test := range []struct{ title, contentType, document, want string }{
		{"the header", "text/html; charset=iso-8859-1", latin, "/%C3%A4"},
		{"a label in capitals", `text/html; charset="UTF-8"`, "<img src=/ä>", "/%C3%A4"},
		{"the mark counts more", "text/html; charset=iso-8859-1", "\xef\xbb\xbf<img src=/ä>", "/%C3%A4"},
		{"the document", "text/html", "<meta charset=utf-8><img src=/ä>", "/%C3%A4"},
		{"the document by its content type", "text/html", `<meta http-equiv=content-type content="text/html; charset=koi8-r"><img src=/` + "\xc1>", "/%D0%B0"},
		{"the header counts more than the document", inUTF8, "<meta charset=koi8-r><img src=/ä>", "/%C3%A4"},
		{"behind a title in it", "text/html", "<title>\xc1</title><meta charset=koi8-r><img src=/\xc1>", "/%D0%B0"},
		{"windows-1252 if nothing states it", "text/html", latin, "/%C3%A4"},
		{"even if it looks like UTF-8", "text/html", "<p>ä<img src=/ä>", "/%C3%83%C2%A4"},
		{"windows-1252 if the document states it", "text/html", "<meta charset=latin1><img src=/\xe4>", "/%C3%A4"},
		{"a content type without http-equiv states nothing", "text/html", `<meta content="text/html; charset=koi8-r"><img src=/` + "\xe4>", "/%C3%A4"},
		{"an unknown encoding states nothing", "text/html", "<meta charset=foo><meta charset=koi8-r><img src=/\xc1>", "/%D0%B0"},
		{"UTF-16, which cannot be stated so, is UTF-8", "text/html", "<meta charset=utf-16><img src=/ä>", "/%C3%A4"},
		{"not what is in a script or a comment", "text/html", "<script>'<meta charset=koi8-r>'</script><!--<meta charset=koi8-r>--><img src=/\xe4>", "/%C3%A4"},
		{"the declaration of XML", "text/html", "<?xml version='1.0' encoding=\"koi8-r\"?><img src=/\xc1>", "/%D0%B0"},
		{"the document counts more than that", "text/html", "<?xml version='1.0' encoding=\"koi8-r\"?><meta charset=utf-8><img src=/ä>", "/%C3%A4"},
		{"bytes that are invalid in UTF-8", inUTF8, latin, "/%EF%BF%BD"},
		{"shift JIS, of which a second byte is a quote's", "text/html; charset=shift_jis", "<img alt='\x83\x5c' src=/a>", "/a"},
		{"UTF-16 by its mark", "text/html", "\xfe\xff\x00<\x00i\x00m\x00g\x00 \x00s\x00r\x00c\x00=\x00/\x00\xe4\x00>", "/%C3%A4"},
		{"ISO-2022-JP, whose escapes are ASCII", "text/html; charset=iso-2022-jp", "<p>\x1b$B$\"\x1b(B<img src=/a>", "/a"},
		{"what is declared too late does not count", "text/html", filler + "<meta charset=koi8-r><img src=/\xe4>", "/%C3%A4"},
		{"non-ASCII text behind the first KiB", "text/html; charset=koi8-r", filler + "<img src=/\xc1>", "/%D0%B0"},
	} {
		for _, size := range []int{1, 2, 3, 7, 1023, 1024, 1025, 10_000} {
			found := scanHTML(t, test.document, test.contentType, discover.Options{}, size)
			assert.Equal(t, []string{test.want}, urls(found), "%s, %d bytes a write", test.title, size)
		}
	}
}

// A stylesheet, or a frame of the same origin, that states no encoding has that of the document that refers to it.
func TestEncodingOfTheDocumentAround(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ title, contentType, document, around, want string }{
		{"what states none", "text/html", "<img src=/\xc1>", "koi8-r", "/%D0%B0"},
		{"a document that states one", "text/html", "<meta charset=latin1><img src=/\xe4>", "koi8-r", "/%C3%A4"},
		{"a header that states one", "text/html; charset=latin1", latin, "koi8-r", "/%C3%A4"},
		{"around is an encoding that is unknown", "text/html", latin, "foo", "/%C3%A4"},
	} {
		found := scanHTML(t, test.document, test.contentType, discover.Options{Charset: test.around}, 1)
		assert.Equal(t, []string{test.want}, urls(found), test.title)
	}
	styles := scanCSS(t, "@import '/\xc1';", "text/css", discover.Options{Charset: "koi8-r"}, 1)
	assert.Equal(t, []string{"/%D0%B0"}, urls(styles))
}

func TestCharsetIsKnownToTheCaller(t *testing.T) {
	t.Parallel()
	filler := strings.Repeat(" ", 2000)
	for _, test := range []struct{ title, contentType, document, want string }{
		{"by the header", "text/html; charset=latin1", "", "windows-1252"},
		{"by the document, before it is complete", "text/html", "<meta charset=koi8-r>", "koi8-r"},
		{"by the document, when it is longer", "text/html", "<meta charset=koi8-r>" + filler, "koi8-r"},
		{"by its mark", "text/html; charset=latin1", "\xef\xbb\xbf<p>", "utf-8"},
		{"by default", "text/html", "<p>", "windows-1252"},
	} {
		scanner := discover.NewHTML(parse(t, page), test.contentType, discover.Options{}, func(discover.Resource) {})
		_, err := scanner.Write([]byte(test.document))
		require.NoError(t, err)
		assert.Equal(t, test.want, scanner.Charset(), test.title)
		scanner.Close()
		assert.Equal(t, test.want, scanner.Charset(), test.title)
	}
	scanner := discover.NewCSS(parse(t, page), "", discover.Options{}, func(discover.Resource) {})
	_, err := scanner.Write([]byte(`@charset "koi8-r"; p {}`))
	require.NoError(t, err)
	assert.Equal(t, "koi8-r", scanner.Charset())
}
