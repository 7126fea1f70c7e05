package report

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/baseline"
)

// writeTAP writes a test point for each name and each check of the budgets of runs, and one if nothing was fetched, as
// the Test Anything Protocol 14 has it.
func writeTAP(s *Subject, opts Options) (string, error) {
	var out strings.Builder
	budgets := caseBudgets(s.Budgets)
	points := len(s.Names) + len(budgets) + tapK6Points(s)
	if s.nothing() {
		points++
	}
	fmt.Fprintf(&out, "TAP version 14\n# %s: %s\n1..%d\n", tapText(opts.Title), verdict(s), points)
	for i, n := range s.Names {
		result, note := "ok", ""
		switch {
		case len(s.complaintsAbout(n)) > 0:
			result = "not ok"
		case n.Ok == 0:
			note = " # SKIP not run"
		}
		fmt.Fprintf(&out, "%s %d - %s%s\n", result, i+1, tapText(n.Name), note)
		fmt.Fprintf(&out, "  ---\n  count: %d\n  failed: %d\n  not_run: %d\n  duration_ms: %s\n  p95_ms: %s\n",
			n.Count, n.Failed, n.NotRun, decimal(ms(n.Times[aggregate.Elapsed].Mean())), decimal(ms(p95(n))))
		if n.Failed > 0 {
			out.WriteString("  causes:\n")
			for _, c := range causes(n) {
				fmt.Fprintf(&out, "    - code: %d\n      count: %d\n      message: %s\n", c.Code, c.count, quoted(reason(c.Cause)))
			}
		}
		tapBreaks(&out, n)
		tapAgainst(&out, s.judgement(n))
		out.WriteString("  ...\n")
	}
	tapBudgets(&out, budgets, len(s.Names)+1)
	tapK6(&out, s, len(s.Names)+len(budgets)+1)
	tapNothing(&out, s, points)
	return out.String(), nil
}

// tapBreaks adds what a name broke to the diagnostics of its test point.
func tapBreaks(out *strings.Builder, n *aggregate.Name) {
	if len(n.Breaks) == 0 {
		return
	}
	out.WriteString("  budgets:\n")
	breaks := sortedBreaks(n)
	for i := range breaks {
		b := &breaks[i]
		fmt.Fprintf(out, "    - check: %s\n      broken: %d\n      worst: %s\n",
			quoted(b.Check.Name), b.Count, quoted(worstOf(b)))
	}
}

// tapAgainst adds to the diagnostics of a test point.
func tapAgainst(out *strings.Builder, j *baseline.Judgement) {
	if j == nil {
		return
	}
	fmt.Fprintf(out, "  baseline:\n    verdict: %s\n", j.Verdict)
	if isWorse(j) {
		fmt.Fprintf(out, "    message: %s\n", quoted(worseText(j)))
	}
	if j.Then != nil {
		t := &j.Then.Times[aggregate.Elapsed]
		fmt.Fprintf(out, "    failed: %d\n    p50_ms: %s\n    p95_ms: %s\n",
			j.Then.Failed, decimal(ms(t.P50)), decimal(ms(t.P95)))
	}
	if j.Tested {
		fmt.Fprintf(out, "    p: %s\n", decimal(j.Corrected))
	}
	if j.Failures != nil {
		fmt.Fprintf(out, "    failed_p: %s\n", decimal(j.Failures.Corrected))
	}
}

// tapBudgets writes a test point for each check of budgets, the first of them with that number.
func tapBudgets(out *strings.Builder, budgets []aggregate.Budget, first int) {
	for i := range budgets {
		b := &budgets[i]
		result := "ok"
		if b.Broken > 0 {
			result = "not ok"
		}
		fmt.Fprintf(out, "%s %d - budget: %s\n  ---\n  passed: %d\n  broken: %d\n  worst: %s\n",
			result, first+i, tapText(b.Check.Name), b.Passed, b.Broken, quoted(worst(b)))
		if len(b.Names) > 0 {
			out.WriteString("  names:\n")
			for _, n := range b.Names {
				fmt.Fprintf(out, "    - name: %s\n      count: %d\n", quoted(clean(n.Name)), n.Count)
			}
		}
		out.WriteString("  ...\n")
	}
}

// tapK6 writes a test point for each threshold and each check, the first of them with that number.
func tapK6(out *strings.Builder, s *Subject, first int) {
	point := func(ok bool, what, outcome string) {
		result := "ok"
		if !ok {
			result = "not ok"
		}
		fmt.Fprintf(out, "%s %d - %s\n  ---\n  outcome: %s\n  ...\n", result, first, tapText(what), quoted(outcome))
		first++
	}
	for _, t := range s.k6Thresholds() {
		point(t.Ok, "threshold: "+thresholdText(t), thresholdOutcome(t))
	}
	for _, c := range s.k6Checks() {
		point(c.Ok(), "check: "+shown(c.Path()), checkOutcome(c))
	}
}

// tapK6Points is how many test points tapK6 writes.
func tapK6Points(s *Subject) int { return len(s.k6Thresholds()) + len(s.k6Checks()) }

// tapNothing writes the test point that fails where nothing was fetched.
func tapNothing(out *strings.Builder, about *Subject, number int) {
	if about.nothing() {
		fmt.Fprintf(out, "not ok %d - %s\n", number, nothingFetched)
	}
}

// tapText escapes what would begin a directive.
func tapText(s string) string { return strings.NewReplacer(`\`, `\\`, `#`, `\#`).Replace(clean(s)) }

// quoted writes a text as JSON, which is YAML too.
func quoted(s string) string {
	data, _ := json.Marshal(s) //nolint:errchkjson // a string
	return string(data)
}
