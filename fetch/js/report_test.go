package js_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/k6test"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/web"
	"github.com/xk6-fetch/xk6-fetch/fetch/report"
)

func TestK6ReportOfTheWholeTest(t *testing.T) {
	t.Parallel()
	w := web.New(t)
	folder := t.TempDir()
	out := k6test.RunFile(t, testdata(t, "judged/whole-test.js"), "-e", "BASE="+w.URL, "-e", "FOLDER="+folder)
	require.Equal(t, 0, out.ExitCode, out.Stderr)

	for _, format := range report.Formats() {
		data, err := os.ReadFile(filepath.Join(folder, "report."+format))
		require.NoError(t, err)
		require.NotEmpty(t, data, format)
	}
	data, err := os.ReadFile(filepath.Join(folder, "report.json"))
	require.NoError(t, err)
	var d report.Document
	require.NoError(t, json.Unmarshal(data, &d))
	require.Equal(t, 1+4*5*3+2*2+1, d.Totals.Count, "the warm-up round is not in it")
	require.Equal(t, len(out.Of("fetch_elapsed")), d.Totals.Count, "what the report counts is what the metrics count")
	require.Equal(t, 20, d.Totals.Failed)
	counts := map[string]int{}
	for _, n := range d.Names {
		counts[n.Name] = n.Count
	}
	require.Equal(t, map[string]int{
		"setup": 1, w.URL + "/status/200": 20, "broken": 20, "client": 20, w.URL + "/delay/5": 2, w.URL + "/delay/6": 2,
		"streamed": 1,
	}, counts)
	require.Equal(t, 20, d.Failures[0].Count)
	require.Equal(t, 1503, d.Failures[0].Code)
	require.Equal(t, 1, d.Comparison.Count)
}

func TestK6NoReportInTheInitContext(t *testing.T) {
	t.Parallel()
	out := k6test.Run(t, `
		import { report } from 'k6/x/fetch';
		report('text');
		export default function () {}`)
	require.NotEqual(t, 0, out.ExitCode)
	require.Contains(t, out.Stderr, "Using report() in the init context is not supported")
}
