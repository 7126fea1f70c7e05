package fetch_test

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/quic-go/quic-go"
	"github.com/quic-go/quic-go/http3"
	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/quicserver"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/udpproxy"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/failure"
)

const proto3 = "HTTP/3.0"

// http3Server starts a server of HTTP/3 that is closed at the end of the test, and returns its URL.
func http3Server(tb testing.TB, handler http.Handler, changes ...func(*http3.Server)) (base string, cfg fetch.Config) {
	tb.Helper()
	srv := &http3.Server{Handler: handler, QUICConfig: &quic.Config{Allow0RTT: true}}
	for _, change := range changes {
		change(srv)
	}
	at, _ := quicserver.Start(tb, quicserver.Loopback, srv)
	return "https://" + at.String(), insecure()
}

// udpAddr is where a server of HTTP/3 listens.
func udpAddr(t *testing.T, base string) *net.UDPAddr {
	t.Helper()
	addr, err := net.ResolveUDPAddr("udp", strings.TrimPrefix(base, "https://"))
	require.NoError(t, err)
	return addr
}

// All requests share one connection, over runs as well, with bodies of any size.
func TestHTTP3(t *testing.T) {
	t.Parallel()
	var p peers
	base, cfg := http3Server(t, &p)
	sent := bytes.Repeat([]byte("0123456789"), 200_000)
	post := over(transport.Version3, func(s *fetch.Spec) { s.Method, s.Body = http.MethodPost, sent })
	small := over(transport.Version3, func(s *fetch.Spec) { s.Method, s.Body = http.MethodPost, sent[:100] })
	const many = 200
	list := make([]fetch.Target, 0, many+2)
	for i := range many {
		list = append(list, fetch.Target{URL: fmt.Sprint(base, "/", i), Spec: over(transport.Version3)})
	}
	list = append(list, fetch.Target{URL: base, Spec: post}, fetch.Target{URL: base, Spec: small})
	client := newClient(t, cfg)
	for round := range 2 {
		obs := &recorder{}
		run := client.Run(t.Context(), fetch.Targets(list), fetch.Options{Concurrency: 10}, obs)
		require.Equal(t, len(list), run.Ok, run.Failures())
		require.Len(t, obs.exchanges, len(list))
		reused := 0
		for i := range list {
			r := run.Results.At(i)
			require.Equal(t, proto3, r.Response.Proto)
			require.Equal(t, "127.0.0.1", r.Response.Conn.RemoteIP)
			require.EqualValues(t, tls.VersionTLS13, r.Response.Conn.TLSVersion)
			require.NotNil(t, r.Response.Conn.Certificate)
			if r.Reused {
				reused++
				require.Zero(t, r.Timings.Connecting)
			} else {
				require.NotZero(t, r.Timings.Connecting)
				require.LessOrEqual(t, r.Timings.TLSHandshaking, r.Timings.Connecting)
				require.LessOrEqual(t, r.Timings.Connecting, r.Timings.Blocked)
			}
		}
		require.Equal(t, len(list)-1+round, reused, "all but the first")
		require.Equal(t, string(sent), body(run.Results.At(many)))
		require.Equal(t, string(sent[:100]), body(run.Results.At(many+1)))
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	require.Len(t, p.conns[proto3], 1)
}

// Bodies of all sizes come whole, whether they are kept or not.
func TestHTTP3Bodies(t *testing.T) {
	t.Parallel()
	sizes := []int{0, 1, 1000, 4095, 4096, 4097, 100_000, 3_000_000}
	base, cfg := http3Server(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var size int
		_, _ = fmt.Sscanf(r.URL.Path, "/%d", &size)
		_, _ = w.Write(bytes.Repeat([]byte("x"), size))
	}))
	client := newClient(t, cfg)
	for _, kept := range []transport.ResponseType{transport.ResponseNone, transport.ResponseText} {
		for _, size := range sizes {
			sp := over(transport.Version3, func(s *fetch.Spec) { s.ResponseType = kept })
			run := client.Run(t.Context(), targets(sp, fmt.Sprint(base, "/", size)), fetch.Options{Concurrency: 1}, &recorder{})
			r := run.Results.At(0)
			require.Empty(t, r.Error)
			require.EqualValues(t, size, r.Bytes)
			if kept == transport.ResponseText {
				require.Len(t, body(r), size)
			}
		}
	}
}

// A redirect, a login and a header that changes connections go over HTTP/3 as well.
func TestHTTP3ByNetHTTPsClient(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	base, cfg := http3Server(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		if r.URL.Path == "/from" {
			http.Redirect(w, r, "/to", http.StatusFound)
			return
		}
		_, _ = io.WriteString(w, r.Proto+r.URL.Path)
	}))
	client := newClient(t, cfg)
	for _, change := range []func(*fetch.Spec){
		func(*fetch.Spec) {},
		func(s *fetch.Spec) { s.Header = http.Header{"Connection": {"close"}, "Te": {"gzip"}} },
		func(s *fetch.Spec) { s.Auth = transport.AuthDigest },
	} {
		obs := &recorder{}
		run := client.Run(t.Context(), targets(over(transport.Version3, change), base+"/from"), fetch.Options{Concurrency: 1}, obs)
		require.Equal(t, "HTTP/3.0/to", body(run.Results.At(0)), run.Results.At(0).Error)
		require.Equal(t, []int{302, 200}, obs.statuses())
	}
}

