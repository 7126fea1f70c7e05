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
)

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

// one fetches one path and returns the result, which has come over HTTP/2.
func (c *client) one(t *testing.T, s *server, spec *fetch.Spec, path string) *fetch.Result {
	t.Helper()
	run, _ := c.run(t.Context(), s, spec, fetch.Options{Concurrency: 1}, path)
	r := run.Results.At(0)
	require.NotNil(t, r.Response, r.Error)
	require.Empty(t, r.Error)
	require.Equal(t, "HTTP/2.0", r.Response.Proto)
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
			for name, test := range map[string]func(*testing.T, *server){
				"many": many, "bodies": bodies, "posts": posts, "HEAD": heads, "404": missing,
			} {
				t.Run(name, func(t *testing.T) { test(t, s) }) //nolint:paralleltest // counts what the server has seen
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

// many fetches many pages at once over one connection.
func many(t *testing.T, s *server) {
	t.Helper()
	const count = 2000
	c, seen := newClient(t, s), s.seen()
	run, obs := c.run(t.Context(), s, spec(discarding), fetch.Options{Concurrency: 32},
		slices.Repeat([]string{"/size/1024"}, count)...)
	allDone(t, run)
	require.EqualValues(t, 1, c.dials.Load(), "connections")
	require.EqualValues(t, count<<10, run.Bytes)
	require.Len(t, obs.exchanges, count)
	hasSeen(t, s, seen, count)
}

// bodies fetches bodies of all sizes, kept and not.
func bodies(t *testing.T, s *server) {
	t.Helper()
	c := newClient(t, s)
	for _, size := range sizes {
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

// posts sends bodies of all sizes, which come back.
func posts(t *testing.T, s *server) {
	t.Helper()
	c := newClient(t, s)
	for _, size := range []int{0, 1, 100 << 10, 5 << 20} {
		post := spec(func(s *fetch.Spec) { s.Method, s.Body = http.MethodPost, text(size) })
		r := c.one(t, s, post, "/echo")
		require.Equal(t, http.StatusOK, r.Status)
		require.Equal(t, string(text(size)), string(r.Response.Body))
	}
	post := spec(func(s *fetch.Spec) { s.Method, s.Body = http.MethodPost, text(1<<20) })
	run, _ := c.run(t.Context(), s, post, fetch.Options{Concurrency: 8}, slices.Repeat([]string{"/echo"}, 16)...)
	allDone(t, run)
	for _, r := range run.Results.All() {
		require.Equal(t, string(text(1<<20)), string(r.Response.Body))
	}
	require.EqualValues(t, 1, c.dials.Load(), "connections")
}

func heads(t *testing.T, s *server) {
	t.Helper()
	c := newClient(t, s)
	for _, size := range sizes {
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
	const count = 600
	c, seen := newClient(t, s), s.seen()
	var done atomic.Int64
	opts := fetch.Options{Concurrency: 16, OnResult: func(*fetch.Result) {
		if n := done.Add(1); n == 150 || n == 400 {
			s.goAway()
		}
	}}
	run, obs := c.run(t.Context(), s, spec(), opts, slices.Repeat([]string{"/slow"}, count)...)
	allDone(t, run)
	require.Greater(t, c.dials.Load(), int64(1), "connections")
	require.Len(t, obs.exchanges, count)
	hasSeen(t, s, seen, count)
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

// TestConnectionLimits has nginx end each connection after a few requests, with more at once than that.
func TestConnectionLimits(t *testing.T) {
	t.Parallel()
	for _, concurrency := range []int{4, 32} {
		t.Run(strconv.Itoa(concurrency), func(t *testing.T) {
			t.Parallel()
			const count = 300
			s := startNginx(t, limits{requests: 10})
			c := newClient(t, s)
			run, obs := c.run(t.Context(), s, spec(), fetch.Options{Concurrency: concurrency},
				slices.Repeat([]string{"/size/1024"}, count)...)
			allDone(t, run)
			assert.GreaterOrEqual(t, c.dials.Load(), int64(count/10))
			require.Len(t, obs.exchanges, count)
			hasSeen(t, s, 0, count)
		})
	}
}

// TestCuts cuts runs off at random moments. Each request that a server has seen was reported, and no other.
func TestCuts(t *testing.T) {
	t.Parallel()
	for _, k := range kinds {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			s := k.start(t, limits{})
			for i := range 20 {
				seen := s.seen()
				c := newClient(t, s)
				page := "/size/1024"
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
				hasSeen(t, s, seen, sent, "cut after %v", after)
			}
		})
	}
}
