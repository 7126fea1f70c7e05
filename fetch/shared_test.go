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

// every lets one start per interval, as k6's rps does.
type every struct{ limit time.Duration }

func (e every) Wait(ctx context.Context) error {
	select {
	case <-time.After(e.limit):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// A run that waits for its rate, or for a Retry-After, has nothing in flight, and takes no place at the host.
func TestWaitingRunsTakeNoPlace(t *testing.T) {
	t.Parallel()
	for name, waiting := range map[string]fetch.Options{
		"for its rate":      {Limits: []fetch.Limiter{every{10 * time.Second}}},
		"for a Retry-After": {Retries: 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bubbleWith(t, fetch.Config{SharedLimits: true}, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/busy" {
					w.Header().Set("Retry-After", "20")
					w.WriteHeader(http.StatusServiceUnavailable)
					return
				}
				time.Sleep(time.Millisecond)
			}, func(t bubbled) {
				waiting.Concurrency, waiting.PerHost = 1, 1
				path := "/"
				if waiting.Retries > 0 {
					path = "/busy"
				}
				var slow sync.WaitGroup
				slow.Go(func() {
					run := t.client.Run(t.Context(), targets(spec(), "http://a.test"+path, "http://a.test"+path), waiting, &recorder{})
					require.Zero(t, run.NotRun)
				})
				run := t.client.Run(t.Context(), targets(spec(), "http://a.test/", "http://a.test/", "http://a.test/"),
					fetch.Options{Concurrency: 1, PerHost: 1}, &recorder{})
				require.Equal(t, 3, run.Ok)
				require.LessOrEqual(t, run.Elapsed, 5*time.Millisecond)
				slow.Wait()
			})
		})
	}
}
