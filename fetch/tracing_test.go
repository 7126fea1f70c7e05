package fetch_test

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/tracing"
)

const traceHeader = "Traceparent"

// numbered counts traces and their exchanges: the second exchange of the first trace is 1-2.
type numbered struct {
	mu    sync.Mutex
	begun int
	ended []string
}

func (*numbered) Header() string { return traceHeader }

func (n *numbered) Begin(context.Context) tracing.Trace {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.begun++
	return &numberedTrace{of: n, number: n.begun}
}

type numberedTrace struct {
	of           *numbered
	number, last int
	sent         *tracing.Sent
}

func (t *numberedTrace) Next(string, string) string {
	t.last++
	value := fmt.Sprintf("%d-%d", t.number, t.last)
	if t.sent == nil {
		t.sent = &tracing.Sent{ID: fmt.Sprint("trace ", t.number), Header: traceHeader, Value: value}
	}
	return value
}

func (t *numberedTrace) End(end tracing.Ended) {
	t.of.mu.Lock()
	defer t.of.mu.Unlock()
	t.of.ended = append(t.of.ended, fmt.Sprintf("%d-%d: %d", t.number, t.last, end.Status))
}

func (t *numberedTrace) Sent() *tracing.Sent { return t.sent }

// traceServer keeps the trace headers that came, and the version that they came over.
type traceServer struct {
	mu     sync.Mutex
	came   []string
	protos map[string]bool
}

func (s *traceServer) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.came = nil
}

func (s *traceServer) all() (came []string, protos map[string]bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.came), maps.Clone(s.protos)
}

