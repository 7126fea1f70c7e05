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

// backwards is a frontier that yields its targets from the last to the first, and keeps some back.
type backwards struct {
	targets []fetch.Target
	next    int
	back    int
}

func newBackwards(base string, n, back int) *backwards {
	b := &backwards{next: n, back: back}
	for i := range n {
		b.targets = append(b.targets, fetch.Target{URL: fmt.Sprint(base, "/", i), Spec: spec()})
	}
	return b
}

func (b *backwards) Next() (fetch.Target, bool) {
	if b.Ready() == 0 {
		return fetch.Target{}, false
	}
	b.next--
	return b.targets[b.next], true
}

func (b *backwards) Ready() int   { return b.next - b.back }
func (b *backwards) Len() int     { return len(b.targets) }
func (b *backwards) Place() int   { return b.next }
func (b *backwards) Watch(func()) {}

func (b *backwards) Left() iter.Seq2[int, fetch.Target] {
	return func(yield func(int, fetch.Target) bool) {
		for i := range b.next {
			if !yield(i, b.targets[i]) {
				return
			}
		}
	}
}

// Results are where the frontier says, whatever it yields first, and what it did not yield is not run.
func TestResultsOfAFrontierAreInItsOrder(t *testing.T) {
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
	run := newClient(t, fetch.Config{}).Run(t.Context(), newBackwards(base, 6, 2), opts, nobody{})
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

// exhausted is a frontier whose Next panics from some target on.
type exhausted struct {
	*backwards

	from int
}

func (e exhausted) Next() (fetch.Target, bool) {
	if e.Place() == e.from {
		panic("no more")
	}
	return e.backwards.Next()
}

// A frontier that panics ends the run when nothing is in flight, and its targets are not run.
func TestAFrontierThatPanicsEndsTheRun(t *testing.T) {
	t.Parallel()
	base := serve(t, func(http.ResponseWriter, *http.Request) {})
	for _, concurrency := range []int{1, 3} {
		opts := fetch.Options{Concurrency: concurrency}
		run := newClient(t, fetch.Config{}).Run(t.Context(), exhausted{newBackwards(base, 6, 0), 2}, opts, nobody{})
		require.Equal(t, 6, run.Count)
		require.Equal(t, 4, run.Ok)
		require.Equal(t, 2, run.NotRun)
		for i, r := range run.Results.All() {
			require.Equal(t, fmt.Sprint(base, "/", i), r.URL())
			require.Equal(t, i >= 2, r.Ok())
		}
	}
}

// Workers come as there are targets for them, up to the concurrency.
func TestAFrontierHiresWorkersAsThereIsWork(t *testing.T) {
	t.Parallel()
	for _, concurrency := range []int{1, 3, 10} {
		inside, release := make(chan struct{}), make(chan struct{})
		base := serve(t, func(http.ResponseWriter, *http.Request) {
			inside <- struct{}{}
			<-release
		})
		ended := make(chan *fetch.Run)
		go func() {
			opts := fetch.Options{Concurrency: concurrency}
			ended <- newClient(t, fetch.Config{}).Run(t.Context(), newBackwards(base, 6, 0), opts, nobody{})
		}()
		most := min(concurrency, 6)
		for range most {
			<-inside
		}
		go func() {
			for range 6 - most {
				<-inside
			}
		}()
		close(release)
		run := <-ended
		require.Equal(t, 6, run.Ok)
		require.Equal(t, most, run.Peak)
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
