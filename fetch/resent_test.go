package fetch_test

import (
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/failure"
)

// TestAtMostOneSilentRepeat has a server that resets every connection at its second request, while twenty of them are
// idle. The request is sent again once, over a new connection, and not once for each of the twenty.
func TestAtMostOneSilentRepeat(t *testing.T) {
	t.Parallel()
	const idle = 20
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		for way, change := range ways {
			t.Run(way+" "+method, func(t *testing.T) {
				t.Parallel()
				var together sync.WaitGroup
				together.Add(idle)
				var hits atomic.Int64
				base := serve(t, func(w http.ResponseWriter, r *http.Request) {
					if strings.HasPrefix(r.URL.Path, "/warm") {
						together.Done()
						together.Wait()
						return
					}
					hits.Add(1)
					reset(w)
				})
				var cfg fetch.Config
				change(&cfg)
				client := newClient(t, cfg)
				urls := strings.Fields(strings.Repeat(base+"/warm ", idle))
				run := client.Run(t.Context(), targets(spec(), urls...), fetch.Options{Concurrency: idle}, &recorder{})
				require.Equal(t, idle, run.Ok)

				obs := &recorder{}
				ask := spec(func(s *fetch.Spec) { s.Method = method })
				run = client.Run(t.Context(), targets(ask, base+"/reset"), fetch.Options{Concurrency: 1}, obs)
				require.Equal(t, 1, run.Failed)
				r := run.Results.At(0)
				require.Equal(t, failure.CodeReset, r.ErrorCode, r.Error)
				require.Len(t, obs.exchanges, 1, "one sample, as k6 has it")
				require.Equal(t, 1, r.Attempts, "what was asked for")
				want := 0
				if method == http.MethodGet {
					want = 1
				}
				require.Equal(t, want, r.Resent, "silent repeats")
				require.EqualValues(t, 1+want, hits.Load(), "requests that reached the server")
			})
		}
	}
}

// Each retry is an attempt, and may be repeated silently. All of that is counted.
func TestResentIsCountedOverRetries(t *testing.T) {
	t.Parallel()
	for way, change := range ways {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			var hits atomic.Int64
			base := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/warm" {
					return
				}
				if hits.Add(1) > 3 {
					return
				}
				reset(w)
			})
			var cfg fetch.Config
			change(&cfg)
			client := newClient(t, cfg)
			run := client.Run(t.Context(), targets(spec(), base+"/warm"), fetch.Options{Concurrency: 1}, &recorder{})
			require.Equal(t, 1, run.Ok)
			run = client.Run(t.Context(), targets(spec(), base+"/reset"), fetch.Options{Concurrency: 1, Retries: 5}, &recorder{})
			r := run.Results.At(0)
			require.Equal(t, 200, r.Status, r.Error)
			require.Equal(t, []int{3, 1, 3}, []int{r.Attempts, r.Resent, r.Requests},
				"the kept connection and its repeat, a retry, and a retry that is answered")
		})
	}
}

// reset ends the client's connection with a RST.
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err == nil {
		_ = conn.(*net.TCPConn).SetLinger(0)
		_ = conn.Close()
	}
}
