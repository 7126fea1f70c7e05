package stats_test

import (
	"math"
	"math/big"
	"math/bits"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/stats"
)

func TestFisherIsThatOfBooks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name          string
		first, second stats.Share
		p, within     float64
	}{
		// R. A. Fisher: The Design of Experiments (1935), chapter 2. R's fisher.test(TeaTasting).
		{"the lady who tasted tea", stats.Share{Hits: 3, Of: 4}, stats.Share{Hits: 1, Of: 4}, 0.4857142857, 1e-9},
		// The convictions of twins, as in ?fisher.test: p-value = 0.0005367.
		{"convicts and their twins", stats.Share{Hits: 2, Of: 17}, stats.Share{Hits: 10, Of: 13}, 0.0005367, 5e-8},
		// SciPy's documentation of fisher_exact, in two versions of it.
		{"whales and sharks", stats.Share{Hits: 8, Of: 10}, stats.Share{Hits: 1, Of: 6}, 0.034965034965, 1e-11},
		{"whales and sharks, counted again", stats.Share{Hits: 6, Of: 8}, stats.Share{Hits: 1, Of: 5}, 0.102564102564, 1e-11},
		{"all against none", stats.Share{Hits: 0, Of: 12}, stats.Share{Hits: 12, Of: 12}, 2.0 / 2704156, 1e-15},
		{"one of one", stats.Share{Hits: 0, Of: 1}, stats.Share{Hits: 1, Of: 1}, 1, 1e-12},
	} {
		require.InDelta(t, c.p, stats.Fisher(c.first, c.second), c.within, c.name)
		require.InDelta(t, c.p, stats.Fisher(c.second, c.first), c.within, "%s, the other way around", c.name)
		misses := func(s stats.Share) stats.Share { return stats.Share{Hits: s.Of - s.Hits, Of: s.Of} }
		require.InDelta(t, c.p, stats.Fisher(misses(c.first), misses(c.second)), c.within, "%s, of misses", c.name)
	}
}

// Every way to deal the hits out is tried.
func TestFisherCountsAllTables(t *testing.T) {
	t.Parallel()
	for n := 2; n <= 11; n++ {
		for of := 1; of < n; of++ {
			for k := 0; k <= n; k++ {
				ways := make([]float64, n+1) // to so many hits in the first sample
				for set := range uint(1) << n {
					if bits.OnesCount(set) == k {
						ways[bits.OnesCount(set&(1<<of-1))]++
					}
				}
				requireFisher(t, ways, of, n-of, k)
			}
		}
	}
}

// requireFisher compares with the ways there are to each table with these margins, and the least with all of them.
func requireFisher(t *testing.T, ways []float64, first, second, hits int) {
	t.Helper()
	least := 1.0
	for x, observed := range ways {
		if observed == 0 {
			continue
		}
		var extreme, all float64
		for _, w := range ways {
			all += w
			if w <= observed {
				extreme += w
			}
		}
		a, b := stats.Share{Hits: x, Of: first}, stats.Share{Hits: hits - x, Of: second}
		require.InDelta(t, extreme/all, stats.Fisher(a, b), 1e-12, "%v and %v", a, b)
		least = min(least, extreme/all)
	}
	for x, observed := range ways {
		if observed > 0 {
			a, b := stats.Share{Hits: x, Of: first}, stats.Share{Hits: hits - x, Of: second}
			require.InDelta(t, least, stats.LeastFisher(a, b), 1e-12, "%v and %v", a, b)
		}
	}
}

// Larger samples are compared with whole numbers of any size.
func TestFisherIsExactForLargeSamples(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for range 40 {
		first, second := 1+random.IntN(2000), 1+random.IntN(2000)
		hits := random.IntN(first + second)
		low, high := max(0, hits-second), min(hits, first)
		ways := make([]*big.Int, high-low+1)
		for x := low; x <= high; x++ {
			ways[x-low] = new(big.Int).Binomial(int64(first), int64(x))
			ways[x-low].Mul(ways[x-low], new(big.Int).Binomial(int64(second), int64(hits-x)))
		}
		for range 5 {
			x := low + random.IntN(high-low+1)
			extreme, all := new(big.Int), new(big.Int)
			for _, w := range ways {
				all.Add(all, w)
				if w.Cmp(ways[x-low]) <= 0 {
					extreme.Add(extreme, w)
				}
			}
			want, _ := new(big.Rat).SetFrac(extreme, all).Float64()
			got := stats.Fisher(stats.Share{Hits: x, Of: first}, stats.Share{Hits: hits - x, Of: second})
			require.InDelta(t, want, got, 1e-9, "%d of %d, %d of %d", x, first, hits-x, second)
			if want > 1e-300 {
				require.InEpsilon(t, want, got, 1e-6, "%d of %d, %d of %d", x, first, hits-x, second)
			}
		}
	}
}

// Where the normal distribution takes over from counting, they agree.
func TestFisherGoesOverSmoothly(t *testing.T) {
	t.Parallel()
	const below, above = 195_000_000, 205_000_000 // with as many hits as misses, on both sides of the limit
	for _, z := range []float64{0, 0.5, 1, 2, 3, 4} {
		p := func(n int) float64 {
			more := int(z * math.Sqrt(float64(n)/8))
			return stats.Fisher(stats.Share{Hits: n/2 - more, Of: n}, stats.Share{Hits: n/2 + more, Of: n})
		}
		require.InEpsilon(t, p(below), p(above), 0.01, "z = %v", z)
	}
}

func TestFisherIsCalibrated(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 4))
	const rounds = 3000
	for _, c := range []struct {
		first, second int
		share         float64
	}{{12, 12, 0.3}, {40, 300, 0.05}, {500, 700, 0.4}} {
		below := 0
		for range rounds {
			draw := func(n int) stats.Share {
				s := stats.Share{Of: n}
				for range n {
					if random.Float64() < c.share {
						s.Hits++
					}
				}
				return s
			}
			if stats.Fisher(draw(c.first), draw(c.second)) <= 0.05 {
				below++
			}
		}
		require.Less(t, float64(below), rounds*0.05+3*math.Sqrt(rounds*0.05), "%v", c)
	}
}

func TestFisherOfNothingAndOfMuch(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 5, 1 << 20, 1 << 53} {
		none, all := stats.Share{Of: n}, stats.Share{Hits: n, Of: n}
		for _, pair := range [][2]stats.Share{{none, none}, {all, all}, {none, {}}, {{}, all}, {{}, {}}} {
			require.InDelta(t, 1, stats.Fisher(pair[0], pair[1]), 0, "%v", pair)
			require.InDelta(t, 1, stats.LeastFisher(pair[0], pair[1]), 0, "%v", pair)
		}
		p := stats.Fisher(none, all)
		require.True(t, p >= 0 && p <= 1, "%d: %v", n, p)
		require.InDelta(t, p, stats.LeastFisher(none, all), 1e-12)
		if n > 5 {
			require.Less(t, p, 1e-100)
		}
		half := stats.Share{Hits: n / 2, Of: n}
		require.InDelta(t, 1, stats.Fisher(half, half), 1e-9)
	}
}
