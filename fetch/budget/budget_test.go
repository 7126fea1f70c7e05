package budget_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.k6.io/k6/v2/lib/types"
	"go.k6.io/k6/v2/metrics"

	"github.com/xk6-fetch/xk6-fetch/fetch/budget"
)

func units() budget.Units {
	return budget.Units{
		Duration: types.ParseExtendedDuration,
		Size: func(s string) (int64, error) {
			if s == "100kB" {
				return 100_000, nil
			}
			return 0, errors.New("no size")
		},
	}
}

func parsed(t *testing.T, key budget.Key, text string) *budget.Check {
	t.Helper()
	check, err := key.Parse(text, units())
	require.NoError(t, err)
	return check
}

func TestParse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		key  budget.Key
		text string
		name string // empty if invalid
	}{
		{budget.Elapsed, "500", "elapsed <= 500 ms"},
		{budget.Elapsed, "<500", "elapsed < 500 ms"},
		{budget.Elapsed, " <= 1500 ", "elapsed <= 1.5 s"},
		{budget.Elapsed, "1m30s", "elapsed <= 90 s"},
		{budget.Elapsed, "0.25", "elapsed <= 0.25 ms"},
		{budget.Elapsed, "1234.5", "elapsed <= 1234.5 ms"},
		{budget.Elapsed, "1e-300", "elapsed <= 1e-300 ms"},
		{budget.Waiting, ">0", "waiting > 0 ms"},
		{budget.Bytes, "<=100kB", "bytes <= 100 kB"},
		{budget.Bytes, ">= 1500000", "bytes >= 1.5 MB"},
		{budget.Bytes, "65536", "bytes <= 65536 B"},
		{budget.Attempts, "===1", "attempts == 1"},
		{budget.Attempts, "!=2", "attempts != 2"},
		{budget.Elapsed, "p(95)<500", "p(95) of elapsed < 500 ms"},
		{budget.Elapsed, "p(99.9) <= 1s", "p(99.9) of elapsed <= 1 s"},
		{budget.Waiting, "avg<200", "avg of waiting < 200 ms"},
		{budget.Duration, "med<200", "med of duration < 200 ms"},
		{budget.Failed, "rate<0.01", "failed rate < 0.01"},
		{budget.Failed, "count<=3", "failed count <= 3"},
		{budget.Failed, "0", "failed count <= 0"},
		{budget.NotRun, "==0", "not_run count == 0"},
		{budget.RunElapsed, "<2s", "run_elapsed < 2 s"},
		{budget.Speedup, ">2.5", "speedup > 2.5"},
		{budget.Speedup, "2", "speedup >= 2"},
		{budget.Requests, "1000000", "requests <= 1000000"},
		{budget.CertificateDays, "14", "certificate_days >= 14"},
		{budget.CertificateDays, ">14", "certificate_days > 14"},
		{budget.CertificateDays, "<=398", "certificate_days <= 398"},
		{budget.PageLoad, "<2.5s", "page_load < 2.5 s"},
		{budget.PageBlocking, "800", "page_blocking <= 800 ms"},
		{budget.CountOf("image"), "20", "count:image <= 20"},
		{budget.CountOf("font"), ">=1", "count:font >= 1"},
		{budget.BytesOf("script"), "100kB", "bytes:script <= 100 kB"},
		{budget.BytesOf("other"), "0", "bytes:other <= 0 B"},

		{budget.Elapsed, "", ""},
		{budget.Elapsed, "<", ""},
		{budget.Elapsed, "fast", ""},
		{budget.Elapsed, "-5", ""},
		{budget.Elapsed, "<Inf", ""},
		{budget.Elapsed, "<NaN", ""},
		{budget.Elapsed, "<1e300", ""},
		{budget.Elapsed, "p(101)<5", ""},
		{budget.Elapsed, "p(x)<5", ""},
		{budget.Elapsed, "p(95<5", ""},
		{budget.Elapsed, "rate<5", ""},
		{budget.Elapsed, "value<5", ""},
		{budget.Elapsed, "<100kB", ""},
		{budget.Bytes, "avg<5", ""},
		{budget.Bytes, "p(95)<5", ""},
		{budget.Bytes, "<5s", ""},
		{budget.Attempts, "1s", ""},
		{budget.Failed, "rate<1.5", ""},
		{budget.Failed, "avg<1", ""},
		{budget.RunElapsed, "max<1", ""},
		{budget.Status, "<400", ""},
		{budget.CertificateDays, "14d", ""},
		{budget.CertificateDays, "min>14", ""},
		{budget.CertificateDays, "-1", ""},
		{budget.PageLoad, "p(95)<500", ""},
		{budget.PageLoad, "100kB", ""},
		{budget.CountOf("image"), "100kB", ""},
		{budget.CountOf("image"), "rate<1", ""},
		{budget.CountOf("image"), "count<1", ""},
		{budget.BytesOf("image"), "5s", ""},
		{budget.BytesOf("image"), "avg<5", ""},
	} {
		check, err := c.key.Parse(c.text, units())
		if c.name == "" {
			require.Error(t, err, "%s: %q", c.key, c.text)
			continue
		}
		require.NoError(t, err, "%s: %q", c.key, c.text)
		require.Equal(t, c.name, check.Name)
	}
}

