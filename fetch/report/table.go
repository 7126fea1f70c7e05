package report

import (
	"fmt"
	"strings"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/phrase"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/baseline"
)

const (
	tableBar   = 7  // columns of a bar in the table of names, at least
	widestBar  = 30 // and at most
	maxText    = 50 // names in a text that is to be read
	maxReasons = 10
)

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
	names := phrase.ByFailure(s.Names)
	more := len(names) - maxText
	names = names[:min(len(names), maxText)]
	shownNames := make([]string, len(names))
	bars := scale{}
	for i, n := range names {
		shownNames[i] = phrase.Shown(n.Name)
		bars.longest = max(bars.longest, phrase.P95(n))
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
	return andMore(out, more, "name")
}

func (l layout) figuresOf(n *aggregate.Name, f tableFigures, bars scale) string {
	elapsed := &n.Times[aggregate.Elapsed]
	failed := fmt.Sprintf("%*s", f.failed, phrase.Number(n.Failed))
	if n.Failed > 0 {
		failed = l.paint(red, failed)
	}
	text := fmt.Sprintf("%*s%s%*s%*s%*s", f.count, phrase.Number(n.Count), failed,
		f.time, phrase.Short(elapsed.Percentile(phrase.Median)), f.time, phrase.Short(phrase.P95(n)), f.time,
		phrase.Short(elapsed.Max()))
	if elapsed.Count() > 0 && bars.longest > 0 && bars.width > 0 {
		text += " " + bars.bar(phrase.P95(n))
	}
	return text
}

// andMore adds a line that says how many more there are, if any, of what is called one.
func andMore(lines []string, more int, one string) []string {
	if more <= 0 {
		return lines
	}
	return append(lines, "  and "+phrase.Plural(more, "more "+one))
}

// checks are the lines of a text about what is expected and about budgets.
func (l layout) checks(expected, budgets []aggregate.Budget) []string {
	return append(l.budgets("expected", "check", expected), l.budgets("budgets", "budget", budgets)...)
}

// budgets are the lines of a text about checks, a mark at the beginning of each.
func (l layout) budgets(title, one string, budgets []aggregate.Budget) []string {
	if len(budgets) == 0 {
		return nil
	}
	out := []string{"", title}
	for i := range budgets[:min(len(budgets), maxText)] {
		b := &budgets[i]
		mark, color := "✓", green
		if b.Broken > 0 {
			mark, color = "✗", red
		}
		names, others := phrase.Breakers(b, phrase.MaxBreakers, phrase.Shown)
		more := ""
		if others {
			more = "and others"
		}
		lines := l.listed("  "+mark+" ", b.Check.Name+": "+phrase.BudgetOutcome(b), names, more)
		lines[0] = strings.Replace(lines[0], mark, l.paint(color, mark), 1)
		out = append(out, lines...)
	}
	return andMore(out, len(budgets)-maxText, one)
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
			more = fmt.Sprintf("and %s more", phrase.Number(n))
		}
		first := fmt.Sprintf("  %6s × ", phrase.Number(f.Count))
		out = append(out, l.listed(first, phrase.Reason(f.Cause), []string{phrase.Shown(f.Names[0].Name)}, more)...)
	}
	return andMore(out, len(s.Failures)-maxReasons, "reason")
}

// against is what a text says of the baseline.
func (l layout) against(s *Subject) []string {
	c := s.Against
	if c == nil {
		return nil
	}
	out := append([]string{""}, l.wrapped("against "+phrase.BaselineTitle(c), 0)...)
	summary := l.wrapped(phrase.Counts(c), indent)
	if c.MostlyUnjudged() {
		summary = l.painted(red, summary)
	}
	out = append(out, summary...)
	judgements := phrase.Differing(c)
	more := len(judgements) - maxText
	out = append(out, l.judgements(judgements[:min(len(judgements), maxText)])...)
	out = andMore(out, more, "name")
	for _, note := range phrase.Notes(c) {
		out = append(out, l.wrapped(note, indent)...)
	}
	return out
}

// judgements is a table of names next to those of the baseline. A narrow one is without p.
func (l layout) judgements(judgements []*baseline.Judgement) []string {
	if len(judgements) == 0 {
		return nil
	}
	names := make([]string, len(judgements))
	for i, j := range judgements {
		names[i] = phrase.Shown(j.Name)
	}
	const wide, narrow, p, verdict = 10, 9, 9, 9 // two blanks and up to seven letters
	figures := func(r phrase.AgainstRow, verdict string) string {
		return fmt.Sprintf("%*s%*s%*s%*s  %s", wide, r.Then, wide, r.Now, wide, r.Change, p, r.P, verdict)
	}
	column := nameColumn(l.width-indent-3*wide-p-verdict, names)
	if column == 0 {
		figures = func(r phrase.AgainstRow, verdict string) string {
			return fmt.Sprintf("%*s%*s%*s  %s", narrow, r.Then, narrow, r.Now, narrow, r.Change, verdict)
		}
	}
	heading := figures(phrase.AgainstRow{Then: "then", Now: "now", Change: "change", P: "p"}, "verdict")
	out := l.painted(faint, l.row("name", column, heading))
	for i, j := range judgements {
		cells := phrase.AgainstCellsOf(j)
		lines := l.row(names[i], column, figures(cells, string(j.Verdict)))
		switch {
		case phrase.IsWorse(j):
			lines = l.painted(red, lines)
		case phrase.IsBetter(j):
			lines = l.painted(green, lines)
		}
		out = append(out, lines...)
		if cells.Grown != "" {
			out = append(out, l.wrapped(cells.Grown, 2*indent)...)
		}
	}
	return out
}
