// Package chaos fetches through proxies that fail at random.
package chaos

import (
	"context"
	"crypto/tls"
	"flag"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	toxiproxy "github.com/Shopify/toxiproxy/v2"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
)

//nolint:gochecknoglobals // flags
var (
	seed    = flag.Uint64("seed", 0, "seed of what is random; 0: another one each time")
	fetches = flag.Int("fetches", 10_000, "how many URLs are fetched")
)

// proxies may leave goroutines behind if a connection breaks while they have data to pass on.
//
//nolint:gochecknoglobals // a constant list
var proxies = []goleak.Option{
	goleak.IgnoreAnyFunction("github.com/Shopify/toxiproxy/v2/toxics.(*ToxicStub).Run"),
	goleak.IgnoreAnyFunction("github.com/Shopify/toxiproxy/v2.(*ToxicLink).read"),
}

func TestMain(m *testing.M) { goleak.VerifyTestMain(m, proxies...) }

// toxics are what proxies do, to most or to some connections. A %d stands for a random number of at most its argument.
//
//nolint:gochecknoglobals // a constant list
var toxics = []string{
	`{"type": "latency", "toxicity": 1, "attributes": {"latency": %d, "jitter": 10}}`,
	`{"type": "bandwidth", "toxicity": 1, "attributes": {"rate": 2%d}}`,
	`{"type": "reset_peer", "toxicity": 0.5, "attributes": {"timeout": %d}}`,
	`{"type": "limit_data", "toxicity": 0.7, "attributes": {"bytes": 30%d}}`,
	`{"type": "timeout", "toxicity": 0.3, "attributes": {"timeout": 1%d}}`,
	`{"type": "slow_close", "toxicity": 1, "attributes": {"delay": 1%d}}`,
	`{"type": "slicer", "toxicity": 1, "attributes": {"average_size": 1%d, "size_variation": 9, "delay": 50}}`,
}

// counter is an observer that counts.
type counter struct {
	exchanges, finished atomic.Int64
}

func (c *counter) Exchanged(*fetch.Target, *transport.Exchange) { c.exchanges.Add(1) }
func (c *counter) Finished(*fetch.Result, time.Time)            { c.finished.Add(1) }

// TestChaos fetches many URLs. None is lost or counted twice, bodies arrive as sent, and nothing is left.
//
//nolint:paralleltest // counts file descriptors
func TestChaos(t *testing.T) {
	s := *seed
	if s == 0 {
		s = rand.Uint64()
	}
	t.Logf("-seed=%d", s)
	rnd := rand.New(rand.NewPCG(s, s))
	// A wrapped transport must see every request, so that each goes through net/http's client.
	wrap := func(_ *fetch.Target, rt http.RoundTripper) http.RoundTripper { return rt }
	for _, way := range []struct {
		name   string
		wrap   func(*fetch.Target, http.RoundTripper) http.RoundTripper
		secure bool // and HTTP/2
		count  int
	}{
		{"direct", nil, false, *fetches / 2},
		{"net/http", wrap, false, *fetches / 2},
		{"HTTP/2 direct", nil, true, *fetches / 2},
		{"HTTP/2 net/http", wrap, true, *fetches / 2},
	} {
		t.Run(way.name, func(t *testing.T) {
			running, files := goleak.IgnoreCurrent(), openFiles()
			throughProxies(t, rnd, fetch.Config{Wrap: way.wrap}, way.secure, way.count)
			assert.Eventually(t, func() bool { return openFiles() <= files }, 10*time.Second, time.Millisecond)
			require.NoError(t, goleak.Find(slices.Concat(proxies, []goleak.Option{running})...))
		})
	}
}

