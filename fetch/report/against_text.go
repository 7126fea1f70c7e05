package report

import (
	"fmt"
	"math"
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
	out := []string{"", lineOf("against " + baselineTitle(c))}
	out = append(out, wrapped(counts(c), "  ")...)
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
		case isWorse(j):
			line = paint(red, line)
		case isBetter(j):
			line = paint(green, line)
		}
		out = append(out, line)
		if cells.grown != "" {
			out = append(out, wrapped(cells.grown, "    ")...)
		}
	}
	if more := len(judgements) - maxText; more > 0 {
		out = append(out, fmt.Sprintf("  and %s more names", number(more)))
	}
	for _, note := range notes(c) {
		out = append(out, wrapped(note, "  ")...)
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

// wrapped breaks a sentence into lines, each indented.
func wrapped(text, indent string) []string {
	var lines []string
	line := indent
	for word := range strings.FieldsSeq(text) {
		switch {
		case line == indent:
			line += word
		case columns(line)+1+columns(word) > width:
			lines, line = append(lines, line), indent+word
		default:
			line += " " + word
		}
	}
	return append(lines, line)
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
