package report_test

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/budget"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/reporttest"
	"github.com/xk6-fetch/xk6-fetch/fetch/report"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
)

// budgetedRun is a run of two pages and one that does not answer, over budgets of which some are broken.
func budgetedRun(t *testing.T) *fetch.Run {
	t.Helper()
	run := realRun(t)
	checks := reporttest.Checks("elapsed", "<=60000", "attempts", "==1").
		With(budget.Status, budget.In([][2]int{{200, 299}}))
	run.Results.At(0).Target.Spec.Budget = checks
	for _, r := range run.Results.All() {
		if r.OverBudget() {
			run.OverBudget++
		}
	}
	run.Budget = reporttest.Checks("elapsed", "max<60000", "requests", "1").JudgeRun(&budget.Run{
		Count: run.Count, Requests: run.Requests, Answered: 2,
		Times: func(budget.Key) budget.Times { return run.Times((*fetch.Result).Ended) },
	})
	return run
}

func TestBudgetsOfARunAreInEveryReport(t *testing.T) {
	t.Parallel()
	run := budgetedRun(t)
	about := report.OfRun("concurrent", run)
	require.Equal(t, 3, run.OverBudget, "one is missing, and two were not answered")

	text := write(t, "text", about)
	require.Contains(t, text, "\nbudgets\n  ✗ elapsed <= 60 s: 2 of 4 broken, worst ")
	require.Contains(t, text, "  ✗ status in 200-299: 3 of 4 broken, worst 404, 2 not answered:\n      http://****:****@")
	require.Contains(t, text, "  ✗ requests <= 1: 5: concurrent\n")
	require.Contains(t, text, "  ✓ max of elapsed < 60 s: ")

	markdown := write(t, "markdown", about)
	require.Contains(t, markdown, "❌ **3 of 4 URLs failed** in ")
	require.Contains(t, markdown, ", **3 budgets broken**")
	require.Contains(t, markdown, "\n### Budgets\n\n| | check | passed | broken | worst | broken by |\n")
	require.Contains(t, markdown, "| ❌ | requests &lt;= 1 | 0 | 1 | 5 | `concurrent` |\n")

	junit := write(t, "junit", about)
	require.Contains(t, junit, ` tests="6" failures="4" `, "4 URLs of which 3 failed, and 2 budgets of the run")
	require.Contains(t, junit, `<failure type="error_code 1404" message="1 of 1 failed: unexpected status 404; over budget: status in 200-299: 404">`)
	require.Contains(t, junit, `<failure type="budget" message="over budget: requests &lt;= 1: 5">over budget: requests &lt;= 1: 5&#xA;1: concurrent</failure>`)
	require.NotContains(t, junit, `<testcase name="status`)
	tap := write(t, "tap", about)
	require.Contains(t, tap, "\n1..6\n")
	require.Regexp(t, `(?m)^not ok 5 - budget: requests <= 1\n  ---\n  passed: 0\n  broken: 1\n  worst: "5"\n  names:\n`, tap)
	require.Regexp(t, `(?m)^ok 6 - budget: max of elapsed < 60 s$`, tap)
	require.Contains(t, tap, "  budgets:\n    - check: \"status in 200-299\"\n      broken: 1\n      worst: \"404\"\n")

	rows, err := csv.NewReader(strings.NewReader(write(t, "csv", about))).ReadAll()
	require.NoError(t, err)
	over := slices.Index(rows[0], "over_budget")
	require.Equal(t, []string{"", "status in 200-299", "elapsed <= 60 s; status in 200-299"},
		[]string{rows[1][over], rows[2][over], rows[3][over]})

	var d report.Document
	require.NoError(t, json.Unmarshal([]byte(write(t, "json", about)), &d))
	require.Equal(t, 3, d.Totals.OverBudget)
	require.Equal(t, []string{"elapsed <= 60 s", "status in 200-299", "requests <= 1", "attempts == 1", "max of elapsed < 60 s"},
		[]string{d.Budgets[0].Check, d.Budgets[1].Check, d.Budgets[2].Check, d.Budgets[3].Check, d.Budgets[4].Check})
	require.InDelta(t, 404, *d.Budgets[1].Worst, 0)
	require.Equal(t, 2, d.Budgets[1].Unanswered)
	require.Nil(t, d.Runs[0].Results[2].Budget[0].Value)
	require.InDelta(t, 404, *d.Runs[0].Results[1].Budget[1].Value, 0)

	var har struct {
		Log struct {
			Entries []struct {
				Response struct{ Status int }
				Budget   []struct {
					Check string
					Ok    bool
				} `json:"_budget"`
			}
		}
	}
	require.NoError(t, json.Unmarshal([]byte(write(t, "har", about)), &har))
	for _, e := range har.Log.Entries {
		if e.Response.Status == http.StatusNotFound {
			require.Equal(t, "status in 200-299", e.Budget[1].Check)
			require.False(t, e.Budget[1].Ok)
		}
	}
	require.Empty(t, har.Log.Entries[0].Budget, "a redirect on the way has none")
	require.Len(t, har.Log.Entries[1].Budget, 3)
	require.Contains(t, write(t, "html", about), "<h1>3 of 4 URLs failed, 3 budgets broken</h1>")
}

