package aggregate_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
)

func TestPartsAreTheWhole(t *testing.T) {
	t.Parallel()
	times := map[aggregate.Phase]time.Duration{
		aggregate.Elapsed: 1000, aggregate.Queued: 5000, aggregate.Blocked: 100, aggregate.LookingUp: 20, aggregate.Connecting: 30,
		aggregate.TLSHandshaking: 40, aggregate.Sending: 1, aggregate.Waiting: 300, aggregate.Receiving: 200, aggregate.Duration: 501,
	}
	of := func(p aggregate.Phase) time.Duration { return times[p] }
	parts := aggregate.PartsOf(of)
	var sum time.Duration
	told := map[string]time.Duration{}
	for p, d := range parts {
		sum += d
		told[aggregate.Part(p).String()] = d
		require.NotEmpty(t, aggregate.Part(p).Label())
	}
	require.Equal(t, times[aggregate.Elapsed], sum)
	require.Equal(t, map[string]time.Duration{
		"earlier": 399, "blocked": 10, "looking_up": 20, "connecting": 30, "tls_handshaking": 40, "sending": 1, "waiting": 300,
		"receiving": 200,
	}, told)
	// Over QUIC the handshake is a part of connecting.
	times[aggregate.Blocked], times[aggregate.LookingUp] = 100, 20
	times[aggregate.Connecting], times[aggregate.TLSHandshaking] = 79, 70
	parts = aggregate.PartsOf(of)
	require.EqualValues(t, 10, parts[aggregate.Dialing])
	require.EqualValues(t, 70, parts[aggregate.Handshaking])
	require.Zero(t, parts[aggregate.Alone])
	sum = 0
	for _, d := range parts {
		sum += d
	}
	require.Equal(t, times[aggregate.Elapsed], sum)
	times[aggregate.Elapsed], times[aggregate.Blocked] = 5, 5
	parts = aggregate.PartsOf(of)
	require.Zero(t, parts[aggregate.Earlier], "clocks are not that exact")
	require.Zero(t, parts[aggregate.Alone])
}
