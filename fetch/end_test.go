package fetch_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
)

// ends are the two ways in which time ends a run: its own deadline, and the deadline of its caller, with which k6 ends
// a scenario.
func ends(after time.Duration) map[string]func(context.Context, *fetch.Options) (context.Context, context.CancelFunc) {
	return map[string]func(context.Context, *fetch.Options) (context.Context, context.CancelFunc){
		"the run's deadline": func(ctx context.Context, o *fetch.Options) (context.Context, context.CancelFunc) {
			o.Deadline = after
			return ctx, func() {}
		},
		"the caller's deadline": func(ctx context.Context, _ *fetch.Options) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, after)
		},
	}
}

// A dialer gives up as soon as the clock reaches the deadline of its context. The context ends a moment later, when its
// timer fires. Workers that trusted the dialer would race through the list meanwhile.
func TestNothingFailsThatWasNeverSent(t *testing.T) {
	t.Parallel()
	const concurrency, count = 6, 20_000
	for name, end := range ends(300 * time.Millisecond) {
		for way, change := range ways {
			t.Run(name+" "+way, func(t *testing.T) {
				t.Parallel()
				var seen atomic.Int64
				base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
					seen.Add(1)
					w.Header().Set("Connection", "close")
				})
				urls := make([]string, count)
				for i := range urls {
					urls[i] = fmt.Sprintf("%s/%d", base, i)
				}
				opts := fetch.Options{Concurrency: concurrency}
				ctx, cancel := end(t.Context(), &opts)
				defer cancel()
				var cfg fetch.Config
				change(&cfg)
				cfg.Dial = punctual
				obs := &recorder{}
				run := newClient(t, cfg).Run(ctx, targets(spec(), urls...), opts, obs)
				require.Equal(t, count, run.Ok+run.Failed+run.NotRun)
				require.Positive(t, run.NotRun)
				require.LessOrEqual(t, run.Failed, concurrency, "what was in flight")
				// The server reads a moment later what was cut off right after it was sent.
				require.Eventually(t, func() bool { return int(seen.Load()) >= len(obs.exchanges) }, 5*time.Second, time.Millisecond)
				require.Equal(t, int(seen.Load()), len(obs.exchanges), "requests that reached the server") //nolint:testifylint // shows both
			})
		}
	}
}

// punctual dials like net's dialer on a machine whose timers are late: it goes by the clock, not by the context.
func punctual(ctx context.Context, network, addr string) (net.Conn, error) {
	if deadline, ok := ctx.Deadline(); ok && !time.Now().Before(deadline) {
		return nil, &net.OpError{Op: "dial", Net: network, Err: os.ErrDeadlineExceeded}
	}
	return new(net.Dialer).DialContext(ctx, network, addr)
}

// A target whose connection is still being made when the run ends was not run.
func TestWhatIsConnectingAtTheEndIsNotRun(t *testing.T) {
	t.Parallel()
	for name, end := range ends(50 * time.Millisecond) {
		for way, change := range ways {
			t.Run(name+" "+way, func(t *testing.T) {
				t.Parallel()
				var cfg fetch.Config
				change(&cfg)
				cfg.Dial = func(ctx context.Context, _, _ string) (net.Conn, error) {
					<-ctx.Done()
					return nil, ctx.Err()
				}
				opts := fetch.Options{Concurrency: 2}
				ctx, cancel := end(t.Context(), &opts)
				defer cancel()
				obs := &recorder{}
				run := newClient(t, cfg).Run(ctx, targets(spec(), "http://a.test/", "http://b.test/", "http://c.test/"), opts, obs)
				require.Equal(t, []int{0, 0, 3}, []int{run.Ok, run.Failed, run.NotRun})
				require.Empty(t, obs.exchanges)
				require.Empty(t, obs.finished)
			})
		}
	}
}

// Canceling ends a run, with or without a deadline, and however early.
func TestCancelEndsARun(t *testing.T) {
	t.Parallel()
	for _, deadline := range []time.Duration{0, time.Hour} {
		t.Run(fmt.Sprintf("deadline %s", deadline), func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			arrived := make(chan struct{})
			base := serve(t, func(_ http.ResponseWriter, r *http.Request) {
				close(arrived)
				<-r.Context().Done()
			})
			go func() {
				<-arrived
				cancel()
			}()
			client := newClient(t, fetch.Config{})
			opts := fetch.Options{Concurrency: 1, Deadline: deadline}
			run := client.Run(ctx, targets(spec(), base, base), opts, &recorder{})
			require.Equal(t, []int{0, 1, 1}, []int{run.Ok, run.Failed, run.NotRun})
			run = client.Run(ctx, targets(spec(), base, base), opts, &recorder{})
			require.Equal(t, []int{0, 0, 2}, []int{run.Ok, run.Failed, run.NotRun}, "it was over before it began")
		})
	}
}

// A worker that was free when the run was canceled starts nothing more: it does not wait to be told.
func TestNothingStartsAfterCancel(t *testing.T) {
	t.Parallel()
	base := serve(t, func(http.ResponseWriter, *http.Request) {})
	all := make([]string, 50)
	for i := range all {
		all[i] = base
	}
	client := newClient(t, fetch.Config{})
	for name, fetchAll := range map[string]func(context.Context, fetch.Iterator, fetch.Options, fetch.Observer) *fetch.Run{
		"run": client.Run, "stream": client.Stream,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for range 50 {
				ctx, cancel := context.WithCancel(t.Context())
				opts := fetch.Options{Concurrency: 1, OnResult: func(*fetch.Result) { cancel() }}
				run := fetchAll(ctx, targets(spec(), all...), opts, &recorder{})
				require.Equal(t, []int{1, 0, len(all) - 1}, []int{run.Ok, run.Failed, run.NotRun})
			}
		})
	}
}
