package report

import (
	"fmt"
	"strings"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
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

// tapText escapes what would begin a directive.
func tapText(s string) string { return strings.NewReplacer(`\`, `\\`, `#`, `\#`).Replace(clean(s)) }
