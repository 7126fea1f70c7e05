//go:build unix

package interop

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/http3"
)

// small is a page of 1 KiB.
const small = "/size/1024"

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// client is a client of one server, which counts its connections.
type client struct {
	*fetch.Client

	dials atomic.Int64
}

func newClient(t *testing.T, s *server) *client {
	t.Helper()
	c := &client{}
	c.Client = fetch.NewClient(fetch.Config{Config: transport.Config{
		Transport: &http.Transport{DisableCompression: true, ForceAttemptHTTP2: true, TLSClientConfig: tlsConfig()},
		Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			c.dials.Add(1)
			return new(net.Dialer).DialContext(ctx, network, s.addr.Load().(string))
		},
		DialUDP: func(ctx context.Context, _ string) (http3.Socket, error) {
			c.dials.Add(1)
			conn, err := new(net.Dialer).DialContext(ctx, "udp", s.addr.Load().(string))
			if err != nil {
				return http3.Socket{}, err
			}
			return http3.Socket{UDPConn: conn.(*net.UDPConn)}, nil
		},
	}})
	t.Cleanup(c.Shutdown)
	return c
}

// counter counts exchanges.
type counter struct {
	mu        sync.Mutex
	exchanges []transport.Exchange
}

func (c *counter) Exchanged(_ *fetch.Target, x *transport.Exchange) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.exchanges = append(c.exchanges, *x)
}

func (c *counter) Finished(*fetch.Result, time.Time) {}

// run fetches paths.
func (c *client) run(
	ctx context.Context, s *server, spec *fetch.Spec, opts fetch.Options, paths ...string,
) (*fetch.Run, *counter) {
	if s.http3 {
		over := *spec
		over.Version = transport.Version3
		spec = &over
	}
	list := make([]fetch.Target, len(paths))
	for i, path := range paths {
		list[i] = fetch.Target{URL: s.base + path, Spec: spec}
	}
	obs := &counter{}
	return c.Run(ctx, fetch.Targets(list), opts, obs), obs
}

// spec is a spec that accepts any status below 400.
func spec(changes ...func(*fetch.Spec)) *fetch.Spec {
	s := &fetch.Spec{Spec: transport.Spec{
		Redirects: 10, Timeout: 20 * time.Second, ResponseType: transport.ResponseBinary,
		Expected: func(status int) bool { return status < http.StatusBadRequest },
	}}
	for _, change := range changes {
		change(s)
	}
	return s
}

func discarding(s *fetch.Spec) { s.ResponseType = transport.ResponseNone }

// one fetches one path and returns the result, which has come over the protocol of the server.
func (c *client) one(t *testing.T, s *server, spec *fetch.Spec, path string) *fetch.Result {
	t.Helper()
	run, _ := c.run(t.Context(), s, spec, fetch.Options{Concurrency: 1}, path)
	r := run.Results.At(0)
	require.NotNil(t, r.Response, r.Error)
	require.Empty(t, r.Error)
	proto := "HTTP/2.0"
	if s.http3 {
		proto = "HTTP/3.0"
	}
	require.Equal(t, proto, r.Response.Proto)
	return r
}

// allDone checks that all targets of a run were answered as expected.
func allDone(t *testing.T, run *fetch.Run) {
	t.Helper()
	for _, r := range run.Failures() {
		t.Errorf("%s: %d %s, sent again %d times", r.URL(), r.ErrorCode, r.Error, r.Resent)
		break // the others will be alike
	}
	require.Equal(t, run.Count, run.Ok)
}

// noneLost checks that all targets of a run were answered. A server that closes connections right after it has sent
// GOAWAY and its last responses sees some requests again: quic-go drops what has not been read by then.
func noneLost(t *testing.T, run *fetch.Run, s *server) {
	t.Helper()
	allDone(t, run)
	resent := 0
	for _, r := range run.Results.All() {
		resent += r.Resent
	}
	require.Eventually(t, func() bool { return s.seen() >= run.Count }, 2*time.Second, time.Millisecond)
	require.LessOrEqual(t, s.seen(), run.Count+resent)
	t.Logf("%d of %d requests were sent again", resent, run.Count)
}

