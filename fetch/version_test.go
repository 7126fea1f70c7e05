package fetch_test

import (
	"bytes"
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
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/failure"
)

const (
	proto1, proto2 = "HTTP/1.1", "HTTP/2.0"
	noHTTP2        = "server does not speak HTTP/2"
)

// over is a spec of a version.
func over(v transport.Version, changes ...func(*fetch.Spec)) *fetch.Spec {
	return spec(append(changes, func(s *fetch.Spec) { s.Version = v })...)
}

// plainServer starts a server without TLS that speaks HTTP/1.1, and HTTP/2 to those who know.
func plainServer(t *testing.T, handler http.HandlerFunc) *httptest.Server {
	t.Helper()
	srv := httptest.NewUnstartedServer(handler)
	srv.Config.Protocols = &http.Protocols{}
	srv.Config.Protocols.SetHTTP1(true)
	srv.Config.Protocols.SetUnencryptedHTTP2(true)
	srv.Start()
	t.Cleanup(srv.Close)
	return srv
}

// peers counts the requests of each connection by the version that they came over.
type peers struct {
	mu    sync.Mutex
	conns map[string]map[string]int
}

func (p *peers) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(w, r.Body)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.conns == nil {
		p.conns = make(map[string]map[string]int)
	}
	if p.conns[r.Proto] == nil {
		p.conns[r.Proto] = make(map[string]int)
	}
	p.conns[r.Proto][r.RemoteAddr]++
}

// One run asks one server for all versions: each has its connections, which later runs use again, and HTTP/2 has one.
func TestVersionsHaveConnectionsOfTheirOwn(t *testing.T) {
	t.Parallel()
	const each, workers = 40, 8
	for way, change := range ways {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			var p peers
			addr, scheme, cfg := server(t, "HTTP/2", p.ServeHTTP)
			change(&cfg)
			var s sockets
			cfg.Dial = s.dial(addr)
			client := newClient(t, cfg)
			list := make([]fetch.Target, 0, 2*each)
			of := []*fetch.Spec{over(transport.Version1), over(transport.Version2)}
			for i := range each {
				for _, sp := range of {
					list = append(list, fetch.Target{URL: fmt.Sprintf("%s://a.test/%d", scheme, i%5), Spec: sp})
				}
			}
			for range 2 {
				obs := &recorder{}
				run := client.Run(t.Context(), fetch.Targets(list), fetch.Options{Concurrency: workers}, obs)
				require.Equal(t, 2*each, run.Ok, run.Failures())
				for i, want := range map[int]string{0: proto1, 1: proto2} {
					for ; i < len(list); i += 2 {
						require.Equal(t, want, run.Results.At(i).Response.Proto)
					}
				}
				for _, x := range obs.exchanges {
					require.NotZero(t, x.Conn.TLSVersion)
				}
			}
			p.mu.Lock()
			defer p.mu.Unlock()
			if way == "direct" { // net/http may dial in vain
				require.LessOrEqual(t, len(p.conns[proto1]), workers)
				require.Len(t, p.conns[proto2], 1)
				require.EqualValues(t, len(p.conns[proto1])+1, s.made.Load())
			}
		})
	}
}

// What ALPN chooses is not what versions that were asked for are about, so their connections are not shared.
func TestAVersionDoesNotChangeWhatOthersFind(t *testing.T) {
	t.Parallel()
	for way, change := range ways {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			addr, scheme, cfg := server(t, "HTTP/2", func(http.ResponseWriter, *http.Request) {})
			change(&cfg)
			var s sockets
			cfg.Dial = s.dial(addr)
			client := newClient(t, cfg)
			for range 2 {
				for v, want := range map[transport.Version]string{
					transport.VersionAny: proto2, transport.Version1: proto1, transport.Version2: proto2,
				} {
					run := client.Run(t.Context(), targets(over(v), scheme+"://a.test/"), fetch.Options{Concurrency: 1}, &recorder{})
					require.Equal(t, want, run.Results.At(0).Response.Proto, run.Results.At(0).Error)
				}
			}
			require.EqualValues(t, 3, s.made.Load())
		})
	}
}

