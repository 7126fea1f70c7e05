package fetch_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
)

type discard struct{}

func (discard) Exchanged(*fetch.Exchange) {}
func (discard) Finished(*fetch.Result)    {}

func defaults() *fetch.Spec {
	return &fetch.Spec{
		Redirects: 10, Timeout: 10 * time.Second,
		Expected: func(status int) bool { return status >= 200 && status < 400 },
	}
}

func TestRunKeepsTheOrderOfItsTargets(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write([]byte(r.URL.Path))
	}))
	t.Cleanup(srv.Close)
	client := fetch.NewClient(fetch.Config{})
	t.Cleanup(client.Close)

	spec := defaults()
	spec.ResponseType = fetch.ResponseText
	var targets []fetch.Target
	for _, path := range []string{"/a", "/b", "/c", "/d", "/e"} {
		targets = append(targets, fetch.Target{URL: srv.URL + path, Spec: spec})
	}
	run := client.Run(context.Background(), fetch.Targets(targets), fetch.Options{Concurrency: 3}, discard{})

	require.Equal(t, 5, run.Ok)
	require.LessOrEqual(t, run.Peak, 3)
	for i, r := range run.Results {
		require.Equal(t, i, r.Index)
		require.Equal(t, targets[i].URL, srv.URL+string(r.Response.Body))
	}
}
