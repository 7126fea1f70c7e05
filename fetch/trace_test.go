package fetch_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http/httptrace"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/faults"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
)

// TestASilentRepeatHasThePhasesOfItsConnection resets the kept connection. The request is sent again on a new one. Its
// phases are those of the new connection, as if it had been sent there first.
//
//nolint:paralleltest // measures times, which whatever runs at the same time would disturb
func TestASilentRepeatHasThePhasesOfItsConnection(t *testing.T) {
	s := faults.Start(t)
	for protocol, config := range protocols(s) {
		if protocol == "HTTP/2" {
			continue // its connections report when they end
		}
		for _, phase := range slowPhases {
			if config == nil && phase.slow == faults.SlowHandshake || phase.slow == faults.SlowUpload {
				continue
			}
			for way, change := range ways {
				t.Run(fmt.Sprintf("%s, %s, %s", protocol, phase.name, way), func(t *testing.T) {
					peer := faults.StartPeer(t, "tcp4", config, phaseDelay)
					faults.Cleanly(t, func(m *faults.Measurement) {
						client := newPeerClient(t, s, peer, change)
						url := peer.URL(hostFor(phase.slow))
						client.warm(t, url)
						peer.ResetKept(true)
						peer.Delay(phase.slow)
						r, exchanges := client.get(t, spec(), url)
						peer.ResetKept(false)
						peer.Delay(faults.SlowNothing)
						require.Len(t, exchanges, 1)
						require.False(t, r.Reused)
						require.Equal(t, []int{1, 1}, []int{r.Attempts, r.Resent})
						assertPhases(m, "the sample's", phase.want, exchanges[0].Timings)
					})
				})
			}
		}
	}
}

// TestLateHooksMarkNoOtherRequest calls the hooks of a failed dial while the worker's next request connects. Dialers do
// so when they race several addresses or go on in the background.
//
//nolint:paralleltest // measures times, which whatever runs at the same time would disturb
func TestLateHooksMarkNoOtherRequest(t *testing.T) {
	for way, change := range ways {
		t.Run(way, func(t *testing.T) {
			peer := faults.StartPeer(t, "tcp4", nil, phaseDelay)
			peer.Delay(faults.SlowConnect)
			faults.Cleanly(t, func(m *faults.Measurement) {
				var late *httptrace.ClientTrace
				dial := dialTo(peer)
				cfg := fetch.Config{Config: transport.Config{Dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
					hooks := httptrace.ContextClientTrace(ctx)
					if late == nil {
						late = hooks
						return nil, errors.New("no way")
					}
					late.DNSStart(httptrace.DNSStartInfo{})
					late.DNSDone(httptrace.DNSDoneInfo{})
					late.ConnectStart("", "")
					late.ConnectDone("", "", nil)
					return dial(ctx, network, addr)
				}}}
				change(&cfg)
				url := peer.URL(peer.Addr)
				obs := &recorder{}
				run := newClient(t, cfg).Run(t.Context(), targets(spec(), url, url), fetch.Options{Concurrency: 1}, obs)
				require.Equal(t, []int{1, 1}, []int{run.Failed, run.Ok}, run.Failures())
				require.Zero(t, obs.exchanges[0].Timings.Connecting)
				assertPhases(m, "the sample's", transport.Timings{Connecting: phaseDelay}, obs.exchanges[1].Timings)
			})
		})
	}
}
