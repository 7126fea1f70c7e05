package main

import (
	"context"
	"fmt"
	"strings"
)

// pageLoad is the input of the script that visits a page.
type pageLoad struct {
	Way         string   `json:"way"` // empty, page, list or calls
	Base        string   `json:"base"`
	Resources   []string `json:"resources"`
	Calls       int      `json:"calls"`
	Concurrency int      `json:"concurrency"` // of the list
}

// pageResources are the paths of what the page of a server refers to: three stylesheets, six scripts, and images.
func pageResources() []string {
	const stylesheets, scripts, all = 3, 6, 60
	paths := make([]string, all)
	for i := range paths {
		kind := "png"
		switch {
		case i < stylesheets:
			kind = "css"
		case i < stylesheets+scripts:
			kind = "js"
		}
		paths[i] = fmt.Sprintf("/%d.%s", i, kind)
	}
	return paths
}

// pageHTML is the page itself.
func pageHTML() []byte {
	var b strings.Builder
	b.WriteString("<!doctype html><title>A page</title>\n")
	for _, path := range pageResources() {
		switch path[strings.LastIndexByte(path, '.'):] {
		case ".css":
			fmt.Fprintf(&b, "<link rel=\"stylesheet\" href=\"%s\">\n", path)
		case ".js":
			fmt.Fprintf(&b, "<script src=\"%s\"></script>\n", path)
		default:
			fmt.Fprintf(&b, "<p>Some text beside it.</p><img src=\"%s\" width=\"300\" height=\"200\" alt=\"\">\n", path)
		}
	}
	return []byte(b.String())
}

// comparePages compares a visit of a page with a list of the same URLs, with headers as long, as many of which are in
// flight at once. It also compares it with two calls, of the document and of the rest: to wait for the document is a
// part of what a page costs.
func (b *bench) comparePages(ctx context.Context, name, what string, port, concurrency int) error {
	l := pageLoad{
		Base: b.server.url(port), Resources: pageResources(), Calls: urlsPerCall, Concurrency: concurrency,
	}
	one := func(name string, empty *way) *way {
		l := l
		l.Way = name
		return &way{name: name, count: l.Calls * (1 + len(l.Resources)), empty: empty, cmd: b.k6Run("page.js", l)}
	}
	empty := one("empty", nil)
	visit, list, calls := one("page", empty), one("list", empty), one("calls", empty)
	s, err := b.run(ctx, name, b.rounds, visit, list, calls)
	if err != nil {
		return err
	}
	b.report.add(row{what: what, must: 1.15, aim: 1.05, values: cpuRatio(s, visit, list)})
	b.report.add(row{what: what + ", in two calls = 1", values: cpuRatio(s, visit, calls)})
	b.report.detail(name, s, visit, list, calls)
	return nil
}
