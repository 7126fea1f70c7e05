package documents_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/k6test"
)

// observed is what the servers saw of a fact.
type observed struct {
	*k6test.Outcome

	mu          sync.Mutex
	first, mark time.Time // when the first request came, and the last one of /mark
	requests    int
	connections int
}

// said is what the script printed.
func (o *observed) said() string {
	_, text, _ := strings.Cut(o.Stderr, "fact: ")
	text, _, _ = strings.Cut(text, "\n")
	return text
}

func (o *observed) serve(w http.ResponseWriter, r *http.Request) {
	o.mu.Lock()
	o.requests++
	if o.first.IsZero() {
		o.first = time.Now()
	}
	if r.URL.Path == "/mark" {
		o.mark = time.Now()
	}
	o.mu.Unlock()
	switch {
	case r.URL.Path == "/101":
		w.Header().Set("Connection", "Upgrade")
		w.Header().Set("Upgrade", "something")
		w.WriteHeader(http.StatusSwitchingProtocols)
	case r.URL.Path == "/cut":
		wait(r, 700*time.Millisecond)
	case strings.HasPrefix(r.Host, "slow."):
		wait(r, 200*time.Millisecond)
	}
}

func wait(r *http.Request, d time.Duration) {
	select {
	case <-time.After(d):
	case <-r.Context().Done():
	}
}

// bringAbout runs a fact in a real k6, with http.batch or with the extension.
func bringAbout(t *testing.T, fact, how string) *observed {
	t.Helper()
	o := &observed{}
	args := make([]string, 0, 8)
	args = append(args, "-e", "FACT="+fact, "-e", "HOW="+how)
	for _, name := range []string{"SLOW", "FAST"} {
		srv := httptest.NewUnstartedServer(http.HandlerFunc(o.serve))
		srv.Config.ConnState = func(_ net.Conn, state http.ConnState) {
			if state == http.StateNew {
				o.mu.Lock()
				defer o.mu.Unlock()
				o.connections++
			}
		}
		srv.Start()
		t.Cleanup(srv.Close)
		args = append(args, "-e", name+"="+strings.TrimPrefix(srv.URL, "http://"))
	}
	o.Outcome = k6test.RunFile(t, "testdata/facts.js", args...)
	require.Equal(t, 0, o.ExitCode, o.Stderr)
	o.mu.Lock()
	defer o.mu.Unlock()
	return o
}

// The first rows of the table in docs/porting.md, in its order.
func TestFactsAboutBatch(t *testing.T) {
	t.Parallel()
	both := func(fact string) (batch, fetch *observed) {
		return bringAbout(t, fact, "batch"), bringAbout(t, fact, "fetch")
	}

	batch, fetch := both("badURL")
	t.Logf("one unparseable URL among ten: answers %s, here %s; requests sent %d, here %d",
		batch.said(), fetch.said(), batch.requests, fetch.requests)
	require.Equal(t, "0", batch.said())
	require.Zero(t, batch.requests)
	require.Equal(t, "9", fetch.said())

	batch, fetch = both("unasked101")
	t.Logf("a 101 among ten: answers %s, here %s", batch.said(), fetch.said())
	require.Equal(t, "0", batch.said())
	require.Equal(t, "9", fetch.said())

	batch, fetch = both("slowFirst")
	t.Logf("a fast host behind 30 URLs of a slow one: its requests begin by %v, here by %v",
		batch.mark.Sub(batch.first).Round(time.Millisecond), fetch.mark.Sub(fetch.first).Round(time.Millisecond))
	require.Greater(t, batch.mark.Sub(batch.first), 300*time.Millisecond)
	require.Less(t, fetch.mark.Sub(fetch.first), 150*time.Millisecond)

	batch, fetch = both("cut")
	t.Logf("an iteration cut off: requests that reached the server %d, with samples %d; here %d, %d, not started %.0f",
		batch.requests, len(batch.Of("http_reqs")), fetch.requests, len(fetch.Of("http_reqs")), fetch.Sum("fetch_not_run"))
	require.Less(t, len(batch.Of("http_reqs")), batch.requests)
	require.Len(t, fetch.Of("http_reqs"), fetch.requests)
	require.InDelta(t, 40, float64(len(fetch.Of("fetch_elapsed")))+fetch.Sum("fetch_not_run"), 0)

	batch, fetch = both("connections")
	t.Logf("50 at once, 20 times: connections %d, here %d", batch.connections, fetch.connections)
	require.Greater(t, batch.connections, 500)
	require.LessOrEqual(t, fetch.connections, 50)

	batch, fetch = both("lookingUp")
	t.Logf("DNS time is measured: %s, here %s", batch.said(), fetch.said())
	require.Equal(t, "false", batch.said())
	require.Equal(t, "true", fetch.said())
}
