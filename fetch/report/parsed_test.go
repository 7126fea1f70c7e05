package report_test

import (
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/reporttest"
	"github.com/xk6-fetch/xk6-fetch/fetch/report"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
)

func documentOf(t *testing.T, about *report.Subject) (d report.Document) {
	t.Helper()
	require.NoError(t, json.Unmarshal([]byte(write(t, "json", about)), &d))
	return d
}

func TestCSVIsParsedBack(t *testing.T) {
	t.Parallel()
	for name, about := range sources() {
		text := write(t, "csv", about)
		rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
		require.NoError(t, err, name)
		require.Len(t, rows, 1+len(about.Names), name)
		for i, n := range about.Names {
			require.Equal(t, fmt.Sprint(n.Count), rows[i+1][1], "%s: %q", name, n.Name)
		}
		requireNoFormulas(t, rows)
	}
	run := realRun(t)
	rows, err := csv.NewReader(strings.NewReader(write(t, "csv", report.OfRun("concurrent", run)))).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 1+run.Count)
	requireNoFormulas(t, rows)
	require.Equal(t, "https://****:****@127.0.0.1:1/", rows[3][5])
	require.Equal(t, []string{"mode", "index", "key", "name"}, rows[0][:4])
}

func requireNoFormulas(t *testing.T, rows [][]string) {
	t.Helper()
	for _, row := range rows[1:] {
		for _, cell := range row {
			require.NotRegexp(t, "^[\\s\ufffd]*[=+\\-@]", cell, "a spreadsheet would take it for a formula")
		}
	}
}

func TestJSONIsParsedBack(t *testing.T) {
	t.Parallel()
	for name, about := range sources() {
		decoder := json.NewDecoder(strings.NewReader(write(t, "json", about)))
		decoder.DisallowUnknownFields()
		var d report.Document
		require.NoError(t, decoder.Decode(&d), name)
		require.Equal(t, about.Count, d.Totals.Count)
		require.Equal(t, about.Failed, d.Totals.Failed)
		require.Len(t, d.Names, len(about.Names))
		for i, n := range about.Names {
			elapsed := d.Names[i].Times["elapsed"]
			require.InDelta(t, float64(n.Times[aggregate.Elapsed].Percentile(95))/1e6, elapsed.P95, 0.001)
			var counted float64
			for _, b := range elapsed.Buckets {
				counted += b[2]
			}
			require.InDelta(t, n.Times[aggregate.Elapsed].Count(), counted, 0)
		}
	}
}

func TestJUnitIsParsedBack(t *testing.T) {
	t.Parallel()
	for name, about := range sources() {
		var suites struct {
			Suite struct {
				Tests    int `xml:"tests,attr"`
				Failures int `xml:"failures,attr"`
				Skipped  int `xml:"skipped,attr"`
				Cases    []struct {
					Name    string    `xml:"name,attr"`
					Time    float64   `xml:"time,attr"`
					Skipped *struct{} `xml:"skipped"`
					Failure *struct {
						Message string `xml:"message,attr"`
					} `xml:"failure"`
				} `xml:"testcase"`
			} `xml:"testsuite"`
		}
		require.NoError(t, xml.Unmarshal([]byte(write(t, "junit", about)), &suites), name)
		suite := suites.Suite
		budgets := ofRuns(about)
		require.Equal(t, len(about.Names)+len(budgets)+nothings(name), suite.Tests, name)
		require.Len(t, suite.Cases, suite.Tests)
		var failures, skipped int
		for i, n := range about.Names {
			c := suite.Cases[i]
			require.Equal(t, n.Failed > 0 || n.OverBudget > 0, c.Failure != nil, n.Name)
			if c.Failure != nil {
				failures++
			}
			if n.Failed > 0 {
				require.True(t, strings.HasPrefix(c.Failure.Message, fmt.Sprintf("%d of %d failed", n.Failed, n.Count)))
			}
			if c.Skipped != nil {
				skipped++
				require.Equal(t, n.Count, n.NotRun)
			}
			require.InDelta(t, n.Times[aggregate.Elapsed].Mean().Seconds(), c.Time, 0.001)
		}
		for i, b := range budgets {
			c := suite.Cases[len(about.Names)+i]
			require.Equal(t, b.Check.Name, c.Name)
			require.Equal(t, b.Broken > 0, c.Failure != nil, c.Name)
			if c.Failure != nil {
				failures++
			}
		}
		require.Equal(t, failures, suite.Failures)
		require.Equal(t, skipped, suite.Skipped)
	}
}

func TestTAPIsParsedBack(t *testing.T) {
	t.Parallel()
	point := regexp.MustCompile(`^(not )?ok (\d+) - (.*?)( # SKIP not run)?$`)
	for name, about := range sources() {
		lines := strings.Split(write(t, "tap", about), "\n")
		require.Equal(t, "TAP version 14", lines[0])
		budgets := ofRuns(about)
		points := len(about.Names) + len(budgets) + nothings(name)
		require.Equal(t, fmt.Sprintf("1..%d", points), lines[2], name)
		i := 0
		for _, line := range lines[3:] {
			m := point.FindStringSubmatch(line)
			if m == nil {
				require.True(t, line == "" || strings.HasPrefix(line, "  "), line)
				continue
			}
			i++
			if i > len(about.Names)+len(budgets) {
				require.Equal(t, "not ok 1 - Nothing was fetched", line)
				continue
			}
			if i > len(about.Names) {
				b := &budgets[i-len(about.Names)-1]
				require.Equal(t, fmt.Sprint(i), m[2])
				require.Equal(t, "budget: "+b.Check.Name, m[3])
				require.Equal(t, b.Broken > 0, m[1] != "", b.Check.Name)
				continue
			}
			n := about.Names[i-1]
			require.Equal(t, fmt.Sprint(i), m[2])
			require.Equal(t, n.Failed > 0 || n.OverBudget > 0, m[1] != "", n.Name)
			require.Equal(t, n.Count == n.NotRun, m[4] != "", n.Name)
			require.NotRegexp(t, `(^|[^\\])(\\\\)*#`, m[3], "a directive in a name")
		}
		require.Equal(t, points, i)
	}
}

func TestMarkdownTablesKeepTheirColumns(t *testing.T) {
	t.Parallel()
	bar := regexp.MustCompile(`(^|[^\\])\|`)
	for name, about := range sources() {
		text := write(t, "markdown", about)
		columns := 0
		for line := range strings.SplitSeq(text, "\n") {
			if !strings.HasPrefix(line, "|") {
				columns = 0
				continue
			}
			n := len(bar.FindAllString(strings.ReplaceAll(line, "||", "| |"), -1))
			if columns == 0 {
				columns = n
			}
			require.Equal(t, columns, n, "%s: %s", name, line)
		}
	}
	nasty := write(t, "markdown", reporttest.Nasty())
	require.NotRegexp(t, `(?m)^[^`+"`"+`]*<script>`, nasty, "outside of code")
	demo := write(t, "markdown", reporttest.Demo())
	require.Contains(t, demo, "✅ **All 5 URLs were answered both ways** in ")
	require.Contains(t, demo, "concurrent was 2.8 times as fast as one at a time: 1.47 s instead of 4.08 s")
}

func TestTheSchemaIsThatOfTheVersion(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("schema.json")
	require.NoError(t, err)
	var schema struct {
		Properties struct {
			Version struct{ Const int }
		}
	}
	require.NoError(t, json.Unmarshal(data, &schema))
	require.Equal(t, report.SchemaVersion, schema.Properties.Version.Const)
}
