package aggregate_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
)

// The modes of these runs.
const one, many = "sequential", "concurrent"

// ended is a run with so many results, which are all that matters of it here: others of its figures are made up.
type ended struct {
	mode            string
	elapsed         int // in ms
	failed, results int
}

// runs returns a function that fetches so many URLs, and makes of that a run that ended so many seconds after noon.
func runs(t *testing.T) func(results int, end, elapsed time.Duration, failed int) *fetch.Run {
	t.Helper()
	return runsOf(t, "")
}

// runsOf is runs with bodies.
func runsOf(t *testing.T, body string) func(results int, end, elapsed time.Duration, failed int) *fetch.Run {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(body)) }))
	t.Cleanup(srv.Close)
	fetched := make(map[int]*fetch.Run)
	return func(results int, end, elapsed time.Duration, failed int) *fetch.Run {
		if fetched[results] == nil {
			fetched[results] = fetchedOf(t, srv, results)
		}
		run := *fetched[results]
		run.Started, run.Elapsed, run.Failed = noon().Add(end-elapsed), elapsed, failed
		return &run
	}
}

func fetchedOf(t *testing.T, srv *httptest.Server, results int) *fetch.Run {
	t.Helper()
	return fetched(t, srv, aggregate.New(aggregate.DefaultLimits()), func(*fetch.Spec) {}, make([]string, results)...)
}

func TestAFewRunsAreKept(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		what string
		runs []ended
		want string // number: why
	}{
		{"nothing", nil, ""},
		{"the only one", []ended{{one, 5, 1, 2}}, "sequential 1: slowest, most failures, last"},
		{"one that nothing failed of", []ended{{one, 5, 0, 2}}, "sequential 1: slowest, last"},
		{
			"one of each",
			[]ended{{many, 5, 0, 2}, {many, 9, 0, 2}, {many, 5, 2, 2}, {many, 6, 1, 2}},
			"concurrent 2: slowest; concurrent 3: most failures; concurrent 4: last",
		},
		{
			"the first of those alike",
			[]ended{{many, 9, 2, 2}, {many, 9, 2, 2}},
			"concurrent 1: slowest, most failures; concurrent 2: last",
		},
		{
			"those of each mode",
			[]ended{{one, 9, 0, 2}, {many, 5, 0, 2}, {one, 5, 0, 2}},
			"concurrent 1: slowest, last; sequential 1: slowest; sequential 2: last",
		},
		{
			"none of what keeps no results",
			[]ended{{"stream", 9, 1, 0}, {many, 5, 0, 2}, {many, 5, 0, 0}},
			"concurrent 1: slowest, recent",
		},
	} {
		t.Run(test.what, func(t *testing.T) {
			t.Parallel()
			c, run := aggregate.New(aggregate.DefaultLimits()), runs(t)
			for i, r := range test.runs {
				c.Ended(r.mode, run(r.results, time.Duration(i)*time.Second, time.Duration(r.elapsed)*ms, r.failed))
			}
			require.Equal(t, test.want, keptOf(c.Summary()))
		})
	}
}

func keptOf(s *aggregate.Summary) string {
	kept := make([]string, len(s.Timelines))
	for i, line := range s.Timelines {
		kept[i] = fmt.Sprintf("%s %d: %s", line.Mode, line.Number, strings.Join(line.Why, ", "))
	}
	return strings.Join(kept, "; ")
}

// All runs of a mode together have no more rows than one has alone. A summary that somebody has does not change.
func TestRowsOfKeptRunsAreBounded(t *testing.T) {
	t.Parallel()
	limits := aggregate.DefaultLimits()
	limits.Rows = 900
	c, run := aggregate.New(limits), runs(t)
	rows := func(s *aggregate.Summary) (lengths, detailed []int) {
		for _, line := range s.Timelines {
			lengths = append(lengths, len(line.Rows))
			details := 0
			for i := range line.Rows {
				if line.Rows[i].Detail != nil {
					details++
				}
			}
			detailed = append(detailed, details)
		}
		return lengths, detailed
	}
	expect := func(s *aggregate.Summary, wantRows, wantDetails []int) {
		lengths, detailed := rows(s)
		require.Equal(t, wantRows, lengths)
		require.Equal(t, wantDetails, detailed)
	}
	c.Ended(many, run(1000, time.Second, 9*ms, 0))
	first := c.Summary()
	expect(first, []int{900}, []int{600})
	c.Ended(many, run(1000, 2*time.Second, 5*ms, 4))
	expect(c.Summary(), []int{450, 450}, []int{300, 300})
	c.Ended(many, run(1000, 3*time.Second, 5*ms, 0))
	expect(c.Summary(), []int{300, 300, 300}, []int{200, 200, 200})
	expect(first, []int{900}, []int{600})
	require.Equal(t, []string{"slowest", "last"}, first.Timelines[0].Why)
	c.Ended(many, run(1000, 4*time.Second, 19*ms, 9))
	expect(c.Summary(), []int{900}, []int{600})
}

