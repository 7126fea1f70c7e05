package fetch_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
)

// TestTheEndOfAnotherRequestIsNotTheRequests has net/http hand a connection to the second request, while the first has
// not taken its response yet and then ends: net/http closes the connection under the second, with the first one's end.
func TestTheEndOfAnotherRequestIsNotTheRequests(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		timeout bool   // the first runs out of time, and is not cut off
		method  string // of the second
		sent    bool   // the second has been sent by then
		seen    int64  // requests of the second that reach the server
		resent  int
		err     string
	}{
		{name: "what was not sent is sent elsewhere", method: "GET", seen: 1},
		{name: "what was not sent is sent elsewhere, repeatable or not", method: "POST", seen: 1},
		{name: "what was sent is repeated", method: "GET", sent: true, seen: 2, resent: 1},
		{
			name: "what must not be repeated fails", method: "POST", sent: true, seen: 1,
			err: "connection lost: the request before it on the connection was cut off",
		},
		{name: "a timeout of the first is none of the second", timeout: true, method: "GET", seen: 1},
		{name: "a timeout of the first has what was sent repeated", timeout: true, method: "GET", sent: true, seen: 2, resent: 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var seen atomic.Int64
			arrived, lost := make(chan struct{}), make(chan struct{})
			srv := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body) // so that the context ends with the connection
				if r.URL.Path == "/second" && seen.Add(1) == 1 && test.sent {
					close(arrived)
					<-r.Context().Done()
				}
			}))
			lose := sync.OnceFunc(func() { close(lost) })
			srv.Config.ConnState = func(_ net.Conn, state http.ConnState) {
				if state == http.StateClosed {
					lose()
				}
			}
			srv.Start()
			t.Cleanup(srv.Close)
			proxy, err := url.Parse(srv.URL)
			require.NoError(t, err)
			client := newClient(t, fetch.Config{Config: transport.Config{Transport: &http.Transport{Proxy: http.ProxyURL(proxy)}}})

			var second *fetch.Run
			obs := &recorder{}
			done := make(chan struct{})
			fetchSecond := func() {
				defer close(done)
				got := sync.OnceFunc(func() {
					if !test.sent {
						close(arrived)
						<-lost
					}
				})
				ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{
					GotConn: func(httptrace.GotConnInfo) { got() },
				})
				ask := spec(func(s *fetch.Spec) { s.Method, s.Body = test.method, []byte("body") })
				second = client.Run(ctx, targets(ask, "http://pages.test/second"), fetch.Options{Concurrency: 1}, obs)
			}
			ctx, cut := context.WithCancel(t.Context())
			defer cut()
			ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{PutIdleConn: func(error) {
				go fetchSecond()
				<-arrived
				if !test.timeout {
					cut()
				}
				<-lost
			}})
			first := client.Run(ctx, targets(spec(func(s *fetch.Spec) {
				if test.timeout {
					s.Timeout = 200 * time.Millisecond
				}
			}), "http://pages.test/first"), fetch.Options{Concurrency: 1}, &recorder{})
			<-done
			require.Equal(t, 1, first.Requests) // net/http may still hand it the response

			r := second.Results.At(0)
			require.Equal(t, test.err, r.Error)
			require.Equal(t, test.seen, seen.Load(), "requests that reached the server")
			require.Equal(t, []int{1, test.resent, 1}, []int{r.Requests, r.Resent, r.Attempts})
			require.Len(t, obs.exchanges, 1)
		})
	}
}
