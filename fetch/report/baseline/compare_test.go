package baseline_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/reporttest"
	"github.com/xk6-fetch/xk6-fetch/fetch/report"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/baseline"
)

// sample is a name whose results took certain times.
func sample(name string, n int, next func(i int) time.Duration) baseline.Name {
	c := &aggregate.Name{Name: name, Counts: aggregate.Counts{Count: n, Ok: n}}
	for i := range n {
		d := next(i)
		c.Times[aggregate.Elapsed].Add(d)
		c.Times[aggregate.Waiting].Add(d / 2)
		c.Times[aggregate.Receiving].Add(d / 4)
	}
	return baseline.Of(c, name)
}

func against(then, now baseline.Name, opts baseline.Options) baseline.Judgement {
	r := &baseline.Report{Names: []baseline.Name{then}}
	return r.Compare([]baseline.Name{now}, opts).Names[0]
}

func exponential(seed uint64, mean time.Duration) func(int) time.Duration {
	random := rand.New(rand.NewPCG(seed, 1))
	return func(int) time.Duration { return time.Duration(random.ExpFloat64() * float64(mean)) }
}

func TestAReportDoesNotDifferFromItself(t *testing.T) {
	t.Parallel()
	for name, about := range map[string]*report.Subject{
		"demo": reporttest.Demo(), "shop": reporttest.Shop(), "nasty": reporttest.Nasty(), "empty": reporttest.Empty(),
		"large": reporttest.Large(300),
	} {
		r, err := baseline.Read([]byte(written(t, about)))
		require.NoError(t, err)
		now := make([]baseline.Name, len(about.Names))
		for i, n := range about.Names {
			now[i] = baseline.Of(n, r.Names[i].Name)
		}
		c := r.Compare(now, baseline.Defaults())
		require.Equal(t, len(c.Names), c.Count(baseline.Same)+c.Count(baseline.TooFew), name)
		for _, j := range c.Names {
			if j.Tested {
				require.InDelta(t, 1, j.P, 1e-9, "%s: %q", name, j.Name)
			}
		}
	}
}

// A value that is kept as it is and the same value in a bucket are equal, however small.
func TestValuesTieWithTheirBuckets(t *testing.T) {
	t.Parallel()
	for _, least := range []time.Duration{1, time.Microsecond, 20 * time.Microsecond, time.Millisecond, time.Second} {
		value := func(i int) time.Duration { return least + time.Duration(i%60)*least/7 }
		few, many := sample("a", 60, value), sample("a", 60_000, value)
		for _, j := range []baseline.Judgement{
			against(few, many, baseline.Defaults()), against(many, few, baseline.Defaults()),
		} {
			require.Equal(t, baseline.Same, j.Verdict)
			require.InDelta(t, 0.5, j.Superiority, 1e-9)
			require.InDelta(t, 1, j.P, 1e-9, least)
		}
	}
}

// To say of any of many names that it changed, when none did, is as rare as the significance.
func TestAnotherSampleOfTheSameSaysNothing(t *testing.T) {
	t.Parallel()
	const rounds, significance = 120, 0.05
	alarms := 0
	for round := range uint64(rounds) {
		then, now := make([]baseline.Name, 30), make([]baseline.Name, 30)
		for i := range then {
			name, mean := fmt.Sprint(i), time.Duration(i+1)*time.Millisecond
			then[i] = sample(name, 3+i*8, exponential(2*round, mean))
			now[i] = sample(name, 5+i*5, exponential(2*round+1, mean))
		}
		c := (&baseline.Report{Names: then}).Compare(now, baseline.Options{Significance: significance})
		require.Equal(t, 30, c.Count(baseline.Same)+c.Count(baseline.TooFew)+c.Count(baseline.Slower)+c.Count(baseline.Faster))
		if c.Count(baseline.Slower)+c.Count(baseline.Faster) > 0 {
			alarms++
		}
	}
	limit := rounds*significance + 3*math.Sqrt(rounds*significance)
	require.Less(t, float64(alarms), limit, "false alarms in %d reports", rounds)
}

