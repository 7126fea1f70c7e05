package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/baseline"
)

// comparedWith returns the subject with what differs from a baseline.
func (s *Subject) comparedWith(then *baseline.Report, opts baseline.Options) *Subject {
	if opts.Significance == 0 {
		opts = baseline.Defaults()
	}
	against := *s
	against.against = then.Compare(compared(s), opts)
	return &against
}

// judgement is that on a name, nil if there is none.
func (s *Subject) judgement(n *aggregate.Name) *baseline.Judgement {
	if s.against == nil || n.Rest {
		return nil
	}
	return s.against.Of(clean(n.Name))
}

// isWorse reports whether a name is a reason for the test not to pass.
func isWorse(j *baseline.Judgement) bool { return j != nil && j.Verdict.Bad() }

// isBetter reports whether a name is better than it was, and not by failing.
func isBetter(j *baseline.Judgement) bool { return j.Verdict.Good() && !j.FailsMore() }

// failsMore says how many failed of a name that fails more than it did; empty for others.
func failsMore(j *baseline.Judgement) string {
	if !j.FailsMore() {
		return ""
	}
	return failedNow(j)
}

// failedNow says how many failed, and how many did then.
func failedNow(j *baseline.Judgement) string {
	return fmt.Sprintf("%s of %s failed, instead of %s of %s", number(j.Now.Failed), number(j.Now.Count-j.Now.NotRun),
		number(j.Then.Failed), number(j.Then.Count-j.Then.NotRun))
}

// sizeNow says how large answers are, and how large they were, of a name whose answers are not as large as they were;
// empty for others.
func sizeNow(j *baseline.Judgement) string {
	s := j.Sizes
	if s == nil || s.Verdict == baseline.Same {
		return ""
	}
	then, now := sizeShift(j)
	return fmt.Sprintf("%s in size: %s instead of %s", s.Verdict, size(inBytes(now)), size(inBytes(then)))
}

// slower is how many names got slower.
func (s *Subject) slower() int { return s.judged(baseline.Slower) }

// worse is how many names are a reason for the test not to pass.
func (s *Subject) worse() int { return s.judged(baseline.Slower) + s.judged(baseline.Failing) }

// judged is how many names have a verdict.
func (s *Subject) judged(v baseline.Verdict) int {
	if s.against == nil {
		return 0
	}
	return s.against.Count(v)
}

// gotWorse is what there is to add to the outcome: what got slower and what fails more, and that little could be
// compared if that is so.
func gotWorse(s *Subject) string {
	if s.against == nil {
		return ""
	}
	var all []string
	if n := s.slower(); n > 0 {
		all = append(all, plural(n, "name")+" got slower")
	}
	switch n := s.judged(baseline.Failing); n {
	case 0:
	case 1:
		all = append(all, "1 name fails more often")
	default:
		all = append(all, plural(n, "name")+" fail more often")
	}
	if text := unjudged(s.against); text != "" {
		all = append(all, text+" with the baseline")
	}
	if len(all) == 0 {
		return ""
	}
	joint := ", and "
	if s.answered() && s.brokenBudgets() == 0 {
		joint = ", but "
	}
	return joint + strings.Join(all, ", and ")
}

// unjudged says how many names nothing can be said of, if those are most of them.
func unjudged(c *baseline.Comparison) string {
	n, of := c.Unjudged()
	switch {
	case !c.MostlyUnjudged():
		return ""
	case of == 1:
		return "the only name could not be compared"
	case n == of:
		return fmt.Sprintf("none of %s names could be compared", number(of))
	default:
		return fmt.Sprintf("%s of %s names could not be compared", number(n), number(of))
	}
}

// sortedJudgements are those on all names, the worst verdict first, and of the same verdict the largest change.
func sortedJudgements(c *baseline.Comparison) []*baseline.Judgement {
	rank := make(map[baseline.Verdict]int)
	for i, v := range baseline.Verdicts() {
		rank[v] = i
	}
	sorted := make([]*baseline.Judgement, len(c.Names))
	for i := range c.Names {
		sorted[i] = &c.Names[i]
	}
	slices.SortStableFunc(sorted, func(a, b *baseline.Judgement) int {
		return cmp.Or(cmp.Compare(rank[a.Verdict], rank[b.Verdict]), cmp.Compare(magnitude(b), magnitude(a)))
	})
	return sorted
}

// magnitude is by how much a name changed, in the way that its verdict is about.
func magnitude(j *baseline.Judgement) float64 {
	switch j.Verdict {
	case baseline.Failing, baseline.Healed:
		return math.Abs(failedShare(j.Now) - failedShare(j.Then))
	case baseline.Grew, baseline.Shrank:
		return math.Abs(baseline.Change(sizeShift(j)))
	default:
		if !j.Tested {
			return 0
		}
		return math.Abs(baseline.Change(shift(j)))
	}
}

