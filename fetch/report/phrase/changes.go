package phrase

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/baseline"
)

// AgainstRow is what a table says of a name.
type AgainstRow struct{ Then, Now, Change, P, Grown string }

// AgainstCellsOf returns what a table says of a name next to the baseline.
func AgainstCellsOf(j *baseline.Judgement) AgainstRow {
	row := AgainstRow{Then: medianOf(j.Then), Now: medianOf(j.Now)}
	var notes []string
	switch {
	case j.Verdict == baseline.Failing || j.Verdict == baseline.Healed:
		row.Then, row.Now = sharePercent(j.Then), sharePercent(j.Now)
		row.P = probability(j.Failures.Corrected)
		notes = append(notes, FailedNow(j))
	case j.Verdict == baseline.Grew || j.Verdict == baseline.Shrank:
		then, now := sizeShift(j)
		row.Then, row.Now, row.Change = Size(InBytes(then)), Size(InBytes(now)), Percent(then, now)
		row.P = probability(j.Sizes.Corrected)
		if j.Sizes.Mean {
			notes = append(notes, "these are means; the median is about the same")
		}
	case j.Tested:
		then, now := shift(j)
		row.Then, row.Now, row.Change = Short(then), Short(now), Percent(then, now)
		row.P = probability(j.Corrected)
		if j.Mean {
			notes = append(notes, "these are means; the median is about the same")
		}
	}
	if g := j.Grown; g != nil {
		notes = append(notes, fmt.Sprintf("%s grew most: %s instead of %s", g.Label(), Short(g.Now), Short(g.Then)))
	}
	if text := FailsMore(j); text != "" && j.Verdict != baseline.Failing {
		notes = append(notes, text)
	}
	if text := sizeNow(j); text != "" && j.Verdict != j.Sizes.Verdict {
		notes = append(notes, text)
	}
	row.Grown = strings.Join(notes, "; ")
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
	return Short(n.Times[aggregate.Elapsed].P50)
}

// FailsMore says how many failed of a name that fails more than it did; empty for others.
func FailsMore(j *baseline.Judgement) string {
	if !j.FailsMore() {
		return ""
	}
	return FailedNow(j)
}

// FailedNow says how many failed, and how many did then.
func FailedNow(j *baseline.Judgement) string {
	return fmt.Sprintf("%s of %s failed, instead of %s of %s", Number(j.Now.Failed), Number(j.Now.Count-j.Now.NotRun),
		Number(j.Then.Failed), Number(j.Then.Count-j.Then.NotRun))
}

// sizeNow says how large answers are, and how large they were, of a name whose answers are not as large as they were;
// empty for others.
func sizeNow(j *baseline.Judgement) string {
	s := j.Sizes
	if s == nil || s.Verdict == baseline.Same {
		return ""
	}
	then, now := sizeShift(j)
	return fmt.Sprintf("%s in size: %s instead of %s", s.Verdict, Size(InBytes(now)), Size(InBytes(then)))
}

// gotWorse is what follows a verdict where names got worse.
func gotWorse(s *Subject) string {
	if s.Against == nil {
		return ""
	}
	text := GotWorse(s.Against)
	switch {
	case text == "":
		return ""
	case s.answered() && s.BrokenBudgets() == 0:
		return ", but " + text
	default:
		return ", and " + text
	}
}

// GotWorse says how many names got slower and how many fail more often than in the baseline, and whether most of them
// could not be compared. It is empty if there is nothing to say.
func GotWorse(c *baseline.Comparison) string {
	var all []string
	if n := c.Count(baseline.Slower); n > 0 {
		all = append(all, Plural(n, "name")+" got slower")
	}
	switch n := c.Count(baseline.Failing); n {
	case 0:
	case 1:
		all = append(all, "1 name fails more often")
	default:
		all = append(all, Plural(n, "name")+" fail more often")
	}
	if text := Unjudged(c); text != "" {
		all = append(all, text+" with the baseline")
	}
	return strings.Join(all, ", and ")
}

// Unjudged says how many names nothing can be said of, if those are most of them.
func Unjudged(c *baseline.Comparison) string {
	n, of := c.Unjudged()
	switch {
	case !c.MostlyUnjudged():
		return ""
	case of == 1:
		return "the only name could not be compared"
	case n == of:
		return fmt.Sprintf("none of %s names could be compared", Number(of))
	default:
		return fmt.Sprintf("%s of %s names could not be compared", Number(n), Number(of))
	}
}

// measure is what shift is called.
func measure(j *baseline.Judgement) string {
	if j.Mean {
		return "mean"
	}
	return "p50"
}

