package documents_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/k6test"
)

// pages are the demo's, with a fifth of their delays.
//
//nolint:gochecknoglobals // a constant list
var pages = []struct {
	name  string
	delay time.Duration
}{
	{"news", 114 * time.Millisecond},
	{"wiki", 294 * time.Millisecond},
	{"search", 76 * time.Millisecond},
	{"video", 224 * time.Millisecond},
	{"social", 108 * time.Millisecond},
}

// serveDemo serves the pages of the demo.
func serveDemo(t *testing.T) (baseURL string) {
	t.Helper()
	return serveSlowly(t, 1)
}

// serveSlowly is serveDemo with multiplied delays.
func serveSlowly(t *testing.T, times int) (baseURL string) {
	t.Helper()
	mux := http.NewServeMux()
	for _, page := range pages {
		mux.HandleFunc("GET /"+page.name, func(w http.ResponseWriter, r *http.Request) {
			select {
			case <-time.After(time.Duration(times) * page.delay):
				_, _ = fmt.Fprintf(w, "<!doctype html><title>%s</title>", page.name)
			case <-r.Context().Done():
			}
		})
	}
	srv := httptest.NewUnstartedServer(mux)
	srv.Config.Protocols = new(http.Protocols)
	srv.Config.Protocols.SetHTTP1(true)
	srv.Config.Protocols.SetUnencryptedHTTP2(true)
	srv.Start()
	t.Cleanup(srv.Close)
	return srv.URL
}

// demoEnv is the environment that the demo's server sets for scripts.
func demoEnv(baseURL string) []string {
	urls := make([]string, len(pages))
	for i, page := range pages {
		urls[i] = baseURL + "/" + page.name
	}
	return []string{"-e", "BASE_URL=" + baseURL, "-e", "URLS=" + strings.Join(urls, ",")}
}

// exampleRuns are the examples, with their output and their number of requests.
//
//nolint:gochecknoglobals // a table
var exampleRuns = map[string]struct {
	prints   []string
	requests int
}{
	"first.js": {[]string{"concurrent, 5 at once\n", "/wiki ", " " + strings.Repeat("*", 30) + "\n", "  total "}, 5},
	"compare.js": {
		[]string{"sequential, one at a time\n", "concurrent, 5 at once\n", "times as fast"}, 15, // a warm-up, and both ways
	},
	"versions.js": {
		[]string{"HTTP/1.1, 5 at once\n", "HTTP/2, 5 at once\n"}, 20, // a warm-up, and both ways
	},
	"batch-before.js": {nil, 3},
	"batch-after.js":  {nil, 3},
	"thresholds.js":   {nil, 12},
	"stream.js":       {[]string{"http://127.0.0.1:", " after ", " ms\n"}, 5},
	"client.js":       {nil, 3},
	"budget.js":       {[]string{"\nbudgets\n", "  ✓ elapsed <= 1 s: 2 passed, worst ", "  ✓ p(95) of elapsed < 2 s: "}, 3},
	"chunks.js":       {nil, 5},
	"list.js":         {nil, 5},
	"smoke.js":        {nil, 1}, // it needs no server
	"report.js":       {[]string{"times as fast"}, 15},
	"baseline.js":     {nil, 10 * 5},
	"setup-teardown.js": {
		nil, 3 + 4*2 + 2, // setup, four iterations, teardown
	},
}

func TestExamplesRun(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(root("examples", "*.js"))
	require.NoError(t, err)
	require.Len(t, files, len(exampleRuns), "an example without a test, or a test without its example")
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			want, ok := exampleRuns[filepath.Base(file)]
			require.True(t, ok, "an example without a test")
			out := k6test.RunFile(t, file, append(demoEnv(serveDemo(t)), "-e", "REPORTS="+t.TempDir())...)
			require.Equal(t, 0, out.ExitCode, out.Stdout+out.Stderr)
			for _, check := range out.Of("checks") {
				require.InDelta(t, 1, check.Value, 0, check.Tags)
			}
			for _, text := range want.prints {
				require.Contains(t, out.Stdout+out.Stderr, text)
			}
			require.Len(t, out.Of("http_reqs"), want.requests)
			if strings.Contains(read(t, file), "check(") {
				require.NotEmpty(t, out.Of("checks"))
			}
		})
	}
}

func TestExampleOfReportsWritesThemAll(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	out := k6test.RunFile(t, root("examples", "report.js"), append(demoEnv(serveDemo(t)), "-e", "REPORTS="+folder)...)
	require.Equal(t, 0, out.ExitCode, out.Stderr)
	for _, name := range []string{
		"report.html", "report.txt", "report.json", "report.md", "report.csv", "report.xml", "report.tap", "report.har",
	} {
		require.Contains(t, read(t, filepath.Join(folder, name)), "/wiki", name)
	}
	require.Contains(t, out.Stdout, "All 2 thresholds passed; all 5 URLs were answered both ways in ")
}

func TestExampleOfABaselineFindsWhatGotSlower(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	run := func(times int, args ...string) *k6test.Outcome {
		env := append(demoEnv(serveSlowly(t, times)), "-e", "REPORTS="+folder)
		out := k6test.RunFile(t, root("examples", "baseline.js"), append(env, args...)...)
		require.Equal(t, 0, out.ExitCode, out.Stderr)
		return out
	}
	run(1)
	out := run(4, "-e", "BASELINE="+filepath.Join(folder, "baseline.jsonl"))
	require.Regexp(t, `^All 50 URLs were answered in [\d.]+ s, but \d names? got slower`, out.Stdout)
	require.Regexp(t, `(?m)^  /wiki .* slower\n    waiting grew most: `, out.Stdout)
	require.Contains(t, out.Stdout, "\nagainst the first run\n")
	require.Contains(t, read(t, filepath.Join(folder, "junit.xml")), `<failure type="slower"`)
	require.Contains(t, read(t, filepath.Join(folder, "report.html")), "Against the baseline")
}

// What a script of http.batch measures and asserts must not change when it moves to this extension.
func TestExamplesOfBatchMeasureTheSame(t *testing.T) {
	t.Parallel()
	env := demoEnv(serveDemo(t))
	before := k6test.RunFile(t, root("examples", "batch-before.js"), env...)
	after := k6test.RunFile(t, root("examples", "batch-after.js"), env...)
	for _, metric := range []string{
		"http_reqs", "http_req_duration", "http_req_blocked", "http_req_connecting", "http_req_tls_handshaking",
		"http_req_sending", "http_req_waiting", "http_req_receiving", "http_req_failed", "checks",
	} {
		require.Equal(t, tagsOf(before.Of(metric)), tagsOf(after.Of(metric)), metric)
	}
}

func tagsOf(samples []k6test.Sample) []string {
	tags := make([]string, len(samples))
	for i, s := range samples {
		tags[i] = fmt.Sprint(s.Tags)
	}
	slices.Sort(tags)
	return tags
}

// A script that fetches nothing because of a mistake must not pass.
func TestExamplesFailWhenNothingIsFetched(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(root("examples", "*.js"))
	require.NoError(t, err)
	for _, file := range append(files, root("examples", "cluster", "script.js")) {
		if script := read(t, file); strings.Contains(script, "'k6/x/fetch'") {
			require.Regexp(t, `'?fetch_planned'?: \['count>0'\]`, script, file)
		}
	}
}
