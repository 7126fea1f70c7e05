package fetch_test

import (
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
)

// If handshakes take longer than workers wait for the first of them, each worker makes its own. Once all know that the
// server speaks HTTP/2, nobody looks again, and one connection is left.
func TestSlowHandshakesOfHTTP2LeaveOneConnection(t *testing.T) {
	t.Parallel()
	const workers = 4
	var greeted sync.WaitGroup
	greeted.Add(workers)
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	srv.EnableHTTP2 = true
	srv.Config.ErrorLog = log.New(io.Discard, "", 0)
	var hellos sync.Mutex
	left := workers
	srv.TLS = &tls.Config{GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) {
		hellos.Lock()
		if left > 0 {
			left--
			greeted.Done()
		}
		hellos.Unlock()
		greeted.Wait()  // all shake hands at once
		return nil, nil //nolint:nilnil // the configuration stays
	}}
	srv.StartTLS()
	t.Cleanup(srv.Close)
	_, _, cfg := server(t, "HTTP/2", nil)
	var s sockets
	cfg.Dial = s.dial(srv.Listener.Addr().String())
	client := newClient(t, cfg)

	made := int64(0)
	for round := range 2 {
		urls := make([]string, 3*workers)
		for i := range urls {
			urls[i] = fmt.Sprintf("https://slow.test/%d", i)
		}
		run := client.Run(t.Context(), targets(spec(), urls...), fetch.Options{Concurrency: workers}, &recorder{})
		require.Equal(t, len(urls), run.Ok, "round %d: %v", round, run.Failures())
		require.Eventually(t, func() bool { return s.open.Load() == 1 }, 5*time.Second, time.Millisecond,
			"round %d", round)
		if round > 0 {
			require.Equal(t, made, s.made.Load(), "it is known what the server speaks")
		}
		made = s.made.Load()
	}
}
