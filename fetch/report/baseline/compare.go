package baseline

import (
	"slices"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/stats"
)

// Verdict is what is to be said of a name.
type Verdict string

// The verdicts, those first that are worth a look. Of several that are true of a name, the first is its verdict.
const (
	Failing Verdict = "failing" // a larger share of the results fails
	Slower  Verdict = "slower"
	Grew    Verdict = "grew" // the answers have more bytes
	Healed  Verdict = "healed"
	Faster  Verdict = "faster"
	Shrank  Verdict = "shrank"
	New     Verdict = "new"     // not in the baseline
	Missing Verdict = "missing" // in the baseline alone
	TooFew  Verdict = "too few" // no outcome could have been significant
	Same    Verdict = "same"    // no difference can be shown, or it is too small to matter
)

// Verdicts are all of them, in that order.
func Verdicts() []Verdict {
	return []Verdict{Failing, Slower, Grew, Healed, Faster, Shrank, New, Missing, TooFew, Same}
}

// Bad reports whether a test with such a name did not pass.
func (v Verdict) Bad() bool { return v == Failing || v == Slower }

// Good reports whether such a name is better than it was.
func (v Verdict) Good() bool { return v == Healed || v == Faster }

// Options say what counts as a difference.
type Options struct {
	// Significance is the probability of saying of any name that it fails more or less, or got slower or faster, when none
	// did. It is above 0.
	Significance float64
	// Tolerance is by how much the share of failures, the median or the mean must have changed at least, as a share of
	// what it was, for a difference to matter.
	Tolerance float64
}

// Defaults are the options that hold where a script gives none.
func Defaults() Options {
	return Options{Significance: 0.01, Tolerance: 0.05} //nolint:mnd // here is where they are named
}

// Comparison is how what was fetched differs from a baseline.
type Comparison struct {
	Options

	// Title and Begun are those of the baseline. Begun is zero if the baseline has no date.
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
	// Outcome is that of the test of its time, if there was one: its first sample is the baseline's. P is that of this
	// test alone.
	stats.Outcome

	// Tested reports whether the times were tested. They were not where most results failed, then or now, or where the
	// share that failed differs: it takes another time to fail than to answer.
	Tested bool
	// Corrected is P with regard to all tests of all names, but those of sizes.
	Corrected float64
	// Mean reports whether it is the mean that changed: the median did not by enough.
	Mean bool
	// Grown is the part of the mean that grew most of a name that got slower, if one did.
	Grown *Part
	// Failures is the test of the share of results that failed, nil if there was none.
	Failures *Proportions
	// Sizes is the test of the sizes of answers, nil if there was none.
	Sizes *Sizes
}

// Proportions is the test of two shares. P is that of this test alone; Corrected is as that of [Judgement].
type Proportions struct{ P, Corrected float64 }

// Sizes is the test of sizes.
type Sizes struct {
	stats.Outcome

	// Verdict is Grew, Shrank or Same.
	Verdict Verdict
	// Corrected is P with regard to the sizes of all names.
	Corrected float64
	// Mean reports whether it is the mean that changed.
	Mean bool
}

// FailsMore reports whether a larger share of the results failed than then, by chance or not: to fail takes less time
// than to answer, or more.
func (j *Judgement) FailsMore() bool {
	if j.Then == nil || j.Now == nil {
		return false
	}
	then, now := j.Then.failures(), j.Now.failures()
	return float64(now.Hits)*float64(then.Of) > float64(then.Hits)*float64(now.Of)
}

// Part is what a part of the mean was and is.
type Part struct {
	aggregate.Part

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

// Unjudged is how many names nothing can be said of, because they are new, have too few results or could not be
// compared, and of how many that is. Names that are missing are not among them.
func (c *Comparison) Unjudged() (n, of int) {
	n = c.Count(New) + c.Count(TooFew) + c.NotCompared
	return n, c.NotCompared + len(c.Names) - c.Count(Missing)
}

// MostlyUnjudged reports whether nothing can be said of more than half of the names. To find nothing slower then means
// little.
func (c *Comparison) MostlyUnjudged() bool {
	n, of := c.Unjudged()
	return 2*n > of //nolint:mnd // half
}

// Change is by how much a time or a size changed, as a share of what it was: infinite if that was nothing.
func Change(then, now time.Duration) float64 { return change(float64(then), float64(now)) }

func change(then, now float64) float64 {
	if then == now {
		return 0
	}
	return (now - then) / then
}

// Compare compares names with those of a report. Of each name the time is tested with [stats.MannWhitney], and the
// share that failed with [stats.Fisher], if it has results enough for that; all these tests are corrected for each
// other with [stats.Holm]. Sizes of answers are tested as times are, but for themselves: they are for information.
func (r *Report) Compare(names []Name, opts Options) *Comparison {
	c := &Comparison{Options: opts, Title: r.Title, Begun: r.Begun}
	c.pair(r.Names, names)
	var times, shares, sizes family
	both := 0
	for i := range c.Names {
		if j := &c.Names[i]; j.Then != nil && j.Now != nil {
			both++
			j.enter(&times, &shares, &sizes)
		}
	}
	each := opts.Significance / float64(max(1, both+len(shares)))
	c.Enough = stats.Enough(each)
	slices.Concat(times, shares).make(opts.Significance)
	sizes.make(opts.Significance)
	c.byName = make(map[string]*Judgement, len(c.Names))
	for i := range c.Names {
		j := &c.Names[i]
		if j.Then != nil && j.Now != nil {
			j.judge(opts, each)
		}
		c.byName[j.Name] = j
	}
	return c
}
