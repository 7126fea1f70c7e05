package command_test

import (
	"net/url"
	"path"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/k6test"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/web"
)

// file is a file of a page that has that body, for the server in braces.
func file(name, body string) string { return "/file/" + name + "?body=" + url.QueryEscape(body) }

// page is a page of the server BASE.
func page(body string) string { return "{BASE}" + file("p.html", body) }

// kept is a file that may be kept for a minute.
func kept(name string) string { return "/file/" + name + "?cache=max-age=60" }

// fetches checks what was fetched, by the last parts of the paths.
func fetches(want ...string) func(t *testing.T, site *web.Site, out *k6test.Outcome) {
	return func(t *testing.T, _ *web.Site, out *k6test.Outcome) {
		t.Helper()
		results, _ := read(t, out)
		names := make([]string, len(results))
		for i, r := range results {
			u, err := url.Parse(r.URL)
			require.NoError(t, err)
			names[i] = path.Base(u.Path)
			require.Equal(t, "page", r.Mode)
		}
		require.ElementsMatch(t, want, names)
	}
}

// matches checks what was printed.
func matches(pattern string) func(t *testing.T, site *web.Site, out *k6test.Outcome) {
	return func(t *testing.T, _ *web.Site, out *k6test.Outcome) {
		t.Helper()
		require.Regexp(t, pattern, out.Stdout)
	}
}

func pageCases() []flagCase {
	const all = `<script src=s.js></script><img src=a.png><img src=b.png><img srcset="one.png 1x, two.png 2x">
		<picture><source media="(min-width: 1000px)" srcset=wide.png><img src=narrow.png></picture>
		<picture><source media="(prefers-color-scheme: dark)" srcset=dark.png><img src=light.png></picture>`
	usual := []string{"p.html", "s.js", "a.png", "b.png", "one.png", "wide.png", "light.png"}
	instead := func(of, other string) []string {
		return strings.Split(strings.ReplaceAll(strings.Join(usual, " "), of, other), " ")
	}
	styled := `<link rel=stylesheet href="` + file("s.css", "p { background: url(bg.png) }") + `">`
	framed := `<iframe src="` + file("f1.html", `<iframe src="`+file("f2.html", "x")+`">`) + `">`
	return []flagCase{
		{flag: "page", sentence: "with all that it needs", args: "--json --page " + page(all), check: fetches(usual...)},
		{
			flag: "page", sentence: "its times are shown", args: "--page " + page("<img src=a.png>"),
			check: matches(`(?m)^✓ 200 .*/file/a\.png\ndocument [\d.]+ m?s, blocking [\d.]+ m?s, load [\d.]+ m?s; 2 requests, \d+ B: http:.*/file/p\.html.*\nAll 2 URLs`),
		},
		{
			flag: "page", sentence: "one after another, of the command line and of lists", exit: 99,
			args:  "--json --page -i list " + page("<img src=/status/200><img src=/status/404>") + " {BASE}/echo",
			files: map[string]string{"list": "{BASE}/status/201\n"},
			check: fetches("p.html", "200", "404", "echo", "201"),
		},
		{
			flag: "page", sentence: "from standard input", args: "--json --page -i -", stdin: page("<img src=a.png>") + "\n{BASE}/echo\n",
			check: fetches("p.html", "a.png", "echo"),
		},
		{
			flag: "page", sentence: "with a body, and what is relative", args: "--json --page -d x --base-url {BASE} " + file("p.html", "<img src=a.png>"),
			check: fetches("p.html", "a.png"),
		},
		{
			flag: "page", sentence: "its budget", exit: 99,
			args:  "--page --budget count:image<=1 --budget count:script:1 --budget bytes:image:1MB --budget page_load<1m " + page(all),
			check: contains("✗ count:image <= 1: 5", "✓ count:script <= 1: 1", "✓ bytes:image <= 1 MB: ", "✓ page_load < 60 s: "),
		},
		{flag: "ignore", sentence: "types and patterns", args: `--json --page --ignore script --ignore /\bA\.png$/i ` + page(all), check: fetches(instead("s.js a.png ", "")...)},
		{flag: "include", sentence: "a type", args: "--json --page --include script " + page(all), check: fetches("p.html", "s.js")},
		{flag: "include", sentence: "a host", args: "--json --page --include 127.0.0.1 --ignore image " + page(all), check: fetches("p.html", "s.js")},
		{flag: "max-resources", sentence: "two", args: "--json --page --max-resources 2 " + page(all), check: fetches("p.html", "s.js", "a.png")},
		{
			flag: "cache", sentence: "from page to page", args: "--page --cache " + page("<img src=\""+kept("k.png")+"\">") + " " + page("<p><img src=\""+kept("k.png")+"\">"),
			check: func(t *testing.T, site *web.Site, out *k6test.Outcome) {
				t.Helper()
				require.Equal(t, 1, site.Web.Hits("/file/k.png"))
				require.Regexp(t, `(?m)^✓ 200    cache +http:.*/file/k\.png`, out.Stdout)
			},
		},
		{flag: "depth", sentence: "frames in frames", args: "--json --page --depth 2 " + page(framed), check: fetches("p.html", "f1.html", "f2.html")},
		{flag: "depth", sentence: "none", args: "--json --page --depth 0 " + page(framed), check: fetches("p.html")},
		{flag: "css", sentence: "all of it", args: "--json --page --css all " + page(styled), check: fetches("p.html", "s.css", "bg.png")},
		{flag: "lazy", sentence: "what is below", args: "--json --page --lazy " + page("<img src=a.png loading=lazy>"), check: fetches("p.html", "a.png")},
		{flag: "viewport", sentence: "of a phone", args: "--json --page --viewport 390x844 " + page(all), check: fetches(instead("wide", "narrow")...)},
		{flag: "dpr", sentence: "of a phone", args: "--json --page --dpr 2.5 " + page(all), check: fetches(instead("one", "two")...)},
		{flag: "color-scheme", sentence: "dark", args: "--json --page --color-scheme dark " + page(all), check: fetches(instead("light", "dark")...)},
	}
}
