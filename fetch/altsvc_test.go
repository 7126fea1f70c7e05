package fetch_test

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	quichttp3 "github.com/quic-go/quic-go/http3"
	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/quicserver"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/http3"
)

// offering is a server over TCP that offers HTTP/3 at the same port.
type offering struct {
	addr   string
	offers atomic.Value // the Alt-Svc, a string
	status atomic.Int32 // of responses over HTTP/3

	mu   sync.Mutex
	used []string // the Alt-Used of the requests over HTTP/3
	tls  *tls.Config
}

func (s *offering) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if offer, _ := s.offers.Load().(string); offer != "" {
		w.Header().Set("Alt-Svc", offer)
	}
	if r.ProtoMajor == 3 {
		s.mu.Lock()
		s.used = append(s.used, r.Header.Get("Alt-Used"))
		s.mu.Unlock()
		w.WriteHeader(int(s.status.Load()))
	}
}

// startOffering starts the server over TCP. protocols are those that it speaks.
func startOffering(t *testing.T, http2 bool) *offering {
	t.Helper()
	s := &offering{}
	s.status.Store(http.StatusOK)
	srv := httptest.NewUnstartedServer(s)
	srv.Config.ErrorLog = log.New(io.Discard, "", 0)
	srv.EnableHTTP2 = http2
	srv.StartTLS()
	t.Cleanup(srv.Close)
	s.addr, s.tls = srv.Listener.Addr().String(), srv.TLS
	_, port, _ := net.SplitHostPort(s.addr)
	s.offers.Store(`h3=":` + port + `"`)
	return s
}

// listen begins to speak HTTP/3.
func (s *offering) listen(t *testing.T) {
	t.Helper()
	quicserver.Start(t, s.addr, &quichttp3.Server{Handler: s, TLSConfig: quichttp3.ConfigureTLSConfig(s.tls)})
}

func insecure() fetch.Config {
	return fetch.Config{Config: transport.Config{Transport: &http.Transport{
		DisableCompression: true, ForceAttemptHTTP2: true, MaxIdleConns: 20,
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, // #nosec G402 -- the test's own server
	}}}
}

// asks fetches the server's page and returns the result.
func (s *offering) asks(t *testing.T, c *fetch.Client, changes ...func(*fetch.Spec)) *fetch.Result {
	t.Helper()
	sp := over(transport.VersionAny, append([]func(*fetch.Spec){func(s *fetch.Spec) { s.AltSvc = true }}, changes...)...)
	obs := &recorder{}
	r := c.Run(t.Context(), targets(sp, "https://"+s.addr+"/"), fetch.Options{Concurrency: 1}, obs).Results.At(0)
	require.Len(t, obs.exchanges, 1)
	return r
}

// A server that offers HTTP/3 is asked by it the next time, whatever it speaks over TCP.
func TestAltSvc(t *testing.T) {
	t.Parallel()
	for _, http2 := range []bool{false, true} {
		s := startOffering(t, http2)
		s.listen(t)
		c := newClient(t, insecure())
		overTCP := map[bool]string{false: proto1, true: proto2}[http2]

		r := s.asks(t, c)
		require.Equal(t, overTCP, r.Response.Proto, r.Error)
		require.Empty(t, r.Fallback)
		r = s.asks(t, c, func(s *fetch.Spec) { s.AltSvc = false })
		require.Equal(t, overTCP, r.Response.Proto, "who does not ask for it does not get it")
		r = s.asks(t, c)
		require.Equal(t, proto3, r.Response.Proto, r.Error)
		require.NotZero(t, r.Timings.Connecting)
		require.LessOrEqual(t, r.Timings.Connecting, r.Timings.Blocked)
		r = s.asks(t, c)
		require.Equal(t, proto3, r.Response.Proto)
		require.True(t, r.Reused)
		s.mu.Lock()
		require.Equal(t, []string{s.addr, s.addr}, s.used)
		s.mu.Unlock()

		s.offers.Store("clear")
		require.Equal(t, proto3, s.asks(t, c).Response.Proto)
		require.Equal(t, overTCP, s.asks(t, c).Response.Proto)
	}
}

