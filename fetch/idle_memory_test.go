package fetch_test

import (
	"net/http"
	"runtime"
	"testing"
	"weak"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
)

// A connection that waits for the next run does not keep the last run's bodies in memory.
func TestIdleConnectionsKeepNoResults(t *testing.T) {
	t.Parallel()
	for _, protocol := range spoken {
		for way, change := range ways {
			for _, path := range []string{"/", "/redirected"} {
				t.Run(protocol+" "+way+" "+path, func(t *testing.T) {
					t.Parallel()
					addr, scheme, cfg := server(t, protocol, func(w http.ResponseWriter, r *http.Request) {
						if r.URL.Path == "/redirected" {
							http.Redirect(w, r, "/", http.StatusFound)
						}
					})
					change(&cfg)
					client := newClient(t, cfg)
					urls := targets(spec(), scheme+"://"+addr+path, scheme+"://"+addr+path)
					run := client.Run(t.Context(), urls, fetch.Options{Concurrency: 2}, &recorder{})
					require.Equal(t, 2, run.Ok)
					results := weak.Make(run.Results)
					runtime.GC()
					require.Nil(t, results.Value())
				})
			}
		}
	}
}
