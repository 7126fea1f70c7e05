package aggregate_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/failure"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func result(name string, state fetch.State, elapsed time.Duration) *fetch.Result {
	r := &fetch.Result{
		Target: fetch.Target{URL: "http://host/" + name, Spec: &fetch.Spec{Name: name}},
		State:  state, Elapsed: elapsed, Requests: 1, Bytes: 10,
		Timings: transport.Timings{Waiting: elapsed / 2},
	}
	switch state {
	case fetch.StateDone:
		r.Status = http.StatusOK
	case fetch.StateFailed:
		r.ErrorCode, r.Error = failure.CodeTimeout, "request timeout"
	case fetch.StateNotRun:
		r.Requests, r.Bytes = 0, 0
	}
	return r
}

func TestCollectorCountsByName(t *testing.T) {
	t.Parallel()
	c := aggregate.New(aggregate.DefaultLimits())
	for i := range 10 {
		c.Add(result("a", fetch.StateDone, time.Duration(i+1)*time.Millisecond))
	}
	c.Add(result("b", fetch.StateFailed, time.Second))
	c.Add(result("b", fetch.StateNotRun, 0))
	s := c.Summary()

	require.Len(t, s.Names, 2)
	a, b := s.Names[0], s.Names[1]
	require.Equal(t, []any{"a", 10, 10, 0, 0, 10, int64(100)},
		[]any{a.Name, a.Count, a.Ok, a.Failed, a.NotRun, a.Requests, a.Bytes})
	require.Equal(t, []any{"b", 2, 0, 1, 1}, []any{b.Name, b.Count, b.Ok, b.Failed, b.NotRun})
	require.Equal(t, 10*time.Millisecond, a.Times[aggregate.Elapsed].Max())
	require.Equal(t, 5*time.Millisecond, a.Times[aggregate.Waiting].Max())
	require.Equal(t, 1, b.Times[aggregate.Elapsed].Count(), "what was not run took no time")
	require.Equal(t, 11, s.All.Times[aggregate.Elapsed].Count())
	require.Equal(t, []aggregate.Failure{{
		Cause: aggregate.Cause{Code: failure.CodeTimeout, Error: "request timeout"},
		Count: 1, Names: []aggregate.NameCount{{Name: "b", Count: 1}},
	}}, s.Failures)
	require.Equal(t, 12, s.Count, "runs under way are counted too")
	require.Equal(t, time.Second, s.SlowestResults[0].Elapsed)
	require.Len(t, s.FailedResults, 1)
}

func TestCollectorTakesTotalsAndTimelinesOfRuns(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("hello"))
	}))
	t.Cleanup(srv.Close)
	client := fetch.NewClient(fetch.Config{})
	t.Cleanup(client.Close)
	c := aggregate.New(aggregate.DefaultLimits())
	runOf := func(path string) *fetch.Run {
		spec := &fetch.Spec{Spec: transport.Spec{Timeout: time.Minute}}
		targets := []fetch.Target{{URL: srv.URL + "/a", Spec: spec}, {URL: srv.URL + path, Spec: spec}}
		opts := fetch.Options{Concurrency: 2, OnResult: c.Add}
		return client.Run(t.Context(), fetch.Targets(targets), opts, ignore{})
	}
	slow := runOf("/slow")
	slow.Elapsed += time.Hour
	for _, run := range []*fetch.Run{runOf("/b"), slow, runOf("/b")} {
		c.Ended("concurrent", run)
	}
	c.Compared([]aggregate.FullRun{{Run: slow, Mode: "sequential"}, {Run: runOf("/b"), Mode: "concurrent"}})

	s := c.Summary()
	require.Equal(t, 3, s.Runs)
	require.Equal(t, 8, s.Count, "those of the run that has not ended included")
	require.Len(t, s.Modes, 1)
	require.Equal(t, 6, s.Modes[0].Count)
	require.Len(t, s.Timelines, 2)
	require.Equal(t, slow.Elapsed, s.Timelines[0].Elapsed, "the slowest is kept")
	require.Equal(t, srv.URL+"/b", s.Timelines[1].Rows[1].URL, "and the last")
	require.Len(t, s.Timelines[0].Rows, 2)
	require.Equal(t, srv.URL+"/slow", s.Timelines[0].Rows[1].URL)
	require.EqualValues(t, 5, s.Timelines[0].Rows[1].Bytes)
	require.Equal(t, slow.Started, s.Begun)
	require.GreaterOrEqual(t, s.Wall, slow.Elapsed)
	require.Greater(t, s.Comparison.Speedup(), 1.0)
}

type ignore struct{}

