package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/baseline"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/collect"
)

// comparedWith returns the source with what differs from a baseline.
func (s *Source) comparedWith(then *baseline.Report, opts baseline.Options) *Source {
	if opts.Significance == 0 {
		opts = baseline.Defaults()
	}
	names := make([]baseline.Name, len(s.Names))
	for i, n := range s.Names {
		names[i] = baseline.Of(n, clean(n.Name))
	}
	compared := *s
	compared.against = then.Compare(names, opts)
	return &compared
}

// judgement is that on a name, nil if there is none.
func (s *Source) judgement(n *collect.Name) *baseline.Judgement {
	if s.against == nil || n.Rest {
		return nil
	}
	return s.against.Of(clean(n.Name))
}

func isSlower(j *baseline.Judgement) bool { return j != nil && j.Verdict == baseline.Slower }

// isBetter tells whether a name got faster, and not by failing.
func isBetter(j *baseline.Judgement) bool { return j.Verdict == baseline.Faster && !j.FailsMore() }

// failsMore says how many failed of a name that fails more than it did; empty for others.
func failsMore(j *baseline.Judgement) string {
	if !j.FailsMore() {
		return ""
	}
	return fmt.Sprintf("%s of %s failed, instead of %s of %s", number(j.Now.Failed), number(j.Now.Count),
		number(j.Then.Failed), number(j.Then.Count))
}

// slower is how many names got slower.
func (s *Source) slower() int {
	if s.against == nil {
		return 0
	}
	return s.against.Count(baseline.Slower)
}

// gotSlower is what there is to add to the outcome.
func gotSlower(s *Source) string {
	n := s.slower()
	if n == 0 {
		return ""
	}
	joint := ", and "
	if s.answered() && s.brokenBudgets() == 0 {
		joint = ", but "
	}
	return joint + plural(n, "name") + " got slower"
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
	size := func(j *baseline.Judgement) float64 {
		if !j.Tested {
			return 0
		}
		return math.Abs(baseline.Change(shift(j)))
	}
	slices.SortStableFunc(sorted, func(a, b *baseline.Judgement) int {
		return cmp.Or(cmp.Compare(rank[a.Verdict], rank[b.Verdict]), cmp.Compare(size(b), size(a)))
	})
	return sorted
}

// shift is what changed of a name that is in both reports: the median, unless that did not.
func shift(j *baseline.Judgement) (then, now time.Duration) {
	before, after := &j.Then.Times[collect.Elapsed], &j.Now.Times[collect.Elapsed]
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

// slowerText says in a line what got slower, and why that is no chance.
func slowerText(j *baseline.Judgement) string {
	then, now := shift(j)
	p := "p = " + probability(j.Corrected)
	if strings.HasPrefix(probability(j.Corrected), "<") {
		p = "p < " + probability(j.Corrected)[1:]
	}
	const whole = 100
	const format = "slower than in the baseline: %s %s instead of %s (%s), slower in %.0f %% of all pairs of results, %s"
	text := fmt.Sprintf(format,
		measure(j), short(now), short(then), percent(then, now), j.Superiority*whole, p)
	if g := j.Grown; g != nil {
		text += fmt.Sprintf("; what grew most is %s: %s instead of %s", g.Label(), short(g.Now), short(g.Then))
	}
	return text
}

// counts say how many names there are of each verdict.
func counts(c *baseline.Comparison) string {
	var parts []string
	for _, v := range baseline.Verdicts() {
		if n := c.Count(v); n > 0 {
			parts = append(parts, number(n)+" "+string(v))
		}
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

// meaning says what the verdicts mean, if anything was tested.
func meaning(c *baseline.Comparison) []string {
	tested := 0
	for i := range c.Names {
		if c.Names[i].Tested {
			tested++
		}
	}
	if tested == 0 {
		return nil
	}
	const whole = 100
	return []string{fmt.Sprintf("p is how probable such a difference is by chance alone: that of a Mann-Whitney U test, "+
		"corrected for %s. Slower and faster are those with a p of at most %s whose median or mean changed by %s %% or more.",
		plural(tested, "tested name"), decimal(c.Significance), decimal(c.Tolerance*whole))}
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
