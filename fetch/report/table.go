package report

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/collect"
)

// Columns of the table of names: 80 together.
const (
	nameWidth  = 27
	tableBar   = 8
	maxText    = 50 // names in a text that is to be read
	maxReasons = 10
)

// writeText writes a run or a comparison with its bars, and what was collected as a table of names.
func writeText(s *Source, opts Options) (string, error) {
	paint := painter(opts.Colors)
	switch {
	case len(s.Runs) == 1:
		return Run(s.Runs[0].Mode, s.Runs[0].Run) + below(againstLines(s, paint)), nil
	case len(s.Runs) > 1:
		return Comparison(s.Runs[0].Run, s.Runs[1].Run) + below(againstLines(s, paint)), nil
	}
	out := summaryLines(s, paint)
	if text := faster(s); text != "" {
		out = append(out, text)
	}
	out = append(out, "")
	out = append(out, table(s, paint)...)
	out = append(out, budgetLines(s.Budgets, paint)...)
	out = append(out, reasons(s)...)
	out = append(out, againstLines(s, paint)...)
	return strings.Join(append(out, ""), "\n"), nil
}

// painter returns what puts a colour around a text, or leaves it as it is.
func painter(colors bool) func(code int, s string) string {
	return func(code int, s string) string {
		if !colors {
			return s
		}
		return fmt.Sprintf("\x1b[%dm%s\x1b[0m", code, s)
	}
}

// Colours, as terminals number them.
const (
	red   = 31
	green = 32
	faint = 2
)

func summaryLines(s *Source, paint func(int, string) string) []string {
	text := thresholdVerdict(s) + outcome(s)
	if s.Count > 0 {
		text += " in " + short(s.spent())
	}
	text += complaints(s)
	color := green
	if !s.passed() {
		color = red
	}
	lines := wrapped(text, "")
	for i := range lines {
		lines[i] = paint(color, lines[i])
	}
	return lines
}

// table is a line for each name: those that failed first, then the slow ones.
func table(s *Source, paint func(int, string) string) []string {
	if len(s.Names) == 0 {
		return nil
	}
	heading := fmt.Sprintf("  %s%8s%8s%9s%9s%9s", fit("name", nameWidth), "count", "failed", "p50", "p95", "max")
	out := []string{paint(faint, heading)}
	names := byFailure(s.Names)
	var longest time.Duration
	for _, n := range names {
		longest = max(longest, p95(n))
	}
	for _, n := range names[:min(len(names), maxText)] {
		elapsed := &n.Times[collect.Elapsed]
		failed := fmt.Sprintf("%8s", number(n.Failed))
		if n.Failed > 0 {
			failed = paint(red, failed)
		}
		line := fmt.Sprintf("  %s%8s%s%9s%9s%9s", fitName(clean(n.Name), nameWidth), number(n.Count), failed,
			short(elapsed.Percentile(median)), short(p95(n)), short(elapsed.Max()))
		if elapsed.Count() > 0 && longest > 0 {
			share := float64(p95(n)) / float64(longest)
			line += " " + strings.Repeat("*", max(1, int(math.Round(share*(tableBar-1)))))
		}
		out = append(out, line)
	}
	if more := len(names) - maxText; more > 0 {
		out = append(out, fmt.Sprintf("  and %s more names", number(more)))
	}
	return out
}

// fitName makes a name exactly n columns wide. What is left out of a long one is in its middle: URLs differ at their
// ends.
func fitName(s string, n int) string {
	if columns(s) <= n {
		return fit(s, n)
	}
	end, letters := "", []rune(s)
	for i := len(letters) - 1; columns(end)+runeColumns(letters[i]) <= n/2; i-- {
		end = string(letters[i]) + end
	}
	return fit(s, n-columns(end)) + end
}

// reasons are the most frequent reasons of failure.
func reasons(s *Source) []string {
	if len(s.Failures) == 0 {
		return nil
	}
	out := []string{"", "what failed"}
	for i := range s.Failures[:min(len(s.Failures), maxReasons)] {
		f := &s.Failures[i]
		line := fmt.Sprintf("  %6s × %s: %s", number(f.Count), reason(f.Cause), clean(f.Names[0].Name))
		if more := len(f.Names) - 1; more > 0 {
			line += fmt.Sprintf(" and %d more", more)
		}
		if columns(line) > width {
			line = strings.TrimRight(fit(line, width), " ")
		}
		out = append(out, line)
	}
	if more := len(s.Failures) - maxReasons; more > 0 {
		out = append(out, fmt.Sprintf("  and %s more reasons", number(more)))
	}
	return out
}
