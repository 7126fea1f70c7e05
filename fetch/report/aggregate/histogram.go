package aggregate

import (
	"iter"
	"math"
	"slices"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch"
)

// Histogram holds the distribution of a time. Its first values are kept as they are, so that what it says of a few
// results is exact. Once there are more, values are counted in buckets no wider than 1/64 of what they hold, from
// microseconds to more than an hour, as in an HDR histogram; but rows of buckets are made when a value falls into
// them. One such histogram takes about a kilobyte, where an HDR histogram of that width and range takes fifteen, and a
// report has ten for each name.
//
// The zero value is empty. It is not safe for concurrent use.
type Histogram struct {
	count    uint64
	sum      time.Duration
	min, max time.Duration
	exact    []time.Duration // until there are too many; nil as well while all values are the same
	zeros    uint64          // phases that were not reached are many
	rows     *[rows]*[rowSize]uint32
}

// The buckets count units of 256 ns.
const (
	unitBits = 8
	rowBits  = 6
	rowSize  = 1 << rowBits
	rows     = 29

	// maxExact is how many values are kept as they are.
	maxExact = 64
)

// Byte is what a byte counts as in a histogram of sizes: up to 4 GB they are told apart as times are.
const Byte = time.Microsecond

// Add counts a value. Negative ones count as 0.
func (h *Histogram) Add(d time.Duration) { h.add(max(d, 0), 1) }

// add counts a value so many times.
func (h *Histogram) add(d time.Duration, n uint64) {
	if n == 0 {
		return
	}
	if h.isAlike() && (h.count == 0 || d == h.min) {
		h.min, h.max = d, d
		h.count += n
		h.sum += d * time.Duration(n) // #nosec G115 -- as Count
		return
	}
	h.unfold(n)
	h.min, h.max = min(h.min, d), max(h.max, d)
	h.count += n
	h.sum += d * time.Duration(n) // #nosec G115 -- as Count
	if h.rows != nil {
		h.put(d, n)
		return
	}
	for range n {
		h.exact = append(h.exact, d)
	}
}

// addZeros counts n times 0, which nobody has counted one by one.
func (h *Histogram) addZeros(n int) { h.add(0, uint64(max(n, 0))) } // #nosec G115 -- not negative

// isAlike reports whether all values are the same, as sizes often are: then their number says all.
func (h *Histogram) isAlike() bool { return h.rows == nil && h.exact == nil }

// unfold makes a place for n more values that are not all the same.
func (h *Histogram) unfold(n uint64) {
	switch {
	case h.rows != nil:
	case h.count+n > maxExact:
		h.spread()
	case h.exact == nil:
		h.exact = make([]time.Duration, 0, maxExact/8) //nolint:mnd // most grow, but few to the end
		for range h.count {
			h.exact = append(h.exact, h.min)
		}
	}
}

// spread goes over from values as they are to buckets.
func (h *Histogram) spread() {
	if h.rows != nil {
		return
	}
	alike := h.isAlike()
	h.rows = &[rows]*[rowSize]uint32{}
	if alike && h.count > 0 {
		h.put(h.min, h.count)
	}
	for _, value := range h.exact {
		h.put(value, 1)
	}
	h.exact = nil
}

func (h *Histogram) put(d time.Duration, count uint64) {
	if d == 0 {
		h.zeros += count
		return
	}
	n := uint32(min(count, math.MaxUint32)) // #nosec G115 -- bounded
	row, place := bucket(d)
	if h.rows[row] == nil {
		h.rows[row] = &[rowSize]uint32{}
	}
	counter := &h.rows[row][place]
	if *counter > math.MaxUint32-n {
		*counter = math.MaxUint32
		return
	}
	*counter += n
}

// bucket returns where a value is counted.
func bucket(d time.Duration) (row, place int) { return scale{unitBits, rowBits, rows}.bucket(d) }

