package fetch_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/failure"
)

// bad is part of everything that makes foreign code panic.
const bad = "bad"

// odd is the status of the answer to it. It counts as a success.
const odd = 299

func panicIf(what string) {
	if strings.Contains(what, bad) {
		panic("on purpose")
	}
}

type panickyConn struct {
	net.Conn

	reads bool
}

func (c panickyConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if c.reads {
		panic("on purpose")
	}
	return n, err
}

func (c panickyConn) Write(p []byte) (int, error) {
	if !c.reads {
		panic("on purpose")
	}
	return c.Conn.Write(p)
}

type panickyJar struct {
	http.CookieJar

	sets bool
}

func (j panickyJar) Cookies(u *url.URL) []*http.Cookie {
	if !j.sets {
		panicIf(u.Path)
	}
	return j.CookieJar.Cookies(u)
}

func (j panickyJar) SetCookies(u *url.URL, cookies []*http.Cookie) {
	if j.sets {
		panicIf(u.Path)
	}
	j.CookieJar.SetCookies(u, cookies)
}

type panickyLimiter struct{ calls atomic.Int64 }

func (l *panickyLimiter) Wait(context.Context) error {
	if l.calls.Add(1) == 2 {
		panic("on purpose")
	}
	return nil
}

type panickyObserver struct {
	recorder

	finished bool
}

func (o *panickyObserver) Exchanged(t *fetch.Target, x *transport.Exchange) {
	o.recorder.Exchanged(t, x)
	if !o.finished {
		panicIf(x.URL)
	}
}

func (o *panickyObserver) Finished(r *fetch.Result, at time.Time) {
	o.recorder.Finished(r, at)
	if o.finished {
		panicIf(r.Target.URL)
	}
}

type panickyIterator struct{ fetch.Iterator }

func (s panickyIterator) Next() (fetch.Target, bool) {
	t, ok := s.Iterator.Next()
	panicIf(t.URL)
	return t, ok
}

// panicky is a run of three targets in which something of the surroundings panics at the second.
type panicky struct {
	cfg      fetch.Config
	spec     *fetch.Spec
	opts     fetch.Options
	targets  fetch.Iterator
	observer fetch.Observer
	observed *recorder
}

func dialing(conn func(net.Conn) net.Conn) transport.DialFunc {
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		host, _, _ := net.SplitHostPort(addr)
		c, err := new(net.Dialer).DialContext(ctx, network, strings.Replace(addr, host, "127.0.0.1", 1))
		if err == nil && strings.Contains(host, bad) {
			c = conn(c)
		}
		return c, err
	}
}