func throughProxies(t *testing.T, rnd *rand.Rand, cfg fetch.Config, secure bool, count int) {
	t.Helper()
	var seen atomic.Int64
	upstream := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen.Add(1)
		n, _ := strconv.Atoi(r.URL.Query().Get("n"))
		w.Header().Set("X-Path", r.URL.Path)
		// Otherwise only the connections without a fault would soon be left. With HTTP/2 this sends GOAWAY, and many
		// requests share a connection.
		if every := map[bool]int{false: 2, true: 20}[secure]; n%every == 0 {
			w.Header().Set("Connection", "close")
		}
		_, _ = w.Write([]byte(page(n)))
	}))
	if secure {
		upstream.EnableHTTP2 = true
		upstream.Config.ErrorLog = log.New(io.Discard, "", 0) // handshakes that break
		upstream.StartTLS()
	} else {
		upstream.Start()
	}
	defer upstream.Close()
	cfg.Transport = &http.Transport{
		DisableCompression: true, ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{InsecureSkipVerify: true},
	}
	scheme, address, _ := strings.Cut(upstream.URL, "://")
	bases := append(make([]string, 0, 1+len(toxics)), upstream.URL)
	for _, toxic := range toxics {
		if secure { // all requests share a connection, so it must not be as slow
			toxic = strings.NewReplacer(`"rate": 2`, `"rate": 50`, `"average_size": 1`, `"average_size": 30`).Replace(toxic)
		}
		base, stop := startProxy(t, address, toxic, rnd)
		defer stop()
		bases = append(bases, scheme+"://"+base)
	}
	spec := &fetch.Spec{
		Spec: transport.Spec{
			Timeout: 500 * time.Millisecond, ResponseType: transport.ResponseText,
			Expected: func(status int) bool { return status == http.StatusOK },
		},
	}
	list := make([]fetch.Target, count)
	sizes := make([]int, count)
	for i := range list {
		sizes[i] = rnd.IntN(3_000)
		list[i] = fetch.Target{URL: fmt.Sprintf("%s/%d?n=%d", bases[rnd.IntN(len(bases))], i, sizes[i]), Spec: spec}
	}

	client := fetch.NewClient(cfg)
	defer client.Close()
	obs := &counter{}
	handed := make([]atomic.Int32, count)
	run := client.Run(context.Background(), fetch.Targets(list), fetch.Options{
		Concurrency: 64, PerHost: 20, Retries: 2,
		OnResult: func(r *fetch.Result) { handed[r.Index].Add(1) },
	}, obs)

	require.Equal(t, count, run.Count)
	require.Equal(t, count, run.Ok+run.Failed)
	require.EqualValues(t, count, obs.finished.Load())
	require.EqualValues(t, run.Requests, obs.exchanges.Load())
	require.Positive(t, run.Failed)
	require.Greater(t, run.Ok, count/2)
	requests, attempts := 0, 0
	for i, r := range run.Results.All() {
		require.EqualValues(t, 1, handed[i].Load())
		require.LessOrEqual(t, r.Requests, 3)
		requests += r.Requests
		attempts += r.Attempts + r.Resent
		if r.State == fetch.StateDone {
			require.Equal(t, page(sizes[i]), string(r.Response.Body))
			require.Equal(t, secure, r.Response.Proto == "HTTP/2.0")
			require.Equal(t, fmt.Sprintf("/%d", i), r.Response.Header().Get("X-Path"))
			continue
		}
		require.NotZero(t, r.ErrorCode)
		require.NotEmpty(t, r.Error)
		require.NotContains(t, r.Error, "127.0.0.1")
	}
	require.Equal(t, run.Requests, requests)
	// A proxy may lose a request, but the server gets none that was not reported.
	require.LessOrEqual(t, seen.Load(), int64(attempts))
	require.GreaterOrEqual(t, seen.Load(), int64(run.Ok))
	t.Logf("%d ok, %d failed, %d requests, %d attempts, %d seen by the server", run.Ok, run.Failed, requests, attempts, seen.Load())
}

// page is a page of that many bytes.
func page(n int) string { return strings.Repeat("0123456789", n/10+1)[:n] }

// startProxy starts a proxy with a toxic.
func startProxy(t *testing.T, upstream, toxic string, rnd *rand.Rand) (base string, stop func()) {
	t.Helper()
	server := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop())
	proxy := toxiproxy.NewProxy(server, "proxy", "127.0.0.1:0", upstream)
	require.NoError(t, proxy.Start())
	_, err := proxy.Toxics.AddToxicJson(strings.NewReader(fmt.Sprintf(toxic, rnd.IntN(10))))
	require.NoError(t, err)
	return proxy.Listen, sync.OnceFunc(proxy.Stop)
}

// openFiles counts the file descriptors of this process, 0 where there is no /proc.
func openFiles() int {
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return 0
	}
	return len(entries)
}
