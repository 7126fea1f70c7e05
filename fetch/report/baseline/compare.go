package baseline

import (
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/collect"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/stats"
)

// Verdict is what is to be said of a name.
type Verdict string

// The verdicts, those first that are worth a look.
const (
	Slower  Verdict = "slower"
	Faster  Verdict = "faster"
	New     Verdict = "new"     // not in the baseline
	Missing Verdict = "missing" // in the baseline alone
	TooFew  Verdict = "too few" // no outcome could have been significant
	Same    Verdict = "same"    // no difference can be shown, or it is too small to matter
)

// Verdicts are all of them, in that order.
func Verdicts() []Verdict { return []Verdict{Slower, Faster, New, Missing, TooFew, Same} }

// Options say what counts as a difference.
type Options struct {
	// Significance is the probability of saying of any name that it got slower or faster when none did. It is above 0.
	Significance float64
	// Tolerance is by how much the median or the mean must have changed at least, as a share of what it was, for a
	// difference to matter.
	Tolerance float64
}

// Defaults are the options unless told.
func Defaults() Options {
	return Options{Significance: 0.01, Tolerance: 0.05} //nolint:mnd // here is where they are named
}

// Comparison is how what was fetched differs from a baseline.
type Comparison struct {
	Options

	// Title and Begun are those of the baseline.
	Title string
	Begun time.Time
	// Names are first those that there are now, then those that are missing, each in the order of their report.
	Names []Judgement
	// NotCompared is how many names could not be: those that stand for several names, and those that may be among them.
	NotCompared int
	// Enough is how many results of each name, then and now, would do to compare all of them.
	Enough int

	byName map[string]*Judgement
}

// Judgement is what is to be said of a name.
type Judgement struct {
	Verdict Verdict
	Name    string
	// Then and Now are what it was and is. Then is nil for new names, and Now for missing ones.
	Then, Now *Name
	// Outcome is that of the test, if there was one: its first sample is the baseline's. P is that of this name alone.
	stats.Outcome

	// Tested tells whether there was a test.
	Tested bool
	// Corrected is P with regard to all names that were tested.
	Corrected float64
	// Mean tells that it is the mean that changed; the median did not by enough.
	Mean bool
	// Grown is the part of the mean that grew most of a name that got slower, if one did.
	Grown *Part
}

// FailsMore tells that a larger share of the results failed than then: to fail takes less time than to answer, or more.
func (j *Judgement) FailsMore() bool {
	if j.Then == nil || j.Now == nil {
		return false
	}
	then, now := j.Then.Count-j.Then.NotRun, j.Now.Count-j.Now.NotRun
	return j.Now.Failed*then > j.Then.Failed*now
}

// Part is what a part of the mean was and is.
type Part struct {
	collect.Part

	Then, Now time.Duration
}

// Of returns the judgement on a name, nil if it was not compared.
func (c *Comparison) Of(name string) *Judgement { return c.byName[name] }

// Count is of how many names that is the verdict.
func (c *Comparison) Count(v Verdict) int {
	n := 0
	for i := range c.Names {
		if c.Names[i].Verdict == v {
			n++
		}
	}
	return n
}

// Change is by how much a time changed, as a share of what it was: infinite if that was nothing.
func Change(then, now time.Duration) float64 {
	if then == now {
		return 0
	}
	return float64(now-then) / float64(then)
}

// Compare compares names with those of a report. A name is tested with [stats.MannWhitney] if it has results enough for
// that, and all that are tested are corrected for each other with [stats.Holm].
func (r *Report) Compare(names []Name, opts Options) *Comparison {
	c := &Comparison{Options: opts, Title: r.Title, Begun: r.Begun}
	c.pair(r.Names, names)
	var both []*Judgement
	var least []float64
	for i := range c.Names {
		if j := &c.Names[i]; j.Then != nil && j.Now != nil {
			both = append(both, j)
			least = append(least, stats.LeastP(j.Then.ran(), j.Now.ran()))
		}
	}
	c.Enough = stats.Enough(opts.Significance / float64(max(1, len(both))))
	var tested []*Judgement
	var ps []float64
	for i, able := range stats.Testable(least, opts.Significance) {
		if j := both[i]; able {
			j.Tested, j.Outcome = true, stats.MannWhitney(j.ties())
			tested, ps = append(tested, j), append(ps, j.P)
		} else {
			j.Verdict = TooFew
		}
	}
	for i, p := range stats.Holm(ps) {
		tested[i].Corrected = p
		tested[i].judge(opts)
	}
	c.byName = make(map[string]*Judgement, len(c.Names))
	for i := range c.Names {
		c.byName[c.Names[i].Name] = &c.Names[i]
	}
	return c
}