// A panic in foreign code makes one result fail at most; everything else goes on.
//
//nolint:paralleltest // counts goroutines
func TestPanicsOfOthers(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*panicky)
		// fine reports whether the target itself is answered, because the panic comes after that.
		fine, secure, body bool
	}{
		"the dialer": {change: func(p *panicky) {
			dial := p.cfg.Dial
			p.cfg.Dial = func(ctx context.Context, network, addr string) (net.Conn, error) {
				panicIf(addr)
				return dial(ctx, network, addr)
			}
		}},
		"the dialer, under TLS": {secure: true, change: func(p *panicky) {
			dial := p.cfg.Dial
			p.cfg.Dial = func(ctx context.Context, network, addr string) (net.Conn, error) {
				panicIf(addr)
				return dial(ctx, network, addr)
			}
		}},
		"the resolver": {change: func(p *panicky) {
			p.cfg.Resolve = func(_ context.Context, addr string) (net.IP, int, error) {
				panicIf(addr)
				_, port, err := net.SplitHostPort(addr)
				n := 0
				_, _ = fmt.Sscan(port, &n)
				return net.IPv4(127, 0, 0, 1), n, err
			}
		}},
		"reading":                {change: func(p *panicky) { p.cfg.Dial = dialing(func(c net.Conn) net.Conn { return panickyConn{c, true} }) }},
		"writing":                {change: func(p *panicky) { p.cfg.Dial = dialing(func(c net.Conn) net.Conn { return panickyConn{c, false} }) }},
		"writing a long request": {body: true, change: func(p *panicky) { p.cfg.Dial = dialing(func(c net.Conn) net.Conn { return panickyConn{c, false} }) }},
		"naming a failure": {change: func(p *panicky) {
			p.cfg.Dial = func(ctx context.Context, network, addr string) (net.Conn, error) {
				if strings.Contains(addr, bad) {
					return nil, io.ErrNoProgress
				}
				return dialing(nil)(ctx, network, addr)
			}
			p.cfg.Classify = func(error) (int, string, bool) { panic("on purpose") }
		}},
		"what is put around the transport": {change: func(p *panicky) {
			p.cfg.Wrap = func(target *fetch.Target, rt http.RoundTripper) http.RoundTripper {
				panicIf(target.URL)
				return rt
			}
		}},
		"the proxy": {change: func(p *panicky) {
			p.cfg.Transport.Proxy = func(r *http.Request) (*url.URL, error) {
				panicIf(r.URL.Host)
				return nil, nil //nolint:nilnil // none
			}
		}},
		"the certificate's check": {secure: true, change: func(p *panicky) {
			p.cfg.Transport.TLSClientConfig.VerifyConnection = func(s tls.ConnectionState) error {
				panicIf(s.ServerName)
				return nil
			}
		}},
		"the chain's check": {secure: true, change: func(p *panicky) {
			var calls atomic.Int64
			p.opts.Concurrency = 1
			p.cfg.Transport.TLSClientConfig.VerifyPeerCertificate = func([][]byte, [][]*x509.Certificate) error {
				if calls.Add(1) == 2 {
					panic("on purpose")
				}
				return nil
			}
		}},
		"the statuses that are expected": {change: func(p *panicky) {
			p.spec.Expected = func(status int) bool {
				if status == odd {
					panic("on purpose")
				}
				return true
			}
		}},
		"the jar, asked":        {change: func(p *panicky) { p.spec.Jar = panickyJar{p.spec.Jar, false} }},
		"the jar, told":         {change: func(p *panicky) { p.spec.Jar = panickyJar{p.spec.Jar, true} }},
		"the limiter":           {change: func(p *panicky) { p.opts.Limits, p.opts.Concurrency = []fetch.Limiter{&panickyLimiter{}}, 1 }},
		"the iterator":          {change: func(p *panicky) { p.targets = panickyIterator{p.targets} }},
		"who hears of requests": {change: func(p *panicky) { o := &panickyObserver{}; p.observer, p.observed = o, &o.recorder }},
		"who hears of results": {fine: true, change: func(p *panicky) {
			o := &panickyObserver{finished: true}
			p.observer, p.observed = o, &o.recorder
		}},
		"who is handed the results": {fine: true, change: func(p *panicky) {
			p.opts.OnResult = func(r *fetch.Result) { panicIf(r.Target.URL) }
		}},
		"who watches": {fine: true, change: func(p *panicky) {
			p.opts.Watch = func(func() fetch.Progress) func() { panic("on purpose") }
		}},
	} {
		for way, change := range ways {
			t.Run(name+" "+way, func(t *testing.T) {
				running := goleak.IgnoreCurrent()
				seen, srv := panickyServer(t, c.secure)
				jar, err := cookiejar.New(nil)
				require.NoError(t, err)
				var mu sync.Mutex
				var stacks []string
				p := &panicky{observed: &recorder{}, opts: fetch.Options{Concurrency: 3, PerHost: 1}}
				p.cfg = fetch.Config{
					Config: transport.Config{
						Dial: dialing(func(c net.Conn) net.Conn { return c }),
						Transport: &http.Transport{
							DisableCompression: true, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, // #nosec G402 -- the test's own server
						},
						Panicked: func(value any, stack []byte) {
							mu.Lock()
							defer mu.Unlock()
							stacks = append(stacks, fmt.Sprint(value, "\n", string(stack)))
						},
					}, SharedLimits: true,
				}
				p.observer = p.observed
				p.spec = spec(func(s *fetch.Spec) {
					s.Jar = jar
					if c.body {
						s.Method, s.Body = http.MethodPost, make([]byte, 1<<17)
					}
				})
				change(&p.cfg)
				_, port, err := net.SplitHostPort(srv.Listener.Addr().String())
				require.NoError(t, err)
				scheme, _, _ := strings.Cut(srv.URL, ":")
				host := func(name string) string { return fmt.Sprintf("%s://%s.test:%s/%s", scheme, name, port, name) }
				p.targets = targets(p.spec, host("a"), host(bad), host("c"))
				c.change(p)
				if wrap := p.cfg.Wrap; way != "direct" && wrap == nil {
					t.Fatal("it would go directly")
				}
				client := fetch.NewClient(p.cfg)
				run := client.Run(t.Context(), p.targets, p.opts, p.observer)

				require.Equal(t, []int{3, 0}, []int{run.Count, run.NotRun})
				want := []int{2, 1}
				if c.fine {
					want = []int{3, 0}
				}
				require.Equal(t, want, []int{run.Ok, run.Failed}, run.Failures())
				for _, r := range run.Failures() {
					require.Equal(t, failure.CodeGeneric, r.ErrorCode)
					require.Equal(t, "internal error: a panic; its stack is in the log", r.Error)
					require.Equal(t, 1, r.Attempts)
				}
				require.Len(t, p.observed.exchanges, 3, "each target has its sample")
				require.NotEmpty(t, stacks)
				for _, s := range stacks {
					require.Contains(t, s, "on purpose\n")
					require.Contains(t, s, "panics_test.go", "where it was")
				}

				p.opts = fetch.Options{Concurrency: 3, PerHost: 1}
				again := client.Run(t.Context(), targets(p.spec, host("a"), host("a"), host("c")), p.opts, &recorder{})
				require.Equal(t, 3, again.Ok, "no place at a host is lost")
				client.Shutdown()
				srv.Close()
				require.NoError(t, goleak.Find(running))
				require.Positive(t, seen.Load())
			})
		}
	}
}

// panickyServer answers requests for bad with a status of its own.
func panickyServer(t *testing.T, secure bool) (*atomic.Int64, *httptest.Server) {
	t.Helper()
	var seen atomic.Int64
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen.Add(1)
		_, _ = io.Copy(io.Discard, r.Body)
		http.SetCookie(w, &http.Cookie{Name: "a", Value: "b"})
		if strings.Contains(r.URL.Path, bad) {
			w.WriteHeader(odd)
		}
	}))
	srv.Config.ErrorLog = log.New(io.Discard, "", 0)
	if secure {
		srv.StartTLS()
	} else {
		srv.Start()
	}
	t.Cleanup(srv.Close)
	return &seen, srv
}
