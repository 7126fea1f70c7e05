package aggregate_test

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
)

const ms = time.Millisecond

// noon is when the runs of these tests begin.
func noon() time.Time { return time.Date(2026, time.May, 1, 12, 0, 0, 0, time.UTC) }

// spent is a result that began and ended then, from noon on.
func spent(from, to time.Duration) *fetch.Result {
	r := result("a", fetch.StateDone, to-from)
	r.RunStarted, r.Queued = noon(), from
	return r
}

func failing(r *fetch.Result, status int) *fetch.Result {
	r.State, r.Status, r.ErrorCode = fetch.StateFailed, status, 1000+status
	return r
}

func seriesOf(results ...*fetch.Result) *aggregate.Series {
	c := aggregate.New(aggregate.DefaultLimits())
	c.Begin(noon())
	for _, r := range results {
		c.Add(r)
	}
	return c.Summary().Series
}

// column is one figure of all steps.
func column[T any](s *aggregate.Series, of func(*aggregate.Step) T) []T {
	values := make([]T, len(s.Steps))
	for i := range s.Steps {
		values[i] = of(&s.Steps[i])
	}
	return values
}

func counts(s *aggregate.Series) []int {
	return column(s, func(s *aggregate.Step) int { return s.Count })
}

func inFlight(s *aggregate.Series) []float64 {
	return column(s, func(s *aggregate.Step) float64 { return s.InFlight })
}

func TestSeriesCountsResultsWhereTheyEnded(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		what     string
		results  []*fetch.Result
		counts   []int
		inFlight []float64
	}{
		{"one within a step", []*fetch.Result{spent(2*ms, 7*ms)}, []int{1}, []float64{0.5}},
		{"one through several", []*fetch.Result{spent(5*ms, 38*ms)}, []int{0, 0, 0, 1}, []float64{0.5, 1, 1, 0.8}},
		{"one that ends as a step begins", []*fetch.Result{spent(0, 10*ms)}, []int{0, 1}, []float64{1, 0}},
		{
			"one that ends later than another counts in the steps before as well",
			[]*fetch.Result{spent(10*ms, 14*ms), spent(0, 25*ms)},
			[]int{0, 1, 1},
			[]float64{1, 1.4, 0.5},
		},
		{"one that took no time", []*fetch.Result{spent(15*ms, 15*ms)}, []int{0, 1}, []float64{0, 0}},
		{"one that was not run", []*fetch.Result{spent(0, ms), result("b", fetch.StateNotRun, 0)}, []int{1}, []float64{0.1}},
		{
			"one of a run that began later",
			[]*fetch.Result{spent(0, ms), {
				State: fetch.StateDone, RunStarted: noon().Add(20 * ms), Queued: ms, Elapsed: 5 * ms,
			}},
			[]int{1, 0, 1},
			[]float64{0.1, 0, 0.5},
		},
		{
			"what happened before the series began is not in it",
			[]*fetch.Result{spent(-20*ms, 5*ms), spent(-20*ms, -10*ms)},
			[]int{2},
			[]float64{0.5},
		},
	} {
		t.Run(test.what, func(t *testing.T) {
			t.Parallel()
			s := seriesOf(test.results...)
			require.Equal(t, noon(), s.Begun)
			require.Equal(t, 10*ms, s.Width)
			require.Equal(t, test.counts, counts(s))
			require.InDeltaSlice(t, test.inFlight, inFlight(s), 1e-9)
		})
	}
}

func TestSeriesOfNothing(t *testing.T) {
	t.Parallel()
	require.Nil(t, seriesOf())
	require.Nil(t, seriesOf(result("a", fetch.StateNotRun, 0)))
}

