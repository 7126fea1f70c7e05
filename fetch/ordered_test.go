package fetch_test

import (
	"fmt"
	"iter"
	"net/http"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
)

// backwards is an ordered feed that yields its targets from the last to the first, and stops after some.
type backwards struct {
	mu      sync.Mutex
	targets []fetch.Target
	next    int
	after   int
	stopped bool
}

func newBackwards(base string, n, after int) *backwards {
	b := &backwards{next: n, after: n - after}
	for i := range n {
		b.targets = append(b.targets, fetch.Target{URL: fmt.Sprint(base, "/", i), Spec: spec()})
	}
	return b
}

func (b *backwards) Next() (fetch.Target, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.stopped || b.next == b.after {
		return fetch.Target{}, false
	}
	b.next--
	return b.targets[b.next], true
}

func (b *backwards) Len() int   { return len(b.targets) }
func (b *backwards) Place() int { return b.next }

func (b *backwards) Stop() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.stopped = true
}

func (b *backwards) Rest() iter.Seq2[int, fetch.Target] {
	return func(yield func(int, fetch.Target) bool) {
		for i := range b.next {
			if !yield(i, b.targets[i]) {
				return
			}
		}
	}
}

// Results of an ordered feed are where it says, whatever it yields first, and what it did not yield is not run.
func TestAnOrderedFeedHasItsResultsInOrder(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var asked []string
	base := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		asked = append(asked, r.URL.Path)
	})
	seen := map[int]fetch.State{}
	opts := fetch.Options{Concurrency: 1, OnResult: func(r *fetch.Result) { seen[r.Index] = r.State }}
	run := newClient(t, fetch.Config{}).Run(t.Context(), newBackwards(base, 6, 4), opts, nobody{})
	require.Equal(t, []string{"/5", "/4", "/3", "/2"}, asked)
	require.Equal(t, 6, run.Count)
	require.Equal(t, 4, run.Ok)
	require.Equal(t, 2, run.NotRun)
	require.Equal(t, 6, run.Results.Len())
	for i, r := range run.Results.All() {
		require.Equal(t, fmt.Sprint(base, "/", i), r.URL())
		require.Equal(t, i, r.Index)
		require.Equal(t, i >= 2, r.Ok())
		require.Equal(t, r.State, seen[i])
	}
}

// Workers of a feed come as they are needed, up to the concurrency.
func TestAFeedHiresWorkersAsTargetsCome(t *testing.T) {
	t.Parallel()
	const concurrency = 3
	inside, release := make(chan struct{}), make(chan struct{})
	base := serve(t, func(http.ResponseWriter, *http.Request) {
		inside <- struct{}{}
		<-release
	})
	p := newTap()
	ended, results := streamed(t, t.Context(), p, fetch.Options{Concurrency: concurrency})
	for range concurrency {
		p.send(t, spec(), base)
		<-inside // while those before are inside, too
	}
	select {
	case p.targets <- fetch.Target{}:
		require.Fail(t, "more workers than the concurrency")
	default:
	}
	close(release)
	for range concurrency {
		require.Equal(t, fetch.StateDone, (<-results).State)
	}
	close(p.targets)
	require.Equal(t, concurrency, ended().Peak)
}