// Where HTTP/3 does not come about, the request goes over TCP, and the result says why.
func TestAltSvcFallsBack(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		what   string
		cfg    func(cfg *fetch.Config)
		listen func(t *testing.T, s *offering)
		change func(*fetch.Spec)
		why    string // the first time
		later  string
	}{
		{
			what: "nothing listens", listen: func(*testing.T, *offering) {},
			why: "quic: connection refused", later: "quic: connection refused",
		},
		{
			what: "datagrams are lost", why: "quic: no connection yet", later: "quic: no connection yet",
			listen: func(t *testing.T, s *offering) {
				t.Helper()
				pc, err := net.ListenPacket("udp", s.addr) //nolint:noctx // at once
				require.NoError(t, err)
				t.Cleanup(func() { _ = pc.Close() })
			},
			change: func(s *fetch.Spec) { s.Timeout = 10 * time.Second },
		},
		{
			what: "the name is blocked for it", listen: func(*testing.T, *offering) {},
			cfg: func(cfg *fetch.Config) {
				cfg.DialUDP = func(context.Context, string) (http3.Socket, error) { return http3.Socket{}, errors.New("not here") }
			},
			why: "quic: not here", later: "quic: not here",
		},
	} {
		t.Run(test.what, func(t *testing.T) {
			t.Parallel()
			s := startOffering(t, true)
			test.listen(t, s)
			cfg := insecure()
			if test.cfg != nil {
				test.cfg(&cfg)
			}
			c := fetch.NewClient(cfg)
			t.Cleanup(c.Shutdown)
			change := test.change
			if change == nil {
				change = func(*fetch.Spec) {}
			}
			r := s.asks(t, c, change)
			require.Equal(t, proto2, r.Response.Proto, r.Error)
			require.Empty(t, r.Fallback)
			for i, why := range []string{test.why, test.later, test.later} {
				r = s.asks(t, c, change)
				require.Equal(t, proto2, r.Response.Proto, r.Error)
				require.Equal(t, why, r.Fallback, i)
				require.Equal(t, 200, r.Status)
			}
		})
	}
}

// A server over UDP that does not answer takes no request longer than its head start, and is given up in the end.
func TestAltSvcThatDoesNotAnswer(t *testing.T) {
	t.Parallel()
	s := startOffering(t, true)
	pc, err := net.ListenPacket("udp", s.addr) //nolint:noctx // at once
	require.NoError(t, err)
	defer func() { _ = pc.Close() }()
	c := fetch.NewClient(insecure())
	t.Cleanup(c.Shutdown)
	const timeout = 800 * time.Millisecond
	short := func(s *fetch.Spec) { s.Timeout = timeout }
	require.Equal(t, proto2, s.asks(t, c, short).Response.Proto)
	began := time.Now()
	r := s.asks(t, c, short)
	require.Equal(t, "quic: no connection yet", r.Fallback)
	require.GreaterOrEqual(t, r.Elapsed, timeout/4)
	for r.Fallback == "quic: no connection yet" {
		r = s.asks(t, c, short)
		require.Equal(t, proto2, r.Response.Proto, r.Error)
	}
	require.Equal(t, "quic: handshake timeout", r.Fallback)
	require.GreaterOrEqual(t, time.Since(began), timeout)
}

// An alternative has to be its origin by its certificate, and one that says that it does not serve it is not asked
// again.
func TestAltSvcThatIsNotTheOrigin(t *testing.T) {
	t.Parallel()
	s := startOffering(t, true)
	s.listen(t)
	s.status.Store(http.StatusMisdirectedRequest)
	c := newClient(t, insecure())
	require.Equal(t, proto2, s.asks(t, c).Response.Proto)
	r := s.asks(t, c)
	require.Equal(t, proto3, r.Response.Proto)
	require.Equal(t, http.StatusMisdirectedRequest, r.Status)
	r = s.asks(t, c)
	require.Equal(t, proto2, r.Response.Proto)
	require.Equal(t, "http3: the alternative replied that it does not serve the origin", r.Fallback)

	strict := insecure()
	strict.Transport.TLSClientConfig = &tls.Config{InsecureSkipVerify: true} // #nosec G402 -- for TCP, see below
	strict.Transport.TLSClientConfig.VerifyConnection = func(state tls.ConnectionState) error {
		if state.NegotiatedProtocol == http3.NextProto {
			return errors.New("another server")
		}
		return nil
	}
	c = newClient(t, strict)
	require.Equal(t, proto2, s.asks(t, c).Response.Proto)
	r = s.asks(t, c)
	require.Equal(t, proto2, r.Response.Proto)
	require.Equal(t, "another server", r.Fallback)
}
