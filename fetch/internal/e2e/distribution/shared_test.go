package distribution_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/k6test"
)

// connections counts those that are open.
type connections struct {
	mu         sync.Mutex
	open, most int
}

func (c *connections) state(_ net.Conn, state http.ConnState) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if state == http.StateNew {
		c.open++
		c.most = max(c.most, c.open)
	}
	if state == http.StateClosed {
		c.open--
	}
}

func TestK6SharedConnectionsAreNoMoreThanPerHost(t *testing.T) {
	t.Parallel()
	for name, tls := range map[string]bool{"plain": false, "TLS": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var counted connections
			srv := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
				time.Sleep(time.Millisecond) // so that many VUs want connections at once; it orders nothing
			}))
			srv.Config.ConnState = counted.state
			if srv.Start(); tls {
				srv.Close()
				srv = httptest.NewUnstartedServer(srv.Config.Handler)
				srv.Config.ConnState = counted.state
				srv.StartTLS()
			}
			t.Cleanup(srv.Close)
			out := k6test.Run(t, `
				import { concurrent } from 'k6/x/fetch';
				export const options = { vus: 50, iterations: 200, insecureSkipTLSVerify: true };
				export default async function () {
					const urls = Array.from({ length: 20 }, (_, i) => __ENV.BASE + '/' + i);
					const run = await concurrent(urls, { connections: 'shared', perHost: 6 });
					if (run.ok !== 20) throw new Error(run.text());
				}`, "-e", "BASE="+srv.URL)
			require.Equal(t, 0, out.ExitCode, out.Stderr)
			require.NotContains(t, out.Stderr, "Error")
			require.Len(t, out.Of("fetch_elapsed"), 200*20)
			require.LessOrEqual(t, counted.most, 6)
			require.Positive(t, counted.most)
		})
	}
}