// bounds are those of a bucket: from low up to, but without, high.
func bounds(row, place int) (low, high time.Duration) {
	return scale{unitBits, rowBits, rows}.bounds(row, place)
}

// Merge adds what another histogram holds.
func (h *Histogram) Merge(other *Histogram) {
	if other.isAlike() {
		h.add(other.min, other.count)
		return
	}
	for _, d := range other.exact {
		h.Add(d)
	}
	if other.rows == nil {
		return
	}
	h.spread()
	if h.count == 0 || other.min < h.min {
		h.min = other.min
	}
	h.max = max(h.max, other.max)
	h.count += other.count
	h.sum += other.sum
	h.zeros += other.zeros
	for row, buckets := range other.rows {
		if buckets == nil {
			continue
		}
		for place, n := range buckets {
			if n > 0 {
				low, _ := bounds(row, place)
				h.put(max(low, 1), uint64(n))
			}
		}
	}
}

// clone returns a copy.
func (h *Histogram) clone() *Histogram {
	c := *h
	c.exact = slices.Clone(h.exact)
	if h.rows != nil {
		c.rows = &[rows]*[rowSize]uint32{}
		for i, row := range h.rows {
			if row != nil {
				buckets := *row
				c.rows[i] = &buckets
			}
		}
	}
	return &c
}

// Count is how many values there are.
func (h *Histogram) Count() int { return int(h.count) } // #nosec G115 -- nobody fetches that often

// Min returns the smallest value. Like Max and Mean it is exact, and 0 when there are no values.
func (h *Histogram) Min() time.Duration { return h.min }

// Max returns the largest value.
func (h *Histogram) Max() time.Duration { return h.max }

// Mean returns the average.
func (h *Histogram) Mean() time.Duration {
	if h.count == 0 {
		return 0
	}
	return h.sum / time.Duration(h.count) // #nosec G115 -- as Count
}

// Percentile returns the p-th percentile (0 to 100). As long as there are few values it is interpolated between the two
// nearest, as k6's trends do; after that it is off by less than 1 % of itself.
func (h *Histogram) Percentile(p float64) time.Duration {
	if h.count == 0 {
		return 0
	}
	p = min(max(p, 0), 100)
	if h.isAlike() {
		return h.min
	}
	if h.rows == nil {
		return fetch.Times(slices.Sorted(slices.Values(h.exact))).Percentile(p)
	}
	wanted := uint64(math.Round(p / 100 * float64(h.count-1)))
	var seen uint64
	for b := range h.Buckets() {
		if seen += b.Count; seen > wanted {
			if b.High == 0 {
				return 0
			}
			return min(max((b.Low+b.High)/2, h.min), h.max) //nolint:mnd // the middle
		}
	}
	return h.max
}

// Bucket says how many values there are from Low up to, but without, High. That of zeros has both 0.
type Bucket struct {
	Low, High time.Duration
	Count     uint64
}

// Buckets yields the buckets that are not empty, the lowest first.
func (h *Histogram) Buckets() iter.Seq[Bucket] {
	if h.rows == nil {
		counted := *h
		counted.spread()
		return counted.Buckets()
	}
	return func(yield func(Bucket) bool) {
		if h.zeros > 0 && !yield(Bucket{Count: h.zeros}) {
			return
		}
		for row, buckets := range h.rows {
			if buckets == nil {
				continue
			}
			for place, n := range buckets {
				if n == 0 {
					continue
				}
				low, high := bounds(row, place)
				if !yield(Bucket{Low: low, High: high, Count: uint64(n)}) {
					return
				}
			}
		}
	}
}

// Grid yields all buckets that a histogram can have, empty, the lowest first.
func Grid() iter.Seq[Bucket] {
	return func(yield func(Bucket) bool) {
		if !yield(Bucket{}) {
			return
		}
		for row := range rows {
			for place := range rowSize {
				low, high := bounds(row, place)
				if !yield(Bucket{Low: low, High: high}) {
					return
				}
			}
		}
	}
}
