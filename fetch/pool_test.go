package fetch_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
)

func TestResultsAreInTheOrderOfTheTargets(t *testing.T) {
	t.Parallel()
	base := serve(t, func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write([]byte(r.URL.Path)) })
	urls := make([]string, 0, 50)
	for i := range 50 {
		urls = append(urls, fmt.Sprintf("%s/%d", base, i))
	}
	obs := &recorder{}
	run := newClient(t, fetch.Config{}).
		Run(t.Context(), targets(spec(), urls...), fetch.Options{Concurrency: 7}, obs)

	require.Equal(t, 50, run.Count)
	require.Equal(t, 50, run.Ok)
	require.Equal(t, 50, run.Requests)
	require.Equal(t, 7, run.Concurrency)
	require.LessOrEqual(t, run.Peak, 7)
	require.Len(t, obs.exchanges, 50)
	require.Len(t, obs.finished, 50)
	for i := range run.Results.Len() {
		require.Equal(t, i, run.Results.At(i).Index)
		require.Equal(t, fmt.Sprintf("/%d", i), body(run.Results.At(i)))
	}
}

// TestConcurrencyIsReachedAndNotPassed has a server that answers only when as many requests are there as the limit
// allows.
func TestConcurrencyIsReachedAndNotPassed(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ targets, concurrency, perHost, want int }{
		{targets: 12, concurrency: 1, want: 1},
		{targets: 12, concurrency: 4, want: 4},
		{targets: 3, concurrency: 64, want: 3},
		{targets: 60, concurrency: 30, perHost: 30, want: 30},
		{targets: 20, concurrency: 10, perHost: 2, want: 2},
	} {
		t.Run(fmt.Sprintf("%+v", test), func(t *testing.T) {
			t.Parallel()
			var now, most atomic.Int64
			together := make(chan struct{})
			base := serve(t, func(http.ResponseWriter, *http.Request) {
				n := now.Add(1)
				for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
					continue
				}
				if int(n) == test.want {
					select {
					case <-together:
					default:
						close(together)
					}
				}
				<-together
				now.Add(-1)
			})
			urls := strings.Split(strings.Repeat(base+" ", test.targets-1)+base, " ")
			run := newClient(t, fetch.Config{}).Run(t.Context(), targets(spec(), urls...),
				fetch.Options{Concurrency: test.concurrency, PerHost: test.perHost}, &recorder{})
			require.Equal(t, test.targets, run.Ok)
			require.EqualValues(t, test.want, most.Load())
			require.GreaterOrEqual(t, run.Peak, test.want)
			require.LessOrEqual(t, run.Peak, test.concurrency)
		})
	}
}

func TestOneWorkerGoesInOrder(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var order []string
	base := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		order = append(order, r.URL.Path)
	})
	run := newClient(t, fetch.Config{}).Run(t.Context(), targets(spec(), base+"/c", base+"/a", base+"/b", base+"/a"),
		fetch.Options{Concurrency: 1, PerHost: 6}, &recorder{})
	require.Equal(t, []string{"/c", "/a", "/b", "/a"}, order)
	require.Equal(t, 1, run.Peak)
	for i := range run.Results.Len() - 1 {
		require.GreaterOrEqual(t, run.Results.At(i+1).Started(), run.Results.At(i).Ended(), "one begins when the last has ended")
	}
}

// TestASlowHostHoldsNobodyUp is the case in which all workers of http.batch wait for the slow host.
func TestASlowHostHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	bubble(t, func(_ http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.Host, "slow") {
			time.Sleep(time.Second)
			return
		}
		time.Sleep(10 * time.Millisecond)
	}, func(t bubbled) {
		urls := make([]string, 0, 35)
		for range 30 {
			urls = append(urls, "http://slow.test/")
		}
		for range 5 {
			urls = append(urls, "http://fast.test/")
		}
		run := t.client.Run(t.Context(), targets(spec(), urls...), fetch.Options{Concurrency: 10, PerHost: 4}, &recorder{})
		require.Equal(t, 35, run.Ok)
		require.Equal(t, 8, run.Peak)
		require.Equal(t, 8*time.Second, run.Elapsed, "30 requests of a second, four at once")
		require.Equal(t, 30*time.Second+50*time.Millisecond, run.Total)
		for i := range run.Results.Len() {
			r := run.Results.At(i)
			if i < 30 {
				require.Equal(t, time.Duration(i/4)*time.Second, r.Queued)
				require.Equal(t, time.Second, r.Elapsed, "waiting for the host is no part of it")
			} else {
				require.LessOrEqual(t, r.Ended(), 20*time.Millisecond, "as if alone: four at once, then the fifth")
			}
		}
	})
}

// TestConnectionsStay checks that the workers of the next run reuse the connections of the last.
func TestConnectionsStay(t *testing.T) {
	t.Parallel()
	const workers = 30
	var arrived atomic.Int64
	together := []chan struct{}{make(chan struct{}), make(chan struct{})}
	base := serve(t, func(http.ResponseWriter, *http.Request) {
		n := arrived.Add(1)
		if n%workers == 0 {
			close(together[n/workers-1])
		}
		<-together[(n-1)/workers]
	})
	urls := strings.Split(strings.Repeat(base+" ", workers-1)+base, " ")
	client := newClient(t, fetch.Config{})
	for round := range together {
		run := client.Run(t.Context(), targets(spec(), urls...), fetch.Options{Concurrency: workers}, &recorder{})
		require.Equal(t, workers, run.Ok)
		for i := range run.Results.Len() {
			require.Equal(t, round == 1, run.Results.At(i).Reused, "round %d", round)
		}
	}
}

func TestNothingToDo(t *testing.T) {
	t.Parallel()
	client := newClient(t, fetch.Config{})
	run := client.Run(t.Context(), targets(spec()), fetch.Options{Concurrency: 4}, &recorder{})
	require.Zero(t, run.Count)
	require.Zero(t, run.Results.Len())
	require.Zero(t, run.Requests)
}

func TestStreamHandsOverEachResultOnce(t *testing.T) {
	t.Parallel()
	base := serve(t, func(http.ResponseWriter, *http.Request) {})
	urls := []string{base, base, "http://%zz/", base}
	seen := make([]atomic.Int32, len(urls))
	run := newClient(t, fetch.Config{}).Stream(t.Context(), targets(spec(), urls...), fetch.Options{
		Concurrency: 2, OnResult: func(r *fetch.Result) { seen[r.Index].Add(1) },
	}, &recorder{})
	require.Zero(t, run.Results.Len())
	require.Equal(t, []int{4, 3, 1, 0}, []int{run.Count, run.Ok, run.Failed, run.NotRun})
	for i := range seen {
		require.EqualValues(t, 1, seen[i].Load())
	}
}
