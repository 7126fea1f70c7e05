package reporttest

import (
	"fmt"
	"slices"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/budget"
	"github.com/xk6-fetch/xk6-fetch/fetch/report"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
)

// Checks makes a budget of pairs: the key of a check, and its bound or expression.
func Checks(pairs ...string) budget.Checks {
	var checks budget.Checks
	byKey := make(map[budget.Key][]*budget.Check)
	for pair := range slices.Chunk(pairs, 2) {
		key, bound := budget.Key(pair[0]), pair[len(pair)-1]
		check, err := key.Parse(bound, budget.Units{Duration: time.ParseDuration})
		if err != nil {
			panic(fmt.Sprintf("%s %s: %v", key, bound, err)) // a mistake in these tests
		}
		byKey[key] = append(byKey[key], check)
		checks = checks.With(key, byKey[key]...)
	}
	return checks
}

// judge sets the verdicts of a run's budget.
func (s *Simulation) judge(run *fetch.Run, results []*fetch.Result) {
	times := func(key budget.Key) budget.Times {
		h := &aggregate.Histogram{}
		for _, r := range results {
			h.Add(r.Time(key))
		}
		return h
	}
	for _, r := range results {
		if r.OverBudget() {
			run.OverBudget++
		}
	}
	run.Budget = s.Budget.JudgeRun(&budget.Run{
		Elapsed: run.Elapsed, Speedup: run.Speedup(), Requests: run.Requests, Count: run.Count, Failed: run.Failed,
		NotRun: run.NotRun, Answered: run.Ok, Times: times,
	})
}

// Budgets is a test in which all URLs were answered, and some budgets broken.
func Budgets() *report.Subject {
	s := NewSimulation(aggregate.DefaultLimits())
	s.Budget = Checks(
		"elapsed", "p(95)<200", "waiting", "avg<100", "failed", "rate<0.01", "not_run", "0", "run_elapsed", "<3s",
		"speedup", "2", "requests", "<=130",
	)
	each := Checks("elapsed", "<=250", "waiting", "<150", "bytes", "<=500000", "attempts", "1").
		With(budget.Status, budget.In([][2]int{{200, 299}}))
	names := []string{
		"home", "search", "product", "cart", "login", "api/users", "api/orders", "static/app.js", "static/app.css",
		"images/hero.avif", "checkout/shipping-and-billing", "account/settings/notifications",
	}
	pages := make([]Page, 0, 10*len(names))
	for i, name := range names {
		for range 10 {
			pages = append(pages, Page{
				Name: name, URL: "https://shop.example/" + name, Typical: time.Duration(30+i*i) * time.Millisecond, Budget: each,
			})
		}
	}
	s.Keep(s.Run("concurrent", 12, pages, false))
	s.Keep(s.Run("sequential", 1, pages, false))
	return s.Subject()
}
