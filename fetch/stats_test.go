package fetch_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
)

func elapsed(r *fetch.Result) time.Duration { return r.Elapsed }

// TestFiguresOfARun fetches pages that take 1 to 10 s, and one that fails at once.
func TestFiguresOfARun(t *testing.T) {
	t.Parallel()
	bubble(t, slow, func(t bubbled) {
		urls := make([]string, 0, 11)
		for i := range 10 {
			urls = append(urls, fmt.Sprintf("http://a.test/%ds", 10-i))
		}
		run := t.client.Run(t.Context(), targets(spec(), append(urls, "http://%zz/")...),
			fetch.Options{Concurrency: 11}, &recorder{})
		require.Equal(t, []int{11, 10, 1, 0}, []int{run.Count, run.Ok, run.Failed, run.NotRun})
		require.Equal(t, 55*time.Second, run.Total)
		require.Equal(t, 10*time.Second, run.Elapsed)
		require.EqualValues(t, 10*len("done"), run.Bytes)
		require.Len(t, run.Failures(), 1)
		require.Equal(t, 10, run.Failures()[0].Index)
	})
}

func TestPercentileAndSlowest(t *testing.T) {
	t.Parallel()
	bubble(t, slow, func(t bubbled) {
		urls := make([]string, 0, 11)
		for _, i := range []int{3, 1, 5, 2, 4} {
			urls = append(urls, fmt.Sprintf("http://a.test/%ds", i))
		}
		run := t.client.Run(t.Context(), targets(spec(), urls...), fetch.Options{Concurrency: 5}, &recorder{})
		for p, want := range map[float64]time.Duration{
			0: time.Second, 25: 2 * time.Second, 50: 3 * time.Second, 62.5: 3500 * time.Millisecond,
			95: 4800 * time.Millisecond, 100: 5 * time.Second,
		} {
			require.InDelta(t, want, run.Percentile(p, elapsed), 1, p)
		}
		require.Equal(t, []int{2, 4}, []int{run.Slowest(2)[0].Index, run.Slowest(2)[1].Index})
		require.Len(t, run.Slowest(100), 5)
		require.Empty(t, run.Slowest(0))
		require.InDelta(t, 3, run.Speedup(), 0.001, "15 s in 5")
	})
}

func TestFiguresOfNothing(t *testing.T) {
	t.Parallel()
	run := &fetch.Run{}
	require.Zero(t, run.Percentile(50, elapsed))
	require.Empty(t, run.Slowest(3))
	require.Empty(t, run.Failures())
	require.Zero(t, run.Speedup())
}

// TestTimingsAreThatOfTheirPhases has a server that is slow before the body and in it.
func TestTimingsAreThatOfTheirPhases(t *testing.T) {
	t.Parallel()
	bubble(t, func(w http.ResponseWriter, _ *http.Request) {
		time.Sleep(3 * time.Second)
		_, _ = w.Write([]byte(strings.Repeat("x", 10_000)))
		_ = http.NewResponseController(w).Flush()
		time.Sleep(4 * time.Second)
	}, func(t bubbled) {
		run := t.client.Run(t.Context(), targets(spec(), "http://a.test/", "http://a.test/"), fetch.Options{Concurrency: 1}, &recorder{})
		for i, r := range run.Results.All() {
			require.Equal(t, 3*time.Second, r.Timings.Waiting)
			require.Equal(t, 4*time.Second, r.Timings.Receiving)
			require.Equal(t, 7*time.Second, r.Timings.Duration())
			require.InDelta(t, 7*time.Second, r.Elapsed, float64(2*time.Millisecond))
			require.InDelta(t, time.Duration(i)*7*time.Second, r.Started(), float64(2*time.Millisecond))
			require.Zero(t, r.Timings.Connecting+r.Timings.TLSHandshaking+r.Timings.LookingUp)
		}
	})
}