func (ignore) Exchanged(*fetch.Target, *transport.Exchange) {}
func (ignore) Finished(*fetch.Result, time.Time)            {}

func TestCollectorIsBounded(t *testing.T) {
	t.Parallel()
	limits := aggregate.Limits{Names: 5, Slowest: 3, Failed: 4, Rows: 2}
	c := aggregate.New(limits)
	for i := range 1000 {
		state := []fetch.State{fetch.StateDone, fetch.StateFailed}[i%2]
		r := result(fmt.Sprintf("n%d", i), state, time.Duration(i)*time.Millisecond)
		if state == fetch.StateFailed {
			r.Error = fmt.Sprintf("error %d", i)
		}
		c.Add(r)
	}
	s := c.Summary()
	require.Len(t, s.Names, 6)
	other := s.Names[5]
	require.Equal(t, aggregate.Other, other.Name)
	require.Equal(t, 995, other.Count)
	require.LessOrEqual(t, len(other.Causes), 10)
	require.Equal(t, 500, s.Failed, "however many there are, all are counted")
	require.Len(t, s.FailedResults, 4)
	require.Len(t, s.SlowestResults, 3)
	for i, want := range []int{999, 998, 997} {
		require.Equal(t, time.Duration(want)*time.Millisecond, s.SlowestResults[i].Elapsed)
	}

	r := result(strings.Repeat("ä", 10_000), fetch.StateDone, time.Hour)
	c = aggregate.New(aggregate.DefaultLimits())
	c.Add(r)
	require.Less(t, len(c.Summary().Names[0].Name), 3000)
}

// A hundred thousand results under a thousand names must not take much more memory than a thousand results.
func TestCollectorMemoryDoesNotGrowWithTheResults(t *testing.T) {
	t.Parallel()
	c := aggregate.New(aggregate.DefaultLimits())
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for i := range 200_000 {
		c.Add(result(fmt.Sprintf("name %d", i%2000), fetch.StateDone, time.Duration(i)*time.Microsecond))
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	require.Less(t, int64(after.HeapAlloc)-int64(before.HeapAlloc), int64(32<<20))
	require.Equal(t, 200_000, c.Summary().Count)
}

func TestCollectorIsSafeForManyGoroutines(t *testing.T) {
	t.Parallel()
	c := aggregate.New(aggregate.Limits{Names: 10, Slowest: 5, Failed: 5, Rows: 5})
	var workers sync.WaitGroup
	for w := range 16 {
		workers.Go(func() {
			for i := range 500 {
				state := []fetch.State{fetch.StateDone, fetch.StateFailed, fetch.StateNotRun}[i%3]
				c.Add(result(fmt.Sprint("n", (w+i)%20), state, time.Duration(i)))
				if i%100 == 0 {
					c.Ended("concurrent", &fetch.Run{Count: 1, Elapsed: time.Second, Started: time.Now()})
					c.Summary()
				}
			}
		})
	}
	workers.Wait()
	s := c.Summary()
	require.Equal(t, 16*500, s.All.Count)
	require.Equal(t, s.All.Count, s.All.Ok+s.All.Failed+s.All.NotRun)
	require.Equal(t, 16*5, s.Runs)
}

func BenchmarkAdd(b *testing.B) {
	c := aggregate.New(aggregate.DefaultLimits())
	results := make([]*fetch.Result, 100)
	for i := range results {
		r := result(fmt.Sprintf("https://host.example/products/%d", i), fetch.StateDone, time.Duration(i)*time.Millisecond)
		r.Timings = transport.Timings{
			Sending: 20 * time.Microsecond, Waiting: time.Duration(i) * time.Millisecond, Receiving: 80 * time.Microsecond,
		}
		results[i] = r
	}
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for i := 0; pb.Next(); i++ {
			c.Add(results[i%len(results)])
		}
	})
}

// Sizes are those of answers: an error page is as large as it likes.
func TestSizesAreThoseOfAnswers(t *testing.T) {
	t.Parallel()
	c := aggregate.New(aggregate.DefaultLimits())
	for i := range 100 {
		ok := result("a", fetch.StateDone, time.Millisecond)
		ok.Bytes = int64(1000 + i)
		c.Add(ok)
		failed := result("a", fetch.StateFailed, time.Millisecond)
		failed.Bytes = 7
		c.Add(failed)
		c.Add(result("a", fetch.StateNotRun, 0))
	}
	s := c.Summary()
	for _, n := range []*aggregate.Name{s.Names[0], s.All} {
		require.Equal(t, 100, n.Sizes.Count())
		require.Equal(t, 1000*aggregate.Byte, n.Sizes.Min())
		require.Equal(t, 1099*aggregate.Byte, n.Sizes.Max())
	}
}