// hasSeen checks that the server has seen so many requests since, no more and no fewer. It may log a moment later.
func hasSeen(t *testing.T, s *server, since, want int, about ...any) {
	t.Helper()
	for end := time.Now().Add(2 * time.Second); s.seen()-since < want && time.Now().Before(end); {
		time.Sleep(time.Millisecond)
	}
	require.Equal(t, want, s.seen()-since, about...)
}

// TestInterop makes requests of all kinds. The tests of one server run one after another, because they count what it has
// seen.
func TestInterop(t *testing.T) {
	t.Parallel()
	for _, k := range kinds {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			s := k.start(t, limits{})
			s.kind = k
			for name, test := range map[string]func(*testing.T, *server){
				"many": many, "bodies": bodies, "posts": posts, "HEAD": heads, "404": missing,
			} {
				t.Run(name, func(t *testing.T) { test(t, s) }) //nolint:paralleltest // counts what the server has seen
			}
			if s.restart != nil {
				t.Run("restart", func(t *testing.T) { restarts(t, s) }) //nolint:paralleltest // counts what the server has seen
			}
			if k.static {
				return
			}
			for name, test := range map[string]func(*testing.T, *server){
				"statuses": statuses, "redirect": redirect, "headers": headers, "gzip": packed, "GOAWAY": goAways,
			} {
				t.Run(name, func(t *testing.T) { test(t, s) }) //nolint:paralleltest // counts what the server has seen
			}
		})
	}
}

// many fetches many pages over one connection, few and many at once.
func many(t *testing.T, s *server) {
	t.Helper()
	const count = 400
	c := newClient(t, s)
	for _, concurrency := range []int{1, 8, 64} {
		seen := s.seen()
		run, obs := c.run(t.Context(), s, spec(discarding), fetch.Options{Concurrency: concurrency},
			slices.Repeat([]string{small}, count)...)
		allDone(t, run)
		require.EqualValues(t, 1, c.dials.Load(), "connections")
		require.EqualValues(t, count<<10, run.Bytes)
		require.Len(t, obs.exchanges, count)
		hasSeen(t, s, seen, count)
	}
}

// bodies fetches bodies of all sizes, kept and not.
func bodies(t *testing.T, s *server) {
	t.Helper()
	c := newClient(t, s)
	for _, size := range s.sizes() {
		path := "/size/" + strconv.Itoa(size)
		r := c.one(t, s, spec(), path)
		require.Equal(t, http.StatusOK, r.Status)
		require.Equal(t, string(text(size)), string(r.Response.Body))
		require.EqualValues(t, size, r.Bytes)
		r = c.one(t, s, spec(discarding), path)
		require.Nil(t, r.Response.Body)
		require.EqualValues(t, size, r.Bytes)
	}
	large := "/size/" + strconv.Itoa(5<<20)
	run, _ := c.run(t.Context(), s, spec(), fetch.Options{Concurrency: 4}, large, large, large, large)
	allDone(t, run)
	for _, r := range run.Results.All() {
		require.Equal(t, string(text(5<<20)), string(r.Response.Body))
	}
	require.EqualValues(t, 1, c.dials.Load(), "connections")
}

// posts sends bodies of all sizes, which come back if the server can send them.
func posts(t *testing.T, s *server) {
	t.Helper()
	c := newClient(t, s)
	page, answer := "/echo", text
	if s.noEcho {
		page, answer = small, func(int) []byte { return text(1 << 10) }
	}
	for _, size := range []int{0, 1, 1 << 10, 100 << 10, 5 << 20} {
		post := spec(func(s *fetch.Spec) { s.Method, s.Body = http.MethodPost, text(size) })
		r := c.one(t, s, post, page)
		require.Equal(t, http.StatusOK, r.Status)
		require.Equal(t, string(answer(size)), string(r.Response.Body))
	}
	post := spec(func(s *fetch.Spec) { s.Method, s.Body = http.MethodPost, text(1<<20) })
	run, _ := c.run(t.Context(), s, post, fetch.Options{Concurrency: 8}, slices.Repeat([]string{page}, 16)...)
	allDone(t, run)
	for _, r := range run.Results.All() {
		require.Equal(t, string(answer(1<<20)), string(r.Response.Body))
	}
	require.EqualValues(t, 1, c.dials.Load(), "connections")
}

