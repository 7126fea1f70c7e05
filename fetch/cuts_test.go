package fetch_test

import (
	"context"
	"crypto/tls"
	"flag"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/quic-go/quic-go"
	"github.com/quic-go/quic-go/http3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
)

// cuts is how often TestCuts cuts a run off.
//
//nolint:gochecknoglobals // a flag
var cuts = flag.Int("cuts", 300, "runs that TestCuts cuts off")

// counting is a server that counts the requests whose head it has parsed.
type counting struct {
	url     string
	version transport.Version
	seen    atomic.Int64

	mu     sync.Mutex
	change *sync.Cond
	open   map[string]bool // connections that the server has not finished with
}

func newCounting() *counting {
	s := &counting{open: make(map[string]bool)}
	s.change = sync.NewCond(&s.mu)
	return s
}

// ServeHTTP takes a random time of up to a few milliseconds to answer.
func (s *counting) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.seen.Add(1)
	pause(r.Context())
	if rand.IntN(8) == 0 {
		http.Redirect(w, r, "/again", http.StatusFound)
		return
	}
	_, _ = w.Write(make([]byte, rand.IntN(20_000)))
	pause(r.Context())
}

// finished notes that the server has finished with a connection.
func (s *counting) finished(client net.Addr) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, client.String())
	s.change.Broadcast()
}

// countingTCP starts the server over TCP.
func countingTCP(t *testing.T, secure, h2 bool) *counting {
	t.Helper()
	s := newCounting()
	srv := httptest.NewUnstartedServer(s)
	srv.Config.ConnState = func(conn net.Conn, state http.ConnState) {
		if state == http.StateClosed {
			s.finished(conn.RemoteAddr())
		}
	}
	srv.Config.ErrorLog = log.New(io.Discard, "", 0) // handshakes that were cut off
	srv.EnableHTTP2 = h2
	if secure {
		srv.StartTLS()
	} else {
		srv.Start()
	}
	t.Cleanup(srv.Close)
	s.url = srv.URL
	return s
}

// countingUDP starts the server over UDP. It remembers connections itself, because it never hears of those that were cut
// off in the handshake.
func countingUDP(t *testing.T) *counting {
	t.Helper()
	s := newCounting()
	s.version = transport.Version3
	s.url, _ = http3Server(t, s, func(srv *http3.Server) {
		// A client that is cut off leaves its handshake without a word, and the server has to find out.
		srv.QUICConfig.HandshakeIdleTimeout, srv.QUICConfig.MaxIdleTimeout = 100*time.Millisecond, time.Second
		srv.ConnContext = func(ctx context.Context, conn *quic.Conn) context.Context {
			s.mu.Lock()
			s.open[conn.RemoteAddr().String()] = true
			s.mu.Unlock()
			context.AfterFunc(conn.Context(), func() { s.finished(conn.RemoteAddr()) })
			return ctx
		}
	})
	return s
}

func pause(ctx context.Context) {
	select {
	case <-time.After(time.Duration(rand.IntN(4_000)) * time.Microsecond):
	case <-ctx.Done():
	}
}

// dial connects to the server and remembers it.
func (s *counting) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	conn, err := new(net.Dialer).DialContext(ctx, network, addr)
	if err == nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.open[conn.LocalAddr().String()] = true
	}
	return conn, err
}

// drain waits until the server has finished with every connection, and so has read all that a client sent. A connection
// of HTTP/2 may not be idle yet when its client is closed; a later try closes it.
func (s *counting) drain(client *fetch.Client) {
	again := time.AfterFunc(0, func() {})
	defer again.Stop()
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.open) > 0 {
		again.Stop()
		again = time.AfterFunc(time.Millisecond, func() {
			client.Close()
			s.mu.Lock()
			defer s.mu.Unlock()
			s.change.Broadcast()
		})
		s.change.Wait()
	}
}

// await waits, for a second at most, until the server has seen so many requests: handlers of HTTP/2 may start after
// their connection ends.
func (s *counting) await(seen int64) {
	for end := time.Now().Add(time.Second); s.seen.Load() < seen && time.Now().Before(end); {
		runtime.Gosched()
	}
}

// TestCuts cuts runs off at random moments. What the server has seen was reported, and no target is lost.
//
//nolint:paralleltest // counts goroutines
func TestCuts(t *testing.T) {
	seed := fetch.Seed(t)
	rnd := rand.New(rand.NewPCG(seed, seed))
	for name, server := range map[string]*counting{
		"plain": countingTCP(t, false, false), "TLS": countingTCP(t, true, false), "HTTP/2": countingTCP(t, true, true),
		"HTTP/3": countingUDP(t),
	} {
		for way, change := range ways {
			if server.version == transport.Version3 && way != "direct" {
				continue // there is one way only
			}
			t.Run(name+" "+way, func(t *testing.T) {
				running := goleak.IgnoreCurrent()
				seen, reported := server.seen.Load(), 0
				for range (*cuts + 6) / 7 { // as many ways, rounded up
					reported += cut(t, server, change, rnd)
					server.await(seen + int64(reported))
					require.EqualValues(t, server.seen.Load()-seen, reported, "exchanges reported")
				}
				require.NoError(t, goleak.Find(running))
			})
		}
	}
}

// cut starts a run and cuts it off, and returns how many exchanges it has reported.
func cut(t *testing.T, server *counting, change func(*fetch.Config), rnd *rand.Rand) int {
	t.Helper()
	concurrency, count := 1+rnd.IntN(64), 1+rnd.IntN(200)
	after := time.Duration(rnd.IntN(40_000)) * time.Microsecond
	cfg := fetch.Config{Config: transport.Config{Dial: server.dial, Transport: &http.Transport{
		DisableCompression: true, ForceAttemptHTTP2: true,
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true},
	}}}
	change(&cfg)
	client := fetch.NewClient(cfg)
	urls := make([]string, count)
	for i := range urls {
		urls[i] = fmt.Sprintf("%s/%d", server.url, i)
	}
	obs := &recorder{}
	ctx, cancel := context.WithCancel(t.Context())
	timer := time.AfterFunc(after, cancel)
	run := client.Run(ctx, targets(over(server.version), urls...), fetch.Options{
		Concurrency: concurrency, PerHost: rnd.IntN(20), Retries: rnd.IntN(3),
	}, obs)
	timer.Stop()
	cancel()
	client.Close()
	server.drain(client)

	what := fmt.Sprintf("%d targets, %d at once, cut after %s", count, concurrency, after)
	require.Len(t, obs.exchanges, run.Requests, what)
	require.Equal(t, count, run.Count, what)
	require.Equal(t, count, run.Ok+run.Failed+run.NotRun, what)
	require.Len(t, obs.finished, run.Ok+run.Failed, what)
	for _, r := range run.Results.All() {
		switch r.State {
		case fetch.StateNotRun:
			assert.Zero(t, r.Requests, what)
			assert.Zero(t, r.Elapsed, what)
		default:
			assert.Positive(t, r.Requests, what)
			assert.Positive(t, r.Attempts, what)
		}
	}
	return len(obs.exchanges)
}
