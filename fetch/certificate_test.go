package fetch_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
)

// Results and exchanges have the server's certificate, on both ways of a request. Requests over one connection share
// it.
func TestResultsKnowTheCertificate(t *testing.T) {
	t.Parallel()
	for _, protocol := range spoken {
		for way, change := range ways {
			t.Run(protocol+" "+way, func(t *testing.T) {
				t.Parallel()
				addr, scheme, cfg := server(t, protocol, func(http.ResponseWriter, *http.Request) {})
				change(&cfg)
				obs := &recorder{}
				urls := targets(spec(), scheme+"://"+addr+"/1", scheme+"://"+addr+"/2")
				run := newClient(t, cfg).Run(t.Context(), urls, fetch.Options{Concurrency: 1}, obs)
				require.Equal(t, 2, run.Ok)
				first := run.Results.At(0).Response.Conn.Certificate
				if protocol == "HTTP/1.1" {
					require.Nil(t, first)
					return
				}
				require.Equal(t, []string{"Acme Co"}, first.Subject.Organization)
				require.Same(t, first, run.Results.At(1).Response.Conn.Certificate)
				require.Same(t, first, obs.exchanges[1].Conn.Certificate)
			})
		}
	}
}