// The width doubles when the test outgrows it, and nothing is lost: what was in flight is where it was.
func TestSeriesWidens(t *testing.T) {
	t.Parallel()
	results := []*fetch.Result{spent(0, 5*ms), spent(3*ms, 5*time.Second), spent(time.Second, 1015*ms)}
	s := seriesOf(results...)
	require.Equal(t, 10*ms, s.Width)
	s = seriesOf(append(results, spent(6*time.Second, 6*time.Second))...)
	require.Equal(t, 20*ms, s.Width)
	require.Len(t, s.Steps, 301)
	s = seriesOf(append(results, failing(spent(24*time.Second, 25*time.Second), http.StatusNotFound))...)
	require.Equal(t, 80*ms, s.Width)
	require.Len(t, s.Steps, 313)
	flight := inFlight(s)
	require.InDelta(t, (5.0+77)/80, flight[0], 1e-9)
	require.InDelta(t, 1+15.0/80, flight[12]+flight[13]-1, 1e-9)
	require.InDelta(t, 1, flight[40], 1e-9)
	require.InDelta(t, 0.5, flight[62], 1e-9)
	require.Zero(t, flight[63])
	require.InDelta(t, 1, flight[300], 1e-9)
	require.Equal(t, 1, s.Steps[312].Failures[0])
}

// Percentiles of a step are within 4 % of those by nearest rank, however the steps were merged.
func TestSeriesHasPercentilesOfEachStep(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	c := aggregate.New(aggregate.DefaultLimits())
	c.Begin(noon())
	const results = 20_000
	ends, values := make([]time.Duration, results), make([]time.Duration, results)
	for i := range results {
		ends[i] = time.Hour * time.Duration(i) / results // so that it widens again and again
		values[i] = time.Duration(random.ExpFloat64() * float64(50*ms) * float64(1+i%7))
		values[i] = min(values[i], ends[i])
		c.Add(spent(ends[i]-values[i], ends[i]))
	}
	s := c.Summary().Series
	require.LessOrEqual(t, len(s.Steps), aggregate.MaxSteps)
	of := make([][]time.Duration, len(s.Steps))
	for i, end := range ends {
		of[end/s.Width] = append(of[end/s.Width], values[i])
	}
	for i, values := range of {
		slices.Sort(values)
		step := &s.Steps[i]
		require.Len(t, values, step.Count)
		for _, p := range []struct {
			percent float64
			got     time.Duration
		}{{50, step.P50}, {95, step.P95}, {99, step.P99}} {
			if len(values) == 0 {
				require.Zero(t, p.got)
				continue
			}
			exact := float64(values[int(math.Round(p.percent/100*float64(len(values)-1)))])
			require.InDelta(t, exact, float64(p.got), exact*0.04+1024, "p%v of step %d", p.percent, i)
		}
	}
}

func TestSeriesTellsTheMostFrequentReasonsApart(t *testing.T) {
	t.Parallel()
	var results []*fetch.Result
	for reason := range 12 {
		for range reason + 1 {
			results = append(results, failing(spent(0, time.Duration(reason)*ms), 400+reason))
		}
	}
	s := seriesOf(results...)
	require.Len(t, s.Reasons, 8)
	require.Equal(t, aggregate.Cause{Code: 1411, Status: 411}, s.Reasons[0])
	require.Equal(t, 404, s.Reasons[7].Status)
	require.Equal(t, []int{0, 0, 10, 9, 8, 7, 6, 5}, s.Steps[0].Failures)
	require.Equal(t, []int{12, 11, 0, 0, 0, 0, 0, 0}, s.Steps[1].Failures)
	require.Equal(t, []int{55, 23}, column(s, func(s *aggregate.Step) int { return s.Failed }))
}

