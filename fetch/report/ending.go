package report

import (
	"strings"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/baseline"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/phrase"
)

// Ending is the text that follows the lines of single results: what became of all, of the budgets, and of the names
// next to those of a baseline. With reasons, it says why URLs failed.
func Ending(s *Subject, opts Options, reasons bool) string {
	l := layoutOf(opts)
	s = opts.compared(s)
	out := l.summary(s)
	if text := phrase.Faster(s); text != "" {
		out = append(out, l.wrapped(text, 0)...)
	}
	out = append(out, l.checks(s.Expected, s.Budgets)...)
	if reasons {
		out = append(out, l.reasons(s)...)
	}
	return below(append(out, l.against(s)...))
}

// Difference is what a text says of two reports that were compared.
func Difference(c *baseline.Comparison, opts Options) string {
	l := layoutOf(opts)
	verdict, color := "Nothing got slower or fails more often", green
	if c.MostlyUnjudged() {
		color = red
	}
	if worse := phrase.GotWorse(c); worse != "" {
		verdict, color = strings.ToUpper(worse[:1])+worse[1:], red
	}
	out := l.painted(color, l.wrapped(verdict, 0))
	return below(append(out, l.against(&Subject{Against: c})...))
}