// Percent shows a change.
func Percent(then, now time.Duration) string {
	const whole, one, most = 100, 9.95, 1e9
	change := baseline.Change(then, now) * whole
	switch sign := "+"; {
	case math.IsInf(change, 0):
		return "from 0"
	case math.Abs(change) < 0.05: //nolint:mnd // rounds to nothing
		return "0 %"
	default:
		if change < 0 {
			sign = "−"
		}
		if change = math.Abs(change); change < one {
			return fmt.Sprintf("%s%.1f %%", sign, change)
		}
		return sign + Number(int64(math.Round(min(change, most)))) + " %"
	}
}

// probability shows the P of a test.
func probability(p float64) string {
	if p < 0.0001 { //nolint:mnd // nobody asks how much less
		return "<0.0001"
	}
	const digits = 2
	return strconv.FormatFloat(p, 'g', digits, 64)
}

// WorseText says in a line what got slower or fails more, and why that is no chance.
func WorseText(j *baseline.Judgement) string {
	if j.Verdict == baseline.Failing {
		return fmt.Sprintf("fails more often than in the baseline: %s, %s", FailedNow(j), probably(j.Failures.Corrected))
	}
	then, now := shift(j)
	const whole = 100
	const format = "slower than in the baseline: %s %s instead of %s (%s), slower in %.0f %% of all pairs of results, %s"
	text := fmt.Sprintf(format,
		measure(j), Short(now), Short(then), Percent(then, now), j.Superiority*whole, probably(j.Corrected))
	if g := j.Grown; g != nil {
		text += fmt.Sprintf("; what grew most is %s: %s instead of %s", g.Label(), Short(g.Now), Short(g.Then))
	}
	if size := sizeNow(j); size != "" {
		text += "; " + size
	}
	return text
}

// probably says how probable something is by chance.
func probably(p float64) string {
	if text, less := strings.CutPrefix(probability(p), "<"); less {
		return "p < " + text
	}
	return "p = " + probability(p)
}

// Counts say how many names there are of each verdict, and first of all that little could be compared, if that is so:
// a few that are the same would look like all.
func Counts(c *baseline.Comparison) string {
	if text := Unjudged(c); text != "" {
		return text + ": " + verdictCounts(c)
	}
	return verdictCounts(c)
}

func verdictCounts(c *baseline.Comparison) string {
	var parts []string
	for _, v := range baseline.Verdicts() {
		if n := c.Count(v); n > 0 {
			parts = append(parts, Number(n)+" "+string(v))
		}
	}
	if c.NotCompared > 0 {
		parts = append(parts, Number(c.NotCompared)+" not compared")
	}
	if len(parts) == 0 {
		return "no names to compare"
	}
	return strings.Join(parts, ", ")
}

// BaselineTitle names the baseline and its date.
func BaselineTitle(c *baseline.Comparison) string {
	title := Shown(c.Title)
	if !c.Begun.IsZero() {
		title += ", " + c.Begun.UTC().Format("2 January 2006, 15:04 UTC")
	}
	return title
}

// Meaning is for the page, which has no line with all counts: that little could be compared, if that is so, and what
// the verdicts mean, if anything was tested.
func Meaning(c *baseline.Comparison) []string {
	times, shares, sizes := 0, 0, 0
	for i := range c.Names {
		j := &c.Names[i]
		times, shares, sizes = times+counted(j.Tested), shares+counted(j.Failures != nil), sizes+counted(j.Sizes != nil)
	}
	const whole = 100
	significance, tolerance := Decimal(c.Significance), Decimal(c.Tolerance*whole)
	var all []string
	if times > 0 {
		all = append(all, fmt.Sprintf("p is how probable such a difference is by chance alone: that of a Mann-Whitney U "+
			"test, corrected for %s. Slower and faster are those with a p of at most %s whose median or mean changed by %s %% "+
			"or more.", Plural(times+shares, "test"), significance, tolerance))
	}
	if shares > 0 {
		all = append(all, fmt.Sprintf("Failing and healed are those whose share of failures differs by Fisher's exact "+
			"test, with a p of at most %s, and by %s %% or more of what it was. Their times are not compared.",
			significance, tolerance))
	}
	if sizes > 0 {
		all = append(all, "Grew and shrank are about the bytes of answers. They are tested as times are, apart from all "+
			"else, and fail nothing.")
	}
	return all
}

// Notes say what else is to know of the comparison.
func Notes(c *baseline.Comparison) []string {
	var all []string
	if c.Count(baseline.TooFew) > 0 {
		all = append(all, fmt.Sprintf("Too few: %s of each name, in both reports, would do for all of them.",
			Plural(c.Enough, "result")))
	}
	if c.NotCompared > 0 {
		all = append(all, Plural(c.NotCompared, "name")+" not compared: names that stand for several, "+
			"or may be among the results of one that does.")
	}
	return all
}
