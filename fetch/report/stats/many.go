package stats

import (
	"cmp"
	"slices"
)

// Testable reports of each of several tests whether any outcome of it could be significant, given that they are made
// together. least is the smallest P that each can have. Tests that are not testable need not be made, and are not to be
// among those that [Holm] corrects: they cannot be wrong, so that they are nothing to make up for.
//
// R. E. Tarone: A Modified Bonferroni Method for Discrete Data. Biometrics 46 (1990), 515-522.
func Testable(least []float64, significance float64) []bool {
	testable := make([]bool, len(least))
	sorted := slices.Sorted(slices.Values(least))
	for together := 1; together <= len(least); together++ {
		limit := significance / float64(together)
		able, _ := slices.BinarySearchFunc(sorted, limit, func(p, limit float64) int {
			if p <= limit {
				return -1
			}
			return 1
		})
		if able > together {
			continue
		}
		for i, p := range least {
			testable[i] = p <= limit
		}
		break
	}
	return testable
}

// Holm returns the P of several tests, corrected for their being made together: to find any of them at most as large as
// a significance has no more than that probability if there is no difference anywhere.
//
// S. Holm: A Simple Sequentially Rejective Multiple Test Procedure. Scandinavian Journal of Statistics 6 (1979), 65-70.
func Holm(ps []float64) []float64 {
	order := make([]int, len(ps))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(ps[a], ps[b]) })
	corrected := make([]float64, len(ps))
	var largest float64
	for rank, i := range order {
		largest = max(largest, min(1, ps[i]*float64(len(ps)-rank)))
		corrected[i] = largest
	}
	return corrected
}

// Enough is how many values each of two samples must have so that their difference can be significant.
func Enough(significance float64) int {
	n := 1
	for LeastP(float64(n), float64(n)) > significance {
		n++
	}
	return n
}
