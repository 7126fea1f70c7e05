package fetch_test

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
)

// tap is a feed of what a test sends.
type tap struct {
	targets chan fetch.Target
	stop    func()
	stopped <-chan struct{}
	yielded int
}

func newTap() *tap {
	ctx, cancel := context.WithCancel(context.Background())
	return &tap{targets: make(chan fetch.Target), stop: cancel, stopped: ctx.Done()}
}

func (p *tap) Next() (fetch.Target, bool) {
	select {
	case <-p.stopped:
		return fetch.Target{}, false
	case t, ok := <-p.targets:
		if ok {
			p.yielded++
		}
		return t, ok
	}
}

func (p *tap) Len() int { return p.yielded }
func (p *tap) Stop()    { p.stop() }

// send gives the tap a target, which a worker must be waiting for.
func (p *tap) send(t *testing.T, s *fetch.Spec, url string) {
	t.Helper()
	select {
	case p.targets <- fetch.Target{URL: url, Spec: s}:
	case <-time.After(time.Minute):
		require.Fail(t, "no worker asks for "+url)
	}
}

// streamed runs a feed in a goroutine. The functions return the run when it has ended, and its results so far.
func streamed(t *testing.T, ctx context.Context, feed fetch.Feed, opts fetch.Options) ( //nolint:revive // t comes first
	ended func() *fetch.Run, results <-chan fetch.Result,
) {
	t.Helper()
	all := make(chan fetch.Result, 1000)
	opts.OnResult = func(r *fetch.Result) { all <- *r }
	client := newClient(t, fetch.Config{})
	done := make(chan *fetch.Run, 1)
	go func() { done <- client.Stream(ctx, feed, opts, nobody{}) }()
	return func() *fetch.Run { return <-done }, all
}

func TestAFeedIsFetchedAsItComes(t *testing.T) {
	t.Parallel()
	base := serve(t, func(http.ResponseWriter, *http.Request) {})
	for _, perHost := range []int{0, 1} {
		p := newTap()
		ended, results := streamed(t, t.Context(), p, fetch.Options{Concurrency: 3, PerHost: perHost})
		for i := range 10 {
			p.send(t, spec(), fmt.Sprint(base, "/", i))
			require.Equal(t, i, (<-results).Index, "each is fetched before the next one comes")
		}
		close(p.targets)
		run := ended()
		require.Equal(t, 10, run.Count)
		require.Equal(t, 10, run.Ok)
	}
}

// A host is at its limit, and the feed yields nothing meanwhile: what waits for the host goes on when it is free.
func TestAFeedThatWaitsHoldsUpNoHost(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	var inside, most int
	var mu sync.Mutex
	base := serve(t, func(http.ResponseWriter, *http.Request) {
		mu.Lock()
		inside++
		most = max(most, inside)
		mu.Unlock()
		<-release
		mu.Lock()
		inside--
		mu.Unlock()
	})
	p := newTap()
	ended, results := streamed(t, t.Context(), p, fetch.Options{Concurrency: 4, PerHost: 2})
	for range 7 {
		p.send(t, spec(), base)
	}
	close(release)
	for range 7 {
		require.Equal(t, fetch.StateDone, (<-results).State)
	}
	for range 2 { // and nobody has forgotten to ask for more
		p.send(t, spec(), base)
		require.Equal(t, fetch.StateDone, (<-results).State)
	}
	close(p.targets)
	require.Equal(t, 9, ended().Ok)
	require.LessOrEqual(t, most, 2)
}

func TestAFeedEndsWithItsRun(t *testing.T) {
	t.Parallel()
	base := serve(t, func(http.ResponseWriter, *http.Request) {})
	for name, prepare := range map[string]func(opts *fetch.Options, cancel func()) (end func()){
		"the caller goes": func(_ *fetch.Options, cancel func()) func() { return cancel },
		"it is drained": func(opts *fetch.Options, _ func()) func() {
			drain := make(chan struct{})
			opts.Drain = drain
			return func() { close(drain) }
		},
		"the deadline comes": func(opts *fetch.Options, _ func()) func() {
			opts.Deadline = 200 * time.Millisecond
			return func() {}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			opts := fetch.Options{Concurrency: 2}
			end := prepare(&opts, cancel)
			p := newTap()
			ended, results := streamed(t, ctx, p, opts)
			p.send(t, spec(), base)
			require.Equal(t, fetch.StateDone, (<-results).State)
			end()
			run := ended()
			require.Equal(t, 1, run.Count)
			require.Equal(t, 1, run.Ok)
		})
	}
}

// brokenTap is a feed that panics.
type brokenTap struct{ *tap }

func (brokenTap) Next() (fetch.Target, bool) { panic("no more") }

func TestAFeedThatPanicsHasEnded(t *testing.T) {
	t.Parallel()
	ended, _ := streamed(t, t.Context(), brokenTap{newTap()}, fetch.Options{Concurrency: 2})
	require.Zero(t, ended().Count)
}

func TestAFeedTellsThatThereMayBeMore(t *testing.T) {
	t.Parallel()
	base := serve(t, func(http.ResponseWriter, *http.Request) {})
	p := newTap()
	w := &watcher{}
	ended, results := streamed(t, t.Context(), p, fetch.Options{Concurrency: 1, Watch: w.watch})
	p.send(t, spec(), base)
	<-results
	require.Equal(t, fetch.Progress{Count: 1, Finished: 1, Open: true}, w.progress())
	close(p.targets)
	ended()
}

// certain is a feed that knows of three more targets.
type certain struct{ *tap }

func (c certain) Len() int { return c.tap.Len() + 3 }

func TestWhatAFeedKnowsToComeIsNotRun(t *testing.T) {
	t.Parallel()
	base := serve(t, func(http.ResponseWriter, *http.Request) {})
	drain := make(chan struct{})
	for name, opts := range map[string]fetch.Options{
		"drained":     {Concurrency: 1, Drain: drain},
		"at deadline": {Concurrency: 1, Deadline: 200 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := certain{newTap()}
			ended, results := streamed(t, t.Context(), c, opts)
			c.send(t, spec(), base)
			require.Equal(t, fetch.StateDone, (<-results).State)
			if opts.Drain != nil {
				close(drain)
			}
			run := ended()
			require.Equal(t, 4, run.Count)
			require.Equal(t, 1, run.Ok)
			require.Equal(t, 3, run.NotRun)
		})
	}
}