// VUs are looked at once in each step, in which the first of them to end finds it new.
func TestSeriesLooksAtVUsOncePerStep(t *testing.T) {
	t.Parallel()
	c := aggregate.New(aggregate.DefaultLimits())
	looked := 0
	c.CountVUs(func() int { looked++; return looked })
	for i := range 1000 {
		c.Add(spent(0, time.Duration(i/200)*20*ms))
	}
	require.Equal(t, 5, looked)
	s := c.Summary().Series
	require.Equal(t, []int{1, 1, 2, 2, 3, 3, 4, 4, 5}, column(s, func(s *aggregate.Step) int { return s.VUs }),
		"where nothing ended, it is that of the step before")

	c.Add(spent(0, 20*time.Second))
	require.Equal(t, []int{2, 4, 5}, column(c.Summary().Series, func(s *aggregate.Step) int { return s.VUs })[:3],
		"of steps that became one, it is the most")

	c = aggregate.New(aggregate.DefaultLimits())
	c.CountVUs(func() int { return -1 })
	c.Add(spent(0, time.Second))
	s = c.Summary().Series
	require.Zero(t, s.Steps[len(s.Steps)-1].VUs, "not known")
	require.Zero(t, seriesOf(spent(0, ms)).Steps[0].VUs, "nobody knows")
}

// Each result is a point with the same probability: the first tenth of them is about a tenth of the points.
func TestSeriesHasPointsOfRandomResults(t *testing.T) {
	t.Parallel()
	few := seriesOf(failing(spent(0, 30*ms), 500), spent(5*ms, 10*ms))
	require.Equal(t, []aggregate.Point{
		{Ended: 10 * ms, Elapsed: 5 * ms, InFlight: 1}, {Ended: 30 * ms, Elapsed: 30 * ms, InFlight: 0, Failed: true},
	}, few.Points)

	c := aggregate.New(aggregate.DefaultLimits())
	c.Begin(noon())
	const results = 200_000
	for i := range results {
		c.Add(spent(0, time.Duration(i)*ms))
	}
	s := c.Summary().Series
	require.Len(t, s.Points, 1000)
	require.True(t, slices.IsSortedFunc(s.Points, func(a, b aggregate.Point) int { return int(a.Ended - b.Ended) }))
	var tenths [10]int
	for _, p := range s.Points {
		tenths[p.Ended*10/(results*ms)]++
		require.InDelta(t, s.Steps[p.Ended/s.Width].InFlight, p.InFlight, 0)
	}
	for _, n := range tenths {
		require.InDelta(t, 100, n, 45, tenths) // five standard deviations of 9.5
	}
}

// A series has all that ran, whatever comes.
func FuzzSeries(f *testing.F) {
	f.Add([]byte("0123456789abcdef01234567"))
	f.Add(slices.Repeat([]byte{0xff, 0, 0, 0, 0x80, 1}, 60))
	f.Add(slices.Repeat([]byte{1, 2, 3, 4, 5, 6, 7}, 700))
	f.Fuzz(func(t *testing.T, data []byte) {
		const enough = 5000 // bytes
		data = data[:min(len(data), enough)]
		c := aggregate.New(aggregate.DefaultLimits())
		if len(data)%2 == 0 {
			c.Begin(noon())
		}
		next := func() time.Duration {
			if len(data) == 0 {
				return 0
			}
			var number [8]byte
			data = data[copy(number[:], data):]
			n := binary.LittleEndian.Uint64(number[:])
			return time.Duration(n) >> (n % 64) // of any size
		}
		var results []*fetch.Result
		for i := 0; len(data) > 0; i++ {
			results = append(results, &fetch.Result{
				State: fetch.State(1 + i%3%2), RunStarted: noon().Add(next()), Queued: next(), Elapsed: next(),
			})
			c.Add(results[i])
			if i%50 == 0 {
				hasAll(t, c.Summary().Series, results)
			}
		}
		if len(results) > 0 {
			hasAll(t, c.Summary().Series, results)
		}
	})
}

