package fetch_test

import (
	"context"
	"net/http"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
)

// watcher watches a run.
type watcher struct {
	mu       sync.Mutex
	progress func() fetch.Progress
	ended    int
}

func (w *watcher) watch(progress func() fetch.Progress) func() {
	w.progress = progress // before the first target starts
	return func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.ended++
	}
}

func TestARunTellsHowFarItIs(t *testing.T) {
	t.Parallel()
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/missing" {
			http.NotFound(w, r)
		}
	})
	w := &watcher{}
	var seen []fetch.Progress
	opts := fetch.Options{Concurrency: 1, Watch: w.watch}
	opts.OnResult = func(*fetch.Result) { seen = append(seen, w.progress()) }
	newClient(t, fetch.Config{}).Run(t.Context(), targets(spec(), base, base+"/missing", base), opts, nobody{})
	require.Equal(t, []fetch.Progress{{Count: 3, Finished: 1}, {Count: 3, Finished: 2, Failed: 1}, {Count: 3, Finished: 3, Failed: 1}}, seen)
	require.Equal(t, 1, w.ended)
}

func TestARunThatIsCutIsNotWatchedAnyMore(t *testing.T) {
	t.Parallel()
	for _, streams := range []bool{false, true} {
		ctx, cancel := context.WithCancel(t.Context())
		base := serve(t, func(_ http.ResponseWriter, r *http.Request) {
			cancel()
			<-r.Context().Done()
		})
		w := &watcher{}
		opts := fetch.Options{Concurrency: 1, Watch: w.watch}
		client := newClient(t, fetch.Config{})
		iterator := targets(spec(), base, base, base)
		if streams {
			client.Stream(ctx, iterator, opts, nobody{})
		} else {
			client.Run(ctx, iterator, opts, nobody{})
		}
		require.Equal(t, 1, w.ended)
		require.Equal(t, fetch.Progress{Count: 3, Finished: 3, Failed: 1}, w.progress())
	}
}
