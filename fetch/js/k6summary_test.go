package js_test

import (
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/k6test"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/web"
	"github.com/xk6-fetch/xk6-fetch/fetch/report"
)

// runSummarized runs the script, and returns what k6 prints itself and what report('text', { k6 }) would print.
func runSummarized(t *testing.T, args ...string) (k6s, ours string) {
	t.Helper()
	args = append(args, "-e", "BASE="+web.New(t).URL, "--iterations", "2", "--log-format", "raw")
	out := k6test.RunFile(t, testdata(t, "judged/summarized.js"), args...)
	require.Equal(t, 99, out.ExitCode, out.Stderr)
	_, line, found := strings.Cut(out.Stderr, "TEXT")
	require.True(t, found, out.Stderr)
	line, _, _ = strings.Cut(line, "\n")
	return out.Stdout, unquoted(t, line)
}

// k6's text knows what is in each line; the order of checks and of a metric's thresholds is the script's there.
func linesOf(text string) []string {
	var lines []string
	for line := range strings.Lines(text) {
		if line = strings.TrimRight(line, " \n"); line != "" {
			lines = append(lines, line)
		}
	}
	slices.Sort(lines)
	return lines
}

func TestK6SummaryIsThatOfK6(t *testing.T) {
	t.Parallel()
	for name, args := range map[string][]string{
		"as it is by default":          nil,
		"with a unit of time":          {"-e", "UNIT=ms"},
		"with statistics of its own":   {"-e", "STATS=count min p(99.9) avg max med p(95)"},
		"with several VUs and seconds": {"-e", "UNIT=s", "--vus", "2"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k6s, ours := runSummarized(t, args...)
			above, below, found := strings.Cut(ours, "1 of 4 URLs failed") // there are 2 of 4
			require.False(t, found, "%s%s", above, below)
			above, below, found = strings.Cut(ours, "3 of 11 thresholds failed; 2 of 4 URLs failed")
			require.True(t, found, ours)
			require.Contains(t, below, "home")
			require.Equal(t, linesOf(k6s), linesOf(above))
		})
	}
}

func TestK6SummaryIsInEveryFormat(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	out := k6test.RunFile(t, testdata(t, "judged/summarized.js"), "-e", "BASE="+web.New(t).URL, "-e", "FOLDER="+folder, "--iterations", "2")
	require.Equal(t, 99, out.ExitCode, out.Stderr)
	text := make(map[string]string)
	for _, format := range report.Formats() {
		data, err := os.ReadFile(filepath.Join(folder, format)) // #nosec G304 -- written above
		if err == nil {
			text[format] = string(data)
		}
	}
	const verdict = "3 of 11 thresholds failed; 2 of 4 URLs failed, 1 budget broken"
	for format, says := range map[string][]string{
		"text":     {"█ THRESHOLDS", "✗ 'rate==1' rate=", "3 of 11 thresholds failed; 2 of 4 URLs failed in "},
		"markdown": {"❌ **3 of 11 thresholds failed; 2 of 4 URLs failed**", "| ❌ | `checks` | `rate==1` | rate=", "| ❌ | all ok | 0 | 2 |"},
		"tap":      {"not ok 1 - home", "not ok 2 - threshold: checks: rate==1", "ok 16 - check: login › form › one is one", "1..16\n", verdict},
		"html":     {"3 of 11 thresholds failed; 2 of 4 URLs failed", "<title>✕"},
		"har":      {`"_k6":{"passed":false,`},
	} {
		for _, what := range says {
			require.Contains(t, text[format], what, format)
		}
	}

	budgets := regexp.MustCompile(`scope="row">status ==<wbr> 200<`).FindAllString(text["html"], -1)
	require.Len(t, budgets, 1, "the check of a budget is not among the checks of the script as well")

	var d report.Document
	require.NoError(t, json.Unmarshal([]byte(text["json"]), &d))
	require.Equal(t, verdict, d.Verdict)
	require.False(t, d.Passed)
	require.False(t, d.K6.Passed)
	require.Len(t, d.K6.Thresholds, 11)
	require.Equal(t, "checks", d.K6.Thresholds[0].Metric)
	require.Equal(t, "count=4", d.K6.Thresholds[1].Value)

	rows, err := csv.NewReader(strings.NewReader(text["csv"])).ReadAll()
	require.NoError(t, err, "each line has the columns of the header")
	kinds := make(map[string]int)
	for _, row := range rows[1:] {
		kinds[row[len(row)-2]]++
	}
	require.Equal(t, map[string]int{"name": 1, "threshold": 11, "check": 4}, kinds)

	var suites struct {
		Suite struct {
			Tests    int `xml:"tests,attr"`
			Failures int `xml:"failures,attr"`
			Cases    []struct {
				Class   string    `xml:"classname,attr"`
				Failure *struct{} `xml:"failure"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	require.NoError(t, xml.Unmarshal([]byte(text["junit"]), &suites))
	failures, classes := 0, make(map[string]int)
	for _, c := range suites.Suite.Cases {
		classes[c.Class]++
		if c.Failure != nil {
			failures++
		}
	}
	require.Equal(t, suites.Suite.Failures, failures)
	require.Len(t, suites.Suite.Cases, suites.Suite.Tests)
	require.Equal(t, 11, classes["Fetch report thresholds"])
	require.Equal(t, 4, classes["Fetch report checks"], "those of budgets are not there twice")
}

func TestK6SummaryDecidesTheHeadline(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		thresholds, path string
		args             []string
		verdict          string
		passed           bool
	}{
		"thresholds that pass make it green, though a URL failed": {
			`{ fetch_failed: ['rate<1.1'], fetch_planned: ['count>0'] }`, "/status/404", nil,
			"All 2 thresholds passed; 1 of 1 URLs failed", true,
		},
		"a threshold that fails makes it red, though all is well": {
			`{ fetch_elapsed: ['max<0'] }`, "/status/200", nil, "The threshold failed; the only URL was answered", false,
		},
		"without thresholds it is the report's own":       {`{}`, "/status/404", nil, "1 of 1 URLs failed", false},
		"without thresholds, all being well, it is green": {`{}`, "/status/200", nil, "The only URL was answered", true},
		"a test that fetched nothing is red":              {`{ iterations: ['count>0'] }`, "", nil, "The threshold passed; nothing was fetched", false},
		"k6's machine-readable summary has no thresholds": {
			`{ fetch_elapsed: ['max<0'] }`, "/status/200", []string{"--new-machine-readable-summary"}, "The only URL was answered", true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "report.json")
			out := k6test.Run(t, `
				import { concurrent, report } from 'k6/x/fetch';
				export const options = { thresholds: `+c.thresholds+` };
				export default async function () { await concurrent(__ENV.URL ? [__ENV.URL] : []); }
				export function handleSummary(data) { return { [__ENV.FILE]: report('json', { k6: data }) }; }`,
				append(c.args, "-e", "URL="+urlOf(web.New(t).URL, c.path), "-e", "FILE="+file)...)
			data, err := os.ReadFile(file) // #nosec G304 -- written above
			require.NoError(t, err, out.Stderr)
			var d report.Document
			require.NoError(t, json.Unmarshal(data, &d))
			require.Equal(t, c.verdict, d.Verdict)
			require.Equal(t, c.passed, d.Passed)
			require.Equal(t, c.args != nil, strings.Contains(out.Stderr, "says nothing of thresholds"), out.Stderr)
		})
	}
}

func urlOf(base, path string) string {
	if path == "" {
		return ""
	}
	return base + path
}
