package http3_test

import (
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	quicgo "github.com/quic-go/quic-go/http3"
	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/quicserver"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/http3"
)

// serve starts quic-go's server, and returns its address.
func serve(tb testing.TB, handler http.HandlerFunc) string {
	tb.Helper()
	at, _ := quicserver.Start(tb, quicserver.Loopback, &quicgo.Server{Handler: handler})
	return at.String()
}

func dial(tb testing.TB, addr string) *http3.Conn {
	tb.Helper()
	nc, err := new(net.Dialer).DialContext(tb.Context(), "udp", addr)
	require.NoError(tb, err)
	qc, shaken, err := http3.Dial(tb.Context(), http3.Socket{UDPConn: nc.(*net.UDPConn)}, &tls.Config{
		NextProtos: []string{http3.NextProto}, InsecureSkipVerify: true, // #nosec G402 -- the test's own server
	}, false)
	require.NoError(tb, err)
	c := http3.NewConn(qc, shaken.Heard, nil)
	tb.Cleanup(func() {
		c.Close()
		<-qc.Context().Done()
	})
	return c
}

// quic-go's client stands where net/http's does for other protocols.
func BenchmarkRoundTrip(b *testing.B) {
	page := []byte(strings.Repeat("x", 1<<10))
	addr := serve(b, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", strconv.Itoa(len(page)))
		_, _ = w.Write(page)
	})
	for _, workers := range []int{1, 8, 32, 128} {
		b.Run("way=fetch/workers="+strconv.Itoa(workers), func(b *testing.B) {
			conn := dial(b, addr)
			fields, err := http3.NewEncoder().Append(nil, request(b, addr))
			require.NoError(b, err)
			inParallel(b, workers, func() func() error {
				var s http3.Stream
				return func() error {
					defer s.Close()
					if err := s.RoundTrip(conn, http3.Request{Method: "GET", Fields: fields}, time.Now().Add(time.Minute)); err != nil {
						return err
					}
					_, err := s.Discard()
					return err
				}
			})
		})
		b.Run("way=nethttp/workers="+strconv.Itoa(workers), func(b *testing.B) {
			transport := &quicgo.Transport{
				TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, // #nosec G402 -- the test's own server
			}
			defer func() { _ = transport.Close() }()
			inParallel(b, workers, func() func() error {
				return func() error {
					resp, err := transport.RoundTrip(request(b, addr))
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

func request(tb testing.TB, addr string) *http.Request {
	tb.Helper()
	req, err := http.NewRequestWithContext(tb.Context(), http.MethodGet, "https://"+addr+"/", nil)
	require.NoError(tb, err)
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
