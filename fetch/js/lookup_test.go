package js_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/faults"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/k6test"
)

// nameServer is the variable of the environment that makes a k6 ask that server for names.
const nameServer = "XK6_FETCH_TEST_NAME_SERVER"

// askNameServer makes this process ask the server of the environment, if there is one, whatever the machine asks.
func askNameServer() {
	server := os.Getenv(nameServer)
	if server == "" {
		return
	}
	net.DefaultResolver = &net.Resolver{
		PreferGo: true,
		Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, server)
		},
	}
}

// TestSlowNameServerFailsNoThreshold fetches pages of 20 hosts, whose names take the name server half a second, with
// http.batch and with concurrent. A threshold on the durations holds for both, and in no sample but those of blocked
// and of the look-ups does that half second show.
func TestSlowNameServerFailsNoThreshold(t *testing.T) {
	t.Parallel()
	const hosts, delay = 20, 500 * time.Millisecond
	s := faults.Start(t)
	peer := faults.StartPeer(t, "tcp4", nil, 0)
	urls := make([]string, hosts)
	for i := range urls {
		urls[i] = peer.URL(faults.Name{Label: fmt.Sprint("host", i), IPv4: true, Delay: delay}.Host())
	}
	path := testdata(t, "judged/lookup.js")
	out := k6test.StartWith(t, path, []string{nameServer + "=" + s.DNS()}, "-e", "URLS="+strings.Join(urls, " ")).Wait()
	require.Equal(t, 0, out.ExitCode, out.Stderr)
	require.NotContains(t, out.Stderr, "Error")

	const half, whole = float64(delay/time.Millisecond) / 2, float64(delay / time.Millisecond)
	for _, by := range []string{"batch", "fetch"} {
		for _, metric := range []string{"connecting", "sending", "waiting", "receiving", "duration", "blocked"} {
			values := valuesBy(out, "http_req_"+metric, by)
			require.Len(t, values, hosts, "%s of %s", metric, by)
			if metric == "blocked" {
				require.GreaterOrEqual(t, slices.Min(values), whole, by)
			} else {
				require.Less(t, slices.Max(values), half, "%s of %s", metric, by)
			}
		}
	}
	lookedUp := valuesBy(out, "fetch_looking_up", "fetch")
	require.Len(t, lookedUp, hosts)
	require.GreaterOrEqual(t, slices.Min(lookedUp), whole)
}

// valuesBy are the values of a metric's samples with that tag "by".
func valuesBy(out *k6test.Outcome, metric, by string) []float64 {
	var values []float64
	for _, sample := range out.Of(metric) {
		if sample.Tags["by"] == by {
			values = append(values, sample.Value)
		}
	}
	return values
}