// failedShare is what share of the results that ran failed.
func failedShare(n *baseline.Name) float64 {
	if ran := n.Count - n.NotRun; ran > 0 {
		return float64(n.Failed) / float64(ran)
	}
	return 0
}

// sizeShift is what changed of the sizes of a name: the median, unless that did not.
func sizeShift(j *baseline.Judgement) (then, now time.Duration) {
	if j.Sizes.Mean {
		return j.Then.Sizes.Mean, j.Now.Sizes.Mean
	}
	return j.Then.Sizes.P50, j.Now.Sizes.P50
}

// shift is what changed of a name that is in both reports: the median, unless that did not.
func shift(j *baseline.Judgement) (then, now time.Duration) {
	before, after := &j.Then.Times[aggregate.Elapsed], &j.Now.Times[aggregate.Elapsed]
	if j.Mean {
		return before.Mean, after.Mean
	}
	return before.P50, after.P50
}

// measure is what shift is called.
func measure(j *baseline.Judgement) string {
	if j.Mean {
		return "mean"
	}
	return "p50"
}

// percent shows a change.
func percent(then, now time.Duration) string {
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
		return sign + number(int64(math.Round(min(change, most)))) + " %"
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

// worseText says in a line what got slower or fails more, and why that is no chance.
func worseText(j *baseline.Judgement) string {
	if j.Verdict == baseline.Failing {
		return fmt.Sprintf("fails more often than in the baseline: %s, %s", failedNow(j), probably(j.Failures.Corrected))
	}
	then, now := shift(j)
	const whole = 100
	const format = "slower than in the baseline: %s %s instead of %s (%s), slower in %.0f %% of all pairs of results, %s"
	text := fmt.Sprintf(format,
		measure(j), short(now), short(then), percent(then, now), j.Superiority*whole, probably(j.Corrected))
	if g := j.Grown; g != nil {
		text += fmt.Sprintf("; what grew most is %s: %s instead of %s", g.Label(), short(g.Now), short(g.Then))
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

// counts say how many names there are of each verdict, and first of all that little could be compared, if that is so:
// a few that are the same would look like all.
func counts(c *baseline.Comparison) string {
	if text := unjudged(c); text != "" {
		return text + ": " + verdictCounts(c)
	}
	return verdictCounts(c)
}

func verdictCounts(c *baseline.Comparison) string {
	var parts []string
	for _, v := range baseline.Verdicts() {
		if n := c.Count(v); n > 0 {
			parts = append(parts, number(n)+" "+string(v))
		}
	}
	if c.NotCompared > 0 {
		parts = append(parts, number(c.NotCompared)+" not compared")
	}
	if len(parts) == 0 {
		return "no names to compare"
	}
	return strings.Join(parts, ", ")
}

// baselineTitle names the baseline and its date.
func baselineTitle(c *baseline.Comparison) string {
	title := shown(c.Title)
	if !c.Begun.IsZero() {
		title += ", " + c.Begun.UTC().Format("2 January 2006, 15:04 UTC")
	}
	return title
}

// meaning is for the page, which has no line with all counts: that little could be compared, if that is so, and what
// the verdicts mean, if anything was tested.
func meaning(c *baseline.Comparison) []string {
	times, shares, sizes := 0, 0, 0
	for i := range c.Names {
		j := &c.Names[i]
		times, shares, sizes = times+counted(j.Tested), shares+counted(j.Failures != nil), sizes+counted(j.Sizes != nil)
	}
	const whole = 100
	significance, tolerance := decimal(c.Significance), decimal(c.Tolerance*whole)
	var all []string
	if times > 0 {
		all = append(all, fmt.Sprintf("p is how probable such a difference is by chance alone: that of a Mann-Whitney U "+
			"test, corrected for %s. Slower and faster are those with a p of at most %s whose median or mean changed by %s %% "+
			"or more.", plural(times+shares, "test"), significance, tolerance))
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

func counted(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// notes say what else is to know of the comparison.
func notes(c *baseline.Comparison) []string {
	var all []string
	if c.Count(baseline.TooFew) > 0 {
		all = append(all, fmt.Sprintf("Too few: %s of each name, in both reports, would do for all of them.",
			plural(c.Enough, "result")))
	}
	if c.NotCompared > 0 {
		all = append(all, plural(c.NotCompared, "name")+" not compared: names that stand for several, "+
			"or may be among the results of one that does.")
	}
	return all
}