func (s *traceServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	s.mu.Lock()
	s.came = append(s.came, strings.Join(r.Header.Values(traceHeader), ","))
	n := len(s.came)
	if s.protos == nil {
		s.protos = make(map[string]bool)
	}
	s.protos[r.Proto] = true
	s.mu.Unlock()
	switch r.URL.Path {
	case "/away":
		http.SetCookie(w, &http.Cookie{Name: "a", Value: "b"}) // #nosec G124 -- of a test
		http.Redirect(w, r, "/back", http.StatusTemporaryRedirect)
	case "/back":
		http.Redirect(w, r, "/", http.StatusFound)
	case "/busy":
		if n < 3 {
			w.Header().Set("Retry-After", "0")
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}
}

// Each exchange has a header of its own, by whatever way it goes, and those of one target are of one trace.
func TestEachExchangeHasItsTrace(t *testing.T) {
	t.Parallel()
	for sentence, test := range map[string]struct {
		change func(*fetch.Spec)
		paths  string
		want   string
	}{
		"a target has one exchange":           {nil, "/", "1-1"},
		"the same URL again is another trace": {nil, "/ / /", "1-1 2-1 3-1"},
		"URLs alike are traces apart":         {nil, "/a /b?c=d /e", "1-1 2-1 3-1"},
		"redirects are of the trace":          {nil, "/away /", "1-1 1-2 1-3 2-1"},
		"retries are of the trace":            {nil, "/busy /", "1-1 1-2 1-3 2-1"},
		"a body is no obstacle": {func(s *fetch.Spec) {
			s.Method, s.Body = "PUT", []byte("sent")
		}, "/ /away /busy", "1-1 2-1 2-2 2-3 3-1"},
		"a POST without a body has the header": {func(s *fetch.Spec) { s.Method = "POST" }, "/ /", "1-1 2-1"},
		"cookies are no obstacle": {func(s *fetch.Spec) {
			s.Cookies = []transport.Cookie{{Name: "c", Value: "d"}}
		}, "/ /away", "1-1 2-1 2-2 2-3"},
		"headers are no obstacle": {func(s *fetch.Spec) {
			s.Header = http.Header{"User-Agent": {""}, "Zebra": {"1"}}
		}, "/ /away", "1-1 2-1 2-2 2-3"},
		"headers for net/http alone are no obstacle": {func(s *fetch.Spec) {
			s.Header = http.Header{"Te": {"trailers"}}
		}, "/ /away", "1-1 2-1 2-2 2-3"},
	} {
		for _, protocol := range []string{"HTTP/1.1", "TLS", "HTTP/2"} {
			for way, change := range ways {
				t.Run(sentence+", "+protocol+" "+way, func(t *testing.T) {
					t.Parallel()
					var s traceServer
					addr, scheme, cfg := server(t, protocol, s.ServeHTTP)
					change(&cfg)
					requireTraces(t, &s, cfg, scheme+"://"+addr, test.change, test.paths, test.want)
					want := proto1
					if protocol == proto2[:len("HTTP/2")] {
						want = proto2
					}
					require.Equal(t, map[string]bool{want: true}, s.protos)
				})
			}
		}
		t.Run(sentence+", HTTP/2 without TLS", func(t *testing.T) {
			t.Parallel()
			var s traceServer
			base := plainServer(t, s.ServeHTTP).URL
			if test.change != nil && strings.Contains(sentence, "net/http") {
				return // it has none
			}
			requireTraces(t, &s, fetch.Config{}, base, func(spec *fetch.Spec) {
				spec.Version = transport.Version2
				if test.change != nil {
					test.change(spec)
				}
			}, test.paths, test.want)
			require.Equal(t, map[string]bool{proto2: true}, s.protos)
		})
		t.Run(sentence+", HTTP/3", func(t *testing.T) {
			t.Parallel()
			var s traceServer
			base, cfg := http3Server(t, &s)
			requireTraces(t, &s, cfg, base, func(spec *fetch.Spec) {
				spec.Version = transport.Version3
				if test.change != nil {
					test.change(spec)
				}
			}, test.paths, test.want)
			_, protos := s.all()
			require.Equal(t, map[string]bool{proto3: true}, protos)
		})
		t.Run(sentence+", through a proxy", func(t *testing.T) {
			t.Parallel()
			var s traceServer
			proxy, err := url.Parse(serve(t, s.ServeHTTP))
			require.NoError(t, err)
			cfg := fetch.Config{Config: transport.Config{Transport: &http.Transport{Proxy: http.ProxyURL(proxy)}}}
			requireTraces(t, &s, cfg, "http://name.invalid", test.change, test.paths, test.want)
		})
	}
}

// requireTraces fetches paths one after another, twice: the plans of the first run are kept for the second.
func requireTraces(
	t *testing.T, s *traceServer, cfg fetch.Config, base string, change func(*fetch.Spec), paths, want string,
) {
	t.Helper()
	client := newClient(t, cfg)
	defer client.Shutdown()
	for range 2 {
		s.forget()
		tracer, obs := &numbered{}, &recorder{}
		of := spec(func(s *fetch.Spec) {
			if change != nil {
				change(s)
			}
			s.Tracer = tracer
		})
		urls := strings.Fields(paths)
		for i, path := range urls {
			urls[i] = base + path
		}
		run := client.Run(t.Context(), targets(of, urls...), fetch.Options{Concurrency: 1, Retries: 2}, obs)
		require.Equal(t, len(urls), run.Ok, run.Results.At(0).Error)
		came, _ := s.all()
		require.Equal(t, strings.Fields(want), came)
		require.Len(t, obs.exchanges, len(came))
		for i, x := range obs.exchanges {
			number, _, _ := strings.Cut(came[i], "-")
			require.Equal(t, "trace "+number, x.TraceID)
			require.Equal(t, fmt.Sprintf("%s: %d", came[i], x.Status), tracer.ended[i], "it ends before the next begins")
		}
		for i, r := range run.Results.All() {
			require.Equal(t, fmt.Sprint("trace ", i+1), r.TraceID())
			require.Equal(t, fmt.Sprint(i+1, "-1"), r.Response.Trace.Value)
			require.Empty(t, r.Response.SentHeader.Values(traceHeader))
			require.Empty(t, r.Target.Spec.Header.Values(traceHeader), "specs do not change")
		}
	}
}

func TestLoginsAreOfTheTrace(t *testing.T) {
	t.Parallel()
	tracer, s := &numbered{}, newDigestServer(t, knownLogin(), plainChallenge)
	r, exchanges := digestGet(t, s.base+"/", func(s *fetch.Spec) { s.Tracer = tracer })
	require.Equal(t, 200, r.Status)
	require.Len(t, s.seen, 2)
	require.Equal(t, []string{"1-1", "1-2"}, []string{s.seen[0].Get(traceHeader), s.seen[1].Get(traceHeader)})
	require.Equal(t, []string{"1-1: 401", "1-2: 200"}, tracer.ended)
	require.True(t, exchanges[0].Expected, "a challenge that is answered is no failure")
	require.Equal(t, []string{"trace 1", "trace 1"}, []string{exchanges[0].TraceID, exchanges[1].TraceID})
}

// A silent repeat is of the same exchange.
func TestRepeatsHaveTheSameHeader(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var came []string
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		if came = append(came, r.Header.Get(traceHeader)); len(came) == 2 {
			reset(w)
		}
	})
	tracer := &numbered{}
	of := spec(func(s *fetch.Spec) { s.Tracer = tracer })
	run := newClient(t, fetch.Config{}).Run(t.Context(), targets(of, base, base), fetch.Options{Concurrency: 1}, &recorder{})
	require.Equal(t, 2, run.Ok)
	require.Equal(t, 1, run.Results.At(1).Resent)
	require.Equal(t, []string{"1-1", "2-1", "2-1"}, came)
}

