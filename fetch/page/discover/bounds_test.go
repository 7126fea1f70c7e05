package discover_test

import (
	"bytes"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover"
)

func TestWhatExceedsABoundIsSkipped(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 300<<10)
	for _, test := range []struct {
		title, document string
		want            []string
	}{
		{"a tag", `<img alt="` + long + `" src=/a.png><img src=/b.png>`, []string{"/b.png"}},
		{"the tag of an image in base64", `<img src="data:image/png;base64,` + long + `"><img src=/b.png>`, []string{"/b.png"}},
		{"the tag of a script, whose text is text all the same", `<script data-a="` + long + `"><img src=/a.png></script><img src=/b.png>`, []string{"/b.png"}},
		{"a URL", `<img src="/` + long[:9000] + `"><img src=/b.png>`, []string{"/b.png"}},
		{"a URL that is longer encoded", `<img src="/` + strings.Repeat(" ", 5000) + `a"><img src=/b.png>`, []string{"/b.png"}},
		{"the hash of a script", `<script src=/a.js integrity="` + long[:2000] + `"></script><img src=/b.png>`, []string{"/b.png"}},
		{"a URL in CSS", `<style>@import "/` + long[:9000] + `"; @import "/b.css";</style>`, []string{"/b.css"}},
		{"a rule", `<style>p` + long + ` {} @font-face{font-family:a;src:url(/b)}</style>`, []string{"/b"}},
		{"a font in base64", `<style>@font-face{font-family:a;src:url(data:` + long + `)} @font-face{font-family:a;src:url("data:` + long + `")} @font-face{font-family:b;src:url(/b)}</style>`, []string{"/b"}},
		{"a font in base64 of a format that is unknown, next to another", `<style>@font-face{font-family:a;src:url(data:` + long + `) format("svg"),url(/b)}</style>`, []string{"/b"}},
		{"a text, a comment and a script, which are not kept", long + "<!--" + long + "--><script>" + long + "</script><img src=/b.png>", []string{"/b.png"}},
	} {
		for _, size := range []int{1000, 1 << 20} {
			assert.Equal(t, test.want, urls(scanHTML(t, test.document, "text/html", discover.Options{}, size)), test.title)
		}
	}
}

func TestFramesWithinFramesAreBounded(t *testing.T) {
	t.Parallel()
	document := `<img src=/6.png>`
	for i := 5; i >= 0; i-- {
		document = fmt.Sprintf(`<img src=/%d.png><iframe srcdoc="%s"></iframe>`, i,
			strings.NewReplacer("&", "&amp;", `"`, "&quot;").Replace(document))
	}
	assert.Equal(t, []string{"/0.png", "/1.png", "/2.png", "/3.png", "/4.png"}, urls(inHTML(t, document, discover.Options{})))
}

func TestResourcesAreBounded(t *testing.T) {
	t.Parallel()
	found, bytes := 0, 0
	scanner := discover.NewHTML(parse(t, page), "", discover.Options{}, func(r discover.Resource) {
		found++
		bytes += len(r.URL)
	})
	for i := range 40_000 {
		_, _ = fmt.Fprintf(scanner, "<img src=/%0100d>", i)
	}
	scanner.Close()
	assert.Less(t, bytes, 4<<20)
	assert.Greater(t, found, 10_000)
}

// endless yields a text again and again.
type endless struct{ text []byte }

func (e endless) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		n += copy(p[n:], e.text)
	}
	return n, nil
}

//nolint:paralleltest // other tests allocate
func TestMemoryIsBounded(t *testing.T) {
	for _, test := range []struct{ title, start, text string }{
		{"text", "", "text "},
		{"a tag", "<img ", "alt "},
		{"a value", "<img alt='", "text "},
		{"a name", "<", "a"},
		{"tags", "", "<p a=b>"},
		{"a comment", "<!--", "- -->"[:3]},
		{"a script", "<script>", "</script"},
		{"an escaped script", "<script><!--", "<script "},
		{"a declaration", "<!", "a"},
		{"a title", "<title>", "</titl "},
		{"templates", "", "<template>"},
		{"objects", "", "<object data=a>"},
		{"pictures", "", "<picture>"},
		{"a style", "<style>", "p{a:b}"},
		{"braces of a style", "<style>", "@media screen{"},
		{"a selector", "<style>", "a"},
		{"a string of a style", "<style>a{b:'", "text "},
		{"a comment of a style", "<style>/*", "* "},
		{"a URL of a style", "<style>a{b:url(", "text"},
		{"parentheses of a style", "<style>", "("},
		{"a font", "<style>@font-face{", "src:url(a);"},
		{"text of UTF-16", "\xff\xfe", "a\x00"},
		{"text that is not UTF-8", "", "\xe4"},
		{"end tags", "", "</p>"},
	} {
		scanner := discover.NewHTML(parse(t, page), "", discover.Options{CSS: discover.All}, func(discover.Resource) {})
		_, _ = scanner.Write([]byte(test.start))
		before := allocated()
		_, err := io.CopyBuffer(struct{ io.Writer }{scanner}, io.LimitReader(endless{[]byte(test.text)}, 2<<20), make([]byte, 8<<10))
		require.NoError(t, err)
		assert.Less(t, allocated()-before, int64(1<<20), test.title)
		scanner.Close()
		runtime.KeepAlive(scanner)
	}
}

// allocated returns the bytes that are in use.
func allocated() int64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}

func BenchmarkHTML(b *testing.B) {
	benchmark(b, discover.Options{})
}

func BenchmarkHTMLWithAllStyles(b *testing.B) {
	benchmark(b, discover.Options{CSS: discover.All})
}

// benchmark scans a document of 60 resources in 200 KB, which come in packets.
func benchmark(b *testing.B, options discover.Options) {
	b.Helper()
	var document bytes.Buffer
	document.WriteString(everything)
	for i := range 60 {
		fmt.Fprintf(&document, `<div class="card card--%[1]d" data-id='%[1]d'><a href="/p/%[1]d"><picture><source media="(max-width: 600px)" srcset="/s/%[1]d.png 1x, /s/%[1]d@2x.png 2x"><img src="/i/%[1]d.png" alt="Item %[1]d" width="200" height="300"></picture></a>`, i)
		document.WriteString(strings.Repeat(`<p style="color: red">Lorem ipsum <b>dolor</b> sit <i class="x">amet</i>.</p>`, 40) + "</div>\n")
	}
	base := parse(b, page)
	b.SetBytes(int64(document.Len()))
	b.ReportAllocs()
	for b.Loop() {
		scanner := discover.NewHTML(base, inUTF8, options, func(discover.Resource) {})
		for text := document.Bytes(); len(text) > 0; {
			n := min(1400, len(text))
			_, _ = scanner.Write(text[:n])
			text = text[n:]
		}
		scanner.Close()
	}
}
