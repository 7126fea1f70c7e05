package command_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/k6test"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/web"
)

func contains(want ...string) func(t *testing.T, site *web.Site, out *k6test.Outcome) {
	return func(t *testing.T, _ *web.Site, out *k6test.Outcome) {
		t.Helper()
		for _, text := range want {
			require.Contains(t, out.Stdout, text)
		}
	}
}

func judgeCases() []flagCase {
	var t testing.T
	old := map[string]string{"old.jsonl": reported(&t, "earlier", 10*time.Microsecond)}
	pages := "--name page --baseline old.jsonl" + strings.Repeat(" {BASE}/delay/2", 40)
	against := func(check func(t *testing.T, b *line)) func(t *testing.T, site *web.Site, out *k6test.Outcome) {
		return func(t *testing.T, _ *web.Site, out *k6test.Outcome) {
			t.Helper()
			_, end := read(t, out)
			check(t, &end)
		}
	}
	return []flagCase{
		{flag: "expect-status", sentence: "another one", args: "--expect-status 404 {BASE}/status/404", check: contains("✓ 404")},
		{flag: "expect-status", sentence: "and ranges", args: "--expect-status 200,300-399 {BASE}/status/201", exit: 99, check: contains("✗ 201")},
		{flag: "expect", sentence: "what is met", args: "--expect contains=xx --expect lacks=y --expect lacks=z --expect matches=/^x+$/ --expect status=200,201 --expect header:x-none --expect header:content-type=/./ {BASE}/bytes/3", check: contains(`✓ body contains "xx"`, `✓ body lacks "y"`, `✓ body lacks "z"`, "✓ body matches /^x+$/", "✓ status in 200, 201", "✓ header x-none is absent", "✓ header content-type matches /./")},
		{flag: "expect", sentence: "what is not", args: "--expect contains=y --expect days-left=1 --expect json:a.#(b==\"c\").d=1 {BASE}/bytes/3", exit: 99, check: contains(`body contains "y": not in 3 bytes (and 2 more)`, `✗ json a.#(b=="c").d == 1`, "✗ certificate valid for 1 day")},
		{flag: "expect", sentence: "JSON of all types", args: "--expect json:method=GET --expect json:method=/^G/ --expect json:none=null --expect json:ok=true --expect json:n=1.5 --expect json:m=[1,{\"a\":2}] {BASE}/echo", exit: 99, check: contains(`✗ json m == [1,{"a":2}]`, "✓ json method matches /^G/", "✗ json none == null", "✗ json ok == true", "✗ json n == 1.5")},
		{flag: "budget", sentence: "of a URL, and of all", args: "--budget elapsed<1m --budget elapsed:p(95)<1m --budget status:200 --budget failed:0 {BASE}/echo", check: contains("✓ elapsed < 60 s", "✓ p(95) of elapsed < 60 s", "✓ status == 200", "✓ failed count <= 0")},
		{flag: "budget", sentence: "one that is broken", args: "--budget bytes<=1kB {BASE}/bytes/2000", exit: 99, check: contains("over budget: bytes <= 1 kB", "✗ bytes <= 1 kB: 2 kB", "1 budget broken")},
		{flag: "budget", sentence: "of certificates", args: "-k --budget certificate_days>14 --budget certificate_days:<1000000 {TLS}/echo", check: contains("✓ certificate_days > 14: ", "✓ certificate_days < 1000000: ")},
		{flag: "budget", sentence: "without a certificate", args: "--budget certificate_days:14 {BASE}/echo", exit: 99, check: contains("over budget: certificate_days >= 14", "✗ certificate_days >= 14: no certificate")},
		{flag: "baseline", sentence: "what got slower", args: pages, files: old, exit: 99, check: contains("but 1 name got slower", "against earlier", "slower")},
		{
			flag: "significance", sentence: "none is as significant", args: "--json --significance 1e-300 " + pages, files: old,
			check: against(func(t *testing.T, end *line) {
				t.Helper()
				require.InDelta(t, 1e-300, end.Baseline.Significance, 0)
				require.Zero(t, end.Baseline.Slower)
			}),
		},
		{
			flag: "tolerance", sentence: "nothing matters", args: "--json --tolerance 1e9 " + pages, files: old,
			check: against(func(t *testing.T, end *line) {
				t.Helper()
				require.Equal(t, 1, end.Baseline.Same)
			}),
		},
	}
}

