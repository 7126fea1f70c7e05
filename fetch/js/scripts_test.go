package js_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/k6test"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/web"
)

const testFile = ".test.js"

// afterwards are checks of what a file's cases cannot see, by the name of the file.
//
//nolint:gochecknoglobals // a table of cases
var afterwards = map[string]func(t *testing.T, site *web.Site, out *k6test.Outcome){
	"connections": func(t *testing.T, site *web.Site, _ *k6test.Outcome) {
		t.Helper()
		require.LessOrEqual(t, site.Web.Conns(), int64(30+30+60+1))
	},
	"misuse": func(t *testing.T, site *web.Site, _ *k6test.Outcome) {
		t.Helper()
		require.Zero(t, site.Web.Total(), "requests reached the server")
	},
	"proxy": func(t *testing.T, site *web.Site, _ *k6test.Outcome) {
		t.Helper()
		require.EqualValues(t, 1, site.Proxied.Load())
	},
	"spoiled": func(t *testing.T, _ *web.Site, out *k6test.Outcome) {
		t.Helper()
		require.NotContains(t, out.Stderr, "panic")
	},
	"http-versions": func(t *testing.T, _ *web.Site, out *k6test.Outcome) {
		t.Helper()
		modes := make(map[string]int)
		for _, s := range out.Of("fetch_elapsed") {
			modes[s.Tags["mode"]]++
		}
		require.Equal(t, []int{2*6 + 1, 2*6 + 1}, []int{modes["h1"], modes["h2"]}, "results are tagged with their ways")
		for _, s := range out.Of("fetch_speedup") {
			require.Equal(t, "compare", s.Tags["mode"])
		}
	},
	"lists/setup": func(t *testing.T, _ *web.Site, out *k6test.Outcome) {
		t.Helper()
		require.Contains(t, out.Stderr, "got 2, ok 2")
	},
	"lists/sitemaps": func(t *testing.T, _ *web.Site, out *k6test.Outcome) {
		t.Helper()
		require.NotEmpty(t, out.Of("http_reqs"))
		require.Len(t, out.Of("fetch_elapsed"), 3)
	},
}

const unsigned = "certificates that nobody has signed"

// needK6 has the files, and the folders of files, that need a k6 of their own, and why.
//
//nolint:gochecknoglobals // a table of cases
var needK6 = map[string]string{
	"expect-certificates": unsigned,
	"certificates":        unsigned,
	"http-versions":       unsigned,
	"http3":               unsigned,
	"http3-offered":       unsigned,
	"k6options/":          "how k6 makes a VU of its options",
	"lists/lists":         "several VUs share lists",
	"lists/paced":         "several VUs share lists",
	"lists/setup":         "setup() and teardown()",
	"lists/sitemaps":      "setup(), and samples",
	"proxy":               "a variable of the environment that net/http reads once",
	"report":              "standard output, which has to be a pipe",
}

func needsK6(name string) bool {
	folder, _, _ := strings.Cut(name, "/")
	return needK6[name] != "" || needK6[folder+"/"] != ""
}

// TestScripts runs each *.test.js of testdata, in this process if it needs no k6 of its own. Each test() in it is a Go
// test.
func TestScripts(t *testing.T) {
	t.Parallel()
	require.NoError(t, fs.WalkDir(os.DirFS("testdata"), ".", func(path string, _ fs.DirEntry, err error) error {
		name, isTest := strings.CutSuffix(path, testFile)
		if err != nil || !isTest {
			return err
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			site := startSite(t)
			env := site.Env()
			if name == "proxy" {
				env = append(env, "HTTP_PROXY="+site.Proxy(), "HTTPS_PROXY="+site.Proxy())
			}
			var out *k6test.Outcome
			if needsK6(name) {
				out = k6test.StartWith(t, testdata(t, path), env).Wait()
			} else {
				out = runFile(t, testdata(t, path), env)
			}
			reportCases(t, out)
			if check := afterwards[name]; check != nil {
				check(t, site, out)
			}
		})
		return nil
	}))
}

// reportCases makes a Go test of each case that a k6 has run, however many VUs have run it.
func reportCases(t *testing.T, out *k6test.Outcome) {
	t.Helper()
	require.Contains(t, out.Stderr, "ran ", "not all cases were run")
	var cases []string
	passed := make(map[string]bool)
	for _, c := range out.Of("checks") {
		if c.Tags["by"] != "harness" {
			continue // a check of a case
		}
		name := c.Tags["check"]
		before, known := passed[name]
		if !known {
			cases = append(cases, name)
		}
		passed[name] = c.Value == 1 && (before || !known)
	}
	require.NotEmpty(t, cases, out.Stderr)
	all := true
	for _, name := range cases {
		all = all && passed[name]
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if !passed[name] {
				t.Error(failures(out.Stderr, name))
			}
		})
	}
	if all {
		require.Equal(t, 0, out.ExitCode, out.Stderr)
	}
}

// failures are the lines that a failing case has printed.
func failures(stderr, sentence string) string {
	_, rest, found := strings.Cut(stderr, "FAIL "+sentence+": ")
	if !found {
		return stderr
	}
	text, _, _ := strings.Cut(rest, "\nFAIL ")
	return text
}

func startSite(t *testing.T) *web.Site {
	t.Helper()
	site := web.StartSite()
	t.Cleanup(site.Close)
	return site
}

// testdata is where a file is.
func testdata(t *testing.T, path string) string {
	t.Helper()
	all, err := filepath.Abs(filepath.Join("testdata", path))
	require.NoError(t, err)
	return all
}
