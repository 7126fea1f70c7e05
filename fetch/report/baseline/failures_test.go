package baseline_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/baseline"
)

// outcome is what became of the results of a name.
type outcome struct {
	ok, failed    int
	okMS, failsMS int
	bytes         int64
	notRun        int
}

func (o outcome) name(called string) baseline.Name {
	c := &aggregate.Name{Name: called, Counts: aggregate.Counts{
		Count: o.ok + o.failed + o.notRun, Ok: o.ok, Failed: o.failed, NotRun: o.notRun,
	}}
	add := func(n, ms int) {
		for i := range n {
			c.Times[aggregate.Elapsed].Add(time.Duration(ms)*time.Millisecond + time.Duration(i)*100*time.Microsecond)
		}
	}
	add(o.ok, o.okMS)
	add(o.failed, o.failsMS)
	for i := range o.ok {
		c.Sizes.Add(time.Duration(o.bytes+int64(i%3)) * aggregate.Byte)
	}
	return baseline.Of(c, called)
}

func TestVerdictsOnFailures(t *testing.T) {
	t.Parallel()
	none := outcome{ok: 12, okMS: 300}
	for _, c := range []struct {
		name          string
		then, now     outcome
		want          baseline.Verdict
		times, shares bool
	}{
		{"all now fail at once, which is not faster", none, outcome{failed: 12, failsMS: 1}, baseline.Failing, false, true},
		{"all now time out, which is not slower", none, outcome{failed: 12, failsMS: 60_000}, baseline.Failing, false, true},
		{"all answer again, which is not slower", outcome{failed: 12, failsMS: 1}, none, baseline.Healed, false, true},
		{"half of many fail", outcome{ok: 60, okMS: 300}, outcome{ok: 30, failed: 30, okMS: 300, failsMS: 300}, baseline.Failing, false, true},
		{"what answers got slower as well", outcome{ok: 60, okMS: 300}, outcome{ok: 30, failed: 30, okMS: 900, failsMS: 900}, baseline.Failing, false, true},
		{"one of twelve is chance", none, outcome{ok: 11, failed: 1, okMS: 300, failsMS: 300}, baseline.Same, true, false},
		{"one of twelve, and the others slower", none, outcome{ok: 11, failed: 1, okMS: 900, failsMS: 900}, baseline.Slower, true, false},
		{"one of one is too few", outcome{ok: 1, okMS: 300}, outcome{failed: 1, failsMS: 1}, baseline.TooFew, false, false},
		{"four of four are too few", outcome{ok: 4, okMS: 300}, outcome{failed: 4, failsMS: 1}, baseline.TooFew, false, false},
		{"five of five are enough", outcome{ok: 5, okMS: 300}, outcome{failed: 5, failsMS: 1}, baseline.Failing, false, true},
		{"what was not run did not fail", outcome{ok: 12, okMS: 300}, outcome{ok: 12, notRun: 500, okMS: 300}, baseline.Same, true, false},
		{"nothing ran", none, outcome{notRun: 12}, baseline.TooFew, false, false},
		{"all fail as they did, whatever it takes", outcome{failed: 12, failsMS: 900}, outcome{failed: 12, failsMS: 1}, baseline.Same, false, false},
		{"most fail as they did", outcome{ok: 2, failed: 10, okMS: 900, failsMS: 900}, outcome{ok: 1, failed: 11, okMS: 1, failsMS: 1}, baseline.Same, false, false},
		{"some fail as they did, and it takes longer", outcome{ok: 30, failed: 10, okMS: 300, failsMS: 300}, outcome{ok: 29, failed: 11, okMS: 900, failsMS: 900}, baseline.Slower, true, true},
		{
			"more fail for certain, but hardly more",
			outcome{ok: 500_000, failed: 500_000, okMS: 300, failsMS: 300},
			outcome{ok: 495_000, failed: 505_000, okMS: 300, failsMS: 300},
			baseline.Same, false, true,
		},
	} {
		j := against(c.then.name("a"), c.now.name("a"), baseline.Defaults())
		require.Equal(t, c.want, j.Verdict, c.name)
		require.Equal(t, c.times, j.Tested, "%s: times", c.name)
		require.Equal(t, c.shares, j.Failures != nil, "%s: shares", c.name)
		require.Equal(t, c.want == baseline.Slower, j.Grown != nil, c.name)
	}
}