func heads(t *testing.T, s *server) {
	t.Helper()
	c := newClient(t, s)
	for _, size := range s.sizes() {
		r := c.one(t, s, spec(func(s *fetch.Spec) { s.Method = http.MethodHead }), "/size/"+strconv.Itoa(size))
		require.Equal(t, http.StatusOK, r.Status)
		require.Empty(t, r.Response.Body)
		if length := r.Response.Header().Get("Content-Length"); size > 0 || length != "" {
			require.Equal(t, strconv.Itoa(size), length)
		}
	}
	require.EqualValues(t, 1, c.dials.Load(), "connections")
}

func missing(t *testing.T, s *server) {
	t.Helper()
	r := newClient(t, s).one(t, s, spec(), "/missing")
	require.Equal(t, http.StatusNotFound, r.Status)
	require.Equal(t, 1404, r.ErrorCode)
}

func statuses(t *testing.T, s *server) {
	t.Helper()
	c := newClient(t, s)
	for _, status := range []int{204, 304, 404, 503} {
		r := c.one(t, s, spec(), "/status/"+strconv.Itoa(status))
		require.Equal(t, status, r.Status)
		if status < 400 {
			require.Empty(t, r.Response.Body)
		}
	}
	require.EqualValues(t, 1, c.dials.Load(), "connections")
}

func redirect(t *testing.T, s *server) {
	t.Helper()
	c := newClient(t, s)
	r := c.one(t, s, spec(), "/redirect")
	require.Equal(t, http.StatusOK, r.Status)
	require.Equal(t, string(text(1)), string(r.Response.Body))
	require.Len(t, r.Response.Redirects, 1)
	require.EqualValues(t, 1, c.dials.Load(), "connections")
}

func headers(t *testing.T, s *server) {
	t.Helper()
	c := newClient(t, s)
	for range 3 { // later ones may use the dynamic table
		r := c.one(t, s, spec(), "/headers")
		require.Equal(t, "headers", string(r.Response.Body))
		require.Equal(t, strings.Repeat("x", 8<<10), r.Response.Header().Get("X-Long"))
		for i := range 50 {
			require.Equal(t, strings.Repeat("v", 40)+strconv.Itoa(i), r.Response.Header().Get(fmt.Sprintf("X-Header-%d", i)))
		}
	}
}

func packed(t *testing.T, s *server) {
	t.Helper()
	r := newClient(t, s).one(t, s, spec(), "/gzip")
	require.Equal(t, string(text(100<<10)), string(r.Response.Body))
	require.Less(t, r.Bytes, int64(100<<10))
}

// goAways has the server end its connections while requests are under way. None fails or is lost, and the server has
// seen each once.
func goAways(t *testing.T, s *server) {
	t.Helper()
	if s.goAway == nil {
		t.Skip("the server sends no GOAWAY")
	}
	const count, most = 600, 20
	c := newClient(t, s)
	var done atomic.Int64
	opts := fetch.Options{Concurrency: 16, OnResult: func(*fetch.Result) {
		if n := done.Add(1); n == 150 || n == 400 {
			s.goAway()
		}
	}}
	for range most { // the server may take its time
		seen := s.seen()
		run, obs := c.run(t.Context(), s, spec(), opts, slices.Repeat([]string{"/slow"}, count)...)
		allDone(t, run)
		require.Len(t, obs.exchanges, count)
		hasSeen(t, s, seen, count)
		if c.dials.Load() > 1 {
			return
		}
	}
	t.Error("the server has not ended its connections")
}

// restarts ends the server and starts it again between two runs. The second has a new connection.
func restarts(t *testing.T, s *server) {
	t.Helper()
	c := newClient(t, s)
	for range 2 {
		run, _ := c.run(t.Context(), s, spec(), fetch.Options{Concurrency: 4}, slices.Repeat([]string{small}, 20)...)
		allDone(t, run)
		s.restart()
	}
	require.EqualValues(t, 2, c.dials.Load(), "connections")
}

