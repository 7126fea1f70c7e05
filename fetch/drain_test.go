package fetch_test

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
)

// patient is a limiter that lets nobody start before its context ends.
type patient struct{ waiting chan struct{} }

func (n patient) Wait(ctx context.Context) error {
	n.waiting <- struct{}{}
	<-ctx.Done()
	return ctx.Err()
}

func TestADrainedRunEndsWhatIsUnderWay(t *testing.T) {
	t.Parallel()
	arrived, release := make(chan struct{}, 10), make(chan struct{})
	base := serve(t, func(http.ResponseWriter, *http.Request) {
		arrived <- struct{}{}
		<-release
	})
	for _, streams := range []bool{false, true} {
		release = make(chan struct{})
		drain := make(chan struct{})
		client := newClient(t, fetch.Config{})
		opts := fetch.Options{Concurrency: 2, Drain: drain}
		list := targets(spec(), base, base, base, base, base)
		ended := make(chan *fetch.Run, 1)
		go func() {
			if streams {
				ended <- client.Stream(t.Context(), list, opts, nobody{})
			} else {
				ended <- client.Run(t.Context(), list, opts, nobody{})
			}
		}()
		<-arrived
		<-arrived
		close(drain)
		close(release)
		run := <-ended
		require.Equal(t, 2, run.Ok)
		require.Equal(t, 3, run.NotRun)
		require.Equal(t, 5, run.Count)
	}
}

func TestADrainedRunStartsNothing(t *testing.T) {
	t.Parallel()
	t.Run("what waits for the rate is not run", func(t *testing.T) {
		t.Parallel()
		limit := patient{make(chan struct{}, 2)}
		drain := make(chan struct{})
		var drained sync.WaitGroup
		drained.Go(func() {
			<-limit.waiting
			close(drain)
		})
		run := newClient(t, fetch.Config{}).Run(t.Context(), targets(spec(), "http://a.test/", "http://b.test/"),
			fetch.Options{Concurrency: 1, Drain: drain, Limits: []fetch.Limiter{limit}}, nobody{})
		drained.Wait()
		require.Equal(t, 2, run.NotRun)
	})
	t.Run("what waits to be tried again stays failed", func(t *testing.T) {
		t.Parallel()
		drain := make(chan struct{})
		var once sync.Once
		base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			once.Do(func() { close(drain) })
			w.Header().Set("Retry-After", "30")
			w.WriteHeader(http.StatusServiceUnavailable)
		})
		began := time.Now()
		run := newClient(t, fetch.Config{}).Run(t.Context(), targets(spec(), base),
			fetch.Options{Concurrency: 1, Drain: drain, Retries: 3}, nobody{})
		require.Equal(t, 1, run.Failed)
		require.Less(t, time.Since(began), 20*time.Second)
		require.Equal(t, 1, run.Results.At(0).Attempts)
	})
	t.Run("one that is drained from the beginning", func(t *testing.T) {
		t.Parallel()
		drain := make(chan struct{})
		close(drain)
		run := newClient(t, fetch.Config{}).Stream(t.Context(), targets(spec(), "http://a.test/", "http://b.test/"),
			fetch.Options{Concurrency: 1, Drain: drain}, nobody{})
		require.Equal(t, 2, run.Count)
		require.Equal(t, 2, run.NotRun)
	})
}