func TestBudgetsOfATestAreInEveryReport(t *testing.T) {
	t.Parallel()
	about := reporttest.Budgets()
	require.True(t, strings.HasPrefix(write(t, "text", about), "All 240 URLs were answered in 8.17 s, 5 budgets broken\n"))
	colored, err := report.Write("text", about, report.Options{Colors: true})
	require.NoError(t, err)
	require.Contains(t, colored, "  \x1b[31m✗\x1b[0m elapsed <= 250 ms: 2 of 240 broken, worst 263.2 ms:\n      account/settings/notifications\n      images/hero.avif\n")
	require.Contains(t, colored, "  \x1b[32m✓\x1b[0m bytes <= 500 kB: 240 passed, worst 90.55 kB\n")

	rows, err := csv.NewReader(strings.NewReader(write(t, "csv", about))).ReadAll()
	require.NoError(t, err)
	over := slices.Index(rows[0], "over_budget")
	for i, n := range about.Names {
		if n.Name == "images/hero.avif" {
			require.NotZero(t, n.OverBudget)
			require.NotEqual(t, "0", rows[i+1][over])
		}
	}
	var d report.Document
	require.NoError(t, json.Unmarshal([]byte(write(t, "json", about)), &d))
	require.False(t, d.Passed)
	require.Contains(t, write(t, "har", about), `"_budget":[{"check":"elapsed \u003c= 250 ms"`)
}

// A name that is over its budget fails its own test case, and says by how much; what fails more than one way is one
// failure.
func TestNamesOverBudgetFailTheirOwnCases(t *testing.T) {
	t.Parallel()
	about, then := reporttest.AllAtOnce()
	for _, c := range []struct{ name, kind, says string }{
		{"kept", "", ""},
		{"never run", "", ""},
		{"over", "budget", "over budget: elapsed &lt;= 250 ms: 20 of 20, worst "},
		{"over at times", "budget", "over budget: elapsed &lt;= 250 ms: 1 of 20, worst "},
		{"over twice", "budget", "&#xA;over budget: bytes &lt;= 100 kB: 20 of 20, worst 300 kB</failure>"},
		{"failed", "error_code 1404", "20 of 20 failed: unexpected status 404</failure>"},
		{"refused", "error_code 1212", "&#xA;over budget: elapsed &lt;= 250 ms: 21 of 21, none answered&#xA;"},
		{"slower", "slower", "slower than in the baseline: p50 "},
		{"everything", "error_code 1404", "&#xA;over budget: elapsed &lt;= 250 ms: "},
		{"everything", "error_code 1404", "&#xA;slower than in the baseline: p50 "},
	} {
		junit, err := report.Write("junit", about, report.Options{Baseline: then})
		require.NoError(t, err)
		test := regexp.MustCompile(`<testcase name="` + c.name + `" [^>]*>[\s\S]*?</testcase>`).FindString(junit)
		require.NotEmpty(t, test, c.name)
		if c.kind == "" {
			require.NotContains(t, test, "<failure", c.name)
			continue
		}
		require.Contains(t, test, `<failure type="`+c.kind+`" message="`, c.name)
		require.Contains(t, test, c.says, c.name)
		require.Equal(t, 1, strings.Count(test, "<failure"), c.name)
	}
	junit, err := report.Write("junit", about, report.Options{Baseline: then})
	require.NoError(t, err)
	require.Contains(t, junit, ` tests="10" failures="8" errors="0" skipped="1"`, "9 names, and a budget of the run")
	require.Equal(t, 8, strings.Count(junit, "<failure"))
	require.Regexp(t, `type="error_code 1404" message="4 of 20 failed: unexpected status 404; over budget: elapsed &lt;= 250 ms: `+
		`20 of 20, worst [^;"]*; slower than in the baseline: `, junit, "all reasons are in the message")

	tap, err := report.Write("tap", about, report.Options{Baseline: then})
	require.NoError(t, err)
	require.Equal(t, 8, strings.Count("\n"+tap, "\nnot ok "))
	require.Regexp(t, `(?m)^not ok \d+ - over\n(  .*\n)+?  budgets:\n    - check: "elapsed <= 250 ms"\n      broken: 20\n`, tap)
}

// Names that there was no place for fail together, and what no name has counted fails as a budget.
func TestBudgetsOfNamesWithoutAPlace(t *testing.T) {
	t.Parallel()
	limits := aggregate.DefaultLimits()
	limits.Names = 1
	s := reporttest.NewSimulation(limits)
	checks := reporttest.Checks("elapsed", "<=1")
	for _, name := range []string{"a", "b", "c"} {
		s.Run("concurrent", 1, []reporttest.Page{
			{Name: name, URL: "http://a.example/" + name, Typical: time.Second, Budget: checks},
		}, true)
	}
	junit := write(t, "junit", s.Subject())
	require.Contains(t, junit, ` tests="2" failures="2" `)
	require.Regexp(t, `<testcase name="other" .*>\s*<failure type="budget" message="over budget: elapsed &lt;= 1 ms: 2 of 2, worst 1 s">`, junit)

	ended := report.OfRun("stream", &fetch.Run{Count: 5, Ok: 5, OverBudget: 3})
	junit = write(t, "junit", ended)
	require.Contains(t, junit, ` tests="1" failures="1" `)
	require.Contains(t, junit, `<testcase name="other budgets" `)
	require.Contains(t, write(t, "tap", ended), "\n1..1\nnot ok 1 - budget: other budgets\n")
}

func TestBudgetsThatAreKeptAreNoComplaint(t *testing.T) {
	t.Parallel()
	s := reporttest.NewSimulation(aggregate.DefaultLimits())
	s.Budget = reporttest.Checks("failed", "0")
	s.Run("concurrent", 1, []reporttest.Page{{Name: "a", URL: "http://a.example/"}}, true)
	page := write(t, "html", s.Subject())
	require.Contains(t, page, "<h1>The only URL was answered</h1>")
	require.Contains(t, page, `<dt>budgets</dt><dd>1 <small>kept</small></dd>`)
	require.Contains(t, write(t, "text", s.Subject()), "  ✓ failed count <= 0: 0\n")
	require.NotContains(t, write(t, "markdown", reporttest.Demo()), "udget")
	require.NotContains(t, write(t, "text", reporttest.Demo()), "udget")
}
