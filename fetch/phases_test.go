package fetch_test

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/faults"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
)

// phaseDelay is by how much the tests delay a phase.
const phaseDelay = 60 * time.Millisecond

// slowPhases are the phases that can be delayed, and the phase in which that must show on a new connection, and in no
// other. As in k6, blocked includes making the connection.
//
//nolint:gochecknoglobals // a constant table
var slowPhases = []struct {
	name string
	slow faults.Slow
	want transport.Timings
}{
	{"nothing", faults.SlowNothing, transport.Timings{}},
	{"look-up", faults.SlowLookUp, transport.Timings{LookingUp: phaseDelay}},
	{"connecting", faults.SlowConnect, transport.Timings{Connecting: phaseDelay}},
	{"handshake", faults.SlowHandshake, transport.Timings{TLSHandshaking: phaseDelay}},
	{"upload", faults.SlowUpload, transport.Timings{Sending: phaseDelay}},
	{"first byte", faults.SlowFirstByte, transport.Timings{Waiting: phaseDelay}},
	{"body", faults.SlowBody, transport.Timings{Receiving: phaseDelay}},
}

// protocols are what the peers of these tests speak: the TLS configuration, nil for plain HTTP.
func protocols(s *faults.Server) map[string]*tls.Config {
	h2 := s.TLS()
	h2.NextProtos = []string{"h2", "http/1.1"}
	return map[string]*tls.Config{"HTTP/1.1": nil, "TLS": s.TLS(), "HTTP/2": h2}
}

// TestADelayShowsInItsPhaseAlone delays each phase in turn: with every protocol, on new and on kept connections, and on
// both ways of a request.
//
//nolint:paralleltest // measures times, which whatever runs at the same time would disturb
func TestADelayShowsInItsPhaseAlone(t *testing.T) {
	s := faults.Start(t)
	for protocol, config := range protocols(s) {
		for _, kept := range []bool{false, true} {
			for _, phase := range slowPhases {
				for way, change := range ways {
					if config == nil && phase.slow == faults.SlowHandshake {
						continue
					}
					name := fmt.Sprintf("%s, kept %t, %s, %s", protocol, kept, phase.name, way)
					t.Run(name, func(t *testing.T) {
						want := phase.want
						if kept {
							want.LookingUp, want.Connecting, want.TLSHandshaking = 0, 0, 0
						}
						peer := faults.StartPeer(t, "tcp4", config, phaseDelay)
						faults.Cleanly(t, func(m *faults.Measurement) {
							result, sample := delayed(t, s, peer, phase.slow, kept, change)
							assertPhases(m, "the result's", want, result)
							assertPhases(m, "the sample's", want, sample)
						})
					})
				}
			}
		}
	}
}

// TestOneOfManyConnectionsDelaysNoOtherPhase fetches a peer four times at once. A request that waits for a connection,
// its own or another's, waits in blocked, be it for the look-up or the handshake.
//
//nolint:paralleltest // measures times, which whatever runs at the same time would disturb
func TestOneOfManyConnectionsDelaysNoOtherPhase(t *testing.T) {
	s := faults.Start(t)
	const many = 4
	for protocol, config := range protocols(s) {
		for _, slow := range []faults.Slow{faults.SlowLookUp, faults.SlowConnect, faults.SlowHandshake} {
			if config == nil && slow == faults.SlowHandshake {
				continue
			}
			for way, change := range ways {
				t.Run(fmt.Sprintf("%s, %s, %s", protocol, slowPhases[slow].name, way), func(t *testing.T) {
					peer := faults.StartPeer(t, "tcp4", config, phaseDelay)
					faults.Cleanly(t, func(m *faults.Measurement) {
						client := newPeerClient(t, s, peer, change)
						peer.Delay(slow)
						obs := &recorder{}
						run := client.Run(t.Context(), targets(spec(), slices.Repeat([]string{peer.URL(hostFor(slow))}, many)...),
							fetch.Options{Concurrency: many}, obs)
						require.Equal(t, many, run.Ok, run.Failures())
						for i := range obs.exchanges {
							got := obs.exchanges[i].Timings
							// A request that comes a moment later waits less for another's connection.
							m.Within(fmt.Sprint("blocked of request ", i), phaseDelay-faults.Tolerance, time.Minute, got.Blocked)
							for phase, took := range map[string]time.Duration{
								"sending": got.Sending, "waiting": got.Waiting, "receiving": got.Receiving,
							} {
								m.Took(fmt.Sprintf("%s of request %d", phase, i), 0, took)
							}
						}
					})
				})
			}
		}
	}
}

