package report

import (
	"fmt"
	"math"
	"strings"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/baseline"
)

// against is what a text says of the baseline.
func (l layout) against(s *Subject) []string {
	c := s.against
	if c == nil {
		return nil
	}
	out := append([]string{""}, l.wrapped("against "+baselineTitle(c), 0)...)
	summary := l.wrapped(counts(c), indent)
	if c.MostlyUnjudged() {
		summary = l.painted(red, summary)
	}
	out = append(out, summary...)
	judgements := differing(c)
	more := len(judgements) - maxText
	out = append(out, l.judgements(judgements[:min(len(judgements), maxText)])...)
	if more > 0 {
		out = append(out, fmt.Sprintf("  and %s more names", number(more)))
	}
	for _, note := range notes(c) {
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
		names[i] = shown(j.Name)
	}
	const wide, narrow, p, verdict = 10, 9, 9, 9 // two blanks and up to seven letters
	figures := func(r againstRow, verdict string) string {
		return fmt.Sprintf("%*s%*s%*s%*s  %s", wide, r.then, wide, r.now, wide, r.change, p, r.p, verdict)
	}
	column := nameColumn(l.width-indent-3*wide-p-verdict, names)
	if column == 0 {
		figures = func(r againstRow, verdict string) string {
			return fmt.Sprintf("%*s%*s%*s  %s", narrow, r.then, narrow, r.now, narrow, r.change, verdict)
		}
	}
	heading := figures(againstRow{then: "then", now: "now", change: "change", p: "p"}, "verdict")
	out := l.painted(faint, l.row("name", column, heading))
	for i, j := range judgements {
		cells := againstCellsOf(j)
		lines := l.row(names[i], column, figures(cells, string(j.Verdict)))
		switch {
		case isWorse(j):
			lines = l.painted(red, lines)
		case isBetter(j):
			lines = l.painted(green, lines)
		}
		out = append(out, lines...)
		if cells.grown != "" {
			out = append(out, l.wrapped(cells.grown, 2*indent)...)
		}
	}
	return out
}

// below puts lines under a text that ends with a line.
func below(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	return strings.Join(append(lines, ""), "\n")
}

// differing are the names of which there is something to say.
func differing(c *baseline.Comparison) []*baseline.Judgement {
	sorted := sortedJudgements(c)
	return sorted[:len(sorted)-c.Count(baseline.TooFew)-c.Count(baseline.Same)] // which come last
}

// againstRow is what a table says of a name.
type againstRow struct{ then, now, change, p, grown string }

func againstCellsOf(j *baseline.Judgement) againstRow {
	row := againstRow{then: medianOf(j.Then), now: medianOf(j.Now)}
	var notes []string
	switch {
	case j.Verdict == baseline.Failing || j.Verdict == baseline.Healed:
		row.then, row.now = sharePercent(j.Then), sharePercent(j.Now)
		row.p = probability(j.Failures.Corrected)
		notes = append(notes, failedNow(j))
	case j.Verdict == baseline.Grew || j.Verdict == baseline.Shrank:
		then, now := sizeShift(j)
		row.then, row.now, row.change = size(inBytes(then)), size(inBytes(now)), percent(then, now)
		row.p = probability(j.Sizes.Corrected)
		if j.Sizes.Mean {
			notes = append(notes, "these are means; the median is about the same")
		}
	case j.Tested:
		then, now := shift(j)
		row.then, row.now, row.change = short(then), short(now), percent(then, now)
		row.p = probability(j.Corrected)
		if j.Mean {
			notes = append(notes, "these are means; the median is about the same")
		}
	}
	if g := j.Grown; g != nil {
		notes = append(notes, fmt.Sprintf("%s grew most: %s instead of %s", g.Label(), short(g.Now), short(g.Then)))
	}
	if text := failsMore(j); text != "" && j.Verdict != baseline.Failing {
		notes = append(notes, text)
	}
	if text := sizeNow(j); text != "" && j.Verdict != j.Sizes.Verdict {
		notes = append(notes, text)
	}
	row.grown = strings.Join(notes, "; ")
	return row
}

// sharePercent is what share of a name failed, in words.
func sharePercent(n *baseline.Name) string {
	const whole = 100
	share := failedShare(n) * whole
	if share == math.Trunc(share) || share >= 99.95 { //nolint:mnd // 100.0
		return fmt.Sprintf("%.0f %%", math.Floor(share))
	}
	return fmt.Sprintf("%.1f %%", share)
}

// medianOf is that of a name if anything ran.
func medianOf(n *baseline.Name) string {
	if n == nil || n.Times[aggregate.Elapsed].Count == 0 {
		return "–"
	}
	return short(n.Times[aggregate.Elapsed].P50)
}

// mdAgainst is what Markdown says of the baseline.
func mdAgainst(out *strings.Builder, s *Subject) {
	c := s.against
	if c == nil {
		return
	}
	fmt.Fprintf(out, "\n### Against the baseline\n\n%s: **%s**\n", mdText(baselineTitle(c)), counts(c))
	judgements := differing(c)
	if len(judgements) > 0 {
		out.WriteString("\n| verdict | name | then | now | change | p | |\n|---|---|--:|--:|--:|--:|---|\n")
	}
	for _, j := range judgements[:min(len(judgements), maxMarkdown)] {
		cells, mark := againstCellsOf(j), ""
		switch {
		case isWorse(j):
			mark = "❌ "
		case isBetter(j):
			mark = "✅ "
		}
		fmt.Fprintf(out, "| %s%s | %s | %s | %s | %s | %s | %s |\n", mark, j.Verdict, mdCode(j.Name), mdText(cells.then),
			mdText(cells.now), cells.change, mdText(cells.p), mdText(cells.grown))
	}
	if more := len(judgements) - maxMarkdown; more > 0 {
		fmt.Fprintf(out, "\nand %s more names\n", number(more))
	}
	for _, note := range notes(c) {
		fmt.Fprintf(out, "\n%s\n", note)
	}
}
