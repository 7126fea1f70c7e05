package http2_test

import (
	"crypto/tls"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/http2"
)

func serve(tb testing.TB, handler http.HandlerFunc) *httptest.Server {
	tb.Helper()
	srv := httptest.NewUnstartedServer(handler)
	srv.EnableHTTP2 = true
	srv.StartTLS()
	tb.Cleanup(srv.Close)
	return srv
}

// dial connects to a server, which must choose HTTP/2.
func dial(tb testing.TB, srv *httptest.Server) *http2.Conn {
	tb.Helper()
	dialer := &tls.Dialer{Config: &tls.Config{
		NextProtos: []string{"h2"}, InsecureSkipVerify: true, // #nosec G402 -- the test's own server
	}}
	nc, err := dialer.DialContext(tb.Context(), "tcp", srv.Listener.Addr().String())
	if err != nil {
		tb.Fatal(err)
	}
	conn := http2.NewConn(nc, nil)
	tb.Cleanup(conn.Close)
	return conn
}

func BenchmarkRoundTrip(b *testing.B) {
	page := []byte(strings.Repeat("x", 1<<10))
	srv := serve(b, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", strconv.Itoa(len(page)))
		_, _ = w.Write(page)
	})
	for _, workers := range []int{1, 8, 32, 128} {
		b.Run("way=fetch/workers="+strconv.Itoa(workers), func(b *testing.B) {
			conn := dial(b, srv)
			fields, err := http2.NewEncoder().Append(nil, request(b, srv))
			if err != nil {
				b.Fatal(err)
			}
			inParallel(b, workers, func() func() error {
				var s http2.Stream
				return func() error {
					defer s.Close()
					if err := s.RoundTrip(conn, http2.Request{Method: "GET", Fields: fields}, time.Now().Add(time.Minute)); err != nil {
						return err
					}
					_, err := s.Discard()
					return err
				}
			})
		})
		b.Run("way=nethttp/workers="+strconv.Itoa(workers), func(b *testing.B) {
			inParallel(b, workers, func() func() error {
				return func() error {
					resp, err := srv.Client().Do(request(b, srv))
					if err != nil {
						return err
					}
					_, err = io.Copy(io.Discard, resp.Body)
					_ = resp.Body.Close()
					return err
				}
			})
		})
	}
}

func request(tb testing.TB, srv *httptest.Server) *http.Request {
	tb.Helper()
	req, err := http.NewRequestWithContext(tb.Context(), http.MethodGet, srv.URL+"/", nil)
	if err != nil {
		tb.Fatal(err)
	}
	return req
}

func inParallel(b *testing.B, workers int, worker func() func() error) {
	b.Helper()
	var wg sync.WaitGroup
	left := make(chan struct{}, b.N)
	for range b.N {
		left <- struct{}{}
	}
	close(left)
	b.ResetTimer()
	for range workers {
		wg.Go(func() {
			do := worker()
			for range left {
				if err := do(); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
}