// Times and shares are corrected for each other: a share that is significant alone is not among many.
func TestFailuresAreOfOneFamilyWithTimes(t *testing.T) {
	t.Parallel()
	then, now := outcome{ok: 11, failed: 1, okMS: 300, failsMS: 300}, outcome{ok: 4, failed: 8, okMS: 300, failsMS: 300}
	const p = 2 * (12*495 + 220) / 1307504.0
	alone := against(then.name("a"), now.name("a"), baseline.Defaults())
	require.Equal(t, baseline.Failing, alone.Verdict)
	require.InDelta(t, p, alone.Failures.P, 1e-9)
	require.InDelta(t, p, alone.Failures.Corrected, 1e-9, "its times are not tested: most of now failed")

	many := outcome{ok: 10, okMS: 300}
	c := (&baseline.Report{Names: []baseline.Name{
		then.name("a"), many.name("b"), many.name("c"), many.name("d"),
	}}).Compare([]baseline.Name{now.name("a"), many.name("b"), many.name("c"), many.name("d")}, baseline.Defaults())
	require.InDelta(t, 4*p, c.Of("a").Failures.Corrected, 1e-9)
	require.Equal(t, baseline.Same, c.Of("a").Verdict)
}

func TestVerdictsOnSizes(t *testing.T) {
	t.Parallel()
	sized := func(n int, bytes int64) outcome { return outcome{ok: n, okMS: 300, bytes: bytes} }
	for _, c := range []struct {
		name      string
		then, now outcome
		want      baseline.Verdict
		of        baseline.Verdict
	}{
		{"three times as large", sized(12, 10_000), sized(12, 30_000), baseline.Grew, baseline.Grew},
		{"a third as large", sized(12, 30_000), sized(12, 10_000), baseline.Shrank, baseline.Shrank},
		{"the same", sized(12, 10_000), sized(12, 10_000), baseline.Same, ""},
		{"3 % larger", sized(12, 10_000), sized(12, 10_300), baseline.Same, baseline.Same},
		{"one of each", sized(1, 10_000), sized(1, 30_000), baseline.TooFew, ""},
		{"nothing became something", sized(12, 0), sized(12, 30_000), baseline.Grew, baseline.Grew},
		{"larger and slower", sized(12, 10_000), outcome{ok: 12, okMS: 900, bytes: 30_000}, baseline.Slower, baseline.Grew},
		{"larger, and most fail", sized(12, 10_000), outcome{failed: 12}, baseline.Failing, ""},
		{"larger than 4 GB", sized(12, 5e9), sized(12, 9e9), baseline.Same, ""},
	} {
		j := against(c.then.name("a"), c.now.name("a"), baseline.Defaults())
		require.Equal(t, c.want, j.Verdict, c.name)
		if c.of == "" {
			require.Nil(t, j.Sizes, c.name)
		} else {
			require.Equal(t, c.of, j.Sizes.Verdict, c.name)
		}
	}
}

// Sizes do not make it harder to find what got slower.
func TestSizesAreAFamilyOfTheirOwn(t *testing.T) {
	t.Parallel()
	j := against(outcome{ok: 5, okMS: 300, bytes: 1000}.name("a"), outcome{ok: 5, okMS: 900, bytes: 9000}.name("a"),
		baseline.Defaults())
	require.Equal(t, baseline.Slower, j.Verdict)
	require.InDelta(t, 2.0/252, j.Corrected, 1e-9)
	require.InDelta(t, 2.0/252, j.Sizes.Corrected, 1e-9)
}

func TestUnjudgedNamesAreCounted(t *testing.T) {
	t.Parallel()
	few, enough := outcome{ok: 1, okMS: 1}, outcome{ok: 12, okMS: 1}
	then := &baseline.Report{Names: []baseline.Name{few.name("few"), enough.name("enough"), enough.name("old")}}
	for _, c := range []struct {
		name   string
		now    []baseline.Name
		n, of  int
		mostly bool
	}{
		{"nothing", nil, 0, 0, false},
		{"one that can be judged", []baseline.Name{enough.name("enough")}, 0, 1, false},
		{"half", []baseline.Name{enough.name("enough"), few.name("few")}, 1, 2, false},
		{"most, new ones among them", []baseline.Name{enough.name("enough"), few.name("few"), enough.name("new")}, 2, 3, true},
		{"the only one", []baseline.Name{few.name("few")}, 1, 1, true},
	} {
		compared := then.Compare(c.now, baseline.Defaults())
		n, of := compared.Unjudged()
		require.Equal(t, []int{c.n, c.of}, []int{n, of}, c.name)
		require.Equal(t, c.mostly, compared.MostlyUnjudged(), c.name)
	}
}