func TestLimit(t *testing.T) {
	t.Parallel()
	for key, name := range map[budget.Key]string{
		budget.Elapsed: "elapsed <= 1.5 s", budget.Bytes: "bytes <= 1.5 kB", budget.Failed: "failed count <= 1500",
		budget.Speedup: "speedup >= 1500", budget.CertificateDays: "certificate_days >= 1500",
	} {
		check, err := key.Limit(1500)
		require.NoError(t, err)
		require.Equal(t, name, check.Name)
	}
	for _, n := range []float64{-1, math.NaN(), math.Inf(1), 1e300} {
		_, err := budget.Elapsed.Limit(n)
		require.Error(t, err, n)
	}
}

func TestNamesOfStatuses(t *testing.T) {
	t.Parallel()
	require.Equal(t, "status in 200-399", budget.In([][2]int{{200, 399}}).Name)
	require.Equal(t, "status == 204", budget.In([][2]int{{204, 204}}).Name)
	require.Equal(t, "status in 200, 300-399", budget.In([][2]int{{200, 200}, {300, 399}}).Name)
	many := budget.In(slices.Repeat([][2]int{{200, 200}}, 1000)).Name
	require.True(t, strings.HasSuffix(many, ", 992 more"), many)
}

func TestHoldsAndWorse(t *testing.T) {
	t.Parallel()
	parse := func(key budget.Key, text string) *budget.Check { return parsed(t, key, text) }
	for _, c := range []struct {
		check *budget.Check
		order []float64 // from best to worst
		holds int       // how many of them hold
	}{
		{parse(budget.Elapsed, "<5"), []float64{1, 4.9, 5, 6}, 2},
		{parse(budget.Elapsed, "<=5"), []float64{1, 5, 5.1, 6}, 2},
		{parse(budget.Speedup, ">5"), []float64{9, 6, 5, 1}, 2},
		{parse(budget.Speedup, ">=5"), []float64{9, 5, 4, 1}, 2},
		{parse(budget.CertificateDays, "14"), []float64{80, 14, 13, -3}, 2},
		{parse(budget.Attempts, "==2"), []float64{2, 3, 9}, 1},
		{parse(budget.Attempts, "!=2"), []float64{1, 9, 2}, 2},
		{budget.In([][2]int{{200, 299}, {304, 304}}), []float64{200, 304, 404, 500}, 2},
	} {
		for i, v := range c.order {
			require.Equal(t, i < c.holds, c.check.Holds(v), "%s: %v", c.check.Name, v)
			for j, other := range c.order {
				require.Equal(t, i > j, c.check.Worse(v, other), "%s: %v is worse than %v", c.check.Name, v, other)
			}
		}
	}
}

func TestTextsOfValues(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		key   budget.Key
		text  string
		value float64
		want  string
	}{
		{budget.Elapsed, "5", 12.34567, "12.35 ms"},
		{budget.Elapsed, "5", 999.96, "1000 ms"},
		{budget.Elapsed, "5", 6404.443, "6.404 s"},
		{budget.Elapsed, "5", 90_000, "90 s"},
		{budget.Bytes, "5", 1200, "1.2 kB"},
		{budget.Bytes, "5", 123, "123 B"},
		{budget.Requests, "5", 1234567, "1234567"},
		{budget.Failed, "rate<1", 1. / 3, "0.3333"},
		{budget.Speedup, "1", 2.3456, "2.346"},
		{budget.Attempts, "1", 3, "3"},
		{budget.CertificateDays, "14", -3, "-3"},
		{budget.PageLoad, "1", 1234, "1.234 s"},
		{budget.CountOf("image"), "1", 1234, "1234"},
		{budget.BytesOf("image"), "1", 1234, "1.234 kB"},
	} {
		require.Equal(t, c.want, parsed(t, c.key, c.text).Text(c.value))
	}
}

