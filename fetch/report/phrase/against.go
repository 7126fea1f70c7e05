package phrase

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/baseline"
)

// ComparedWith returns the subject with what differs from a baseline.
func (s *Subject) ComparedWith(then *baseline.Report, opts baseline.Options) *Subject {
	if opts.Significance == 0 {
		opts = baseline.Defaults()
	}
	against := *s
	against.Against = then.Compare(Compared(s), opts)
	return &against
}

// Compared are the names, and the times of pages, as a baseline has them.
func Compared(s *Subject) []baseline.Name {
	const ofPage = 2 // about
	names := make([]baseline.Name, 0, len(s.Names)+ofPage*len(s.Pages))
	for _, n := range s.Names {
		names = append(names, baseline.Of(n, Clean(n.Name)))
	}
	for _, p := range s.Pages {
		names = append(names, baseline.OfPage(p, Clean(p.Name))...)
	}
	return names
}

// PageJudgements are those on the times of pages.
func (s *Subject) PageJudgements() (all []*baseline.Judgement) {
	if s.Against == nil {
		return nil
	}
	for _, p := range s.Pages {
		for _, name := range baseline.PageNames(Clean(p.Name)) {
			if j := s.Against.Of(name); j != nil && !p.Rest {
				all = append(all, j)
			}
		}
	}
	return all
}

// Judgement is that on a name, nil if there is none.
func (s *Subject) Judgement(n *aggregate.Name) *baseline.Judgement {
	if s.Against == nil || n.Rest {
		return nil
	}
	return s.Against.Of(Clean(n.Name))
}

// IsWorse reports whether a name is a reason for the test not to pass.
func IsWorse(j *baseline.Judgement) bool { return j != nil && j.Verdict.Bad() }

// IsBetter reports whether a name is better than it was, and not by failing.
func IsBetter(j *baseline.Judgement) bool { return j.Verdict.Good() && !j.FailsMore() }

// Slower is how many names got slower.
func (s *Subject) Slower() int { return s.Judged(baseline.Slower) }

// AreWorse reports whether any name is a reason for a test not to pass.
func AreWorse(c *baseline.Comparison) bool {
	return c != nil && c.Count(baseline.Slower)+c.Count(baseline.Failing) > 0
}

// Judged is how many names have a verdict.
func (s *Subject) Judged(v baseline.Verdict) int {
	if s.Against == nil {
		return 0
	}
	return s.Against.Count(v)
}

// SortedJudgements are those on all names, the worst verdict first, and of the same verdict the largest change.
func SortedJudgements(c *baseline.Comparison) []*baseline.Judgement {
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

// Differing are the names of which there is something to say.
func Differing(c *baseline.Comparison) []*baseline.Judgement {
	sorted := SortedJudgements(c)
	return sorted[:len(sorted)-c.Count(baseline.TooFew)-c.Count(baseline.Same)] // which come last
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
