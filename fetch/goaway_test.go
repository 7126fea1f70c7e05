package fetch_test

import (
	"crypto/tls"
	"maps"
	"net/http"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/faults"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
)

// TestGoAwayAfterFewRequests has many more requests under way than a connection takes. Some are turned away again and
// again, while others are taken. None fails for that, and each time is reported.
func TestGoAwayAfterFewRequests(t *testing.T) {
	t.Parallel()
	all := maps.Clone(ways)
	all["login"] = func(*fetch.Config) {}
	for way, change := range all {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			const count = 200
			s := faults.Start(t)
			cfg := fetch.Config{Config: transport.Config{Transport: &http.Transport{
				DisableCompression: true, ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{RootCAs: s.Roots()},
			}}}
			change(&cfg)
			client := fetch.NewClient(cfg)
			defer client.Shutdown()
			obs := &recorder{}
			what := spec(func(s *fetch.Spec) {
				if way == "login" { // net/http makes the requests of a login
					s.Auth = transport.AuthDigest
				}
			})
			run := client.Run(t.Context(), targets(what, slices.Repeat([]string{s.Departing()}, count)...),
				fetch.Options{Concurrency: 40}, obs)
			resent := 0
			for _, r := range run.Results.All() {
				require.Equal(t, fetch.StateDone, r.State, r.Error)
				resent += r.Resent
			}
			require.Len(t, obs.exchanges, count)
			require.Greater(t, resent, count/2)
			// The server need not read what it has turned away by then.
			require.GreaterOrEqual(t, s.DepartingSeen(), count, "requests that reached the server")
			require.LessOrEqual(t, s.DepartingSeen(), count+resent, "requests that reached the server")
		})
	}
}
