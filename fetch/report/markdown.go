package report

import (
	"fmt"
	"strings"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/phrase"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
)

// maxMarkdown is how many names a step summary shows: it is to be read, and services cut it at a megabyte.
const maxMarkdown = 100

// writeMarkdown writes what a pull request's step summary shows.
func writeMarkdown(s *Subject, opts Options) (string, error) {
	var out strings.Builder
	fmt.Fprintf(&out, "## %s\n\n%s **%s**", mdText(opts.Title), mdMark(s.Passed()), phrase.Headline(s))
	if s.Count > 0 {
		fmt.Fprintf(&out, " in %s", phrase.Short(s.Spent()))
	}
	if text, ok := strings.CutPrefix(phrase.Complaints(s), ", "); ok {
		fmt.Fprintf(&out, ", **%s**", text)
	}
	if text := phrase.Faster(s); text != "" {
		fmt.Fprintf(&out, "; %s", mdSentence(text))
	}
	out.WriteString("\n")
	mdK6(&out, s)
	mdExpected(&out, s)
	mdBudgets(&out, s)
	mdPages(&out, s)
	mdRuns(&out, s)
	mdAgainst(&out, s)
	mdNames(&out, s)
	mdFailures(&out, s)
	return out.String(), nil
}

// mdK6 writes a table of thresholds and one of checks.
func mdK6(out *strings.Builder, s *Subject) {
	if thresholds := s.K6Thresholds(); len(thresholds) > 0 {
		out.WriteString("\n### Thresholds\n\n| | metric | threshold | value |\n|---|---|---|--:|\n")
		for _, t := range thresholds[:min(len(thresholds), maxMarkdown)] {
			fmt.Fprintf(out, "| %s | %s | %s | %s |\n", mdMark(t.Ok), mdCode(t.Metric), mdCode(t.Expression), mdText(t.Value))
		}
		mdMore(out, len(thresholds), "threshold")
	}
	if checks := s.K6Checks(); len(checks) > 0 {
		out.WriteString("\n### Checks\n\n| | check | passed | failed |\n|---|---|--:|--:|\n")
		for _, c := range checks[:min(len(checks), maxMarkdown)] {
			fmt.Fprintf(out, "| %s | %s | %s | %s |\n", mdMark(c.Ok()), mdText(c.Path()),
				phrase.Number(c.Passes), phrase.Number(c.Fails))
		}
		mdMore(out, len(checks), "check")
	}
}

func mdExpected(out *strings.Builder, s *Subject) {
	mdChecks(out, "### Expected\n\n| | check | met | not met | not answered | not met by |", s.Expected, "check",
		func(b *aggregate.Budget) string { return phrase.Number(b.Unanswered) })
}

func mdBudgets(out *strings.Builder, s *Subject) {
	mdChecks(out, "### Budgets\n\n| | check | passed | broken | worst | broken by |", s.Budgets, "budget", phrase.Worst)
}

// mdChecks writes a table of checks below its title and its header. Each is called one, and the last figure is that of
// a function.
func mdChecks(
	out *strings.Builder, title string, checks []aggregate.Budget, one string, last func(*aggregate.Budget) string,
) {
	if len(checks) == 0 {
		return
	}
	out.WriteString("\n" + title + "\n|---|---|--:|--:|--:|---|\n")
	for i := range checks[:min(len(checks), maxMarkdown)] {
		b := &checks[i]
		names, others := phrase.Breakers(b, phrase.MaxBreakers, mdCode)
		if others {
			names = append(names, "others")
		}
		fmt.Fprintf(out, "| %s | %s | %s | %s | %s | %s |\n", mdMark(b.Broken == 0), mdText(b.Check.Name),
			phrase.Number(b.Passed), phrase.Number(b.Broken), last(b), strings.Join(names, ", "))
	}
	mdMore(out, len(checks), one)
}

func mdRuns(out *strings.Builder, s *Subject) {
	if len(s.Modes) == 0 {
		return
	}
	out.WriteString("\n| mode | runs | URLs | failed | not run | requests | bytes | time | speed-up |\n" +
		"|---|--:|--:|--:|--:|--:|--:|--:|--:|\n")
	for i := range s.Modes {
		m := &s.Modes[i]
		fmt.Fprintf(out, "| %s | %s | %s | %s | %s | %s | %s | %s | %s× |\n",
			mdText(m.Mode), phrase.Number(m.Runs), phrase.Number(m.Count), phrase.Number(m.Failed), phrase.Number(m.NotRun),
			phrase.Number(m.Requests), phrase.Size(m.Bytes), phrase.Short(m.Elapsed), phrase.Times(m.Speedup()))
	}
}

// mdPages writes a table of pages, and one of what they needed by type.
func mdPages(out *strings.Builder, s *Subject) {
	if len(s.Pages) == 0 {
		return
	}
	out.WriteString("\n### Pages\n\n| page | visits | not whole | document p50 | blocking p50 | blocking p95 | " +
		"load p50 | load p95 | load max |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|\n")
	for _, p := range s.Pages[:min(len(s.Pages), maxMarkdown)] {
		at := func(m aggregate.Moment, percentile float64) string {
			return phrase.Short(p.Times[m].Percentile(percentile))
		}
		fmt.Fprintf(out, "| %s | %s | %s | %s | %s | %s | %s | %s | %s |\n",
			mdCode(p.Name), phrase.Number(p.Visits), phrase.Number(p.Visits-p.Whole),
			at(aggregate.Document, phrase.Median), at(aggregate.Blocking, phrase.Median),
			at(aggregate.Blocking, phrase.NearlyAll), at(aggregate.Load, phrase.Median),
			at(aggregate.Load, phrase.NearlyAll), phrase.Short(p.Times[aggregate.Load].Max()))
	}
	mdMore(out, len(s.Pages), "page")
	out.WriteString("\n| type | count | failed | from cache | requests | bytes |\n|---|--:|--:|--:|--:|--:|\n")
	for i := range s.Types {
		t := &s.Types[i]
		fmt.Fprintf(out, "| %s | %s | %s | %s | %s | %s |\n", t.Type, phrase.Number(t.Count), phrase.Number(t.Failed),
			phrase.Number(t.Hits), phrase.Number(t.Requests), phrase.Size(t.Bytes))
	}
}