// hasAll checks that a series is of these results.
func hasAll(t *testing.T, s *aggregate.Series, results []*fetch.Result) {
	t.Helper()
	require.NotEmpty(t, s.Steps)
	require.LessOrEqual(t, len(s.Steps), aggregate.MaxSteps)
	require.Zero(t, s.Width%aggregate.MinWidth)
	require.Equal(t, 1, bits.OnesCount64(uint64(s.Width/aggregate.MinWidth)), "a power of two")
	require.Positive(t, s.Steps[len(s.Steps)-1].Count)
	var count, failed, caused int
	var busy float64
	for i := range s.Steps {
		step := &s.Steps[i]
		count += step.Count
		failed += step.Failed
		for _, n := range step.Failures {
			caused += n
		}
		require.GreaterOrEqual(t, step.InFlight, -1e-6)
		busy += step.InFlight * float64(s.Width)
		require.LessOrEqual(t, step.P50, step.P95)
		require.LessOrEqual(t, step.P95, step.P99)
	}
	require.Len(t, results, count)
	var wantFailed int
	var want float64
	for _, r := range results {
		if r.State == fetch.StateFailed {
			wantFailed++
		}
		ended := max(0, float64(r.RunStarted.Sub(s.Begun))+float64(r.Ended()))
		want += min(max(0, float64(r.Elapsed)), ended, math.MaxInt64)
	}
	require.Equal(t, wantFailed, failed)
	require.Equal(t, wantFailed, caused)
	require.InDelta(t, want, busy, want*1e-6+float64(len(results)))
	require.Len(t, s.Points, min(len(results), 1000))
}

func TestSeriesIsSafeForManyGoroutines(t *testing.T) {
	t.Parallel()
	c := aggregate.New(aggregate.DefaultLimits())
	var active atomic.Int64
	c.CountVUs(func() int { return int(active.Load()) })
	const workers, each = 16, 2000
	results := make([][]*fetch.Result, workers)
	var all sync.WaitGroup
	for w := range workers {
		all.Go(func() {
			active.Add(1)
			c.Begin(noon())
			for i := range each {
				end := time.Duration(i*i)*100*time.Microsecond + time.Duration(w)*ms
				r := spent(max(0, end-time.Duration(w)*7*ms), end)
				r.Target.Spec.Name = fmt.Sprint(i % 11)
				if i%5 == 0 {
					r = failing(r, 400+i%9)
				}
				results[w] = append(results[w], r)
				c.Add(r)
				if i%500 == 0 {
					c.Summary()
				}
			}
		})
	}
	all.Wait()
	s := c.Summary().Series
	require.Len(t, s.Reasons, 8)
	hasAllButReasons(t, s, slices.Concat(results...))
}

func hasAllButReasons(t *testing.T, s *aggregate.Series, results []*fetch.Result) {
	t.Helper()
	for i := range s.Steps {
		told := 0
		for _, n := range s.Steps[i].Failures {
			told += n
		}
		require.LessOrEqual(t, told, s.Steps[i].Failed)
		s.Steps[i].Failures = []int{s.Steps[i].Failed}
	}
	hasAll(t, s, results)
}

// Two million bytes are enough for a series: in each step there are times of all sizes here, and all the reasons that
// are told apart.
func TestSeriesIsBounded(t *testing.T) { //nolint:paralleltest // it measures memory
	c := aggregate.New(aggregate.Limits{Names: 1})
	c.Begin(noon())
	before := heap()
	for step := range 2 * aggregate.MaxSteps {
		for i := range 80 {
			end := time.Duration(step)*20*ms + time.Duration(i)*time.Microsecond
			r := spent(0, end)
			r.Elapsed, r.RunStarted = time.Duration(1)<<(i%48), r.RunStarted.Add(end-time.Duration(1)<<(i%48))
			r.Queued = 0
			r.State, r.Error = fetch.StateFailed, fmt.Sprintf("%s %d", strings.Repeat("x", 1000), i)
			c.Add(r)
		}
	}
	grown := heap() - before
	t.Logf("%d bytes", grown)
	require.Less(t, grown, int64(2e6))
	s := c.Summary().Series
	require.Equal(t, 80*2*aggregate.MaxSteps, sum(counts(s)))
	require.Len(t, s.Reasons, 8)
}

func sum(values []int) (all int) {
	for _, n := range values {
		all += n
	}
	return all
}
