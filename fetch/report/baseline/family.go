package baseline

import (
	"math"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/stats"
)

// family are tests that are corrected for each other.
type family []test

type test struct {
	// least is the smallest P that the test can have.
	least float64
	// make makes the test and returns its P; keep is handed the P that is corrected for all tests that were made.
	make func() float64
	keep func(corrected float64)
}

// make makes those tests that can find anything.
func (f family) make(significance float64) {
	least := make([]float64, len(f))
	for i := range f {
		least[i] = f[i].least
	}
	var made []test
	var ps []float64
	for i, able := range stats.Testable(least, significance) {
		if able {
			made, ps = append(made, f[i]), append(ps, f[i].make())
		}
	}
	for i, p := range stats.Holm(ps) {
		made[i].keep(p)
	}
}

// enter puts the tests of a name that is in both reports into their families.
func (j *Judgement) enter(times, shares, sizes *family) {
	then, now := j.Then.failures(), j.Now.failures()
	if mostlyAnswered(then) && mostlyAnswered(now) {
		*times = append(*times, test{
			least: stats.LeastP(j.Then.elapsed.sum(), j.Now.elapsed.sum()),
			make: func() float64 {
				j.Outcome = stats.MannWhitney(ties(j.Then.elapsed, j.Now.elapsed))
				return j.P
			},
			keep: func(p float64) { j.Tested, j.Corrected = true, p },
		})
	}
	if least := stats.LeastFisher(then, now); least < 1 {
		*shares = append(*shares, test{
			least: least,
			make: func() float64 {
				j.Failures = &Proportions{P: stats.Fisher(then, now)}
				return j.Failures.P
			},
			keep: func(p float64) { j.Failures.Corrected = p },
		})
	}
	if both := ties(j.Then.sizes, j.Now.sizes); len(both) > 1 { // else all are of one size
		*sizes = append(*sizes, test{
			least: stats.LeastP(j.Then.sizes.sum(), j.Now.sizes.sum()),
			make: func() float64 {
				j.Sizes = &Sizes{Outcome: stats.MannWhitney(both)}
				return j.Sizes.P
			},
			keep: func(p float64) { j.Sizes.Corrected = p },
		})
	}
}

// mostlyAnswered reports whether times are those of answers rather than of failures.
func mostlyAnswered(failures stats.Share) bool { return failures.Hits <= failures.Of-failures.Hits }

// ties puts two distributions side by side.
func ties(then, now cells) []stats.Tie {
	all := make([]stats.Tie, 0, len(then)+len(now))
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
		all = append(all, tie)
	}
	return all
}

// grown is the part of the mean that grew most, nil if none did. The times of pages have none.
func grown(then, now *Name) *Part {
	var most *Part
	before, after := then.parts(), now.parts()
	if then.Page || now.Page {
		return nil
	}
	for p := range aggregate.Parts {
		grew := after[p] - before[p]
		if grew > 0 && (most == nil || grew > most.Now-most.Then) {
			most = &Part{p, before[p], after[p]}
		}
	}
	return most
}