// delayed fetches the peer with a new client, and returns the phases of the delayed request: of its result, and of its
// samples. If kept is set, the connection has served a request before.
func delayed(
	t *testing.T, s *faults.Server, peer *faults.Peer, slow faults.Slow, kept bool, change func(*fetch.Config),
) (result, sample transport.Timings) {
	t.Helper()
	client := newPeerClient(t, s, peer, change)
	post := spec(func(s *fetch.Spec) {
		if slow == faults.SlowUpload {
			s.Method, s.Body = http.MethodPost, make([]byte, faults.UploadSize)
		}
	})
	url := peer.URL(hostFor(slow))
	if kept {
		client.warm(t, url)
	}
	peer.Delay(slow)
	defer peer.Delay(faults.SlowNothing)
	r, exchanges := client.get(t, post, url)
	require.Len(t, exchanges, 1)
	require.Equal(t, kept, r.Reused)
	require.Equal(t, 1, r.Attempts)
	return r.Timings, exchanges[0].Timings
}

// hostFor is the name of the peer for delaying a phase.
func hostFor(slow faults.Slow) string {
	name := faults.Name{Label: "peer", IPv4: true}
	if slow == faults.SlowLookUp {
		name.Delay = phaseDelay
	}
	return name.Host()
}

// peerClient is a client in which the peer can delay the client's phases.
type peerClient struct{ *fetch.Client }

func newPeerClient(t *testing.T, s *faults.Server, peer *faults.Peer, change func(*fetch.Config)) peerClient {
	t.Helper()
	cfg := fetch.Config{Config: transport.Config{Resolve: resolveWith(s.Resolver()), Dial: dialTo(peer), Transport: trusting(s)}}
	change(&cfg)
	return peerClient{newClient(t, cfg)}
}

// get fetches a URL and returns its result and its exchanges.
func (c peerClient) get(t *testing.T, s *fetch.Spec, url string) (*fetch.Result, []transport.Exchange) {
	t.Helper()
	obs := &recorder{}
	run := c.Run(t.Context(), targets(s, url), fetch.Options{Concurrency: 1}, obs)
	require.Equal(t, 1, run.Ok, run.Failures())
	return run.Results.At(0), obs.exchanges
}

// warm makes a connection that is kept.
func (c peerClient) warm(t *testing.T, url string) {
	t.Helper()
	c.get(t, spec(), url)
}

// assertPhases checks that each phase is as long as its delay, and hardly longer.
func assertPhases(m *faults.Measurement, of string, want, got transport.Timings) {
	m.Took(of+" blocked", got.LookingUp+got.Connecting+got.TLSHandshaking, got.Blocked)
	m.Took(of+" looking_up", want.LookingUp, got.LookingUp)
	m.Took(of+" connecting", want.Connecting, got.Connecting)
	m.Took(of+" tls_handshaking", want.TLSHandshaking, got.TLSHandshaking)
	m.Took(of+" sending", want.Sending, got.Sending)
	m.Took(of+" waiting", want.Waiting, got.Waiting)
	m.Took(of+" receiving", want.Receiving, got.Receiving)
}

// resolveWith resolves addresses as k6's dialer does, but respects contexts.
func resolveWith(resolver *net.Resolver) transport.ResolveFunc {
	return func(ctx context.Context, addr string) (net.IP, int, error) {
		host, service, err := net.SplitHostPort(addr)
		if err != nil {
			return nil, 0, err
		}
		port, err := strconv.Atoi(service)
		if err != nil {
			return nil, 0, err
		}
		if ip := net.ParseIP(host); ip != nil {
			return ip, port, nil
		}
		ips, err := resolver.LookupIP(ctx, "ip", host)
		if err != nil {
			return nil, 0, err
		}
		return ips[0], port, nil
	}
}

// dialTo connects so that the peer can delay the client's phases.
func dialTo(peer *faults.Peer) transport.DialFunc {
	dialer := &net.Dialer{Control: peer.Control}
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		conn, err := dialer.DialContext(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		return peer.Conn(conn), nil
	}
}

// trusting is a transport that trusts the server's certificates and offers HTTP/2, as k6's does.
func trusting(s *faults.Server) *http.Transport {
	return &http.Transport{
		TLSClientConfig:    &tls.Config{RootCAs: s.Roots(), MinVersion: tls.VersionTLS12, CurvePreferences: []tls.CurveID{tls.X25519}},
		DisableCompression: true, ForceAttemptHTTP2: true,
	}
}