func TestKeysWinOneByOne(t *testing.T) {
	t.Parallel()
	check := func(key budget.Key, text string) *budget.Check { return parsed(t, key, text) }
	names := func(c budget.Checks) (names []string) {
		for _, check := range c {
			names = append(names, check.Name)
		}
		return names
	}
	var none budget.Checks
	one := none.With(budget.Bytes, check(budget.Bytes, "5"))
	both := one.With(budget.Elapsed, check(budget.Elapsed, "1"), check(budget.Elapsed, "avg<1"), check(budget.Elapsed, "<=1ms"))
	const bytes = "bytes <= 5 B"
	require.Equal(t, []string{"elapsed <= 1 ms", "avg of elapsed < 1 ms", bytes}, names(both))
	require.Equal(t, []string{bytes}, names(one), "it is not changed")
	require.Equal(t, []string{"elapsed > 2 ms", bytes}, names(both.With(budget.Elapsed, check(budget.Elapsed, ">2"))))
	require.Nil(t, one.With(budget.Bytes))

	target, run := both.Split()
	require.Equal(t, []string{"elapsed <= 1 ms", bytes}, names(target))
	require.Equal(t, []string{"avg of elapsed < 1 ms"}, names(run))
}

// fixed are times with a different value for each aggregate.
type fixed struct{}

func (fixed) Min() time.Duration                 { return time.Millisecond }
func (fixed) Max() time.Duration                 { return 9 * time.Millisecond }
func (fixed) Mean() time.Duration                { return 4 * time.Millisecond }
func (fixed) Percentile(p float64) time.Duration { return time.Duration(p * float64(time.Millisecond)) }

func TestJudgeRun(t *testing.T) {
	t.Parallel()
	run := budget.Run{
		Elapsed: 2 * time.Second, Speedup: 3, Requests: 12, Count: 10, Failed: 2, NotRun: 2, Answered: 6,
		Times: func(budget.Key) budget.Times { return fixed{} },
	}
	judge := func(run budget.Run, key budget.Key, text string) []budget.Verdict {
		return budget.Checks{parsed(t, key, text)}.JudgeRun(&run)
	}
	for _, c := range []struct {
		key   budget.Key
		text  string
		value float64
	}{
		{budget.Elapsed, "avg<4.1", 4},
		{budget.Elapsed, "min<1.1", 1},
		{budget.Elapsed, "max<9.1", 9},
		{budget.Elapsed, "med<50.1", 50},
		{budget.Elapsed, "p(95)<95.1", 95},
		{budget.Failed, "rate<0.26", 0.25},
		{budget.Failed, "2", 2},
		{budget.NotRun, "rate<0.21", 0.2},
		{budget.NotRun, "count<3", 2},
		{budget.RunElapsed, "2000", 2000},
		{budget.Speedup, "3", 3},
		{budget.Requests, "12", 12},
	} {
		got := judge(run, c.key, c.text)
		require.Len(t, got, 1)
		require.True(t, got[0].Ok && got[0].HasValue, c.text)
		require.InDelta(t, c.value, got[0].Value, 1e-9, c.text)
	}
	require.False(t, judge(run, budget.Requests, "11")[0].Ok)

	unanswered := budget.Run{Count: 3, Failed: 3, Times: run.Times}
	got := judge(unanswered, budget.Elapsed, "p(95)<1s")
	require.False(t, got[0].Ok, "what nobody answered was not fast")
	require.False(t, got[0].HasValue)
	require.Len(t, judge(unanswered, budget.Failed, "rate<1"), 1)

	none := budget.Run{Count: 3, NotRun: 3, Times: run.Times}
	for key, text := range map[budget.Key]string{budget.Elapsed: "max<1", budget.Failed: "rate<1", budget.Speedup: "1"} {
		require.Empty(t, judge(none, key, text), "nothing ran, so there is nothing to judge")
	}
	require.Len(t, judge(none, budget.NotRun, "0"), 1)
	require.Empty(t, judge(budget.Run{}, budget.NotRun, "rate<1"))
}

func TestJudgePages(t *testing.T) {
	t.Parallel()
	run := func(whole bool) *budget.Run {
		return &budget.Run{Count: 7, Requests: 7, Page: &budget.Page{
			Load: 2 * time.Second, Blocking: time.Second, Whole: whole,
			Of: func(kind string) (int, int64) {
				require.Equal(t, "image", kind)
				return 5, 1500
			},
		}}
	}
	checks := budget.Checks{
		parsed(t, budget.CountOf("image"), "<5"), parsed(t, budget.BytesOf("image"), "1500"),
		parsed(t, budget.PageLoad, "2s"), parsed(t, budget.PageBlocking, "<1s"), parsed(t, budget.Requests, "7"),
	}
	said := make([]string, 0, len(checks))
	for _, v := range checks.JudgeRun(run(true)) {
		said = append(said, fmt.Sprint(v.Ok, " ", v.Text(v.Value)))
	}
	require.Equal(t, []string{"false 5", "true 1.5 kB", "true 2 s", "false 1 s", "true 7"}, said)
	for _, v := range checks.JudgeRun(run(false)) {
		require.Equal(t, v.Key == budget.Requests, v.Ok && v.HasValue, "nobody knows what half a page costs")
	}
	none := run(false)
	none.NotRun = none.Count
	require.Len(t, checks.JudgeRun(none), 1, "nothing ran, so there is nothing to judge")
	require.Len(t, checks.JudgeRun(&budget.Run{Count: 7}), 1, "it was no page")

	target, of := checks.Split()
	require.Empty(t, target)
	require.Len(t, of, 5)
}

