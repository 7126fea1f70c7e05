package collect_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/collect"
)

func TestPartsAreTheWhole(t *testing.T) {
	t.Parallel()
	times := map[collect.Phase]time.Duration{
		collect.Elapsed: 1000, collect.Queued: 5000, collect.Blocked: 100, collect.LookingUp: 20, collect.Connecting: 30,
		collect.TLSHandshaking: 40, collect.Sending: 1, collect.Waiting: 300, collect.Receiving: 200, collect.Duration: 501,
	}
	of := func(p collect.Phase) time.Duration { return times[p] }
	parts := collect.PartsOf(of)
	var sum time.Duration
	told := map[string]time.Duration{}
	for p, d := range parts {
		sum += d
		told[collect.Part(p).String()] = d
		require.NotEmpty(t, collect.Part(p).Label())
	}
	require.Equal(t, times[collect.Elapsed], sum)
	require.Equal(t, map[string]time.Duration{
		"earlier": 399, "blocked": 10, "looking_up": 20, "connecting": 30, "tls_handshaking": 40, "sending": 1, "waiting": 300,
		"receiving": 200,
	}, told)
	times[collect.Elapsed], times[collect.Blocked] = 5, 5
	parts = collect.PartsOf(of)
	require.Zero(t, parts[collect.Earlier], "clocks are not that exact")
	require.Zero(t, parts[collect.Alone])
}