// Runs that keep little in memory are held, and copied when they are asked for: the last one is always there.
func TestTheLastRunIsHeld(t *testing.T) {
	t.Parallel()
	c, run := aggregate.New(aggregate.DefaultLimits()), runs(t)
	c.Ended(many, run(1000, 0, 9*ms, 0))
	for i := range 20 {
		c.Ended(many, run(1000, 0, 5*ms, 0))
		s := c.Summary()
		require.Equal(t, fmt.Sprintf("concurrent 1: slowest; concurrent %d: last", i+2), keptOf(s))
		require.Len(t, s.Timelines[1].Rows, 1000)
		require.Equal(t, "HTTP/1.1", s.Timelines[1].Rows[299].Detail.Proto)
	}
}

// A run that is held does not stay in memory once another takes its place.
func TestHeldRunsAreLetGo(t *testing.T) {
	t.Parallel()
	c, run := aggregate.New(aggregate.DefaultLimits()), runs(t)
	c.Ended(many, run(3, 0, 9*ms, 0))
	var freed atomic.Int64
	const replaced = 50
	for range replaced {
		r := run(3, 0, 5*ms, 0)
		runtime.AddCleanup(r, func(int) { freed.Add(1) }, 0)
		c.Ended(many, r)
	}
	require.Eventually(t, func() bool {
		runtime.GC()
		return freed.Load() == replaced-1
	}, 10*time.Second, ms, "all but the last")
	require.Len(t, c.Summary().Timelines, 2)
}

// Of runs that keep much in memory, and follow one another faster than they can be copied, not all are copied: a recent
// one is there, and the last again when there is time for it.
func TestManyRunsAreNotAllCopied(t *testing.T) {
	t.Parallel()
	c, run := aggregate.New(aggregate.DefaultLimits()), runsOf(t, strings.Repeat("x", 5000))
	at := time.Duration(0)
	c.Ended(many, run(1000, at, 9*ms, 0))
	last := func() string { _, last, _ := strings.Cut(keptOf(c.Summary()), "; "); return last }
	for i := range 8 {
		c.Ended(many, run(1000, at, 5*ms, 0))
		if i < 5 {
			require.Equal(t, fmt.Sprintf("concurrent %d: last", i+2), last())
		}
	}
	require.Equal(t, "concurrent 6: recent", last())
	c.Ended(many, run(1000, at+time.Second, 5*ms, 0))
	require.Equal(t, "concurrent 10: last", last(), "there is time for 1,000 rows a second")
	c.Ended(many, run(1000, at+time.Second, 5*ms, 0))
	require.Equal(t, "concurrent 10: recent", last())
	c.Ended(many, run(1000, at, 50*ms, 0))
	require.Equal(t, "concurrent 12: slowest, last", keptOf(c.Summary()), "a record is always kept")
}

// Runs that end at the same time are kept as if one had followed the other.
func TestRunsAreKeptFromManyGoroutines(t *testing.T) {
	t.Parallel()
	c, run := aggregate.New(aggregate.DefaultLimits()), runs(t)
	const workers, each = 8, 50
	list := make([]*fetch.Run, workers*each)
	for i := range list {
		list[i] = run(3, time.Duration(i)*time.Second, time.Duration(1+i*7%len(list))*ms, i*11%len(list))
	}
	var all sync.WaitGroup
	for w := range workers {
		all.Go(func() {
			for _, r := range list[w*each:][:each] {
				c.Ended(many, r)
				c.Summary()
			}
		})
	}
	all.Wait()
	s := c.Summary()
	require.Equal(t, workers*each*ms, s.Timelines[0].Elapsed)
	require.Equal(t, workers*each-1, s.Timelines[1].Failed)
	require.Equal(t, []string{"last"}, s.Timelines[2].Why)
	require.Equal(t, workers*each, s.Timelines[2].Number)
}
