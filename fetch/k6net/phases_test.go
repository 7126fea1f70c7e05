package k6net_test

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"go.k6.io/k6/v2/lib/netext"
	"go.k6.io/k6/v2/lib/netext/httpext"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/faults"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/faults/k6http"
)

// TestPhasesAreThoseOfHTTPBatch delays each phase in turn, and compares all phases with those of http.batch: with every
// protocol, over IPv4 and IPv6, on new and on kept connections, and on both ways of a request.
//
//nolint:paralleltest // measures times, which whatever runs at the same time would disturb
func TestPhasesAreThoseOfHTTPBatch(t *testing.T) {
	s := faults.Start(t)
	h2 := s.TLS()
	h2.NextProtos = []string{"h2", "http/1.1"}
	for protocol, config := range map[string]*tls.Config{"HTTP/1.1": nil, "TLS": s.TLS(), "HTTP/2": h2} {
		for _, family := range []string{"tcp4", "tcp6"} {
			for _, kept := range []bool{false, true} {
				for name, slow := range map[string]faults.Slow{
					"look-up": faults.SlowLookUp, "connecting": faults.SlowConnect, "handshake": faults.SlowHandshake,
					"upload": faults.SlowUpload, "first byte": faults.SlowFirstByte, "body": faults.SlowBody,
				} {
					if config == nil && slow == faults.SlowHandshake ||
						kept && (slow < faults.SlowUpload || family == "tcp6") {
						continue
					}
					t.Run(fmt.Sprintf("%s, %s, kept %t, %s", protocol, family, kept, name), func(t *testing.T) {
						peer := faults.StartPeer(t, family, config, lookUpDelay)
						faults.Cleanly(t, func(m *faults.Measurement) { comparePhases(t, m, s, peer, slow, kept) })
					})
				}
			}
		}
	}
}

// TestARepeatDiffersFromHTTPBatch resets the kept connection, so that the request is sent again on a new one.
// http.batch counts making that as sending; here it is in its own phases. TestASilentRepeat of the engine tests that in
// detail.
//
//nolint:paralleltest // measures times, which whatever runs at the same time would disturb
func TestARepeatDiffersFromHTTPBatch(t *testing.T) {
	s := faults.Start(t)
	peer := faults.StartPeer(t, "tcp4", nil, lookUpDelay)
	url := peer.URL(faults.Name{Label: "peer", IPv4: true}.Host())
	faults.Cleanly(t, func(m *faults.Measurement) {
		peer.ResetKept(false)
		peer.Delay(faults.SlowNothing)
		k6 := delaying(t, s, peer)
		own := clientLike(t, k6, s, ways["net/http"])
		k6.Batch(t, patience, url)
		own.Run(t.Context(), targets(spec(), url), fetch.Options{Concurrency: 1}, unobserved{})
		peer.ResetKept(true)
		peer.Delay(faults.SlowConnect)
		batch, _ := k6.Batch(t, patience, url)
		run := own.Run(t.Context(), targets(spec(), url), fetch.Options{Concurrency: 1}, unobserved{})
		require.Equal(t, http.StatusOK, batch[0].Status, batch[0].Error)
		require.Equal(t, 1, run.Ok, run.Failures())
		require.Zero(t, batch[0].Timings.Connecting)
		m.Took("k6's sending", lookUpDelay, inTime(batch[0].Timings.Sending))
		timings := run.Results.At(0).Timings
		m.Took("connecting", lookUpDelay, timings.Connecting)
		m.Took("sending", 0, timings.Sending)
	})
}

// comparePhases makes a request with one delayed phase, with http.batch and on both ways of the engine.
func comparePhases(
	t *testing.T, m *faults.Measurement, s *faults.Server, peer *faults.Peer, slow faults.Slow, kept bool,
) {
	t.Helper()
	name := faults.Name{Label: "peer", IPv4: peer.Addr != "::1", IPv6: peer.Addr == "::1"}
	if slow == faults.SlowLookUp {
		name.Delay = lookUpDelay
	}
	url := peer.URL(name.Host())
	k6 := delaying(t, s, peer)
	clients := make(map[string]*fetch.Client, len(ways))
	for way, change := range ways {
		clients[way] = clientLike(t, k6, s, func(cfg *fetch.Config) {
			dial := cfg.Dial
			cfg.Dial = func(ctx context.Context, network, addr string) (net.Conn, error) {
				conn, err := dial(ctx, network, addr)
				if err != nil {
					return nil, err
				}
				return peer.Conn(conn), nil
			}
			change(cfg)
		})
	}
	if kept {
		batch, _ := k6.Batch(t, patience, url)
		require.Equal(t, http.StatusOK, batch[0].Status, batch[0].Error)
		for _, client := range clients {
			run := client.Run(t.Context(), targets(spec(), url), fetch.Options{Concurrency: 1}, unobserved{})
			require.Equal(t, 1, run.Ok)
		}
	}
	peer.Delay(slow)
	defer peer.Delay(faults.SlowNothing)
	sp := spec()
	var theirs *httpext.Response
	if slow == faults.SlowUpload {
		sp.Method, sp.Body = http.MethodPost, make([]byte, faults.UploadSize)
		theirs = k6.Post(t, patience, url, sp.Body)
	} else {
		batch, _ := k6.Batch(t, patience, url)
		theirs = batch[0]
	}
	require.Equal(t, http.StatusOK, theirs.Status, theirs.Error)
	require.Zero(t, theirs.Timings.LookingUp)
	for way, client := range clients {
		run := client.Run(t.Context(), targets(sp, url), fetch.Options{Concurrency: 1}, unobserved{})
		r := run.Results.At(0)
		require.Equal(t, http.StatusOK, r.Status, r.Error)
		require.Equal(t, kept, r.Reused)
		assertLikeK6(m, way, &theirs.Timings, &r.Timings)
		m.Took(way+" looking_up", name.Delay, r.Timings.LookingUp)
	}
}

// delaying returns k6's client, in which the peer can delay the client's phases.
func delaying(t *testing.T, s *faults.Server, peer *faults.Peer) *k6http.Client {
	t.Helper()
	k6 := k6http.New(t, s, faults.Needs{DNS: true, Roots: true})
	dialer, ok := k6.State.Dialer.(*netext.Dialer)
	require.True(t, ok)
	dialer.Control = peer.Control
	transport, ok := k6.State.Transport.(*http.Transport)
	require.True(t, ok)
	transport.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
		conn, err := dialer.DialContext(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		return peer.Conn(conn), nil
	}
	return k6
}
