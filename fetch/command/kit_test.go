package command_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/k6test"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/web"
)

func TestMain(m *testing.M) {
	k6test.Main(m, func(m *testing.M) { goleak.VerifyTestMain(m) })
}

const (
	fromPipe   = "standard input"
	configFile = "config.json"
)

func startSite(t *testing.T) *web.Site {
	t.Helper()
	site := web.StartSite()
	t.Cleanup(site.Close)
	return site
}

// line is a line of JSON, as far as tests look at it.
type line struct {
	Type      string
	Mode      string
	Index     int
	Name      string
	Method    string
	URL       string
	State     string
	Status    int
	ErrorCode int `json:"error_code"`
	Error     string
	TraceID   string `json:"trace_id"`
	Attempts  int
	Proto     string
	EarlyData bool   `json:"early_data"`
	RemoteIP  string `json:"remote_ip"`
	Body      *string
	Timings   map[string]float64
	Budget    []struct{ Ok bool }

	Verdict     string
	Passed      bool
	Interrupted bool
	Skipped     int
	Speedup     *float64
	Totals      struct{ Count, Ok, Failed, NotRun, Peak, Requests int }
	Baseline    *struct {
		Slower, Faster, Same, TooFew int
		Significance, Tolerance      float64
	}
}

// read reads lines of JSON: those of the results, in the order of their targets, and the last one.
func read(t *testing.T, out *k6test.Outcome) (results []line, end line) {
	t.Helper()
	for text := range strings.Lines(out.Stdout) {
		var l line
		require.NoError(t, json.Unmarshal([]byte(text), &l), "%s\n%s", text, out.Stderr)
		if l.Type == "result" {
			results = append(results, l)
		} else {
			end = l
		}
	}
	require.NotEmpty(t, end.Type, out.Stderr)
	slices.SortStableFunc(results, func(a, b line) int { return a.Index - b.Index })
	return results, end
}

// echoed is what a request was.
type echoed struct {
	Method, Path, Query, Host string
	Headers                   map[string]string
	Cookies                   []string
	Body                      string
}

// echoes are the requests that the results were answered with.
func echoes(t *testing.T, out *k6test.Outcome) []echoed {
	t.Helper()
	results, _ := read(t, out)
	all := make([]echoed, len(results))
	for i, r := range results {
		require.NotNil(t, r.Body, "%+v", r)
		require.NoError(t, json.Unmarshal([]byte(*r.Body), &all[i]))
	}
	return all
}

// files writes files into a folder of the test's own, and returns it.
func files(t *testing.T, contents map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range contents {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	return dir
}

func readFile(t *testing.T, dir, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, name)) // #nosec G304 -- of the test's own
	require.NoError(t, err)
	return string(data)
}
