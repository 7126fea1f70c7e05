package discover_test

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover"
)

const (
	page   = "https://shop.example/d/page.html"
	inUTF8 = "text/html; charset=utf-8"
)

func parse(tb testing.TB, text string) *url.URL {
	tb.Helper()
	base, err := url.Parse(text)
	require.NoError(tb, err)
	return base
}

// inHTML returns what a document refers to.
func inHTML(tb testing.TB, document string, options discover.Options) []discover.Resource {
	tb.Helper()
	return scanHTML(tb, document, inUTF8, options, len(document))
}

// scanHTML scans a document whose header has a content type, in writes of that size.
func scanHTML(tb testing.TB, document, contentType string, options discover.Options, size int) []discover.Resource {
	tb.Helper()
	var found []discover.Resource
	scanner := discover.NewHTML(parse(tb, page), contentType, options, func(r discover.Resource) { found = append(found, r) })
	writeIn(tb, scanner.Write, document, size)
	scanner.Close()
	return found
}

// inCSS returns what a stylesheet refers to.
func inCSS(tb testing.TB, sheet string, options discover.Options) []discover.Resource {
	tb.Helper()
	return scanCSS(tb, sheet, "text/css", options, len(sheet))
}

func scanCSS(tb testing.TB, sheet, contentType string, options discover.Options, size int) []discover.Resource {
	tb.Helper()
	var found []discover.Resource
	base := parse(tb, "https://shop.example/c/main.css")
	scanner := discover.NewCSS(base, contentType, options, func(r discover.Resource) { found = append(found, r) })
	writeIn(tb, scanner.Write, sheet, size)
	scanner.Close()
	return found
}

func writeIn(tb testing.TB, write func([]byte) (int, error), text string, size int) {
	tb.Helper()
	for len(text) > 0 {
		part := []byte(text[:min(max(size, 1), len(text))])
		text = text[len(part):]
		n, err := write(part)
		require.NoError(tb, err)
		require.Equal(tb, len(part), n)
		clear(part) // a scanner must not keep what it was given
	}
}

// urls returns the paths of resources, or the URLs of those of other origins.
func urls(found []discover.Resource) []string {
	all := make([]string, 0, len(found))
	for _, resource := range found {
		text := resource.URL
		if len(text) > len("https://shop.example") && text[:len("https://shop.example")] == "https://shop.example" {
			text = text[len("https://shop.example"):]
		}
		all = append(all, text)
	}
	return all
}