// Without TLS the first byte is HTTP/2 already. All requests share one connection, with bodies of any size.
func TestHTTP2WithoutTLS(t *testing.T) {
	t.Parallel()
	var p peers
	srv := plainServer(t, p.ServeHTTP)
	sent := bytes.Repeat([]byte("0123456789"), 20_000)
	post := over(transport.Version2, func(s *fetch.Spec) { s.Method, s.Body = http.MethodPost, sent })
	const many = 60
	list := make([]fetch.Target, 0, many+3)
	for _, v := range []transport.Version{transport.VersionAny, transport.Version1} {
		list = append(list, fetch.Target{URL: srv.URL, Spec: over(v)})
	}
	for i := range many {
		list = append(list, fetch.Target{URL: fmt.Sprint(srv.URL, "/", i), Spec: over(transport.Version2)})
	}
	list = append(list, fetch.Target{URL: srv.URL, Spec: post})
	client := newClient(t, fetch.Config{})
	for round := range 2 {
		obs := &recorder{}
		run := client.Run(t.Context(), fetch.Targets(list), fetch.Options{Concurrency: 10}, obs)
		require.Equal(t, len(list), run.Ok, run.Failures())
		require.Equal(t, len(list), run.Requests)
		reused := 0
		for i := range list {
			r := run.Results.At(i)
			require.Equal(t, map[bool]string{true: proto1, false: proto2}[i < 2], r.Response.Proto)
			require.NotEmpty(t, r.Response.Conn.RemoteIP)
			require.Zero(t, r.Timings.TLSHandshaking)
			if i >= 2 && r.Reused {
				reused++
				require.Zero(t, r.Timings.Connecting)
			}
		}
		require.Equal(t, len(list)-3+round, reused, "all but the first")
		require.Equal(t, string(sent), body(run.Results.At(len(list)-1)))
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	require.Len(t, p.conns[proto2], 1)
	require.LessOrEqual(t, len(p.conns[proto1]), 2)
}

// A server that does not speak HTTP/2 fails those that ask for it, once, and nothing is sent over HTTP/1.1 instead.
func TestServersWithoutHTTP2(t *testing.T) {
	t.Parallel()
	for _, protocol := range []string{"TLS without HTTP/2", "TLS without ALPN"} {
		for way, change := range ways {
			t.Run(protocol+" "+way, func(t *testing.T) {
				t.Parallel()
				var p peers
				addr, _, cfg := server(t, "TLS", p.ServeHTTP)
				if protocol == "TLS without ALPN" {
					addr = withoutALPN(t, p.ServeHTTP)
				}
				change(&cfg)
				obs := &recorder{}
				run := newClient(t, cfg).Run(t.Context(), targets(over(transport.Version2), "https://"+addr, "https://"+addr),
					fetch.Options{Concurrency: 2, Retries: 3}, obs)
				require.Empty(t, p.conns)
				require.Len(t, obs.exchanges, 2, "retries would be of no use")
				for i := range 2 {
					r := run.Results.At(i)
					require.Equal(t, []any{failure.CodeHTTP2, noHTTP2}, []any{r.ErrorCode, r.Error})
					require.Equal(t, fetch.StateFailed, r.State)
				}
			})
		}
	}
}

// withoutALPN starts a server that ignores ALPN.
func withoutALPN(t *testing.T, handler http.HandlerFunc) (addr string) {
	t.Helper()
	srv := httptest.NewUnstartedServer(handler)
	srv.Config.ErrorLog = log.New(io.Discard, "", 0)
	srv.TLS = &tls.Config{NextProtos: []string{}} // #nosec G402 -- of a test
	srv.StartTLS()
	t.Cleanup(srv.Close)
	return srv.Listener.Addr().String()
}

// Without TLS only the answer shows that a server does not speak HTTP/2.
func TestPlainServersWithoutHTTP2(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answer string
		code   int
		want   string
	}{
		"HTTP/1.1":        {"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n", failure.CodeHTTP2, noHTTP2},
		"HTTP/1.0":        {"HTTP/1.0 505 s3cret\r\n\r\n", failure.CodeHTTP2, noHTTP2},
		"another":         {"SSH-2.0-s3cret_9.6 and more\r\n", 1657, "http2: connection error with http2 ErrCode FRAME_SIZE_ERROR"},
		"closed":          {"", failure.CodeGeneric, "unexpected EOF"},
		"closed too soon": {"HTTP", failure.CodeGeneric, "unexpected EOF"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			addr := answering(t, test.answer)
			run := newClient(t, fetch.Config{}).Run(t.Context(), targets(over(transport.Version2), "http://"+addr+"/a", "http://"+addr+"/b"),
				fetch.Options{Concurrency: 2}, &recorder{})
			for i := range 2 {
				r := run.Results.At(i)
				require.Equal(t, []any{test.code, test.want}, []any{r.ErrorCode, r.Error})
				require.Equal(t, fetch.StateFailed, r.State)
			}
		})
	}
	t.Run("silence", func(t *testing.T) {
		t.Parallel()
		ln, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
		require.NoError(t, err)
		defer func() { _ = ln.Close() }()
		r, _ := get(t, over(transport.Version2, func(s *fetch.Spec) { s.Timeout = 100 * time.Millisecond }), "http://"+ln.Addr().String())
		require.Equal(t, []any{failure.CodeTimeout, "request timeout"}, []any{r.ErrorCode, r.Error})
	})
	t.Run("net/http", func(t *testing.T) {
		t.Parallel()
		srv := httptest.NewServer(http.NotFoundHandler())
		defer srv.Close()
		r, _ := get(t, over(transport.Version2), srv.URL)
		require.Equal(t, []any{failure.CodeHTTP2, noHTTP2}, []any{r.ErrorCode, r.Error})
	})
}

