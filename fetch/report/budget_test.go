package report_test

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/budget"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/reporttest"
	"github.com/xk6-fetch/xk6-fetch/fetch/report"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/collect"
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
	require.Contains(t, text, "  ✗ status in 200-299: 3 of 4 broken, worst 404, 2 not answered: ")
	require.Contains(t, text, "  ✗ requests <= 1: 5: concurrent\n")
	require.Contains(t, text, "  ✓ max of elapsed < 60 s: ")

	markdown := write(t, "markdown", about)
	require.Contains(t, markdown, "❌ **3 of 4 URLs failed** in ")
	require.Contains(t, markdown, ", **3 budgets broken**")
	require.Contains(t, markdown, "\n### Budgets\n\n| | check | passed | broken | worst | broken by |\n")
	require.Contains(t, markdown, "| ❌ | requests &lt;= 1 | 0 | 1 | 5 | `concurrent` |\n")

	require.Contains(t, write(t, "junit", about),
		`<failure type="budget" message="2 of 4 broken, worst `)
	require.Regexp(t, `(?m)^not ok 6 - budget: status in 200-299\n  ---\n  passed: 1\n  broken: 3\n  worst: "404"\n  names:\n`,
		write(t, "tap", about))

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
	require.Contains(t, colored, "  \x1b[31m✗\x1b[0m elapsed <= 250 ms: 2 of 240 broken, worst 263.2 ms: ")
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

func TestBudgetsThatAreKeptAreNoComplaint(t *testing.T) {
	t.Parallel()
	s := reporttest.NewSimulation(collect.DefaultLimits())
	s.Budget = reporttest.Checks("failed", "0")
	s.Run("concurrent", 1, []reporttest.Page{{Name: "a", URL: "http://a.example/"}}, true)
	page := write(t, "html", s.Source())
	require.Contains(t, page, "<h1>The only URL was answered</h1>")
	require.Contains(t, page, `<dt>budgets</dt><dd>1 <small>kept</small></dd>`)
	require.Contains(t, write(t, "text", s.Source()), "  ✓ failed count <= 0: 0\n")
	require.NotContains(t, write(t, "markdown", reporttest.Demo()), "udget")
	require.NotContains(t, write(t, "text", reporttest.Demo()), "udget")
}
