package js_test

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/k6test"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/web"
)

// connected is a server that a script can ask how many connections are open.
type connected struct {
	*httptest.Server

	mu   sync.Mutex
	open map[net.Conn]bool
	most int
	less chan struct{} // closed with the next connection
}

func newConnected(t *testing.T, h2 bool) *connected {
	t.Helper()
	c := &connected{open: make(map[net.Conn]bool), less: make(chan struct{})}
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("/hang", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	// It answers when no more than so many are open, or says how many are.
	mux.HandleFunc("/_/open", func(w http.ResponseWriter, r *http.Request) {
		most, _ := strconv.Atoi(r.FormValue("most"))
		late, cancel := context.WithTimeout(r.Context(), web.Patience)
		defer cancel()
		c.await(late, most) // that a connection was closed is heard a moment later
		_, _ = w.Write([]byte(strconv.Itoa(c.count())))
	})
	c.Server = httptest.NewUnstartedServer(mux)
	c.EnableHTTP2 = h2
	c.Config.ConnState = func(conn net.Conn, state http.ConnState) {
		c.mu.Lock()
		defer c.mu.Unlock()
		if state == http.StateNew {
			c.open[conn] = true
			c.most = max(c.most, len(c.open))
		}
		if state == http.StateClosed {
			delete(c.open, conn)
			close(c.less)
			c.less = make(chan struct{})
		}
	}
	if h2 {
		c.StartTLS()
	} else {
		c.Start()
	}
	t.Cleanup(c.Close)
	return c
}

func (c *connected) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.open)
}

// await waits until no more than so many connections are open, or ctx has ended.
func (c *connected) await(ctx context.Context, most int) {
	for {
		c.mu.Lock()
		open, less := len(c.open), c.less
		c.mu.Unlock()
		if open <= most {
			return
		}
		select {
		case <-less:
		case <-ctx.Done():
			return
		}
	}
}

// Connections live as long as what they are for: an iteration, a run, or the VU. One of the server's is k6/http's own.
func TestConnectionsOfClients(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		script, options string
		left            int // in the last iteration, before it fetches
		most            int // at once; 0: as many as there were iterations would be too many
	}{
		"a Client that each iteration makes has no connection after it": {
			script: `export default async function () { look(); await new Client().concurrent([BASE + '/']); }`,
		},
		"nor has one whose requests were cut off": {
			script: `export default async function () { look(); await new Client({ timeout: '20ms' }).concurrent([BASE + '/hang']); }`,
		},
		"nor one whose stream is dropped": {
			script: `export default async function () { look();
				const s = new Client().stream([BASE + '/', BASE + '/hang'], { concurrency: 2 });
				await s.next(); }`,
		},
		"nor has connections: 'new'": {
			script: `export default async function () { look(); await concurrent([BASE + '/hang'], { connections: 'new', timeout: '20ms' }); }`,
		},
		"nor has a VU under noVUConnectionReuse": {
			script:  `export default async function () { look(); await concurrent([BASE + '/hang', BASE + '/'], { timeout: '20ms' }); }`,
			options: `, noVUConnectionReuse: true`,
		},
		"a Client of the init context keeps its connection": {
			script: `const client = new Client();
				export default async function () { look(); await client.concurrent([BASE + '/']); }`,
			left: 1,
		},
		"close() closes them sooner, and the Client can go on": {
			script: `const client = new Client();
				export default async function () { look(); await client.concurrent([BASE + '/']); times(2, () => client.close()); look(); }`,
		},
		"a Client of setup() has none after it": {
			script: `export async function setup() { await new Client().concurrent([BASE + '/']); }
				export default async function () { look(); }`,
		},
	} {
		for _, h2 := range []bool{false, true} {
			t.Run(name+" h2 "+strconv.FormatBool(h2), func(t *testing.T) {
				t.Parallel()
				srv := newConnected(t, h2)
				out := k6test.Run(t, prelude(t)+`
					export const options = { iterations: 12`+c.options+` };
					// k6/http has a connection of its own, which it may have closed.
					function look() {
						const left = exec.vu.iterationInScenario === 0 ? 0 : `+strconv.Itoa(c.left)+`;
						const open = Number(http.get(BASE + '/_/open?most=' + (left + 1)).body);
						if (open > left + 1) throw new Error(open + ' connections are open');
						if (left > 0 && open < left + 1) throw new Error('only ' + open + ' are open');
					}
					`+c.script, "-e", "BASE="+srv.URL, "--insecure-skip-tls-verify")
				require.Equal(t, 0, out.ExitCode, out.Stderr)
				require.NotContains(t, out.Stderr, "connections are open")
				require.NotContains(t, out.Stderr, "are open")
				require.LessOrEqual(t, srv.most, 4)
			})
		}
	}
}