// answering starts a server that reads the preface of HTTP/2, answers with a text and closes.
func answering(t *testing.T, answer string) (addr string) {
	t.Helper()
	ln, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = ln.Close() })
	go func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			go func() {
				_, _ = conn.Read(make([]byte, 64<<10))
				_, _ = io.WriteString(conn, answer)
				_ = conn.(*net.TCPConn).CloseWrite()
				_, _ = io.Copy(io.Discard, conn)
				_ = conn.Close()
			}()
		}
	}()
	return ln.Addr().String()
}

// Redirects keep the version: from plain text to TLS, and over net/http too.
func TestRedirectsKeepTheVersion(t *testing.T) {
	t.Parallel()
	for way, change := range ways {
		for v, protos := range map[transport.Version][]string{
			transport.VersionAny: {proto1, proto2, proto2}, transport.Version1: {proto1, proto1, proto1},
			transport.Version2: {proto2, proto2, proto2},
		} {
			t.Run(fmt.Sprint(way, v), func(t *testing.T) {
				t.Parallel()
				addr, _, cfg := server(t, "HTTP/2", func(w http.ResponseWriter, r *http.Request) {
					if r.URL.Path == "/" {
						http.Redirect(w, r, "/end", http.StatusTemporaryRedirect)
					}
				})
				change(&cfg)
				first := plainServer(t, func(w http.ResponseWriter, r *http.Request) {
					http.Redirect(w, r, "https://"+addr+"/", http.StatusMovedPermanently)
				}).URL
				if way == "net/http" && v == transport.Version2 {
					first, protos = "https://"+addr+"/", protos[1:]
				}
				client := newClient(t, cfg)
				for range 2 {
					obs := &recorder{}
					run := client.Run(t.Context(), targets(over(v), first), fetch.Options{Concurrency: 1}, obs)
					require.Equal(t, 1, run.Ok, run.Failures())
					got := make([]string, 0, len(protos))
					for _, x := range obs.exchanges {
						got = append(got, x.Proto)
					}
					require.Equal(t, protos, got)
				}
			})
		}
	}
}

// A closed client leaves no connection of any version.
func TestShutdownClosesAllVersions(t *testing.T) {
	t.Parallel()
	for way, change := range ways {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			addr, _, cfg := server(t, "HTTP/2", func(http.ResponseWriter, *http.Request) {})
			plain := plainServer(t, func(http.ResponseWriter, *http.Request) {})
			change(&cfg)
			var s, plainly sockets
			secure := s.dial(addr)
			cfg.Dial = func(ctx context.Context, network, to string) (net.Conn, error) {
				if strings.HasPrefix(to, "plain.test") {
					return plainly.dial(plain.Listener.Addr().String())(ctx, network, to)
				}
				return secure(ctx, network, to)
			}
			client := fetch.NewClient(cfg)
			for _, v := range []transport.Version{transport.VersionAny, transport.Version1, transport.Version2} {
				client.Run(t.Context(), targets(over(v), "https://a.test/", "http://plain.test/"),
					fetch.Options{Concurrency: 2}, &recorder{})
			}
			require.EqualValues(t, 3, s.open.Load())
			require.NotZero(t, plainly.open.Load())
			client.Shutdown()
			require.Eventually(t, func() bool { return s.open.Load()+plainly.open.Load() == 0 }, 5*time.Second, time.Millisecond)
		})
	}
}
