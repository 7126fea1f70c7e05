package stats_test

import (
	"maps"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/stats"
)

// ties counts equal values of two samples.
func ties(first, second []float64) []stats.Tie {
	all := slices.Concat(first, second)
	slices.Sort(all)
	all = slices.Compact(all)
	counted := make([]stats.Tie, len(all))
	for _, v := range first {
		i, _ := slices.BinarySearch(all, v)
		counted[i].First++
	}
	for _, v := range second {
		i, _ := slices.BinarySearch(all, v)
		counted[i].Second++
	}
	return counted
}

func TestMannWhitneyIsThatOfBooks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name          string
		first, second []float64
		u, p          float64
		within        float64
		exact         bool
	}{
		{
			// Hollander and Wolfe, table 4.1: the permeability of the human chorioamnion. R's wilcox.test(y, x).
			"few values",
			[]float64{0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46},
			[]float64{1.15, 0.88, 0.90, 0.74, 1.21},
			15, 0.254412254, 1e-8, true,
		},
		{
			// The age of diagnosis of diabetes, as in SciPy's documentation of mannwhitneyu.
			"very few values",
			[]float64{20, 11, 17, 12},
			[]float64{19, 22, 16, 29, 24},
			17, 0.1111111111111111, 1e-12, true,
		},
		{
			// R's airquality, ozone in May and in August: W = 127.5, p-value = 0.0001208, as in ?wilcox.test.
			"many values, some equal",
			[]float64{
				39, 9, 16, 78, 35, 66, 122, 89, 110, 44, 28, 65, 22, 59, 23, 31, 44, 21, 9, 45, 168, 73, 76, 118, 84, 85,
			},
			[]float64{
				41, 36, 12, 18, 28, 23, 19, 8, 7, 16, 11, 14, 18, 14, 34, 6, 30, 11, 1, 11, 4, 32, 23, 45, 115, 37,
			},
			127.5, 0.0001208, 5e-8, false,
		},
	} {
		got := stats.MannWhitney(ties(c.first, c.second))
		require.InDelta(t, c.u, got.Superiority*float64(len(c.first)*len(c.second)), 1e-9, c.name)
		require.InDelta(t, c.p, got.P, c.within, c.name)
		require.Equal(t, c.exact, got.Exact, c.name)
		back := stats.MannWhitney(ties(c.second, c.first))
		require.InDelta(t, got.P, back.P, 1e-12, "%s, the other way around", c.name)
		require.InDelta(t, 1, got.Superiority+back.Superiority, 1e-12, c.name)
	}
}

// The largest U that is significant, two-sided, for two samples of n values: as tables have it since that of Mann and
// Whitney.
func TestMannWhitneyHasTheCriticalValuesOfTables(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		n, five, one int
	}{
		{5, 2, 0}, {6, 5, 2}, {7, 8, 4}, {8, 13, 7}, {9, 17, 11}, {10, 23, 16}, {12, 37, 27}, {15, 64, 51}, {20, 127, 105},
	} {
		for alpha, critical := range map[float64]int{0.05: c.five, 0.01: c.one} {
			require.LessOrEqual(t, stats.MannWhitney(withU(c.n, critical)).P, alpha, "n = %d, U = %d", c.n, critical)
			require.Greater(t, stats.MannWhitney(withU(c.n, critical+1)).P, alpha, "n = %d, U = %d", c.n, critical+1)
		}
	}
}

// withU are two samples of n values with a certain U, without ties.
func withU(n, u int) []stats.Tie {
	order := make([]stats.Tie, 0, 2*n)
	above := make([]int, n+1) // how many of the second sample stand above so many of the first
	for i := range n {
		above[min(n, max(0, u-i*n))]++
	}
	for i := 0; i <= n; i++ {
		for range above[i] {
			order = append(order, stats.Tie{Second: 1})
		}
		if i < n {
			order = append(order, stats.Tie{First: 1})
		}
	}
	return order
}

// Every way to deal values out is tried, ties and all.
func TestMannWhitneyCountsAllPermutations(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		n := 2 + random.IntN(9)
		k := 1 + random.IntN(n-1)
		values := make([]float64, n)
		for i := range values {
			values[i] = float64(random.IntN(1 + random.IntN(8)))
		}
		deal := func(set uint) (first, second []float64) {
			for i, v := range values {
				if set>>i&1 == 1 {
					first = append(first, v)
				} else {
					second = append(second, v)
				}
			}
			return first, second
		}
		distance := func(set uint) float64 {
			var u float64
			first, second := deal(set)
			for _, a := range first {
				for _, b := range second {
					if b > a {
						u++
					} else if b == a {
						u += 0.5
					}
				}
			}
			return math.Abs(u - float64(k*(n-k))/2)
		}
		observed := distance(1<<k - 1)
		var extreme, all float64
		for set := range uint(1) << n {
			if bits.OnesCount(set) != k {
				continue
			}
			all++
			if distance(set) >= observed {
				extreme++
			}
		}
		got := stats.MannWhitney(ties(deal(1<<k - 1)))
		require.True(t, got.Exact)
		require.InDelta(t, extreme/all, got.P, 1e-12, "%v, %d first", values, k)
	}
}