// early is a server whose sessions can be resumed, with 0-RTT.
func TestEarlyData(t *testing.T) {
	t.Parallel()
	type seen struct {
		method string
		early  bool
	}
	var mu sync.Mutex
	var requests []seen
	tooEarly := false
	base, cfg := http3Server(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		before := !r.TLS.HandshakeComplete
		requests = append(requests, seen{r.Method, before})
		if before && tooEarly {
			w.WriteHeader(http.StatusTooEarly)
		}
	}))
	// The way is long enough for the server to take what comes early before the rest of the handshake comes.
	slow := udpproxy.Faults{Delay: 20 * time.Millisecond}
	base = "https://" + udpproxy.Start(t, udpAddr(t, base), slow, slow).Addr().String()
	client := newClient(t, cfg)
	run := func(method string, early bool) *fetch.Result {
		mu.Lock()
		requests = nil
		mu.Unlock()
		sp := over(transport.Version3, func(s *fetch.Spec) { s.Method, s.EarlyData = method, early })
		obs := &recorder{}
		r := client.Run(t.Context(), targets(sp, base), fetch.Options{Concurrency: 1}, obs).Results.At(0)
		require.Equal(t, 200, r.Status, r.Error)
		require.Len(t, obs.exchanges, 1)
		client.Close() // so that the next run makes a connection
		return r
	}
	for _, test := range []struct {
		what, method    string
		asked, tooEarly bool
		early           bool // the result
		want            []seen
	}{
		{"a first connection has no session", "GET", true, false, false, []seen{{"GET", false}}},
		{"the next one has", "GET", true, false, true, []seen{{"GET", true}}},
		{"and the next", "HEAD", true, false, true, []seen{{"HEAD", true}}},
		{"a request that is not safe waits for the handshake", "POST", true, false, false, []seen{{"POST", false}}},
		{"nothing is early unless asked for", "GET", false, false, false, []seen{{"GET", false}}},
		{"425 sends a request again", "GET", true, true, false, []seen{{"GET", true}, {"GET", false}}},
	} {
		mu.Lock()
		tooEarly = test.tooEarly
		mu.Unlock()
		r := run(test.method, test.asked)
		mu.Lock()
		require.Equal(t, test.want, requests, test.what)
		mu.Unlock()
		require.Equal(t, test.early, r.EarlyData, test.what)
		require.Equal(t, len(test.want)-1, r.Resent, test.what)
	}
}

// A server that was started anew does not know its sessions. What was early data is sent again, and nothing is lost.
func TestEarlyDataThatTheServerRejects(t *testing.T) {
	t.Parallel()
	var seen atomic.Int32
	serve := func(at string) (addr net.Addr, stop func()) {
		return quicserver.Start(t, at, &http3.Server{
			Handler:    http.HandlerFunc(func(http.ResponseWriter, *http.Request) { seen.Add(1) }),
			QUICConfig: &quic.Config{Allow0RTT: true},
		})
	}
	at, stop := serve(quicserver.Loopback)
	addr := at.String()
	client := newClient(t, insecure())
	sp := over(transport.Version3, func(s *fetch.Spec) { s.EarlyData = true })
	const many = 5
	run := func() *fetch.Run {
		obs := &recorder{}
		urls := slices.Repeat([]string{"https://" + addr}, many)
		run := client.Run(t.Context(), targets(sp, urls...), fetch.Options{Concurrency: many}, obs)
		require.Equal(t, many, run.Ok, run.Results.At(0).Error)
		require.Len(t, obs.exchanges, many)
		client.Close()
		return run
	}
	run()
	stop()
	serve(addr)
	seen.Store(0)
	again := run()
	require.EqualValues(t, many, seen.Load(), "the server has seen each once")
	resent := 0
	for _, r := range again.Results.All() {
		resent += r.Resent
		require.False(t, r.EarlyData)
	}
	require.Positive(t, resent)
}

// A server that falls silent costs the request under way its timeout, and no other: the next goes over another
// connection.
func TestASilentConnectionIsGivenUp(t *testing.T) {
	t.Parallel()
	base, cfg := http3Server(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	proxy := udpproxy.Start(t, udpAddr(t, base), udpproxy.Faults{}, udpproxy.Faults{})
	client := newClient(t, cfg)
	ask := func(timeout time.Duration) *fetch.Result {
		sp := over(transport.Version3, func(s *fetch.Spec) { s.Timeout = timeout })
		url := "https://" + proxy.Addr().String()
		return client.Run(t.Context(), targets(sp, url), fetch.Options{Concurrency: 1}, &recorder{}).Results.At(0)
	}
	require.Equal(t, 200, ask(time.Minute).Status)
	require.True(t, ask(time.Minute).Reused)
	proxy.Blackhole(true)
	require.Equal(t, failure.CodeTimeout, ask(100*time.Millisecond).ErrorCode)
	proxy.Blackhole(false)
	r := ask(time.Minute)
	require.Equal(t, 200, r.Status, r.Error)
	require.False(t, r.Reused)
}