func TestOrderOfPageKeys(t *testing.T) {
	t.Parallel()
	require.Equal(t, []budget.Key{"page_load", "page_blocking", "count:image", "bytes:image", "count:font", "bytes:font"},
		budget.PageKeys([]string{"image", "font"}))
	keys := []budget.Key{
		budget.Elapsed, budget.Bytes, budget.Requests, budget.PageLoad, budget.PageBlocking, budget.CountOf("font"),
		budget.CountOf("image"), budget.BytesOf("font"),
	}
	var all budget.Checks
	for _, key := range slices.Backward(keys) {
		all = all.With(key, parsed(t, key, "5"))
	}
	slices.SortFunc(all, budget.Compare)
	for i, check := range all {
		require.Equal(t, keys[i], check.Key)
	}
	require.Equal(t, "font", budget.BytesOf("font").Of())
	require.Empty(t, budget.Bytes.Of())
}

func TestJudgeTargets(t *testing.T) {
	t.Parallel()
	var all budget.Checks
	for _, key := range []budget.Key{budget.Elapsed, budget.Queued, budget.Bytes, budget.Attempts} {
		check, err := key.Limit(10)
		require.NoError(t, err)
		all = all.With(key, check)
	}
	all = all.With(budget.Status, budget.In([][2]int{{1, 99}}))
	value := func(budget.Key) float64 { return 5 }
	for v := range all.Judge(true, value) {
		require.True(t, v.Ok && v.HasValue, v.Name)
	}
	for v := range all.Judge(false, value) {
		early := v.Key == budget.Queued || v.Key == budget.Attempts
		require.Equal(t, early, v.Ok, v.Name)
		require.Equal(t, early, v.HasValue, v.Name)
	}
	for v := range all.Judge(false, value) {
		require.Equal(t, budget.Elapsed, v.Key, "the first ends it")
		break
	}
	for v := range all.Judge(true, func(budget.Key) float64 { return math.NaN() }) {
		require.False(t, v.Ok || v.HasValue, "%s: a target does not have the figure", v.Name)
		require.Zero(t, v.Value)
	}
}

// An expression that is a valid threshold of k6 means the same here. An expression that k6 rejects has a unit.
func FuzzExpressions(f *testing.F) {
	for _, text := range []string{
		"p(95)<500", "avg<=1.5", "min > 0", "max>=1e3", "med===5", "p(99.9)!=1", "p(0)==0", "p(95)<500ms", "avg<", "<5",
		"p(95)<=", "avg=<5", "p((5))<5", " avg < 5 ", "p(5)<0x10p0", "avg<<5", "avg>=<5", "value<1", "rate<1", "p(-0)<1",
	} {
		f.Add(text, 7.5)
	}
	f.Fuzz(func(t *testing.T, text string, value float64) {
		thresholds := metrics.NewThresholds([]string{text})
		theirs := thresholds.Parse()
		ours, err := budget.Elapsed.Parse(text, units())
		if theirs == nil && err != nil {
			// Counters, rates and gauges are not trends, and a bound must be reachable.
			sink := metrics.NewTrendSink()
			_, runErr := thresholds.Run(sink, 0)
			require.NoError(t, runErr)
			method := strings.TrimSpace(text[:strings.IndexAny(text, "<>=!")])
			_, plain := budget.Elapsed.Parse(method+"<1", units())
			_, operator := budget.Elapsed.Parse(strings.TrimSpace(text)[len(method):], units())
			require.True(t, plain != nil || operator != nil, "k6 takes %q", text)
			return
		}
		if err != nil || ours.Aggregate == budget.Plain {
			return
		}
		if theirs != nil {
			require.True(t, strings.ContainsAny(text, "dhmsuµn"), "k6 does not take %q: %v", text, theirs)
			return
		}
		if math.IsNaN(value) || math.IsInf(value, 0) {
			return
		}
		sink := metrics.NewTrendSink()
		sink.Add(metrics.Sample{Value: value}) // each aggregate of one value is that value
		passes, err := thresholds.Run(sink, time.Second)
		require.NoError(t, err)
		require.Equal(t, passes, ours.Holds(value), "%q of %v", text, value)
	})
}