func TestVerdicts(t *testing.T) {
	t.Parallel()
	around := func(ms, percent int) func(int) time.Duration {
		return func(i int) time.Duration {
			return time.Duration(ms)*time.Millisecond*time.Duration(100+percent)/100 + time.Duration(i%50)*time.Millisecond/4
		}
	}
	mostly := func(slow int) func(int) time.Duration { // so many of a hundred take ten times as long
		return func(i int) time.Duration {
			if i*37%100 < slow {
				return time.Second
			}
			return 100*time.Millisecond + time.Duration(i%7)*time.Millisecond
		}
	}
	zero := func(int) time.Duration { return 0 }
	for _, c := range []struct {
		name      string
		then, now func(int) time.Duration
		n         int
		opts      baseline.Options
		want      baseline.Verdict
		mean      bool
	}{
		{"30 % more", around(100, 0), around(100, 30), 10, baseline.Defaults(), baseline.Slower, false},
		{"30 % less", around(100, 0), around(100, -30), 10, baseline.Defaults(), baseline.Faster, false},
		{"3 % more is within the tolerance", around(100, 0), around(100, 3), 5000, baseline.Defaults(), baseline.Same, false},
		{"but not within none", around(100, 0), around(100, 3), 5000, baseline.Options{Significance: 0.01}, baseline.Slower, false},
		{"30 % more, but not that sure", around(100, 0), around(100, 30), 5, baseline.Options{Significance: 0.001}, baseline.TooFew, false},
		{"more that are slow", mostly(10), mostly(40), 300, baseline.Defaults(), baseline.Slower, true},
		{"fewer that are slow", mostly(40), mostly(10), 300, baseline.Defaults(), baseline.Faster, true},
		{"no time at all", zero, zero, 300, baseline.Defaults(), baseline.Same, false},
		{"time where there was none", zero, around(100, 0), 10, baseline.Defaults(), baseline.Slower, false},
		{"four of each", around(100, 0), around(100, 900), 4, baseline.Defaults(), baseline.TooFew, false},
		{"five of each", around(100, 0), around(100, 900), 5, baseline.Defaults(), baseline.Slower, false},
		{"nothing ran", around(100, 0), around(100, 900), 0, baseline.Defaults(), baseline.TooFew, false},
	} {
		j := against(sample("a", c.n, c.then), sample("a", c.n, c.now), c.opts)
		require.Equal(t, c.want, j.Verdict, c.name)
		require.Equal(t, c.mean, j.Mean, c.name)
		require.Equal(t, c.want != baseline.TooFew, j.Tested, c.name)
		require.Equal(t, c.want == baseline.Slower, j.Grown != nil, c.name)
		if j.Grown != nil {
			require.Equal(t, aggregate.FirstByte, j.Grown.Part, "half of it is waiting")
			require.Greater(t, j.Grown.Now, j.Grown.Then)
		}
	}
}

func TestTooFewLeaveRoomForOthers(t *testing.T) {
	t.Parallel()
	then, now := make([]baseline.Name, 51), make([]baseline.Name, 51)
	for i := range then {
		one := sample(fmt.Sprint(i), 1, func(int) time.Duration { return time.Second })
		then[i], now[i] = one, one
	}
	then[50] = sample("five", 5, func(i int) time.Duration { return time.Duration(10+i) * time.Millisecond })
	now[50] = sample("five", 5, func(i int) time.Duration { return time.Duration(20+i) * time.Millisecond })
	c := (&baseline.Report{Names: then}).Compare(now, baseline.Defaults())
	require.Equal(t, baseline.Slower, c.Of("five").Verdict, "what could not be found is nothing to correct for")
	require.Equal(t, 50, c.Count(baseline.TooFew))
	require.Equal(t, 8, c.Enough, "for all 51")
}

func TestNamesAreFoundOrToldApart(t *testing.T) {
	t.Parallel()
	list := func(names ...string) []baseline.Name {
		all := make([]baseline.Name, len(names))
		for i, name := range names {
			all[i] = sample(name, 3, exponential(1, time.Second))
			all[i].Rest = name == "…"
		}
		return all
	}
	for _, c := range []struct {
		name        string
		then, now   []baseline.Name
		want        string
		notCompared int
	}{
		{"both", list("a", "b"), list("b", "a"), "b too few, a too few", 0},
		{"new and missing", list("a", "b"), list("b", "c"), "b too few, c new, a missing", 0},
		{"nothing", nil, nil, "", 0},
		{"all new", nil, list("a"), "a new", 0},
		{"all missing", list("a"), nil, "a missing", 0},
		{"the rest is not compared", list("a", "…"), list("a", "…"), "a too few", 1},
		{"what is not there may be in the rest", list("a", "…"), list("a", "b"), "a too few", 2},
		{"and the other way around", list("a", "b"), list("a", "…"), "a too few", 2},
		{"names that look alike", list("a", "x", "x"), list("a", "x"), "a too few", 1},
		{"are not to be told apart", list("a", "x"), list("a", "x", "x", "x"), "a too few", 1},
		{"on either side", list("x", "x"), list("x", "x"), "", 1},
	} {
		got := ""
		compared := (&baseline.Report{Names: c.then}).Compare(c.now, baseline.Defaults())
		for i, j := range compared.Names {
			if i > 0 {
				got += ", "
			}
			got += j.Name + " " + string(j.Verdict)
			require.Equal(t, j.Verdict == baseline.New, j.Then == nil)
			require.Equal(t, j.Verdict == baseline.Missing, j.Now == nil)
			require.Equal(t, j, *compared.Of(j.Name))
		}
		require.Equal(t, c.want, got, c.name)
		require.Equal(t, c.notCompared, compared.NotCompared, c.name)
	}
	require.Nil(t, (&baseline.Report{}).Compare(nil, baseline.Defaults()).Of("a"))
	require.True(t, math.IsInf(baseline.Change(0, 1), 1))
}
