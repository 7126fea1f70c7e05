package aggregate_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
)

func TestHistogramOfFewValuesIsExact(t *testing.T) {
	t.Parallel()
	var h aggregate.Histogram
	require.Zero(t, h.Percentile(50))
	require.Zero(t, h.Mean())
	for _, ms := range []int{40, 10, 30, 20} {
		h.Add(time.Duration(ms) * time.Millisecond)
	}
	require.Equal(t, 4, h.Count())
	require.Equal(t, 10*time.Millisecond, h.Min())
	require.Equal(t, 40*time.Millisecond, h.Max())
	require.Equal(t, 25*time.Millisecond, h.Mean())
	require.Equal(t, 25*time.Millisecond, h.Percentile(50))
	require.Equal(t, 10*time.Millisecond, h.Percentile(0))
	require.Equal(t, 40*time.Millisecond, h.Percentile(100))
	require.Equal(t, 37*time.Millisecond, h.Percentile(90))
}

func TestHistogramOfManyValuesIsWithinOnePercent(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	distributions := map[string]func() time.Duration{
		"microseconds": func() time.Duration { return time.Duration(random.ExpFloat64() * 30_000) },
		"milliseconds": func() time.Duration { return time.Duration(random.ExpFloat64() * 30e6) },
		"any":          func() time.Duration { return time.Duration(1) << random.IntN(41) },
		"mostly zero":  func() time.Duration { return time.Duration(max(0, random.NormFloat64()-1) * 1e6) },
	}
	for name, next := range distributions {
		var h, first, second aggregate.Histogram
		values := make([]time.Duration, 20_000)
		for i := range values {
			values[i] = next()
			h.Add(values[i])
			if i%3 == 0 {
				first.Add(values[i])
			} else {
				second.Add(values[i])
			}
		}
		slices.Sort(values)
		first.Merge(&second)
		for _, p := range []float64{0, 1, 10, 25, 50, 75, 90, 95, 99, 99.9, 100} {
			exact := values[int(p/100*float64(len(values)-1)+0.5)]
			// Below a hundred microseconds the resolution of a quarter of one counts for more.
			require.InDelta(t, float64(exact), float64(h.Percentile(p)), max(float64(exact)*0.01, 256), "p%v of %s", p, name)
			require.Equal(t, h.Percentile(p), first.Percentile(p), "merged: p%v of %s", p, name)
		}
		require.Equal(t, h.Count(), first.Count())
		require.Equal(t, h.Mean(), first.Mean())
		var counted uint64
		for b := range h.Buckets() {
			counted += b.Count
		}
		require.EqualValues(t, len(values), counted, name)
	}
}

func TestHistogramTakesAnyValue(t *testing.T) {
	t.Parallel()
	var h aggregate.Histogram
	for range 100 {
		h.Add(-time.Second)
		h.Add(0)
		h.Add(1)
		h.Add(1<<63 - 1)
	}
	require.Equal(t, 400, h.Count())
	require.Zero(t, h.Percentile(10))
	require.Equal(t, time.Duration(1<<63-1), h.Max())
	require.Greater(t, h.Percentile(99), time.Hour)
}

func TestMergeIntoAFewExactValues(t *testing.T) {
	t.Parallel()
	var few, many aggregate.Histogram
	few.Add(time.Millisecond)
	for range 1000 {
		many.Add(time.Second)
	}
	few.Merge(&many)
	require.Equal(t, 1001, few.Count())
	require.Equal(t, time.Millisecond, few.Min())
	require.InDelta(t, time.Second, few.Percentile(50), 1e7)
	few.Merge(&aggregate.Histogram{})
	require.Equal(t, 1001, few.Count())
}

// Sizes of a name are often the same: as long as they are, they take no memory, however many there are.
func TestHistogramOfEqualValues(t *testing.T) { //nolint:paralleltest // it counts allocations
	equal := func(value time.Duration, n int) *aggregate.Histogram {
		var h aggregate.Histogram
		for range n {
			h.Add(value)
		}
		return &h
	}
	require.Zero(t, testing.AllocsPerRun(1, func() {
		h := aggregate.Histogram{}
		for range 1000 {
			h.Add(time.Second)
		}
	}))
	buckets := func(h *aggregate.Histogram) (n []uint64) {
		for b := range h.Buckets() {
			n = append(n, b.Count)
		}
		return n
	}
	for _, n := range []int{1, 63, 64, 65, 1000} {
		for _, other := range []time.Duration{0, time.Millisecond, time.Minute} {
			h := equal(time.Second, n)
			require.Equal(t, []any{n, time.Second, time.Second}, []any{h.Count(), h.Mean(), h.Percentile(99)})
			require.Equal(t, []uint64{uint64(n)}, buckets(h))
			h.Merge(equal(other, n))
			h.Merge(equal(time.Second, 1))
			h.Merge(&aggregate.Histogram{})
			require.Equal(t, 2*n+1, h.Count())
			require.Equal(t, []time.Duration{min(other, time.Second), max(other, time.Second)}, []time.Duration{h.Min(), h.Max()})
			require.InEpsilon(t, float64(h.Min()+1), float64(h.Percentile(0)+1), 0.01)
			require.InEpsilon(t, float64(h.Max()), float64(h.Percentile(100)), 0.01)
			require.ElementsMatch(t, []uint64{uint64(n), uint64(n) + 1}, buckets(h))
		}
	}
}

func BenchmarkHistogramAdd(b *testing.B) {
	var h aggregate.Histogram
	for i := range b.N {
		h.Add(time.Duration(i%1000) * time.Millisecond)
	}
}

func TestTheGridHasAllBuckets(t *testing.T) {
	t.Parallel()
	grid := map[aggregate.Bucket]bool{}
	var before aggregate.Bucket
	for b := range aggregate.Grid() {
		require.Equal(t, before.High, b.Low, "there is no gap")
		grid[b], before = true, b
	}
	var h aggregate.Histogram
	for d := time.Duration(1); d < 3*time.Hour; d += d/100 + 1 {
		h.Add(d)
		h.Add(0)
	}
	h.Add(1 << 62)
	for b := range h.Buckets() {
		b.Count = 0
		require.True(t, grid[b], b)
	}
	for range aggregate.Grid() {
		break
	}
}
