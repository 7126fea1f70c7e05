//nolint:goconst // JavaScript
package js_test

import (
	"testing"

	"github.com/stretchr/testify/require"
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
			// The iteration ends at once: that the samples are there tells that it waited for them.
			body: `export default async function () {
				const s = stream(times(3, () => BASE + '/status/200').concat(times(5, () => BASE + '/hang')), { concurrency: 3 });
				for (let i = 0; i < 3; i++) await s.next();
				while (hits('/hang') < 3) sleep(0.005);
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
		"an exception while a run is in flight": {
			body: `export default async function () {
				concurrent(times(6, () => BASE + '/hang'), { concurrency: 4, perHost: 0 });
				while (hits('/hang') < 4) sleep(0.005);
				throw new Error('on purpose');
			}`,
			requests: 4, notRun: 2, stderr: "on purpose",
		},
		"an exception while a stream is in flight": {
			body: `export default async function () {
				stream(times(6, () => BASE + '/hang'), { concurrency: 4, perHost: 0 });
				while (hits('/hang') < 4) sleep(0.005);
				throw new Error('on purpose');
			}`,
			requests: 4, notRun: 2, stderr: "on purpose",
		},
		"an exception in setup() while a run is in flight": {
			body: `export async function setup() {
				concurrent(times(6, () => BASE + '/hang'), { concurrency: 4, perHost: 0 });
				while (hits('/hang') < 4) sleep(0.005);
				throw new Error('on purpose');
			}
			export default function () {}`,
			requests: 4, notRun: 2, stderr: "on purpose", exit: 255,
		},
		"an exception in setup() while a stream is in flight": {
			body: `export async function setup() {
				stream(times(6, () => BASE + '/hang'), { concurrency: 4, perHost: 0 });
				while (hits('/hang') < 4) sleep(0.005);
				throw new Error('on purpose');
			}
			export default function () {}`,
			requests: 4, notRun: 2, stderr: "on purpose", exit: 255,
		},
		"an exception in setup() while a sitemap is in flight": {
			body: `export async function setup() {
				module.sitemap(BASE + '/hang');
				while (hits('/hang') < 1) sleep(0.005);
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
			srv := newWeb(t)
			all := runScript(t, srv, c.body)
			require.Equal(t, c.exit, all.ExitCode, all.Stderr)
			require.NotContains(t, all.Stderr, "panic")
			require.NotContains(t, all.Stderr, "DATA RACE")
			require.Contains(t, all.Stderr, c.stderr)
			out := withoutControl(all)
			if c.requests >= 0 {
				require.Len(t, out.Of("http_reqs"), srv.total())
				require.Len(t, out.Of("http_reqs"), c.requests)
				require.InDelta(t, c.notRun, out.Sum("fetch_not_run"), 0)
			} else {
				require.Len(t, out.Of("http_reqs"), srv.total())
				require.InDelta(t, 20*3, float64(len(out.Of("fetch_elapsed")))+out.Sum("fetch_not_run"), 0)
			}
		})
	}
}

func TestThrowingOnResult(t *testing.T) {
	t.Parallel()
	runCases(t, newWeb(t), `
test('what it throws rejects the promise, and ends the run', async () => {
	let calls = 0;
	const e = await rejection(concurrent(times(3, () => BASE + '/status/200').concat(times(20, () => BASE + '/hang')), {
		concurrency: 4, onResult: () => { calls++; throw new Error('on purpose'); },
	}));
	same([e.message, calls], ['on purpose', 1]);
});
test('what is no Error is thrown as it is', async () => {
	same(await rejection(sequential([BASE + '/status/200'], { onResult: () => { throw { mine: 1 }; } })), { mine: 1 });
	same(await rejection(sequential([BASE + '/status/200'], { onResult: () => { throw 'text'; } })), 'text');
});
test('a comparison ends as well', async () => {
	const e = await rejection(compare([BASE + '/status/200', BASE + '/status/200'], { rounds: 5, onResult: () => { throw new Error('x'); } }));
	same(e.message, 'x');
});
test('an async one that rejects does not end the run', async () => {
	const run = await sequential([BASE + '/status/200'], { onResult: async () => 5 });
	same(run.ok, 1);
});
test('the next run is untouched', async () => {
	same((await concurrent([BASE + '/status/200', BASE + '/status/200'])).ok, 2);
});
`)
}

// A stream calls it as next() hands a result over, since nobody else may be on the event loop.
func TestStreamWithOnResult(t *testing.T) {
	t.Parallel()
	runCases(t, newWeb(t), `
test('it sees every result before next() resolves to it', async () => {
	const seen = [];
	const s = stream([BASE + '/status/200', BASE + '/status/404', BASE + '/status/500'], { onResult: (r) => seen.push(r) });
	for (let n = 1; n <= 3; n++) {
		const item = await s.next();
		same(seen.length, n);
		ok(seen[n - 1] === item.value, 'the same object');
	}
	same([(await s.next()).done, seen.length], [true, 3]);
});
test('what it throws rejects next(), and ends the stream', async () => {
	const s = stream([BASE + '/status/200'].concat(times(9, () => BASE + '/hang')), { onResult: () => { throw new Error('on purpose'); } });
	same((await rejection(s.next())).message, 'on purpose');
	same((await s.next()).done, true);
	s.close();
	same(s.summary().count, 10);
});
test('it may call next() and close()', async () => {
	const inner = [];
	const s = stream(times(4, () => BASE + '/status/200'), { concurrency: 1, onResult: () => {
		if (inner.length < 1) inner.push(s.next()); else s.close();
	} });
	await s.next();
	same((await inner[0]).done, false);
	same((await s.next()).done, true);
});
`)
}
