package documents_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/examples/server/site"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/k6test"
)

// Exit codes of k6.
const (
	thresholdsFailed = 99
	markedAsFailed   = 110
)

// example runs an example, and returns its outcome and what it wrote.
func example(t *testing.T, name, baseURL string, args ...string) (out *k6test.Outcome, folder string) {
	t.Helper()
	folder = t.TempDir()
	env := append(demoEnv(baseURL), "-e", "REPORTS="+folder)
	return k6test.RunFile(t, root("examples", name), append(env, args...)...), folder
}

// siteBut serves the site of the examples without its delays, but for the patterns that it has answers to.
func siteBut(t *testing.T, answers map[string]http.HandlerFunc) (baseURL string) {
	t.Helper()
	mux := http.NewServeMux()
	for pattern, answer := range answers {
		mux.HandleFunc(pattern, answer)
	}
	mux.Handle("/", site.Handler(0))
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	return srv.URL
}

func fails(w http.ResponseWriter, _ *http.Request) {
	http.Error(w, "no", http.StatusInternalServerError)
}

func TestExampleOfHealthFailsWithAService(t *testing.T) {
	t.Parallel()
	out, folder := example(t, "health.js", siteBut(t, map[string]http.HandlerFunc{
		"/health/payments": fails,
		"/health/users":    func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"status":"down"}`)) },
	}))
	require.Equal(t, thresholdsFailed, out.ExitCode, out.Stderr)
	require.Contains(t, out.Stderr, "payments: 500 Internal Server Error")
	failed := map[string]bool{}
	for _, check := range out.Of("checks") {
		if check.Tags["check"] == "is up" && check.Value == 0 {
			failed[check.Tags["service"]] = true
		}
	}
	require.Equal(t, map[string]bool{"payments": true, "users": true}, failed)
	junit := read(t, filepath.Join(folder, "junit.xml"))
	for _, service := range []string{"orders", "payments", "users"} {
		require.Contains(t, junit, `name="`+service+`"`)
	}
	require.Contains(t, junit, "<failure ")
}

func TestExampleOfStagingFindsWhatDiffers(t *testing.T) {
	t.Parallel()
	staging := siteBut(t, map[string]http.HandlerFunc{
		"/news": func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("other news")) },
		"/wiki": http.NotFound,
		"/search": func(w http.ResponseWriter, r *http.Request) {
			wait(r, 300*time.Millisecond) // 76 ms in production
			site.Handler(0).ServeHTTP(w, r)
		},
	})
	out, _ := example(t, "staging.js", serveDemo(t), "-e", "STAGING="+staging)
	require.Equal(t, thresholdsFailed, out.ExitCode, out.Stderr)
	require.Contains(t, out.Stderr, "DIFFERENT /news: 200, 200; ")
	require.Contains(t, out.Stderr, "DIFFERENT /wiki: 200, 404; ")
	failed := map[string]string{}
	for _, check := range out.Of("checks") {
		if check.Value == 0 {
			failed[check.Tags["page"]] += check.Tags["check"] + "; "
		}
	}
	require.Equal(t, map[string]string{
		"/news": "the same body; ", "/wiki": "the same status; the same body; ", "/search": "at most 1.5 times as long; ",
	}, failed)
}

func TestExampleOfWarmingCountsHits(t *testing.T) {
	t.Parallel()
	out, _ := example(t, "warm.js", siteBut(t, map[string]http.HandlerFunc{
		"/news":   func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("X-Cache", "Hit from cloudfront") },
		"/search": func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Age", "60") },
		"/wiki":   func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("X-Cache", "MISS") },
		"/social": func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Age", "0") },
		"/video":  fails,
	}), "-e", "RATE=1000")
	require.Equal(t, thresholdsFailed, out.ExitCode, "one of five pages failed")
	require.Contains(t, out.Stderr, "4 of 5 pages are warm now, 2 were before; 1 failed")
}

// The two requests of the recording were made two seconds apart.
func TestExampleOfAReplayKeepsThePace(t *testing.T) {
	t.Parallel()
	for pace, least := range map[string]int{"": 2000, "4": 500} {
		out, _ := example(t, "replay.js", serveDemo(t), "-e", "PACE="+pace)
		require.Equal(t, 0, out.ExitCode, out.Stderr)
		elapsed := regexp.MustCompile(`2 requests in (\d+) ms`).FindStringSubmatch(out.Stderr)
		require.NotNil(t, elapsed, out.Stderr)
		took, err := strconv.Atoi(elapsed[1])
		require.NoError(t, err)
		require.GreaterOrEqual(t, took, least)
	}
}

func TestExampleOfLinksFindsTheBrokenOne(t *testing.T) {
	t.Parallel()
	base := serveDemo(t)
	out, _ := example(t, "links.js", base)
	require.Equal(t, thresholdsFailed, out.ExitCode, out.Stderr)
	require.Contains(t, out.Stderr, "404 Not Found: "+base+"/gone, linked from "+base+"/wiki")
	require.Contains(t, out.Stderr, "7 links checked")
	require.Len(t, out.Of("http_reqs"), 7, "each page once")
}

func TestExampleOfLinksResolvesAndStaysOnTheSite(t *testing.T) {
	t.Parallel()
	other := siteBut(t, nil)
	base := siteBut(t, map[string]http.HandlerFunc{
		"/{$}": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			_, _ = w.Write([]byte(`<a href="docs/">a</a><a href="?page=2">b</a><a href="#top">c</a><a href="TEL:1">d</a>
				<a href="` + other + `/">e</a><a href="` + strings.TrimPrefix(other, "http:") + `/video">f</a><a>g</a>`))
		},
		"/docs/{$}": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			_, _ = w.Write([]byte(`<a href="page">a</a><a href="/#top">b</a>`))
		},
		"/docs/page": func(http.ResponseWriter, *http.Request) {},
	})
	out, _ := example(t, "links.js", base)
	require.Equal(t, 0, out.ExitCode, out.Stderr)
	requests := out.Of("http_reqs")
	asked := make([]string, len(requests))
	for i, request := range requests {
		asked[i] = request.Tags["url"]
	}
	require.ElementsMatch(t, []string{"/", "/docs/", "/", "/", "/video", "/docs/page"}, asked)
	out, _ = example(t, "links.js", base, "-e", "PAGES=2")
	require.Len(t, out.Of("http_reqs"), 2)
}

func TestExampleOfALoginEndsIfItFails(t *testing.T) {
	t.Parallel()
	out, _ := example(t, "login.js", serveDemo(t), "-e", "PASSWORD=wrong")
	require.Equal(t, 108, out.ExitCode, "aborted by the script")
	require.Contains(t, out.Stderr, "the login failed: 401 Unauthorized")
	require.Len(t, out.Of("http_reqs"), 1)
	require.NotContains(t, out.Stdout+out.Stderr, "wrong")
}

// The night's run fails where something got slower or fails, and nowhere else.
func TestExampleOfABaselineExitsWithWhatItFinds(t *testing.T) {
	t.Parallel()
	const fast, slow = 1, 4
	keep := func(times float64) (baseline string) {
		out, folder := example(t, "baseline.js", serveSlowly(t, times))
		require.Equal(t, 0, out.ExitCode, out.Stderr)
		return filepath.Join(folder, "baseline.jsonl")
	}

	out, folder := example(t, "baseline.js", serveSlowly(t, slow), "-e", "BASELINE="+keep(fast))
	require.Equal(t, markedAsFailed, out.ExitCode, out.Stderr)
	require.Regexp(t, `test marked as failed.*but \d names? got slower`, out.Stderr)
	require.Regexp(t, `^All 50 URLs were answered in [\d.]+ s, but \d names? got slower`, out.Stdout)
	require.Regexp(t, `(?m)^  /wiki .* slower\n    waiting grew most: `, out.Stdout)
	require.Contains(t, out.Stdout, "\nagainst the first run\n")
	require.Contains(t, read(t, filepath.Join(folder, "junit.xml")), `<failure type="slower"`)
	require.Contains(t, read(t, filepath.Join(folder, "report.html")), "Against the baseline")

	out, folder = example(t, "baseline.js", serveSlowly(t, fast), "-e", "BASELINE="+keep(slow))
	require.Equal(t, 0, out.ExitCode, out.Stderr)
	require.Contains(t, out.Stdout, "faster")
	require.NotContains(t, read(t, filepath.Join(folder, "junit.xml")), "<failure")

	// Other tests on this machine make pages slow, but not twice as slow.
	same := keep(fast)
	out, folder = example(t, "baseline.js", serveSlowly(t, fast), "-e", "BASELINE="+same, "-e", "TOLERANCE=1")
	require.Equal(t, 0, out.ExitCode, out.Stderr)
	require.Contains(t, out.Stdout, "\nagainst the first run\n  5 same\n")
	require.NotContains(t, read(t, filepath.Join(folder, "junit.xml")), "<failure")

	broken := siteBut(t, map[string]http.HandlerFunc{"/wiki": fails})
	out, _ = example(t, "baseline.js", broken, "-e", "BASELINE="+same, "-e", "TOLERANCE=0.05")
	require.Equal(t, markedAsFailed, out.ExitCode, out.Stderr)
	require.Regexp(t, `test marked as failed.*1 name fails more often`, out.Stderr)
}

// What the page about regressions shows of the example is in the example.
func TestDocumentOfExitStatusShowsTheExample(t *testing.T) {
	t.Parallel()
	shown := 0
	for _, b := range blocks(t) {
		kind, path, _ := strings.Cut(b.mark, ": ")
		if kind != "part" {
			continue
		}
		shown++
		code := read(t, root(path))
		_, part, _ := strings.Cut(b.code, "\n\n") // without what it imports
		for piece := range strings.SplitSeq(strings.TrimSpace(part), "\n\n") {
			require.Contains(t, code, piece, "%s:%d", b.document, b.line)
		}
	}
	require.Equal(t, 1, shown)
}

// The list of examples has each of them, and names no other.
func TestListOfExamplesIsWhole(t *testing.T) {
	t.Parallel()
	list := read(t, root("examples", "README.md"))
	linked := map[string]bool{}
	for _, m := range regexp.MustCompile(`\]\(([\w./-]+)\)`).FindAllStringSubmatch(list, -1) {
		_, err := os.Stat(root("examples", m[1]))
		require.NoError(t, err)
		linked[m[1]] = true
	}
	files, err := filepath.Glob(root("examples", "*.js"))
	require.NoError(t, err)
	for _, file := range append(files, "cluster") {
		require.True(t, linked[filepath.Base(file)], "%s is not in the list", file)
	}
}
