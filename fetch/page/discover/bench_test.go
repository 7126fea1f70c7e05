package discover_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover"
)

// BenchmarkImages scans a document of 60 images and little else, which is what a resource costs.
func BenchmarkImages(b *testing.B) {
	var document strings.Builder
	for i := range 60 {
		fmt.Fprintf(&document, "<p>Some text</p><img src=/%d.png width=300 height=200 alt=''>\n", i)
	}
	base := parse(b, page)
	for _, one := range []struct{ name, contentType string }{
		{"encoding in the header", inUTF8},
		{"encoding unknown", "text/html"},
	} {
		b.Run(one.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				found := 0
				scanner := discover.NewHTML(base, one.contentType, discover.Options{}, func(discover.Resource) { found++ })
				_, _ = scanner.Write([]byte(document.String()))
				scanner.Close()
				if found != 60 {
					b.Fatal(found)
				}
			}
		})
	}
}

// BenchmarkHead scans what the head of a page has, and a body with pictures of several resolutions.
func BenchmarkHead(b *testing.B) {
	var document strings.Builder
	document.WriteString(`<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Shop</title>`)
	for i := range 20 {
		fmt.Fprintf(&document, `<link rel="stylesheet" href="https://cdn.example/css/%[1]d.css?v=%[1]d" media="screen">`, i)
		fmt.Fprintf(&document, `<script src="../js/%[1]d.js" integrity="sha256-%[1]d" crossorigin="anonymous" defer></script>`, i)
		fmt.Fprintf(&document, `<img src="i/%[1]d.png?w=1&amp;h=2" srcset="i/%[1]d.png 1x, i/%[1]d@2x.png 2x" alt="A &amp; B" width="100%%">`, i)
	}
	base := parse(b, page)
	b.ReportAllocs()
	for b.Loop() {
		scanner := discover.NewHTML(base, "text/html", discover.Options{}, func(discover.Resource) {})
		_, _ = scanner.Write([]byte(document.String()))
		scanner.Close()
	}
}

// BenchmarkCSS scans a stylesheet of 200 rules.
func BenchmarkCSS(b *testing.B) {
	var sheet strings.Builder
	sheet.WriteString(`@charset "utf-8"; @import url("base.css") screen;`)
	for i := range 200 {
		fmt.Fprintf(&sheet, ".card-%[1]d > .title:hover { color: #%[1]d; margin: 0 auto; background: url(\"/i/%[1]d.png\") no-repeat }\n", i)
	}
	for i := range 10 {
		fmt.Fprintf(&sheet, `@font-face { font-family: "F%[1]d"; src: url(f%[1]d.woff2) format("woff2"), url(f%[1]d.woff) format("woff") }`, i)
	}
	base := parse(b, page)
	for _, one := range []struct {
		name string
		mode discover.CSSMode
	}{{"used", discover.Used}, {"all", discover.All}} {
		b.Run(one.name, func(b *testing.B) {
			b.SetBytes(int64(sheet.Len()))
			b.ReportAllocs()
			for b.Loop() {
				scanner := discover.NewCSS(base, "text/css", discover.Options{CSS: one.mode}, func(discover.Resource) {})
				_, _ = scanner.Write([]byte(sheet.String()))
				scanner.Close()
			}
		})
	}
}