// A trace is claimed only if something of it was, or could have been, sent.
func TestTracesOfWhatFails(t *testing.T) {
	t.Parallel()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, listener.Close())
	for sentence, test := range map[string]struct {
		url, id string
		ended   []string
	}{
		"nobody listens":         {"http://" + listener.Addr().String() + "/", "trace 1", []string{"1-1: 0"}},
		"the URL cannot be read": {"http://a b/", "", nil},
	} {
		t.Run(sentence, func(t *testing.T) {
			t.Parallel()
			tracer := &numbered{}
			r, exchanges := get(t, spec(func(s *fetch.Spec) { s.Tracer = tracer }), test.url)
			require.Equal(t, fetch.StateFailed, r.State)
			require.Equal(t, test.id, r.TraceID())
			require.Len(t, exchanges, 1)
			require.Equal(t, test.id, exchanges[0].TraceID)
			require.Equal(t, test.ended, tracer.ended)
		})
	}
}

func TestNothingIsTracedThatWasNotRun(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	of := spec(func(s *fetch.Spec) { s.Tracer = &numbered{} })
	run := newClient(t, fetch.Config{}).Run(ctx, targets(of, "http://127.0.0.1:1/"), fetch.Options{Concurrency: 1}, &recorder{})
	require.Equal(t, []any{1, ""}, []any{run.NotRun, run.Results.At(0).TraceID()})
}

// Workers share plans, which no header may end up in.
func TestTracesOfManyWorkersAreApart(t *testing.T) {
	t.Parallel()
	for _, protocol := range []string{"HTTP/1.1", "HTTP/2"} {
		t.Run(protocol, func(t *testing.T) {
			t.Parallel()
			var s traceServer
			addr, scheme, cfg := server(t, protocol, s.ServeHTTP)
			of, plain := spec(func(s *fetch.Spec) { s.Tracer = &numbered{} }), spec()
			list := make([]fetch.Target, 0, 400)
			for range 200 {
				list = append(list, fetch.Target{URL: scheme + "://" + addr + "/", Spec: of},
					fetch.Target{URL: scheme + "://" + addr + "/", Spec: plain})
			}
			client := newClient(t, cfg)
			defer client.Shutdown()
			run := client.Run(t.Context(), fetch.Targets(list), fetch.Options{Concurrency: 10}, &recorder{})
			require.Equal(t, 400, run.Ok)
			came := make(map[string]int)
			for _, value := range s.came {
				came[value]++
			}
			require.Len(t, came, 201)
			require.Equal(t, 200, came[""], "those that are not traced")
		})
	}
}
