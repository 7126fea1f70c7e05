package report

import (
	"fmt"
	"strings"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/baseline"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/collect"
)

// againstLines are what a text says of the baseline.
func againstLines(s *Source, paint func(int, string) string) []string {
	c := s.against
	if c == nil {
		return nil
	}
	out := []string{"", lineOf("against " + baselineTitle(c)), lineOf("  " + counts(c))}
	judgements := differing(c)
	if len(judgements) > 0 {
		const heading = "  %s%10s%10s%10s%9s  %s"
		out = append(out, paint(faint, fmt.Sprintf(heading, fit("name", nameWidth), "then", "now", "change", "p", "verdict")))
	}
	for _, j := range judgements[:min(len(judgements), maxText)] {
		cells := againstCellsOf(j)
		line := fmt.Sprintf("  %s%10s%10s%10s%9s  %s", fitName(shown(j.Name), nameWidth), cells.then, cells.now, cells.change,
			cells.p, j.Verdict)
		switch {
		case isSlower(j):
			line = paint(red, line)
		case isBetter(j):
			line = paint(green, line)
		}
		out = append(out, line)
		if cells.grown != "" {
			out = append(out, "    "+cells.grown)
		}
	}
	if more := len(judgements) - maxText; more > 0 {
		out = append(out, fmt.Sprintf("  and %s more names", number(more)))
	}
	for _, note := range notes(c) {
		out = append(out, wrapped(note)...)
	}
	return out
}

// lineOf cuts a text to the width of a line.
func lineOf(text string) string {
	if columns(text) > width {
		return strings.TrimRight(fit(text, width), " ")
	}
	return text
}

// wrapped breaks a sentence into lines.
func wrapped(text string) []string {
	lines := []string{" "}
	for word := range strings.FieldsSeq(text) {
		if columns(lines[len(lines)-1])+1+columns(word) > width {
			lines = append(lines, " ")
		}
		lines[len(lines)-1] += " " + word
	}
	return lines
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
	if j.Tested {
		then, now := shift(j)
		row.then, row.now, row.change = short(then), short(now), percent(then, now)
		row.p = probability(j.Corrected)
	}
	if j.Mean {
		row.grown = "these are means; the median is about the same. "
	}
	if g := j.Grown; g != nil {
		row.grown += fmt.Sprintf("%s grew most: %s instead of %s", g.Label(), short(g.Now), short(g.Then))
	}
	if text := failsMore(j); text != "" && row.grown != "" {
		row.grown = strings.TrimRight(row.grown, ". ") + "; " + text
	} else if text != "" {
		row.grown = text
	}
	row.grown = strings.TrimSpace(row.grown)
	return row
}

// medianOf is that of a name if anything ran.
func medianOf(n *baseline.Name) string {
	if n == nil || n.Times[collect.Elapsed].Count == 0 {
		return "–"
	}
	return short(n.Times[collect.Elapsed].P50)
}

// mdAgainst is what Markdown says of the baseline.
func mdAgainst(out *strings.Builder, s *Source) {
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
		case isSlower(j):
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
