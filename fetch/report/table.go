package report

import (
	"fmt"
	"strings"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
)

const (
	tableBar   = 7  // columns of a bar in the table of names, at least
	widestBar  = 30 // and at most
	maxText    = 50 // names in a text that is to be read
	maxReasons = 10
)

// writeText writes a run or a comparison with its bars, and what was collected as a table of names.
func writeText(s *Subject, opts Options) (string, error) {
	l := layoutOf(opts)
	switch {
	case len(s.Runs) == 1:
		return l.run(s.Runs[0].Mode, s.Runs[0].Run) + below(l.against(s)), nil
	case len(s.Runs) > 1:
		return l.comparison(s.Runs[0].Run, s.Runs[1].Run) + below(l.against(s)), nil
	}
	out := l.summary(s)
	if text := faster(s); text != "" {
		out = append(out, l.wrapped(text, 0)...)
	}
	out = append(out, "")
	out = append(out, l.table(s)...)
	out = append(out, l.budgets(s.Budgets)...)
	out = append(out, l.reasons(s)...)
	out = append(out, l.against(s)...)
	return strings.Join(append(out, ""), "\n"), nil
}

func (l layout) summary(s *Subject) []string {
	text := thresholdVerdict(s) + outcome(s)
	if s.Count > 0 {
		text += " in " + short(s.spent())
	}
	text += complaints(s)
	if s.passed() {
		return l.painted(green, l.wrapped(text, 0))
	}
	return l.painted(red, l.wrapped(text, 0))
}

// tableFigures are the columns of a table of names behind the name.
type tableFigures struct {
	count, failed, time int
	name, bar           int
}

// figures divide the columns of the table: a narrow one has no bars, and a very narrow one has each name on a line of
// its own.
func (l layout) figures(names []string) tableFigures {
	const wide, narrow, time, short = 8, 7, 9, 8
	f := tableFigures{count: wide, failed: wide, time: time}
	left := l.width - indent - f.width()
	if f.name = nameColumn(left-tableBar-1, names); f.name > 0 {
		f.bar = min(left-f.name-1, widestBar)
		return f
	}
	if f.name = nameColumn(left, names); f.name > 0 {
		return f
	}
	return tableFigures{count: narrow, failed: narrow, time: short}
}

func (f tableFigures) width() int { return f.count + f.failed + 3*f.time } //nolint:mnd // p50, p95 and max

// table is a line for each name: those that failed first, then the slow ones.
func (l layout) table(s *Subject) []string {
	if len(s.Names) == 0 {
		return nil
	}
	names := byFailure(s.Names)
	more := len(names) - maxText
	names = names[:min(len(names), maxText)]
	shownNames := make([]string, len(names))
	bars := scale{}
	for i, n := range names {
		shownNames[i] = shown(n.Name)
		bars.longest = max(bars.longest, p95(n))
	}
	f := l.figures(shownNames)
	bars.width = f.bar
	out := make([]string, 0, len(names)+1)
	for _, line := range l.row("name", f.name, fmt.Sprintf("%*s%*s%*s%*s%*s",
		f.count, "count", f.failed, "failed", f.time, "p50", f.time, "p95", f.time, "max")) {
		out = append(out, l.paint(faint, line))
	}
	for i, n := range names {
		out = append(out, l.row(shownNames[i], f.name, l.figuresOf(n, f, bars))...)
	}
	if more > 0 {
		out = append(out, fmt.Sprintf("  and %s more names", number(more)))
	}
	return out
}

func (l layout) figuresOf(n *aggregate.Name, f tableFigures, bars scale) string {
	elapsed := &n.Times[aggregate.Elapsed]
	failed := fmt.Sprintf("%*s", f.failed, number(n.Failed))
	if n.Failed > 0 {
		failed = l.paint(red, failed)
	}
	text := fmt.Sprintf("%*s%s%*s%*s%*s", f.count, number(n.Count), failed,
		f.time, short(elapsed.Percentile(median)), f.time, short(p95(n)), f.time, short(elapsed.Max()))
	if elapsed.Count() > 0 && bars.longest > 0 && bars.width > 0 {
		text += " " + bars.bar(p95(n))
	}
	return text
}

// reasons are the most frequent reasons of failure.
func (l layout) reasons(s *Subject) []string {
	if len(s.Failures) == 0 {
		return nil
	}
	out := []string{"", "what failed"}
	for i := range s.Failures[:min(len(s.Failures), maxReasons)] {
		f := &s.Failures[i]
		more := ""
		if n := len(f.Names) - 1; n > 0 {
			more = fmt.Sprintf("and %s more", number(n))
		}
		first := fmt.Sprintf("  %6s × ", number(f.Count))
		out = append(out, l.listed(first, reason(f.Cause), []string{shown(f.Names[0].Name)}, more)...)
	}
	if more := len(s.Failures) - maxReasons; more > 0 {
		out = append(out, fmt.Sprintf("  and %s more reasons", number(more)))
	}
	return out
}
