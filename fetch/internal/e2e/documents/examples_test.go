package documents_test

import (
	"fmt"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/examples/server/shop"
	"github.com/xk6-fetch/xk6-fetch/examples/server/site"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/k6test"
)

// serveDemo serves the site of the examples, with a fifth of its delays.
func serveDemo(t *testing.T) (baseURL string) {
	t.Helper()
	return serveSlowly(t, 1)
}

// serveSecurely is serveDemo with TLS, and returns the pages.
func serveSecurely(t *testing.T) (urls string) {
	t.Helper()
	const faster = 5
	base, stop, err := site.ServeSecurely(site.Handler(1.0 / faster))
	require.NoError(t, err)
	t.Cleanup(stop)
	pages := site.Pages()
	all := make([]string, len(pages))
	for i, page := range pages {
		all[i] = base + page.Path
	}
	return strings.Join(all, ",")
}

// serveSlowly is serveDemo with multiplied delays.
func serveSlowly(t *testing.T, times float64) (baseURL string) {
	t.Helper()
	srv := httptest.NewUnstartedServer(site.Handler(times / 5)) //nolint:mnd // as documented
	srv.Config.Protocols = site.Protocols()
	srv.Start()
	t.Cleanup(srv.Close)
	return srv.URL
}

// runExample runs an example against the demo. The pictures of the shop are there, so that its first visitor does not wait
// for them longer than the example allows.
func runExample(t *testing.T, path string, args ...string) *k6test.Outcome {
	t.Helper()
	if strings.Contains(read(t, path), "__ENV.SHOP") {
		shop.Open().Draw()
	}
	if strings.Contains(read(t, path), "__ENV.SECURE_URLS") {
		args = append(args, "-e", "SECURE_URLS="+serveSecurely(t))
	}
	return k6test.RunFile(t, path, append(demoEnv(serveDemo(t)), args...)...)
}

// demoEnv is the environment that the demo's server sets for scripts.
func demoEnv(baseURL string) []string {
	pages := site.Pages()
	urls := make([]string, len(pages))
	for i, page := range pages {
		urls[i] = baseURL + page.Path
	}
	return []string{
		"-e", "BASE_URL=" + baseURL, "-e", "URLS=" + strings.Join(urls, ","), "-e", "SHOP=" + baseURL + site.Shop,
	}
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
		[]string{"HTTP/1.1, 5 at once\n", "HTTP/2, 5 at once\n", "HTTP/3, 5 at once\n"}, 30, // a warm-up, and all ways
	},
	"batch-before.js": {nil, 3},
	"batch-after.js":  {nil, 3},
	"thresholds.js":   {nil, 12},
	"stream.js":       {[]string{"http://127.0.0.1:", " after ", " ms\n"}, 5},
	"client.js":       {nil, 3},
	"expect.js":       {[]string{"\nexpected\n  ✓ status == 200: 3 met\n", "  ✓ json status == \"up\": met\n"}, 3},
	"budget.js":       {[]string{"\nbudgets\n", "  ✓ elapsed <= 1 s: 2 passed, worst ", "  ✓ p(95) of elapsed < 2 s: "}, 3},
	"chunks.js":       {nil, 5},
	"list.js":         {nil, 5},
	"smoke.js":        {nil, 1}, // it needs no server
	"report.js":       {[]string{"times as fast"}, 15},
	"baseline.js":     {nil, 10 * 5},
	"staging.js":      {[]string{"same /news: 200, 200; "}, 4 * 5},
	"warm.js":         {[]string{"5 of 5 pages are warm now, 0 were before; 0 failed"}, 1 + 5},
	"health.js":       {[]string{"All 2 thresholds passed; all 3 URLs were answered in "}, 3},
	"login.js":        {nil, 1 + 4*(1+8)},
	"page.js": {[]string{
		"first visit: 45 fetched, 0 unchanged, 0 in the cache\n", "returning visit: 2 fetched, 2 unchanged, 41 in the cache\n",
	}, 45 + 2 + 4}, // what is moved is asked for twice
	"har.js":    {[]string{"2 of 3 requests, 0 skipped, in "}, 2},
	"replay.js": {[]string{"2 requests in ", " ms, none more than "}, 2},
	"setup-teardown.js": {
		nil, 3 + 4*2 + 2, // setup, four iterations, teardown
	},
}

func TestExamplesRun(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(root("examples", "*.js"))
	require.NoError(t, err)
	const others = 1 // links.js fails as it should; see TestExampleOfLinksFindsTheBrokenOne
	require.Len(t, files, len(exampleRuns)+others, "an example without a test, or a test without its example")
	for _, file := range files {
		if filepath.Base(file) == "links.js" {
			continue
		}
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			want, ok := exampleRuns[filepath.Base(file)]
			require.True(t, ok, "an example without a test")
			// Other tests on this machine make pages slow; see TestExampleOfStagingFindsWhatDiffers.
			out := runExample(t, file, "-e", "REPORTS="+t.TempDir(), "-e", "FACTOR=20")
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