// Where the one way of calculation takes over from the other, they agree.
func TestMannWhitneyGoesOverSmoothly(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 4))
	for _, levels := range []int{1 << 30, 12} {
		for range 20 {
			shift := random.IntN(levels / 3)
			sample := func(n, shift int) []float64 {
				values := make([]float64, n)
				for i := range values {
					values[i] = float64(random.IntN(levels) + shift)
				}
				return values
			}
			first, second := sample(22, 0), sample(22, shift)
			few := stats.MannWhitney(ties(first, second))
			require.True(t, few.Exact)
			// A value that ties with nothing in the middle of each changes next to nothing.
			more := stats.MannWhitney(ties(append(first, float64(levels)*0.6+0.1), append(second, float64(levels)*0.6+0.2)))
			require.False(t, more.Exact)
			if few.P < 0.5 { // what is near 1 is nobody's concern
				require.InDelta(t, few.P, more.P, 0.05)
			}
		}
	}
}

// Where there is no difference, a P of at most 5 % comes in no more than 5 % of all cases; nor in much fewer, where P is
// not too coarse for that.
func TestMannWhitneyIsCalibrated(t *testing.T) {
	t.Parallel()
	const rounds = 2000
	for _, c := range []struct {
		name          string
		first, second int
		levels        float64
		coarse        bool
	}{
		{"few", 6, 6, 1e9, true},
		{"few, many equal", 8, 7, 3, true},
		{"one and many", 1, 60, 1e9, true},
		{"more", 14, 15, 1e9, false},
		{"thirty and more", 30, 45, 1e9, false},
		{"many, most equal", 200, 100, 4, false},
		{"many in buckets", 300, 500, 64, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(5, uint64(c.first)))
			below := map[float64]int{0.05: 0, 0.01: 0}
			for range rounds {
				counted := map[float64]stats.Tie{}
				for i := range c.first + c.second {
					v := math.Floor(random.ExpFloat64() * c.levels / 3)
					tie := counted[v]
					if i < c.first {
						tie.First++
					} else {
						tie.Second++
					}
					counted[v] = tie
				}
				values := slices.Sorted(maps.Keys(counted))
				list := make([]stats.Tie, len(values))
				for i, v := range values {
					list[i] = counted[v]
				}
				p := stats.MannWhitney(list).P
				for alpha := range below {
					if p <= alpha {
						below[alpha]++
					}
				}
			}
			for alpha, n := range below {
				deviation := math.Sqrt(rounds * alpha * (1 - alpha))
				require.LessOrEqual(t, float64(n), rounds*alpha+3*deviation, "P of at most %v", alpha)
				if !c.coarse {
					require.GreaterOrEqual(t, float64(n), rounds*alpha-4*deviation, "P of at most %v", alpha)
				}
			}
		})
	}
}

func TestMannWhitneyOfNothingAndOfMuch(t *testing.T) {
	t.Parallel()
	nothing := stats.Outcome{Superiority: 0.5, P: 1}
	require.Equal(t, nothing, stats.MannWhitney(nil))
	require.Equal(t, nothing, stats.MannWhitney([]stats.Tie{{First: 5}}))
	require.Equal(t, nothing, stats.MannWhitney([]stats.Tie{{Second: 1e15}}))
	for _, n := range []float64{1, 5, 100, 1e6, 1e15} {
		same := stats.MannWhitney([]stats.Tie{{n, n}})
		require.InDelta(t, 1, same.P, 1e-12, "all equal, %v each", n)
		require.InDelta(t, 0.5, same.Superiority, 1e-12)
		apart := stats.MannWhitney([]stats.Tie{{First: n}, {Second: n}})
		require.InDelta(t, 1, apart.Superiority, 1e-12)
		require.True(t, apart.P >= 0 && apart.P <= 1, apart.P)
	}
}

func TestLeastPIsThatOfSamplesApart(t *testing.T) {
	t.Parallel()
	for first := 1; first < 40; first += 3 {
		for second := 1; second < 1000; second = second*2 + 1 {
			list := make([]stats.Tie, 0, first+second)
			for range first {
				list = append(list, stats.Tie{First: 1})
			}
			for range second {
				list = append(list, stats.Tie{Second: 1})
			}
			least := stats.LeastP(float64(first), float64(second))
			require.InEpsilon(t, stats.MannWhitney(list).P, least, 1e-9, "%d and %d", first, second)
		}
	}
	require.InDelta(t, 1, stats.LeastP(0, 5), 0)
	require.Equal(t, 4, stats.Enough(0.05), "2 of the 70 ways to deal out 8")
	require.Equal(t, 5, stats.Enough(0.01), "2 of 252")
	require.Equal(t, 9, stats.Enough(0.01/100))
	require.Positive(t, stats.Enough(0))
}

func TestHolmCorrects(t *testing.T) {
	t.Parallel()
	// As R's p.adjust(p, "holm").
	got := stats.Holm([]float64{0.01, 0.02, 0.03, 0.04, 0.005})
	for i, want := range []float64{0.04, 0.06, 0.06, 0.06, 0.025} {
		require.InDelta(t, want, got[i], 1e-12)
	}
	require.Equal(t, []float64{1, 1}, stats.Holm([]float64{0.7, 0.9}))
	require.Empty(t, stats.Holm(nil))
}

func TestTestableLeavesOutWhatCannotBeFound(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		least []float64
		want  []bool
	}{
		{"none", nil, []bool{}},
		{"one that can", []float64{0.005}, []bool{true}},
		{"one that cannot", []float64{0.02}, []bool{false}},
		{"what cannot leaves room for what can", []float64{0.009, 0.02, 0.3, 0.5}, []bool{true, false, false, false}},
		{"two share", []float64{0.004, 0.004, 0.02}, []bool{true, true, false}},
		{"three that are too many for each other", []float64{0.004, 0.004, 0.004}, []bool{false, false, false}},
		{"of them only the best", []float64{0.004, 0.004, 1e-9}, []bool{false, false, true}},
	} {
		require.Equal(t, c.want, stats.Testable(c.least, 0.01), c.name)
	}
}
