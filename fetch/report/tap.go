package report

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/phrase"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/baseline"
)

// writeTAP writes a test point for each name and each check of the budgets of runs, and one if nothing was fetched, as
// the Test Anything Protocol 14 has it.
func writeTAP(s *Subject, opts Options) (string, error) {
	var out strings.Builder
	budgets, pages := phrase.CaseBudgets(s.Budgets), s.PageJudgements()
	points := len(s.Names) + len(budgets) + tapK6Points(s) + len(pages)
	if s.Nothing() {
		points++
	}
	fmt.Fprintf(&out, "TAP version 14\n# %s: %s\n1..%d\n", tapText(opts.Title), phrase.Verdict(s), points)
	for i, n := range s.Names {
		result, note := "ok", ""
		switch {
		case len(s.ComplaintsAbout(n)) > 0:
			result = "not ok"
		case n.Ok == 0:
			note = " # SKIP not run"
		}
		fmt.Fprintf(&out, "%s %d - %s%s\n", result, i+1, tapText(n.Name), note)
		fmt.Fprintf(&out, "  ---\n  count: %d\n  failed: %d\n  not_run: %d\n  duration_ms: %s\n  p95_ms: %s\n",
			n.Count, n.Failed, n.NotRun, phrase.Decimal(phrase.Millis(n.Times[aggregate.Elapsed].Mean())),
			phrase.Decimal(phrase.Millis(phrase.P95(n))))
		if n.Failed > 0 {
			out.WriteString("  causes:\n")
			for _, c := range phrase.Causes(n) {
				fmt.Fprintf(&out, "    - code: %d\n      count: %d\n      message: %s\n", c.Code, c.Count,
					quoted(phrase.Reason(c.Cause)))
			}
		}
		tapPage(&out, s.PageOf(n))
		tapBreaks(&out, n)
		tapAgainst(&out, s.Judgement(n))
		out.WriteString("  ...\n")
	}
	tapBudgets(&out, budgets, len(s.Names)+1)
	tapK6(&out, s, len(s.Names)+len(budgets)+1)
	for i, j := range pages {
		tapPageTime(&out, j, len(s.Names)+len(budgets)+tapK6Points(s)+i+1)
	}
	tapNothing(&out, s, points)
	return out.String(), nil
}

// tapPage adds the times of a page to the diagnostics of its document's test point.
func tapPage(out *strings.Builder, p *aggregate.Page) {
	if p == nil {
		return
	}
	fmt.Fprintf(out, "  page:\n    visits: %d\n    whole: %d\n", p.Visits, p.Whole)
	for m := range p.Times {
		h, name := &p.Times[m], aggregate.Moment(m)
		fmt.Fprintf(out, "    %s_ms: %s\n    %s_p95_ms: %s\n", name, phrase.Decimal(phrase.Millis(h.Mean())),
			name, phrase.Decimal(phrase.Millis(h.Percentile(phrase.NearlyAll))))
	}
}

// tapPageTime writes a test point for a time of a page that was compared with a baseline.
func tapPageTime(out *strings.Builder, j *baseline.Judgement, number int) {
	result := "ok"
	if phrase.IsWorse(j) {
		result = "not ok"
	}
	fmt.Fprintf(out, "%s %d - %s\n  ---\n", result, number, tapText(j.Name))
	tapAgainst(out, j)
	out.WriteString("  ...\n")
}

// tapBreaks adds what a name broke to the diagnostics of its test point.
func tapBreaks(out *strings.Builder, n *aggregate.Name) {
	if len(n.Breaks) == 0 {
		return
	}
	out.WriteString("  budgets:\n")
	breaks := phrase.SortedBreaks(n)
	for i := range breaks {
		b := &breaks[i]
		fmt.Fprintf(out, "    - check: %s\n      broken: %d\n      worst: %s\n",
			quoted(b.Check.Name), b.Count, quoted(phrase.WorstOf(b)))
	}
}

// tapAgainst adds to the diagnostics of a test point.
func tapAgainst(out *strings.Builder, j *baseline.Judgement) {
	if j == nil {
		return
	}
	fmt.Fprintf(out, "  baseline:\n    verdict: %s\n", j.Verdict)
	if phrase.IsWorse(j) {
		fmt.Fprintf(out, "    message: %s\n", quoted(phrase.WorseText(j)))
	}
	if j.Then != nil {
		t := &j.Then.Times[aggregate.Elapsed]
		fmt.Fprintf(out, "    failed: %d\n    p50_ms: %s\n    p95_ms: %s\n",
			j.Then.Failed, phrase.Decimal(phrase.Millis(t.P50)), phrase.Decimal(phrase.Millis(t.P95)))
	}
	if j.Tested {
		fmt.Fprintf(out, "    p: %s\n", phrase.Decimal(j.Corrected))
	}
	if j.Failures != nil {
		fmt.Fprintf(out, "    failed_p: %s\n", phrase.Decimal(j.Failures.Corrected))
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
			result, first+i, tapText(b.Check.Name), b.Passed, b.Broken, quoted(phrase.Worst(b)))
		if len(b.Names) > 0 {
			out.WriteString("  names:\n")
			for _, n := range b.Names {
				fmt.Fprintf(out, "    - name: %s\n      count: %d\n", quoted(phrase.Clean(n.Name)), n.Count)
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
	for _, t := range s.K6Thresholds() {
		point(t.Ok, "threshold: "+phrase.ThresholdText(t), phrase.ThresholdOutcome(t))
	}
	for _, c := range s.K6Checks() {
		point(c.Ok(), "check: "+phrase.Shown(c.Path()), phrase.CheckOutcome(c))
	}
}

// tapK6Points is how many test points tapK6 writes.
func tapK6Points(s *Subject) int { return len(s.K6Thresholds()) + len(s.K6Checks()) }

// tapNothing writes the test point that fails where nothing was fetched.
func tapNothing(out *strings.Builder, about *Subject, number int) {
	if about.Nothing() {
		fmt.Fprintf(out, "not ok %d - %s\n", number, phrase.NothingFetched)
	}
}

// tapText escapes what would begin a directive.
func tapText(s string) string {
	return strings.NewReplacer(`\`, `\\`, `#`, `\#`).Replace(phrase.Clean(s))
}

// quoted writes a text as JSON, which is YAML too. It is for people as well, so < stays <.
func quoted(s string) string {
	var out strings.Builder
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(s) //nolint:errchkjson // a string, into memory
	return strings.TrimSuffix(out.String(), "\n")
}
