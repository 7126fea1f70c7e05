package fetch_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/time/rate"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/failure"
)

// slow takes as long as the path says.
func slow(w http.ResponseWriter, r *http.Request) {
	d, _ := time.ParseDuration(r.URL.Path[1:])
	select {
	case <-time.After(d):
	case <-r.Context().Done():
	}
	_, _ = w.Write([]byte("done"))
}

func TestTimeoutsDoNotTickInTheQueue(t *testing.T) {
	t.Parallel()
	bubble(t, slow, func(t bubbled) {
		urls := strings.Split(strings.Repeat("http://a.test/900ms ", 9)+"http://a.test/900ms", " ")
		run := t.client.Run(t.Context(), targets(spec(func(s *fetch.Spec) { s.Timeout = time.Second }), urls...),
			fetch.Options{Concurrency: 2}, &recorder{})
		require.Equal(t, 10, run.Ok, "each takes less than its second, all together five times that")
		require.Equal(t, 4500*time.Millisecond, run.Elapsed)
		require.Equal(t, 3600*time.Millisecond, run.Results.At(9).Queued)
	})
}

func TestTimeoutEndsAnAttempt(t *testing.T) {
	t.Parallel()
	bubble(t, slow, func(t bubbled) {
		s := spec(func(s *fetch.Spec) { s.Timeout = time.Second })
		run := t.client.Run(t.Context(), targets(s, "http://a.test/1001ms", "http://a.test/999ms"),
			fetch.Options{Concurrency: 2, Retries: 1}, &recorder{})
		late := run.Results.At(0)
		require.Equal(t, failure.CodeTimeout, late.ErrorCode)
		require.Equal(t, "request timeout", late.Error)
		require.Equal(t, 2, late.Attempts, "each attempt has its own time")
		require.GreaterOrEqual(t, late.Elapsed, 2*time.Second)
		require.Equal(t, fetch.StateDone, run.Results.At(1).State)
	})
}

func TestDeadlineEndsARun(t *testing.T) {
	t.Parallel()
	bubble(t, slow, func(t bubbled) {
		obs := &recorder{}
		run := t.client.Run(t.Context(),
			targets(spec(), "http://a.test/1s", "http://a.test/1h", "http://a.test/1s", "http://a.test/1s"),
			fetch.Options{Concurrency: 1, Deadline: 3 * time.Second, Retries: 3}, obs)
		require.Equal(t, 3*time.Second, run.Elapsed)
		require.Equal(t, []int{4, 1, 1, 2}, []int{run.Count, run.Ok, run.Failed, run.NotRun})
		cut := run.Results.At(1)
		require.Equal(t, failure.CodeTimeout, cut.ErrorCode)
		require.Equal(t, "run deadline exceeded", cut.Error)
		require.Equal(t, 1, cut.Attempts)
		require.Equal(t, fetch.StateNotRun, run.Results.At(3).State)
		require.Len(t, obs.exchanges, 2)
		require.Len(t, obs.finished, 2)
	})
}

func TestDeadlineThatIsNotReachedChangesNothing(t *testing.T) {
	t.Parallel()
	bubble(t, slow, func(t bubbled) {
		run := t.client.Run(t.Context(), targets(spec(), "http://a.test/1s", "http://a.test/1s"),
			fetch.Options{Concurrency: 1, Deadline: 2001 * time.Millisecond}, &recorder{})
		require.Equal(t, 2, run.Ok)
	})
}

func TestRateSpreadsStarts(t *testing.T) {
	t.Parallel()
	bubble(t, slow, func(t bubbled) {
		urls := strings.Split(strings.Repeat("http://a.test/1ms ", 9)+"http://a.test/1ms", " ")
		run := t.client.Run(t.Context(), targets(spec(func(s *fetch.Spec) { s.Timeout = 50 * time.Millisecond }), urls...),
			fetch.Options{Concurrency: 10, Limits: []fetch.Limiter{rate.NewLimiter(10, 1)}}, &recorder{})
		require.Equal(t, 10, run.Ok)
		require.Equal(t, 901*time.Millisecond, run.Elapsed.Round(time.Millisecond), "one at once, then one each 100 ms")
		var last time.Duration
		for _, r := range run.Results.All() {
			require.Equal(t, time.Millisecond, r.Elapsed, "waiting for the rate is part of the queue")
			last = max(last, r.Queued)
		}
		require.Equal(t, 900*time.Millisecond, last.Round(time.Millisecond))
	})
}

func TestCutWhileWaitingForTheRate(t *testing.T) {
	t.Parallel()
	bubble(t, slow, func(t bubbled) {
		ctx, cancel := context.WithTimeout(t.Context(), 250*time.Millisecond)
		defer cancel()
		urls := strings.Split(strings.Repeat("http://a.test/1ms ", 9)+"http://a.test/1ms", " ")
		run := t.client.Run(ctx, targets(spec(), urls...),
			fetch.Options{Concurrency: 2, Limits: []fetch.Limiter{rate.NewLimiter(10, 1)}}, &recorder{})
		require.Equal(t, []int{3, 0, 7}, []int{run.Ok, run.Failed, run.NotRun})
		require.LessOrEqual(t, run.Elapsed, 250*time.Millisecond)
	})
}

// TestCutWhileWaitingToTryAgain ends with the outcome of the last attempt.
func TestCutWhileWaitingToTryAgain(t *testing.T) {
	t.Parallel()
	bubble(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "20")
		w.WriteHeader(http.StatusServiceUnavailable)
	}, func(t bubbled) {
		ctx, cancel := context.WithCancel(t.Context())
		obs := &recorder{}
		var run *fetch.Run
		var running sync.WaitGroup
		running.Go(func() {
			run = t.client.Run(ctx, targets(spec(), "http://a.test/"), fetch.Options{Concurrency: 1, Retries: 5}, obs)
		})
		time.Sleep(time.Second) // of the bubble: the first attempt is over, the second has not begun
		synctest.Wait()
		cancel()
		running.Wait()
		require.Equal(t, time.Second, run.Elapsed)
		require.Equal(t, []int{0, 1, 0}, []int{run.Ok, run.Failed, run.NotRun})
		require.Equal(t, 503, run.Results.At(0).Status)
		require.Equal(t, []int{503}, obs.statuses())
	})
}

// What is added up to the time for getting a connection has the handshake of TLS once, over QUIC as well.
func TestDialingLeavesTheHandshakeOut(t *testing.T) {
	t.Parallel()
	const ms = time.Millisecond
	for name, test := range map[string]struct {
		timings transport.Timings
		want    time.Duration
	}{
		"TCP":                   {transport.Timings{Blocked: 100 * ms, LookingUp: 20 * ms, Connecting: 30 * ms, TLSHandshaking: 40 * ms}, 30 * ms},
		"TCP, without a gap":    {transport.Timings{Blocked: 90 * ms, LookingUp: 20 * ms, Connecting: 30 * ms, TLSHandshaking: 40 * ms}, 30 * ms},
		"QUIC":                  {transport.Timings{Blocked: 60 * ms, LookingUp: 20 * ms, Connecting: 40 * ms, TLSHandshaking: 40 * ms}, 0},
		"QUIC that began again": {transport.Timings{Blocked: 80 * ms, LookingUp: 20 * ms, Connecting: 60 * ms, TLSHandshaking: 40 * ms}, 20 * ms},
		"a kept connection":     {transport.Timings{Blocked: ms}, 0},
		"none":                  {transport.Timings{}, 0},
	} {
		require.Equal(t, test.want, fetch.Dialing(&test.timings), name)
	}
}
