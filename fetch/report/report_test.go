package report_test

import (
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/reporttest"
	"github.com/xk6-fetch/xk6-fetch/fetch/report"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func write(t *testing.T, format string, about *report.Subject) string {
	t.Helper()
	text, err := report.Write(format, about, report.Options{Title: "A | <b>title</b> # =1"})
	require.NoError(t, err)
	return text
}

func sources() map[string]*report.Subject {
	return map[string]*report.Subject{
		"demo": reporttest.Demo(), "shop": reporttest.Shop(), "nasty": reporttest.Nasty(), "empty": reporttest.Empty(),
		"budgets": reporttest.Budgets(),
	}
}

// nothings is how many test cases say that nothing was fetched.
func nothings(source string) int {
	if source == "empty" {
		return 1
	}
	return 0
}

// ofRuns are the budgets of runs, which have test cases of their own.
func ofRuns(about *report.Subject) []aggregate.Budget {
	return slices.DeleteFunc(slices.Clone(about.Budgets), func(b aggregate.Budget) bool { return !b.Check.OfRun() })
}

// Whatever is in names and errors, a report is text, and lines are where the format has them.
func TestReportsAreCleanText(t *testing.T) {
	t.Parallel()
	for name, about := range sources() {
		for _, format := range report.Formats() {
			text := write(t, format, about)
			require.True(t, utf8.ValidString(text), "%s %s", name, format)
			for _, r := range text {
				ok := r == '\n' || r == '\r' && format == "csv" || !unicode.IsControl(r) && r != '\u2028' && r != '\u202e'
				require.True(t, ok, "%s %s has %q", name, format, r)
			}
		}
	}
	_, err := report.Write("pdf", reporttest.Empty(), report.Options{})
	require.ErrorContains(t, err, `no report format "pdf"`)
}

// A text is as wide as it may be, unless a name is wider: that has a line of its own, and is whole.
func TestTextFitsItsWidth(t *testing.T) {
	t.Parallel()
	all := sources()
	all["run"] = report.OfRun("concurrent", realRun(t))
	all["budgeted"] = report.OfRun("concurrent", budgetedRun(t))
	all["both"] = report.OfComparison(realRun(t), realRun(t))
	all["large"] = reporttest.Large(300)
	options := make(map[string]report.Options)
	for name, of := range reporttest.Compared() {
		about, then := of()
		all[name], options[name] = about, report.Options{Baseline: then}
	}
	for name, about := range all {
		names := make(map[string]bool)
		for _, n := range documentOf(t, about).Names {
			names[strings.TrimSpace(n.Name)] = true
		}
		for width, most := range map[int]int{0: 80, 20: 40, 50: 50, 65: 65, 130: 130, 600: 500} {
			if options[name].Baseline != nil && width%25 > 0 {
				continue // to compare takes its time
			}
			opts := options[name]
			opts.Width = width
			text, err := report.Write("text", about, opts)
			require.NoError(t, err)
			require.NotContains(t, text, "\x1b")
			require.NotContains(t, text, "…", "%s: nothing is cut", name)
			for line := range strings.SplitSeq(text, "\n") {
				long := func(word string) bool { return utf8.RuneCountInString(word) > most-16 } // a URL in an error
				if utf8.RuneCountInString(line) > most && !slices.ContainsFunc(strings.Fields(line), long) &&
					!strings.Contains(line, "日") { // wide letters take two
					require.Contains(t, names, strings.TrimSpace(line), "%s in %d columns", name, width)
				}
			}
			if len(names) <= 50 {
				for n := range names {
					require.Contains(t, text, n, "%s in %d columns", name, width)
				}
			}
		}
	}
	colored, err := report.Write("text", reporttest.Shop(), report.Options{Colors: true})
	require.NoError(t, err)
	require.Contains(t, colored, "\x1b[31m")
	plain := regexp.MustCompile(`\x1b\[\d+m`).ReplaceAllString(colored, "")
	require.Equal(t, write(t, "text", reporttest.Shop()), plain)
}

func documentOf(t *testing.T, about *report.Subject) (d report.Document) {
	t.Helper()
	require.NoError(t, json.Unmarshal([]byte(write(t, "json", about)), &d))
	return d
}

func TestTextOfACollection(t *testing.T) {
	t.Parallel()
	text := write(t, "text", reporttest.Shop())
	lines := strings.Split(text, "\n")
	require.Regexp(t, `^4 of 2,640 URLs failed, and 20 were not run in 4\d\.\d+ s$`, lines[0])
	require.Regexp(t, `^concurrent was \d\.\d times as fast as one at a time`, lines[1])
	require.Regexp(t, `^  name +count  failed +p50 +p95 +max$`, lines[3])
	require.Regexp(t, `^  cart +22 +3 .* \*+$`, lines[4], "what failed comes first")
	require.Contains(t, text, "3 × unexpected status 503: cart\n")
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

func TestHARHasTheRequestsOfARun(t *testing.T) {
	t.Parallel()
	run := realRun(t)
	var har struct {
		Log struct {
			Pages   []struct{ ID string }
			Entries []struct {
				Pageref         string
				StartedDateTime time.Time
				Time            float64
				Request         struct {
					Method, URL string
					QueryString []struct{ Name, Value string }
				}
				Response struct {
					Status      int
					RedirectURL string
				}
				Timings map[string]float64
			}
		}
	}
	require.NoError(t, json.Unmarshal([]byte(write(t, "har", report.OfRun("concurrent", run))), &har))
	entries := har.Log.Entries
	require.Len(t, entries, run.Requests, "redirects included")
	require.Len(t, har.Log.Pages, 1)
	for _, e := range entries {
		require.False(t, e.StartedDateTime.Before(run.Started.Truncate(time.Millisecond)))
		require.False(t, e.StartedDateTime.After(run.Started.Add(run.Elapsed)))
		require.Equal(t, har.Log.Pages[0].ID, e.Pageref)
		var sum float64
		for name, part := range e.Timings {
			if name != "ssl" { // a part of connect
				sum += max(0, part)
			}
		}
		require.InDelta(t, sum, e.Time, 0.001)
	}
	require.Equal(t, http.StatusFound, entries[0].Response.Status)
	require.Equal(t, entries[1].Request.URL, entries[0].Response.RedirectURL)
	require.Equal(t, "q", entries[1].Request.QueryString[0].Name)
}

// realRun is a run against real servers: a redirect, credentials wherever they can be, and something that fails.
func realRun(t *testing.T) *fetch.Run {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Set-Cookie", "session=topsecret; Path=/")
		w.Header().Set("X-Auth-Token", "topsecret")
		w.Header().Set("Content-Location", "http://me:topsecret@host/")
		if r.URL.Path == "/" {
			http.Redirect(w, r, "/there?q=1&r=%3D", http.StatusFound)
			return
		}
		if r.URL.Path == "/missing" {
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(srv.Close)
	host := strings.TrimPrefix(srv.URL, "http://")
	client := fetch.NewClient(fetch.Config{})
	t.Cleanup(client.Close)
	spec := &fetch.Spec{
		Spec: transport.Spec{
			Header: http.Header{
				"Authorization": {"Bearer topsecret"}, "X-Api-Key": {"topsecret"}, "Cookie": {"a=topsecret"}, "Accept": {"*/*"},
			},
			Cookies: []transport.Cookie{{Name: "b", Value: "topsecret"}}, Body: []byte("topsecret"),
			Redirects: 5, Timeout: 10 * time.Second, Expected: func(status int) bool { return status < 400 },
		},
	}
	home := "=home"
	targets := []fetch.Target{
		{URL: "http://me:topsecret@" + host + "/", Spec: spec, Key: &home},
		{URL: "http://me:topsecret@" + host + "/missing", Spec: spec},
		{URL: "https://me:topsecret@127.0.0.1:1/", Spec: spec},
		{URL: "http://me:top%73ecret@" + host + "/%zz", Spec: spec},
	}
	run := client.Run(t.Context(), fetch.Targets(targets), fetch.Options{Concurrency: 1}, ignore{})
	require.Equal(t, 1, run.Ok)
	return run
}

type ignore struct{}

func (ignore) Exchanged(*fetch.Target, *transport.Exchange) {}
func (ignore) Finished(*fetch.Result, time.Time)            {}

func TestReportsHoldNoCredentials(t *testing.T) {
	t.Parallel()
	run := realRun(t)
	c := aggregate.New(aggregate.DefaultLimits())
	for _, r := range run.Results.All() {
		c.Add(r)
	}
	c.Ended("concurrent", run)
	c.Compared(run, run)
	for name, about := range map[string]*report.Subject{
		"run": report.OfRun("concurrent", run), "comparison": report.OfComparison(run, run), "all": report.OfSummary(c.Summary()),
	} {
		for _, format := range report.Formats() {
			text := write(t, format, about)
			require.NotContains(t, text, "topsecret", "%s %s", name, format)
			require.NotContains(t, text, "top%73ecret", "%s %s", name, format)
		}
	}
}

func TestThePageStandsAlone(t *testing.T) {
	t.Parallel()
	for name, about := range sources() {
		page := write(t, "html", about)
		require.Contains(t, page, `content="default-src &#39;none&#39;; style-src &#39;sha256-`)
		require.NotRegexp(t, `(?i)<(link|img|iframe|object|base)\b`, page)
		require.NotRegexp(t, `(?i)\s(src|href)="[^#]`, page)
		require.NotRegexp(t, `(?i)\s(style|on[a-z]+)=`, strings.SplitN(page, "<script", 2)[0], "%s: the policy forbids it", name)
		require.Equal(t, 2, strings.Count(page, "<script"), "%s: what is in texts is no markup", name)
		require.Equal(t, 2, strings.Count(page, "</script>"), name)
	}
	require.Less(t, len(write(t, "html", reporttest.Empty())), 150_000)
	require.Contains(t, write(t, "html", reporttest.Demo()), "All 5 URLs were answered both ways")
	require.Contains(t, write(t, "html", reporttest.Empty()), "Nothing was fetched")
}

// Large reports are written in a moment, too.
func TestALargeReportIsWrittenQuickly(t *testing.T) {
	t.Parallel()
	about := reporttest.Large(10_000)
	start := time.Now()
	page := write(t, "html", about)
	require.Less(t, time.Since(start), 20*time.Second)
	require.Less(t, len(page), 4_000_000)
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
