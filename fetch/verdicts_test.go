package fetch_test

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/budget"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
)

// limits is a budget of bounds from above, in the order of the keys.
func limits(t *testing.T, of map[budget.Key]float64) func(*fetch.Spec) {
	t.Helper()
	var checks budget.Checks
	for key, bound := range of {
		check, err := key.Limit(bound)
		require.NoError(t, err)
		checks = checks.With(key, check)
	}
	checks = checks.With(budget.Status, budget.In([][2]int{{200, 299}}))
	return func(s *fetch.Spec) { s.Budget = checks }
}

func broken(r *fetch.Result) []budget.Key {
	var keys []budget.Key
	for v := range r.Verdicts() {
		if !v.Ok {
			keys = append(keys, v.Key)
		}
	}
	return keys
}

func TestBudgetsAreJudged(t *testing.T) {
	t.Parallel()
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/missing" {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write(make([]byte, 100))
	})
	s := spec(dropBody, limits(t, map[budget.Key]float64{
		budget.Elapsed: 60_000, budget.Queued: 60_000, budget.Bytes: 99, budget.Attempts: 1, budget.Waiting: 0,
	}))
	opts := fetch.Options{Concurrency: 1}
	var mu sync.Mutex
	asTheyEnd := make(map[int][]budget.Verdict)
	opts.OnResult = func(r *fetch.Result) {
		mu.Lock()
		defer mu.Unlock()
		asTheyEnd[r.Index] = slices.Collect(r.Verdicts())
	}
	run := newClient(t, fetch.Config{}).Run(t.Context(),
		targets(s, base+"/", base+"/missing", "http://127.0.0.1:1/"), opts, nobody{})

	require.Equal(t, 2, run.Answered)
	require.Equal(t, 3, run.OverBudget)
	require.Equal(t, 1, run.Ok, "being over budget is no failure")
	require.Equal(t, []budget.Key{budget.Waiting, budget.Bytes}, broken(run.Results.At(0)))
	require.Equal(t, []budget.Key{budget.Waiting, budget.Status}, broken(run.Results.At(1)), "an answer that failed has times")
	require.Equal(t, []budget.Key{budget.Elapsed, budget.Waiting, budget.Bytes, budget.Status}, broken(run.Results.At(2)),
		"what was refused at once was not fast")
	for i, r := range run.Results.All() {
		require.Equal(t, asTheyEnd[i], slices.Collect(r.Verdicts()), "a kept result says what it said")
	}
	values := make(map[budget.Key]float64)
	for v := range run.Results.At(0).Verdicts() {
		require.True(t, v.HasValue)
		values[v.Key] = v.Value
	}
	require.InDelta(t, 100, values[budget.Bytes], 0)
	require.InDelta(t, 200, values[budget.Status], 0)
	require.InDelta(t, budget.Milliseconds(run.Results.At(0).Elapsed), values[budget.Elapsed], 0)
}

func TestWhatHasNoBudgetOrWasNotRunIsNotJudged(t *testing.T) {
	t.Parallel()
	base := serve(t, func(http.ResponseWriter, *http.Request) {})
	client := newClient(t, fetch.Config{})
	run := client.Run(t.Context(), targets(spec(), base), fetch.Options{Concurrency: 1}, nobody{})
	require.Empty(t, slices.Collect(run.Results.At(0).Verdicts()))
	require.Zero(t, run.OverBudget)

	limit := limits(t, map[budget.Key]float64{budget.Elapsed: 0})
	run = client.Run(t.Context(), targets(spec(limit), base, base),
		fetch.Options{Concurrency: 1, Limits: []fetch.Limiter{never{}}}, nobody{})
	require.Equal(t, 2, run.NotRun)
	require.Empty(t, slices.Collect(run.Results.At(0).Verdicts()))
	require.Zero(t, run.OverBudget)
}

// Every time of a result can be asked for by the key of its budget.
func TestTimesByKey(t *testing.T) {
	t.Parallel()
	r := &fetch.Result{Queued: 1, Elapsed: 2, Timings: transport.Timings{
		Blocked: 3, LookingUp: 4, Connecting: 5, TLSHandshaking: 6, Sending: 7, Waiting: 8, Receiving: 9,
	}}
	for key, want := range map[budget.Key]time.Duration{
		budget.Queued: 1, budget.Elapsed: 2, budget.Blocked: 3, budget.LookingUp: 4, budget.Connecting: 5,
		budget.TLSHandshaking: 6, budget.Sending: 7, budget.Waiting: 8, budget.Receiving: 9, budget.Duration: 24,
	} {
		require.Equal(t, want, r.Time(key), key)
	}
}

// A verdict must not change when a result is kept, so it uses times as precise as those that are kept.
func TestTimesAreAsPreciseAsResultsKeepThem(t *testing.T) {
	t.Parallel()
	const precise = 123_456_789 * time.Nanosecond
	r := &fetch.Result{Elapsed: precise, Timings: transport.Timings{Sending: precise, Waiting: precise}}
	rounded := time.Duration(float32(precise))
	require.NotEqual(t, precise, rounded)
	require.Equal(t, precise, r.Time(budget.Elapsed))
	require.Equal(t, rounded, r.Time(budget.Waiting))
	require.Equal(t, 2*rounded, r.Time(budget.Duration))
}

func TestTimesOfARun(t *testing.T) {
	t.Parallel()
	times := fetch.Times{1, 2, 3, 10}
	require.Equal(t, []time.Duration{1, 10, 4}, []time.Duration{times.Min(), times.Max(), times.Mean()})
	require.Equal(t, time.Duration(2), times.Percentile(50)) // 2.5
	var none fetch.Times
	require.Equal(t, []time.Duration{0, 0, 0}, []time.Duration{none.Min(), none.Max(), none.Mean()})
}

// never is a limiter that lets nothing start.
type never struct{}

func (never) Wait(context.Context) error { return context.Canceled }