// mdAgainst is what Markdown says of the baseline.
func mdAgainst(out *strings.Builder, s *Subject) {
	c := s.Against
	if c == nil {
		return
	}
	fmt.Fprintf(out, "\n### Against the baseline\n\n%s: **%s**\n", mdText(phrase.BaselineTitle(c)), phrase.Counts(c))
	judgements := phrase.Differing(c)
	if len(judgements) > 0 {
		out.WriteString("\n| verdict | name | then | now | change | p | |\n|---|---|--:|--:|--:|--:|---|\n")
	}
	for _, j := range judgements[:min(len(judgements), maxMarkdown)] {
		cells, mark := phrase.AgainstCellsOf(j), ""
		switch {
		case phrase.IsWorse(j):
			mark = mdMark(false) + " "
		case phrase.IsBetter(j):
			mark = mdMark(true) + " "
		}
		fmt.Fprintf(out, "| %s%s | %s | %s | %s | %s | %s | %s |\n", mark, j.Verdict, mdCode(j.Name), mdText(cells.Then),
			mdText(cells.Now), cells.Change, mdText(cells.P), mdText(cells.Grown))
	}
	mdMore(out, len(judgements), "name")
	for _, note := range phrase.Notes(c) {
		fmt.Fprintf(out, "\n%s\n", note)
	}
}

func mdNames(out *strings.Builder, s *Subject) {
	if len(s.Names) == 0 {
		return
	}
	out.WriteString("\n| name | count | failed | p50 | p95 | p99 | max |\n|---|--:|--:|--:|--:|--:|--:|\n")
	names := phrase.ByFailure(s.Names)
	for _, n := range names[:min(len(names), maxMarkdown)] {
		elapsed := &n.Times[aggregate.Elapsed]
		fmt.Fprintf(out, "| %s | %s | %s | %s | %s | %s | %s |\n", mdCode(n.Name),
			phrase.Number(n.Count), phrase.Number(n.Failed),
			phrase.Short(elapsed.Percentile(phrase.Median)), phrase.Short(phrase.P95(n)),
			phrase.Short(elapsed.Percentile(phrase.Outliers)), phrase.Short(elapsed.Max()))
	}
	mdMore(out, len(names), "name")
}

func mdFailures(out *strings.Builder, s *Subject) {
	if len(s.Failures) == 0 {
		return
	}
	out.WriteString("\n### What failed\n\n| count | code | reason | names |\n|--:|--:|---|---|\n")
	for i := range s.Failures[:min(len(s.Failures), maxMarkdown)] {
		f := &s.Failures[i]
		var names []string
		for _, n := range f.Names[:min(len(f.Names), 3)] {
			names = append(names, mdCode(n.Name))
		}
		if more := len(f.Names) - len(names); more > 0 {
			names = append(names, fmt.Sprintf("%d more", more))
		}
		fmt.Fprintf(out, "| %s | %d | %s | %s |\n",
			phrase.Number(f.Count), f.Code, mdText(phrase.Reason(f.Cause)), strings.Join(names, ", "))
	}
	mdMore(out, len(s.Failures), "reason")
}

// mdMore says how many of the rows, which are called one, the table before leaves out.
func mdMore(out *strings.Builder, rows int, one string) {
	if more := rows - maxMarkdown; more > 0 {
		fmt.Fprintf(out, "\nand %s\n", phrase.Plural(more, "more "+one))
	}
}

// mdMark is the mark of what passed, or did not.
func mdMark(passed bool) string {
	if passed {
		return "✅"
	}
	return "❌"
}

// mdText escapes everything that means something in Markdown or HTML.
func mdText(s string) string {
	var out strings.Builder
	for _, r := range phrase.Clean(s) {
		switch {
		case r == '<':
			out.WriteString("&lt;")
		case r == '&':
			out.WriteString("&amp;")
		case r == '@': // would mention somebody
			out.WriteString("&#64;")
		case r < 0x80 && strings.ContainsRune("\\`*_{}[]()#+!|>~:$", r):
			out.WriteByte('\\')
			out.WriteRune(r)
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}

// mdSentence is mdText for a sentence with a colon, which means nothing before a space.
func mdSentence(s string) string { return strings.ReplaceAll(mdText(s), `\: `, ": ") }

// maxCode is where a name in a table is cut.
const maxCode = 120

// mdCode shows a text as it is, fit for a table. The fence is longer than any row of backticks in the text.
func mdCode(s string) string {
	runes := []rune(phrase.Clean(s))
	if len(runes) > maxCode {
		runes = append(runes[:maxCode-1], '…')
	}
	s = strings.TrimSpace(string(runes))
	if s == "" {
		return "(no name)"
	}
	fence, longest, row := "`", 0, 0
	for _, r := range s {
		if r == '`' {
			row++
			longest = max(longest, row)
		} else {
			row = 0
		}
	}
	fence = strings.Repeat(fence, longest+1)
	s = strings.ReplaceAll(s, "|", `\|`)
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") {
		s = " " + s + " "
	}
	return fence + s + fence
}
