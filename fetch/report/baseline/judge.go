package baseline

import (
	"math"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/collect"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/stats"
)

// ties puts both distributions side by side.
func (j *Judgement) ties() []stats.Tie {
	then, now := j.Then.elapsed, j.Now.elapsed
	ties := make([]stats.Tie, 0, len(then)+len(now))
	for len(then) > 0 || len(now) > 0 {
		place := math.MaxInt
		if len(then) > 0 {
			place = then[0].place
		}
		if len(now) > 0 {
			place = min(place, now[0].place)
		}
		var tie stats.Tie
		if len(then) > 0 && then[0].place == place {
			tie.First, then = then[0].count, then[1:]
		}
		if len(now) > 0 && now[0].place == place {
			tie.Second, now = now[0].count, now[1:]
		}
		ties = append(ties, tie)
	}
	return ties
}

// judge says what came of the test. A difference must be certain and large enough.
func (j *Judgement) judge(opts Options) {
	j.Verdict = Same
	if j.Corrected > opts.Significance {
		return
	}
	verdict, sign := Slower, 1.0
	if j.Superiority < 0.5 { //nolint:mnd // as many above as below
		verdict, sign = Faster, -1
	}
	then, now := &j.Then.Times[collect.Elapsed], &j.Now.Times[collect.Elapsed]
	enough := func(change float64) bool { return change != 0 && sign*change >= opts.Tolerance }
	switch {
	case enough(Change(then.P50, now.P50)):
	case enough(Change(then.Mean, now.Mean)):
		j.Mean = true
	default:
		return
	}
	j.Verdict = verdict
	if verdict == Slower {
		j.Grown = grown(j.Then, j.Now)
	}
}

// grown is the part of the mean that grew most, nil if none did.
func grown(then, now *Name) *Part {
	var most *Part
	before, after := then.parts(), now.parts()
	for p := range collect.Parts {
		grew := after[p] - before[p]
		if grew > 0 && (most == nil || grew > most.Now-most.Then) {
			most = &Part{p, before[p], after[p]}
		}
	}
	return most
}
