// Package stats tests whether two samples differ by more than chance.
package stats

import "math"

// Tie is a value, or what counts as one, and how many values of each sample are there.
type Tie struct{ First, Second float64 }

// Outcome is that of a test.
type Outcome struct {
	// Superiority is the probability that a value of the second sample is above one of the first, equal ones counted half:
	// 0.5 if they do not differ, 1 if all are above.
	Superiority float64
	// P is the probability of a difference at least as large, either way, if both samples came from the same distribution.
	P float64
	// Exact reports whether P was counted, not approximated.
	Exact bool
}

// MannWhitney is the two-sided Mann-Whitney U test, also called Wilcoxon's rank-sum test, of values that may be equal:
// equal ones share the middle of their ranks. The ties are in ascending order of their values. It takes nothing for
// granted about the shape of distributions, and time that depends on how many ties there are, not on how many values.
//
// For few values P is counted over all ways to deal the values out to the samples; it is the share of those whose U is
// at least as far from its mean. Otherwise it is that of the normal distribution, with the variance corrected for ties,
// and for continuity.
//
// H. B. Mann, D. R. Whitney: On a Test of Whether one of Two Random Variables is Stochastically Larger than the Other.
// Annals of Mathematical Statistics 18 (1947), 50-60. With ties: M. Hollander, D. A. Wolfe, E. Chicken: Nonparametric
// Statistical Methods, 3rd edition (2014), section 4.1.
func MannWhitney(ties []Tie) Outcome {
	var first, second, u, cubes float64
	for _, t := range ties {
		u += t.Second * (first + t.First/2) //nolint:mnd // equal ones count half
		first += t.First
		second += t.Second
		both := t.First + t.Second
		cubes += both * (both*both - 1)
	}
	if first == 0 || second == 0 {
		return Outcome{Superiority: 0.5, P: 1}
	}
	o := Outcome{Superiority: u / first / second, Exact: isCounted(first, second)}
	if o.Exact {
		o.P = counted(ties, int(first), int(second), u)
	} else {
		o.P = approximated(first, second, u, cubes)
	}
	return o
}

// LeastP is the smallest P that [MannWhitney] can return for samples of these sizes: that of two samples of which one
// is above the other.
func LeastP(first, second float64) float64 {
	switch {
	case first == 0 || second == 0:
		return 1
	case isCounted(first, second):
		return min(1, 2/binomial(int(first+second), int(min(first, second))))
	default:
		return approximated(first, second, 0, 0)
	}
}

// approximated is P by the normal distribution. cubes is the sum of t³ - t over all ties.
func approximated(first, second, u, cubes float64) float64 {
	const twelve, continuity = 12, 0.5
	all := first + second
	variance := first / twelve * second * (all + 1 - cubes/all/(all-1))
	distance := math.Abs(u-first*second/2) - continuity //nolint:mnd // the mean of U
	if variance <= 0 || distance <= 0 {
		return 1
	}
	return math.Erfc(distance / math.Sqrt(variance) / math.Sqrt2)
}

// maxSteps bounds what counting takes: a millisecond. It is enough for 22 values in each sample.
const maxSteps = 1 << 20

func isCounted(first, second float64) bool {
	return (min(first, second)+1)*(2*first*second+1)*(first+second) <= maxSteps //nolint:mnd // see counted
}

// counted is P over all ways to deal the values out. It goes through the ties and keeps, for each number of values
// dealt to the smaller sample, how many ways there are to each U; U is doubled, to be whole.
func counted(ties []Tie, first, second int, u float64) float64 {
	small, top := min(first, second), 2*first*second //nolint:mnd // doubled
	ways := make([][]float64, small+1)
	for i := range ways {
		ways[i] = make([]float64, top+1)
	}
	ways[0][0] = 1
	seen := 0
	for _, t := range ties {
		size := int(t.First + t.Second)
		deal(ways, size, seen, top)
		seen += size
	}
	// Which sample is the smaller one does not matter to the distance from the mean.
	distance := math.Abs(2*u - float64(first*second)) //nolint:mnd // doubled
	var extreme, all float64
	for doubled, n := range ways[small] {
		all += n
		if math.Abs(float64(doubled-first*second)) >= distance {
			extreme += n
		}
	}
	return extreme / all
}

// deal deals size equal values out, of which some go to the smaller sample. seen values are below them.
func deal(ways [][]float64, size, seen, top int) {
	for had := min(len(ways)-1, seen); had >= 0; had-- { // downwards: what is written has been read
		for some := min(size, len(ways)-1-had); some > 0; some-- {
			// Each beats those of the other sample below it, and ties with those beside it.
			beaten := some * (2*(seen-had) + size - some)
			choices := binomial(size, some)
			reached := min(2*had*(seen-had), top-beaten)
			for doubled, n := range ways[had][:max(0, reached+1)] {
				if n > 0 {
					ways[had+some][doubled+beaten] += n * choices
				}
			}
		}
	}
}

// binomial is in how many ways k of n can be chosen.
func binomial(n, k int) float64 {
	ways := 1.0
	for i := 1; i <= min(k, n-k); i++ {
		ways = ways * float64(n-i+1) / float64(i)
	}
	return math.Round(ways)
}
