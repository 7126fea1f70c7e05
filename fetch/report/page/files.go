package page

import (
	"embed"
	"html/template"
	"strings"
	"sync"
)

// pageFiles are what the page is put together of.
//
//go:embed *.html *.css *.js
var pageFiles embed.FS

// The page's styles and scripts, in the order in which they follow each other: each uses what stands before it.
//
//nolint:gochecknoglobals // constant tables
var (
	styles  = []string{"base", "first", "visits", "time", "results", "tables", "phone", "paper"}
	scripts = []string{
		"dom", "format", "resource", "result", "link", "filter", "csv", "tip", "curl", "detail", "waterfall", "results",
		"names", "phases", "time", "page",
	}
)

// pageFile returns a file of the page. There is no page without it, which the tests would notice.
func pageFile(name string) string {
	text, err := pageFiles.ReadFile(name)
	if err != nil {
		panic(err)
	}
	return string(text)
}

func joined(names []string, extension string) string {
	var out strings.Builder
	for _, name := range names {
		out.WriteString(pageFile(name + extension))
	}
	return out.String()
}

// What the page is made of, put together when the first page is written.
//
//nolint:gochecknoglobals // made of constants
var (
	pageStyle  = sync.OnceValue(func() string { return joined(styles, ".css") })
	pageScript = sync.OnceValue(func() string {
		return "(() => {\n'use strict';\n\n" + joined(scripts, ".js") + "})();\n"
	})
	parsedPage = sync.OnceValues(func() (*template.Template, error) {
		return template.New("page").Funcs(template.FuncMap{"breakable": breakable, "bare": bare}).Parse(pageFile("page.html"))
	})
)
