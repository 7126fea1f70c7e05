package fetch_test

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/quic-go/quic-go"
	"github.com/quic-go/quic-go/http3"
	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/faults"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/quicserver"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
)

// slowHTTP3 is a server of HTTP/3 that delays one phase.
type slowHTTP3 struct {
	base string
	slow atomic.Value // the name of the phase

	retried atomic.Bool
}

func (s *slowHTTP3) delay(phase string) {
	if s.slow.Load() == phase {
		time.Sleep(phaseDelay)
	}
}

func (s *slowHTTP3) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.delay("sending")
	_, _ = io.Copy(io.Discard, r.Body)
	s.delay("waiting")
	_, _ = io.WriteString(w, "a")
	w.(http.Flusher).Flush()
	s.delay("receiving")
	_, _ = io.WriteString(w, "b")
}

func startSlowHTTP3(t *testing.T) *slowHTTP3 {
	t.Helper()
	s := &slowHTTP3{}
	s.slow.Store("")
	own := faults.Start(t).TLS() // whose key is quick
	cfg := http3.ConfigureTLSConfig(&tls.Config{
		GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) {
			s.delay("handshake")
			return http3.ConfigureTLSConfig(own), nil
		},
	})
	const window = 64 << 10 // less than what is uploaded
	srv := &http3.Server{
		Handler: s, TLSConfig: cfg,
		QUICConfig: &quic.Config{InitialStreamReceiveWindow: window, MaxStreamReceiveWindow: window},
	}
	at, _ := quicserver.Start(t, quicserver.Loopback, srv, func(tr *quic.Transport) {
		tr.VerifySourceAddress = func(net.Addr) bool {
			retries := s.slow.Load() == "retry"
			if retries && s.retried.CompareAndSwap(false, true) { // a long greeting takes two packets
				time.Sleep(phaseDelay)
			}
			return retries
		}
	})
	s.base = "https://peer.test:" + strconv.Itoa(at.(*net.UDPAddr).Port) + "/"
	return s
}

// client resolves the server's name, slowly if that is the phase.
func (s *slowHTTP3) client(t *testing.T) *fetch.Client {
	t.Helper()
	cfg := insecure()
	cfg.Resolve = func(_ context.Context, addr string) (net.IP, int, error) {
		s.delay("look-up")
		_, port, _ := net.SplitHostPort(addr)
		number, err := strconv.Atoi(port)
		return net.IPv4(127, 0, 0, 1), number, err
	}
	return newClient(t, cfg)
}

// Each phase is delayed in turn. The handshake of TLS is a part of that of QUIC, which may take longer: if the server
// sends a Retry first.
//
//nolint:paralleltest // measures times, which whatever runs at the same time would disturb
func TestADelayOverHTTP3ShowsInItsPhaseAlone(t *testing.T) {
	for _, phase := range []struct {
		name string
		want transport.Timings // on a new connection
	}{
		{"nothing", transport.Timings{}},
		{"look-up", transport.Timings{LookingUp: phaseDelay}},
		{"retry", transport.Timings{Connecting: phaseDelay}},
		{"handshake", transport.Timings{Connecting: phaseDelay, TLSHandshaking: phaseDelay}},
		{"sending", transport.Timings{Sending: phaseDelay}},
		{"waiting", transport.Timings{Waiting: phaseDelay}},
		{"receiving", transport.Timings{Receiving: phaseDelay}},
	} {
		for _, kept := range []bool{false, true} {
			t.Run(phase.name+" "+strconv.FormatBool(kept), func(t *testing.T) {
				want := phase.want
				if kept {
					want.LookingUp, want.Connecting, want.TLSHandshaking = 0, 0, 0
				}
				s := startSlowHTTP3(t)
				faults.Cleanly(t, func(m *faults.Measurement) {
					client := s.client(t)
					get := func(sp *fetch.Spec) (*fetch.Result, []transport.Exchange) {
						obs := &recorder{}
						run := client.Run(t.Context(), targets(sp, s.base), fetch.Options{Concurrency: 1}, obs)
						require.Equal(t, 1, run.Ok, run.Results.At(0).Error)
						return run.Results.At(0), obs.exchanges
					}
					s.slow.Store("")
					if kept {
						get(over(transport.Version3))
					}
					s.slow.Store(phase.name)
					s.retried.Store(false)
					r, exchanges := get(over(transport.Version3, func(s *fetch.Spec) {
						if phase.name == "sending" {
							s.Method, s.Body = http.MethodPost, make([]byte, 128<<10)
						}
					}))
					require.Len(t, exchanges, 1)
					require.Equal(t, kept, r.Reused)
					for of, got := range map[string]transport.Timings{"the result's": r.Timings, "the sample's": exchanges[0].Timings} {
						m.Took(of+" blocked", got.LookingUp+got.Connecting, got.Blocked)
						m.Took(of+" looking_up", want.LookingUp, got.LookingUp)
						// After a Retry the client begins anew, which takes a moment of its own.
						m.Within(of+" connecting", want.Connecting, want.Connecting+2*faults.Tolerance, got.Connecting)
						m.Within(of+" tls_handshaking", want.TLSHandshaking, want.TLSHandshaking+2*faults.Tolerance, got.TLSHandshaking)
						m.Took(of+" sending", want.Sending, got.Sending)
						m.Took(of+" waiting", want.Waiting, got.Waiting)
						m.Took(of+" receiving", want.Receiving, got.Receiving)
					}
				})
			})
		}
	}
}
