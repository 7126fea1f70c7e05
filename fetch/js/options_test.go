package js_test

import (
	"testing"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/web"
)

// VUs share what is shared and nothing else, from iteration to iteration.
func TestConnectionsOfSeveralVUs(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		connections string
		args        []string
		want        int64
	}{
		{"vu", nil, 3},
		{"vu", []string{"--no-vu-connection-reuse"}, 6},
		{"vu", []string{"--no-connection-reuse"}, 12},
		{"shared", nil, 3},
		{"new", nil, 12},
	} {
		t.Run(c.connections+" "+joined(c.args), func(t *testing.T) {
			t.Parallel()
			srv := web.New(t)
			// The three VUs meet in each iteration, so that none can use the connection of another that is done.
			out := runScript(t, srv, `
				export const options = { scenarios: { s: { executor: 'per-vu-iterations', vus: 3, iterations: 2 } } };
				export default async function () {
					for (const part of ['a', 'b']) {
						const run = await concurrent([BASE + '/gate/' + exec.vu.iterationInScenario + part + '?n=3'],
							{ connections: __ENV.CONNECTIONS });
						if (run.ok !== 1) throw new Error('failed');
					}
				}`, append([]string{"-e", "CONNECTIONS=" + c.connections}, c.args...)...)
			if out.ExitCode != 0 || out.Sum("http_reqs") != 12 {
				t.Fatal(out.Stderr)
			}
			if got := srv.Conns(); got != c.want {
				t.Errorf("the server saw %d connections, not %d", got, c.want)
			}
		})
	}
}
