//nolint:goconst // JavaScript
package js_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/web"
)

// Work that a script leaves behind is cut off by the end of its iteration, and accounted for.
func TestLeftoversOfAnIteration(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		body string
		// requests that reached the server, and targets that were not run
		requests, notRun int
		stderr           string
		exit             int
	}{
		"a stream dropped half-way has its samples": {
			// The iteration ends at once: that the samples are there says that it waited for them.
			body: `export default async function () {
				const s = stream(times(3, () => BASE + '/status/200').concat(times(5, () => BASE + '/hang')), { concurrency: 3 });
				for (let i = 0; i < 3; i++) await s.next();
				arrived('/hang', 3);
			}`,
			requests: 6, notRun: 2,
		},
		"streams dropped in many iterations have theirs": {
			body: `export const options = { scenarios: { s: { executor: 'per-vu-iterations', vus: 2, iterations: 10 } } };
			export default async function () {
				const s = stream([BASE + '/status/200', BASE + '/status/200', BASE + '/hang'], { concurrency: 1 });
				await s.next();
			}`,
			requests: -1, notRun: -1,
		},
		"a promise that nobody awaits is waited for by k6": {
			body:     `export default function () { concurrent([BASE + '/delay/50', BASE + '/delay/50'], { concurrency: 1 }); }`,
			requests: 2,
		},
		"a page that nobody awaits is waited for by k6, with all that it needs": {
			body:     `export default function () { page(file('p.html', '<img src=/delay/50><script src=/delay/60></script>')); }`,
			requests: 3,
		},
		"an exception while a page is in flight": {
			body: `export default async function () {
				page(file('p.html', times(9, (i) => '<img src=/hang?' + i + '>').join('')));
				arrived('/hang', 6);
				throw new Error('on purpose');
			}`,
			requests: 7, notRun: 3, stderr: "on purpose",
		},
		"an exception in setup() while a page is in flight": {
			body: `export async function setup() {
				page(file('p.html', times(9, (i) => '<img src=/hang?' + i + '>').join('')));
				arrived('/hang', 6);
				throw new Error('on purpose');
			}
			export default function () {}`,
			requests: 7, notRun: 3, stderr: "on purpose", exit: 255,
		},
		"an exception while a run is in flight": {
			body: `export default async function () {
				concurrent(times(6, () => BASE + '/hang'), { concurrency: 4, perHost: 0 });
				arrived('/hang', 4);
				throw new Error('on purpose');
			}`,
			requests: 4, notRun: 2, stderr: "on purpose",
		},
		"an exception while a stream is in flight": {
			body: `export default async function () {
				stream(times(6, () => BASE + '/hang'), { concurrency: 4, perHost: 0 });
				arrived('/hang', 4);
				throw new Error('on purpose');
			}`,
			requests: 4, notRun: 2, stderr: "on purpose",
		},
		"an exception in setup() while a run is in flight": {
			body: `export async function setup() {
				concurrent(times(6, () => BASE + '/hang'), { concurrency: 4, perHost: 0 });
				arrived('/hang', 4);
				throw new Error('on purpose');
			}
			export default function () {}`,
			requests: 4, notRun: 2, stderr: "on purpose", exit: 255,
		},
		"an exception in setup() while a stream is in flight": {
			body: `export async function setup() {
				stream(times(6, () => BASE + '/hang'), { concurrency: 4, perHost: 0 });
				arrived('/hang', 4);
				throw new Error('on purpose');
			}
			export default function () {}`,
			requests: 4, notRun: 2, stderr: "on purpose", exit: 255,
		},
		"an exception in setup() while a sitemap is in flight": {
			body: `export async function setup() {
				module.sitemap(BASE + '/hang');
				arrived('/hang', 1);
				throw new Error('on purpose');
			}
			export default function () {}`,
			requests: 1, stderr: "on purpose", exit: 255,
		},
		"a rejection that nobody catches": {
			body:   `export default async function () { await concurrent([BASE + '/echo'], { concurrency: 0 }); }`,
			stderr: "concurrent options.concurrency must be an integer of at least 1; got 0",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := web.New(t)
			all := runScript(t, srv, c.body)
			require.Equal(t, c.exit, all.ExitCode, all.Stderr)
			require.NotContains(t, all.Stderr, "panic")
			require.NotContains(t, all.Stderr, "DATA RACE")
			require.Contains(t, all.Stderr, c.stderr)
			out := withoutControl(all)
			if c.requests >= 0 {
				require.Len(t, out.Of("http_reqs"), srv.Total())
				require.Len(t, out.Of("http_reqs"), c.requests)
				require.InDelta(t, c.notRun, out.Sum("fetch_not_run"), 0)
			} else {
				require.Len(t, out.Of("http_reqs"), srv.Total())
				require.InDelta(t, 20*3, float64(len(out.Of("fetch_elapsed")))+out.Sum("fetch_not_run"), 0)
			}
		})
	}
}
