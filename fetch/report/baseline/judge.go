package baseline

import (
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/stats"
)

// judge says what came of the tests. A difference must be certain and large enough. That of failures comes first: where
// it is one, times and their change are those of other results, and are not judged. each is the significance of a test
// if all were made.
func (j *Judgement) judge(opts Options, each float64) {
	j.Verdict = TooFew
	if j.Tested || j.Failures != nil || j.stillFails(each) {
		j.Verdict = Same
	}
	if verdict := j.ofFailures(opts); verdict != Same {
		j.Verdict, j.Tested, j.Corrected, j.Outcome = verdict, false, 0, stats.Outcome{}
	} else if verdict, j.Mean = j.ofTimes(opts); verdict != Same {
		j.Verdict = verdict
	}
	if j.Verdict == Slower {
		j.Grown = grown(j.Then, j.Now)
	}
	j.ofSizes(opts)
}

// stillFails reports whether most results failed then and now, and so many that fewer failures would have been found.
func (j *Judgement) stillFails(significance float64) bool {
	then, now := j.Then.failures(), j.Now.failures()
	return !mostlyAnswered(then) && !mostlyAnswered(now) &&
		stats.LeastP(float64(then.Of), float64(now.Of)) <= significance
}

// ofFailures is Failing, Healed or Same.
func (j *Judgement) ofFailures(opts Options) Verdict {
	if j.Failures == nil || j.Failures.Corrected > opts.Significance {
		return Same
	}
	then, now := j.Then.failures(), j.Now.failures()
	share := func(s stats.Share) float64 { return float64(s.Hits) / float64(s.Of) }
	change := change(share(then), share(now))
	switch {
	case change > 0 && change >= opts.Tolerance:
		return Failing
	case change < 0 && -change >= opts.Tolerance:
		return Healed
	default:
		return Same
	}
}

// ofTimes is Slower, Faster or Same, and whether it is the mean that changed.
func (j *Judgement) ofTimes(opts Options) (verdict Verdict, mean bool) {
	if !j.Tested || j.Corrected > opts.Significance {
		return Same, false
	}
	then, now := &j.Then.Times[aggregate.Elapsed], &j.Now.Times[aggregate.Elapsed]
	return moved(then, now, j.Superiority, opts.Tolerance, Slower, Faster)
}

// ofSizes judges the sizes. What became of them is the verdict on the name if there is nothing else to be said of it.
func (j *Judgement) ofSizes(opts Options) {
	s := j.Sizes
	if s == nil {
		return
	}
	s.Verdict = Same
	if s.Corrected <= opts.Significance {
		s.Verdict, s.Mean = moved(&j.Then.Sizes, &j.Now.Sizes, s.Superiority, opts.Tolerance, Grew, Shrank)
	}
	if s.Verdict != Same && (j.Verdict == Same || j.Verdict == TooFew) {
		j.Verdict = s.Verdict
	}
}

// moved says where a distribution moved that differs for certain: up or down, or the same if neither its median nor its
// mean moved by enough, and whether it is the mean that did.
func moved(then, now *Figures, superiority, tolerance float64, up, down Verdict) (verdict Verdict, mean bool) {
	verdict, sign := up, 1.0
	if superiority < 0.5 { //nolint:mnd // as many above as below
		verdict, sign = down, -1
	}
	enough := func(change float64) bool { return change != 0 && sign*change >= tolerance }
	switch {
	case enough(Change(then.P50, now.P50)):
		return verdict, false
	case enough(Change(then.Mean, now.Mean)):
		return verdict, true
	default:
		return Same, false
	}
}
