package fetch_test

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
)

// sockets counts the connections that a dialer has made and nobody has closed yet.
type sockets struct {
	open, most, made atomic.Int64
}

type socket struct {
	net.Conn

	of   *sockets
	once sync.Once
}

func (s *sockets) dial(to string) transport.DialFunc {
	return func(ctx context.Context, network, _ string) (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(ctx, network, to)
		if err != nil {
			return nil, err
		}
		s.made.Add(1)
		n := s.open.Add(1)
		for m := s.most.Load(); n > m && !s.most.CompareAndSwap(m, n); m = s.most.Load() {
			continue
		}
		return &socket{Conn: conn, of: s}, nil
	}
}

func (s *socket) Close() error {
	s.once.Do(func() { s.of.open.Add(-1) })
	return s.Conn.Close()
}

// NetConn shows the socket below, as k6's connections do here.
func (s *socket) NetConn() net.Conn { return s.Conn }

// server starts a server of one of the protocols, and returns its address and what a client needs for it.
func server(t *testing.T, protocol string, handler http.HandlerFunc) (addr, scheme string, cfg fetch.Config) {
	t.Helper()
	scheme = "https"
	if protocol == "HTTP/3" {
		base, cfg := http3Server(t, handler)
		return strings.TrimPrefix(base, "https://"), scheme, cfg
	}
	srv := httptest.NewUnstartedServer(handler)
	srv.Config.ErrorLog = log.New(io.Discard, "", 0)
	t.Cleanup(srv.Close)
	switch protocol {
	case "HTTP/1.1":
		scheme = "http"
		srv.Start()
	case "TLS":
		srv.StartTLS()
	default:
		srv.EnableHTTP2 = true
		srv.StartTLS()
	}
	cfg.Transport = &http.Transport{
		DisableCompression: true, ForceAttemptHTTP2: true, MaxIdleConns: 20,
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, // #nosec G402 -- the test's own server
	}
	return srv.Listener.Addr().String(), scheme, cfg
}

//nolint:gochecknoglobals // a constant list
var spoken = []string{"HTTP/1.1", "TLS", "HTTP/2"}

// A run over many hosts keeps as many idle connections as k6's option batch allows, or as many as it had workers.
func TestIdleConnectionsAreBounded(t *testing.T) {
	t.Parallel()
	for _, protocol := range spoken {
		for way, change := range ways {
			for _, concurrency := range []int{1, 5, 30} {
				t.Run(fmt.Sprintf("%s %s %d", protocol, way, concurrency), func(t *testing.T) {
					t.Parallel()
					addr, scheme, cfg := server(t, protocol, func(http.ResponseWriter, *http.Request) {})
					change(&cfg)
					var s sockets
					cfg.Dial = s.dial(addr)
					urls := make([]string, 300)
					for i := range urls {
						urls[i] = fmt.Sprintf("%s://host%d.test/", scheme, i)
					}
					client := newClient(t, cfg)
					run := client.Run(t.Context(), targets(spec(), urls...), fetch.Options{Concurrency: concurrency}, &recorder{})
					require.Equal(t, 300, run.Ok, run.Failures())
					bound := int64(max(20, concurrency))
					require.LessOrEqual(t, s.open.Load(), bound, "idle")
					require.LessOrEqual(t, s.most.Load(), bound+int64(concurrency), "and in use")
					require.GreaterOrEqual(t, s.most.Load(), min(bound, 20), "as many as may be are kept")
				})
			}
		}
	}
}

// A client that is shut down has no connection left, even after runs with requests that were cut off or timed out.
func TestShutdownLeavesNoConnection(t *testing.T) {
	t.Parallel()
	for _, protocol := range spoken {
		for way, change := range ways {
			for _, early := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s %s early %t", protocol, way, early), func(t *testing.T) {
					t.Parallel()
					var arrived sync.WaitGroup
					arrived.Add(8)
					addr, scheme, cfg := server(t, protocol, func(_ http.ResponseWriter, r *http.Request) {
						if strings.HasPrefix(r.URL.Path, "/hang") {
							arrived.Done()
							<-r.Context().Done()
						}
					})
					change(&cfg)
					var s sockets
					cfg.Dial = s.dial(addr)
					client := fetch.NewClient(cfg)
					ctx, cancel := context.WithCancel(t.Context())
					defer cancel()
					urls := make([]string, 0, 40)
					for i := range 32 {
						urls = append(urls, fmt.Sprintf("%s://fast.test/%d", scheme, i))
					}
					for i := range 8 {
						urls = append(urls, fmt.Sprintf("%s://slow.test/hang%d", scheme, i))
					}
					go func() {
						arrived.Wait()
						if early { // the run is still under way
							client.Shutdown()
						}
						cancel()
					}()
					run := client.Run(ctx, targets(spec(), urls...), fetch.Options{Concurrency: 8}, &recorder{})
					require.Equal(t, []int{32, 8}, []int{run.Ok, run.Failed})
					if !early {
						client.Shutdown()
					}
					require.Zero(t, s.open.Load(), "connections")

					again := client.Run(t.Context(), targets(spec(), urls[0]), fetch.Options{Concurrency: 1}, &recorder{})
					require.Equal(t, 1, again.Ok, "it can go on")
					require.Zero(t, s.open.Load(), "and keeps nothing")
				})
			}
		}
	}
}

// Thousands of clients, each for one run that times out, leave nothing behind.
//
//nolint:paralleltest // counts goroutines
func TestClientsForOneRunLeaveNothing(t *testing.T) {
	addr, scheme, cfg := server(t, "HTTP/2", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	before := goleak.IgnoreCurrent()
	var s sockets
	cfg.Dial = s.dial(addr)
	late := spec(func(s *fetch.Spec) { s.Timeout = 20 * time.Millisecond })
	template := cfg.Transport
	for range 20 {
		cfg.Transport = template.Clone()
		client := fetch.NewClient(cfg)
		run := client.Run(t.Context(), targets(late, scheme+"://a.test/", scheme+"://a.test/"), fetch.Options{Concurrency: 2}, &recorder{})
		require.Equal(t, 2, run.Failed)
		client.Shutdown()
	}
	require.Zero(t, s.open.Load())
	require.NoError(t, goleak.Find(before, goleak.IgnoreAnyFunction("net/http.(*http2serverConn).serve"),
		goleak.IgnoreAnyFunction("net/http.(*conn).serve")))
}
