package k6net_test

import (
	"context"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"go.k6.io/k6/v2/lib/netext"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/faults"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/faults/k6http"
)

// TestAGuardedProxyWaitsForNoNameServer has a block list, so that the target's name is looked up before the request
// goes to the proxy. The name server does not answer. The request ends at its timeout, or when its run does.
func TestAGuardedProxyWaitsForNoNameServer(t *testing.T) {
	t.Parallel()
	s := faults.Start(t)
	peer := faults.StartPeer(t, "tcp4", nil, 0)
	proxy, err := url.Parse(peer.URL(peer.Addr))
	require.NoError(t, err)
	for way, change := range ways {
		for end, test := range map[string]struct{ timeout, run time.Duration }{
			"timeout": {timeout: 50 * time.Millisecond, run: patience},
			"run":     {timeout: patience, run: 50 * time.Millisecond},
		} {
			t.Run(way+", "+end, func(t *testing.T) {
				t.Parallel()
				k6 := k6http.New(t, s, faults.Needs{DNS: true, BlacklistIPs: []string{"10.0.0.0/8"}})
				dialer, ok := k6.State.Dialer.(*netext.Dialer)
				require.True(t, ok)
				k6.State.Options.BlacklistIPs = dialer.Blacklist
				transport, ok := k6.State.Transport.(*http.Transport)
				require.True(t, ok)
				transport.Proxy = http.ProxyURL(proxy)
				ctx, cancel := context.WithTimeout(t.Context(), test.run)
				defer cancel()
				sp := spec()
				sp.Timeout = test.timeout
				begin := time.Now()
				run := clientLike(t, k6, s, change).Run(ctx, targets(sp, "http://silent.faults.test/"),
					fetch.Options{Concurrency: 1}, unobserved{})
				require.Less(t, time.Since(begin), 4*time.Second, "a name server has five seconds, as a rule")
				require.Equal(t, 1, run.Failed+run.NotRun)
			})
		}
	}
}