// TestStreamLimits asks for more at once than servers allow. All comes over one connection, later.
func TestStreamLimits(t *testing.T) {
	t.Parallel()
	for _, k := range kinds {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			const count = 300
			s := k.start(t, limits{streams: 4})
			c := newClient(t, s)
			run, obs := c.run(t.Context(), s, spec(), fetch.Options{Concurrency: 32},
				slices.Repeat([]string{"/size/102400"}, count)...)
			allDone(t, run)
			require.EqualValues(t, 1, c.dials.Load(), "connections")
			blocked := 0
			for _, x := range obs.exchanges {
				if x.Reused && x.Timings.Blocked > x.Timings.Duration() {
					blocked++
				}
			}
			require.Greater(t, blocked, count/4, "requests that waited for others")
			hasSeen(t, s, 0, run.Requests)
		})
	}
}

// TestConnectionLimits has nginx end each connection after a few requests. With HTTP/2 more come at once than that. With
// HTTP/3 it takes twice as many on a connection for an attack, so fewer may be under way then.
func TestConnectionLimits(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name                  string
		start                 func(*testing.T, limits) *server
		requests, concurrency int
	}{
		{"nginx", startNginx, 10, 4},
		{"nginx", startNginx, 10, 32},
		{"nginx-h3", startNginx3, 10, 4},
		{"nginx-h3", startNginx3, 60, 32},
	} {
		t.Run(fmt.Sprintf("%s/%d", test.name, test.concurrency), func(t *testing.T) {
			t.Parallel()
			const count = 300
			s := test.start(t, limits{requests: test.requests})
			c := newClient(t, s)
			run, obs := c.run(t.Context(), s, spec(), fetch.Options{Concurrency: test.concurrency},
				slices.Repeat([]string{small}, count)...)
			assert.GreaterOrEqual(t, c.dials.Load(), int64(count/test.requests))
			require.Len(t, obs.exchanges, count)
			if s.http3 {
				noneLost(t, run, s)
				return
			}
			allDone(t, run)
			hasSeen(t, s, 0, count)
		})
	}
}

// TestQUIC has ngtcp2 do what other servers do not: it asks clients to prove their address, sends trailers, and loses
// packets.
func TestQUIC(t *testing.T) {
	t.Parallel()
	type tests []func(*testing.T, *server)
	for _, test := range []struct {
		name    string
		options []string
		tests   tests
	}{
		{"Retry", []string{"--validate-addr"}, tests{many}},
		{"trailers", []string{"--send-trailers"}, tests{bodies}},
		{"loss", []string{"--tx-loss=0.02", "--rx-loss=0.02"}, tests{many, bodies, posts}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := ngtcp2(t, limits{}, test.options...)
			s.noEcho, s.noEmpty = true, true
			for _, test := range test.tests {
				test(t, s)
			}
		})
	}
}

// TestCuts cuts runs off at random moments. Each request that a server has seen was reported, and no other. With HTTP/3
// a few may be reported that it has not seen, because a busy machine sends them too late.
func TestCuts(t *testing.T) {
	t.Parallel()
	for _, k := range kinds {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			s := k.start(t, limits{})
			total, unseen := 0, 0
			for i := range 20 {
				seen := s.seen()
				c := newClient(t, s)
				page := small
				if !k.static && i%2 == 0 {
					page = "/slow"
				}
				after := time.Duration(rand.IntN(60_000)) * time.Microsecond
				ctx, cancel := context.WithTimeout(t.Context(), after)
				run, obs := c.run(ctx, s, spec(), fetch.Options{Concurrency: 32}, slices.Repeat([]string{page}, 500)...)
				cancel()
				c.Shutdown()
				require.Len(t, obs.exchanges, run.Requests)
				require.Equal(t, run.Count, run.Ok+run.Failed+run.NotRun)
				sent := 0
				for _, x := range obs.exchanges {
					if x.Conn.RemoteIP != "" { // otherwise it was cut off while connecting
						sent++
					}
				}
				if !s.http3 {
					hasSeen(t, s, seen, sent, "cut after %v", after)
					continue
				}
				for end := time.Now().Add(time.Second); s.seen()-seen < sent && time.Now().Before(end); {
					time.Sleep(time.Millisecond)
				}
				require.LessOrEqual(t, s.seen()-seen, sent, "cut after %v", after)
				total, unseen = total+sent, unseen+sent-(s.seen()-seen)
			}
			t.Logf("%d of %d requests were not seen", unseen, total)
			require.LessOrEqual(t, unseen, total/4)
		})
	}
}
