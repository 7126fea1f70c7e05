package js_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/k6test"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/web"
)

// The first test leaves the baseline of the second, as a pipeline would have it.
func TestK6BaselineOfTheWholeTest(t *testing.T) {
	t.Parallel()
	w := web.New(t)
	folder := t.TempDir()
	run := func(args ...string) *k6test.Outcome {
		out := k6test.RunFile(t, testdata(t, "judged/baseline.js"), append([]string{"-e", "BASE=" + w.URL, "-e", "FOLDER=" + folder}, args...)...)
		require.Equal(t, 0, out.ExitCode, "k6 lets no report change its exit status: %s", out.Stderr)
		return out
	}
	type document struct {
		Passed   bool
		Baseline *struct{ Title string }
	}
	written := func() (d document, table string) {
		data, err := os.ReadFile(filepath.Join(folder, "report.json"))
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(data, &d))
		data, err = os.ReadFile(filepath.Join(folder, "report.csv"))
		require.NoError(t, err)
		return d, string(data)
	}

	out := run("-e", "DELAY=1")
	first, table := written()
	require.True(t, first.Passed)
	require.Nil(t, first.Baseline)
	require.NotContains(t, table, "baseline")
	require.NotContains(t, out.Stdout, "<failure")

	baseline := filepath.Join(folder, "baseline.json")
	require.NoError(t, os.Rename(filepath.Join(folder, "report.json"), baseline))
	out = run("-e", "DELAY=400", "-e", "BASELINE="+baseline)
	second, table := written()
	require.False(t, second.Passed)
	require.Equal(t, "pages", second.Baseline.Title)
	require.Regexp(t, `(?m)^page,12,.*,slower\r$`, table)
	require.Contains(t, out.Stdout, `tests="1" failures="1"`)
	require.Contains(t, out.Stdout, `<failure type="slower" message="slower than in the baseline: p50 `)
}