func reportCases() []flagCase {
	return []flagCase{
		{
			flag: "report", sentence: "one alone on standard output", args: "--report json {BASE}/echo",
			check: func(t *testing.T, site *web.Site, out *k6test.Outcome) {
				t.Helper()
				var document struct {
					Passed bool
					Runs   []struct{ Results []struct{ URL string } }
				}
				require.NoError(t, json.Unmarshal([]byte(out.Stdout), &document), out.Stdout)
				require.True(t, document.Passed)
				require.Equal(t, site.Web.URL+"/echo", document.Runs[0].Results[0].URL)
			},
		},
		{flag: "title", sentence: "of a report", args: "--report markdown --title The~pages {BASE}/echo", check: contains("The pages")},
		{
			flag: "name", sentence: "a template", args: "--json --name {path}~of~{host} {BASE}/echo?1 {BASE}/bytes/3",
			check: func(t *testing.T, _ *web.Site, out *k6test.Outcome) {
				t.Helper()
				results, _ := read(t, out)
				require.Contains(t, results[0].Name, "/echo of 127.0.0.1:")
				require.Contains(t, results[1].Name, "/bytes/3 of 127.0.0.1:")
			},
		},
		{flag: "name", sentence: "of lines, which have that of their hosts by default", args: "--json --name url -i -", stdin: "{BASE}/echo?1\n", check: func(t *testing.T, site *web.Site, out *k6test.Outcome) {
			t.Helper()
			results, _ := read(t, out)
			require.Equal(t, site.Web.URL+"/echo?1", results[0].Name)
		}},
		{
			flag: "response-type", sentence: "a text", args: "--json --response-type text {BASE}/bytes/3",
			check: func(t *testing.T, _ *web.Site, out *k6test.Outcome) {
				t.Helper()
				results, _ := read(t, out)
				require.Equal(t, "xxx", *results[0].Body)
			},
		},
		{flag: "max-body-size", sentence: "a bound", args: "--json --max-body-size 1kB {BASE}/bytes/2000", exit: 99, check: statusOf(0)},
		{
			flag: "json", sentence: "a line for each result, and one at the end", args: "--json {BASE}/echo {BASE}/status/404", exit: 99,
			check: func(t *testing.T, site *web.Site, out *k6test.Outcome) {
				t.Helper()
				results, end := read(t, out)
				require.Len(t, results, 2)
				require.Equal(t, site.Web.URL+"/status/404", results[1].URL)
				require.Equal(t, "concurrent", results[1].Mode)
				require.Equal(t, 404, results[1].Status)
				require.Equal(t, "end", end.Type)
				require.Equal(t, 2, end.Totals.Count)
				require.Equal(t, 1, end.Totals.Failed)
				require.False(t, end.Passed)
				require.Equal(t, "1 of 2 URLs failed", end.Verdict)
			},
		},
		{
			flag: "script", sentence: "nothing is fetched", args: "--script {BASE}/echo",
			check: func(t *testing.T, site *web.Site, out *k6test.Outcome) {
				t.Helper()
				require.Contains(t, out.Stdout, "from 'k6/x/fetch'")
				require.Zero(t, site.Web.Total())
			},
		},
	}
}

// A link stays one: /dev/stdout is one to a file where standard output is a file.
func TestAReportIsWrittenThroughALink(t *testing.T) {
	t.Parallel()
	site := startSite(t)
	dir := files(t, map[string]string{"reports.json": "old"})
	require.NoError(t, os.Symlink("reports.json", filepath.Join(dir, "latest.json")))
	out := k6test.Command{Dir: dir, Args: []string{site.Web.URL + "/echo", "--report", "json=latest.json"}}.Run(t)
	require.Equal(t, 0, out.ExitCode, out.Stderr)
	require.Contains(t, readFile(t, dir, "reports.json"), `"version":1`)
	target, err := os.Readlink(filepath.Join(dir, "latest.json"))
	require.NoError(t, err)
	require.Equal(t, "reports.json", target)
}

// All formats are written, and a second run compares with the first.
func TestReports(t *testing.T) {
	t.Parallel()
	site := startSite(t)
	dir := t.TempDir()
	files := map[string]string{
		"text": "out.txt", "html": "out.html", "json": "out.json", "markdown": "out.md", "csv": "out.csv", "junit": "out.xml",
		"tap": "out.tap", "har": "out.har", "baseline": "out.jsonl",
	}
	args := make([]string, 0, 2*len(files)+4)
	for format, name := range files {
		args = append(args, "--report", format+"="+name)
	}
	args = append(args, "--report", "json="+filepath.Join(dir, "absolute.json"),
		site.Web.URL+"/echo", site.Web.URL+"/status/404")
	out := k6test.Command{Dir: dir, Args: args}.Run(t)
	require.Equal(t, 99, out.ExitCode, out.Stderr)
	require.Contains(t, out.Stdout, "✗ 404", "standard output is free for the lines")
	for format, name := range files {
		text := readFile(t, dir, name)
		require.Contains(t, text, map[string]string{
			"text": "1 of 2 URLs failed", "html": "<html", "json": `"version":1`, "markdown": "1 of 2", "csv": "/status/404", "junit": "<testsuite",
			"tap": "TAP version", "har": `"creator"`, "baseline": `"baseline"`,
		}[format], format)
	}
	require.FileExists(t, filepath.Join(dir, "absolute.json"))
	for _, old := range []string{"out.json", "out.jsonl"} {
		out = k6test.Command{Dir: dir, Args: []string{site.Web.URL + "/echo", "--baseline", old}}.Run(t)
		require.Equal(t, 0, out.ExitCode, out.Stderr)
		require.Contains(t, out.Stdout, "against Fetch report")
	}
}
