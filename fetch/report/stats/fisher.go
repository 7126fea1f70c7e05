package stats

import "math"

// Share is how many of a sample have some property.
type Share struct{ Hits, Of int }

// Fisher is the two-sided exact test of Fisher: the probability of shares that are as far apart or further if both
// samples came from the same population. Those are as far apart that are no more probable, given how many hits there
// are in both samples together.
//
// It is exact up to a standard deviation of [maxDeviation]; above it, it is that of the normal distribution, corrected
// for continuity. The time it takes depends on the deviation, not on the size of the samples.
//
// R. A. Fisher: Statistical Methods for Research Workers, 5th edition (1934), section 21.02.
func Fisher(first, second Share) float64 {
	h := hypergeometric{
		first: float64(first.Of), second: float64(second.Of), hits: float64(first.Hits) + float64(second.Hits),
	}
	return h.twoSided(float64(first.Hits))
}

// LeastFisher is the smallest P that [Fisher] can return for samples of these sizes with as many hits together: that of
// all hits in one of them, as far as they go. It is 1 where all are hits or none is.
func LeastFisher(first, second Share) float64 {
	h := hypergeometric{
		first: float64(first.Of), second: float64(second.Of), hits: float64(first.Hits) + float64(second.Hits),
	}
	low, high := h.limits()
	return min(h.twoSided(low), h.twoSided(high))
}

// hypergeometric is the distribution of the hits in the first of two samples.
type hypergeometric struct{ first, second, hits float64 }

// limits are how many hits the first sample has at least and at most.
func (h *hypergeometric) limits() (low, high float64) {
	return max(0, h.hits-h.second), min(h.hits, h.first)
}

const (
	// maxDeviation is the largest standard deviation for which probabilities are added up one by one: those within 38
	// deviations of the mean, which takes some milliseconds at most.
	maxDeviation = 5000
	// least is the smallest weight that counts. Below it numbers lose their digits, and would never come down to 0.
	least = 1e-300
)

func (h *hypergeometric) twoSided(x float64) float64 {
	low, high := h.limits()
	if low >= high {
		return 1
	}
	all := h.first + h.second
	mean := h.first / all * h.hits
	deviation := math.Sqrt(mean * (h.second / all) * ((all - h.hits) / (all - 1)))
	if deviation > maxDeviation {
		const continuity = 0.5
		return math.Erfc(max(0, math.Abs(x-mean)-continuity) / deviation / math.Sqrt2)
	}
	return h.added(x, low, high)
}

// added is P, all probabilities added up from the most probable number of hits to both sides. They are weights: that of
// the most probable number is 1.
func (h *hypergeometric) added(x, low, high float64) float64 {
	mode := min(high, max(low, math.Floor((h.first+1)*(h.hits+1)/(h.first+h.second+2)))) //nolint:mnd // by definition
	observed := h.weight(mode, x)
	const alike = 1 + 1e-7 // as R has it: equally probable ones may differ by what rounding does to them
	limit := observed * alike
	var extreme, all float64
	count := func(weight float64) {
		all += weight
		if weight <= limit {
			extreme += weight
		}
	}
	count(1)
	for at, weight := mode, 1.0; at < high && weight > least; at++ {
		weight *= h.up(at)
		count(weight)
	}
	for at, weight := mode, 1.0; at > low && weight > least; at-- {
		weight /= h.up(at - 1)
		count(weight)
	}
	return extreme / all
}

// weight is the probability of so many hits, as a share of that of the most probable number. It is 0 where that is
// [least] or less.
func (h *hypergeometric) weight(mode, x float64) float64 {
	weight := 1.0
	for at := mode; at < x && weight > least; at++ {
		weight *= h.up(at)
	}
	for at := mode; at > x && weight > least; at-- {
		weight /= h.up(at - 1)
	}
	if weight <= least {
		return 0
	}
	return weight
}

// up is how many times as probable one hit more is.
func (h *hypergeometric) up(x float64) float64 {
	return (h.first - x) / (x + 1) * (h.hits - x) / (h.second - h.hits + x + 1)
}
