package js_test

import (
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/k6test"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/web"
)

func TestInitContextIsRefusedWithTheErrorOfK6(t *testing.T) {
	t.Parallel()
	srv := web.New(t)
	for _, verb := range []string{"sequential", "concurrent", "compare", "stream", "page"} {
		t.Run(verb, func(t *testing.T) {
			t.Parallel()
			out := runScript(t, srv, verb+`([BASE + '/echo']); export default function () {}`)
			require.Equal(t, 107, out.ExitCode, out.Stderr)
			require.Contains(t, out.Stderr, "Using "+verb+"() in the init context is not supported")
		})
	}
	t.Run("a Client's method", func(t *testing.T) {
		t.Parallel()
		out := runScript(t, srv, `new Client().concurrent([BASE + '/echo']); export default function () {}`)
		require.Equal(t, 107, out.ExitCode, out.Stderr)
		require.Contains(t, out.Stderr, "Using concurrent() in the init context is not supported")
	})
	t.Cleanup(func() { require.Zero(t, srv.Total()) })
}

func TestSetupAndTeardownFetch(t *testing.T) {
	t.Parallel()
	srv := web.New(t)
	out := judge(t, srv, "setup-and-teardown")
	require.Equal(t, 0, out.ExitCode, out.Stderr)
	require.Contains(t, out.Stderr, "iteration done")
	require.Contains(t, out.Stderr, "teardown done")
	require.Len(t, out.Of("http_reqs"), 3+2+1+2)
	require.Len(t, out.Of("http_reqs"), srv.Total())
	require.Len(t, out.Of("fetch_elapsed"), 2+2+1+2)
}

// hanging is what an iteration is cut off in: two targets that are answered, four in flight and four that wait.
const hanging = `[BASE + '/status/200', BASE + '/status/200'].concat(times(8, () => BASE + '/hang')), { concurrency: 4, perHost: 0 }`

// hangingPage is the like of a page: a document and a script that are answered, four images in flight and four that wait.
const hangingPage = "file('p.html', '<script src=/status/200></script>' + " +
	"times(8, (i) => '<img src=/hang?' + i + '>').join('')), { concurrency: 4, perHost: 0 }"

// cutOff checks that each target of a run that was cut off has been accounted for.
func cutOff(t *testing.T, srv *web.Server, out *k6test.Outcome) {
	t.Helper()
	require.NotContains(t, out.Stderr, "panic")
	require.NotContains(t, out.Stderr, "DATA RACE")
	require.NotContains(t, out.Stderr, "unreachable")
	require.Len(t, out.Of("http_reqs"), srv.Total(), "what reached the server has its sample")
	require.Len(t, out.Of("http_reqs"), 6)
	require.InDelta(t, 4, out.Sum("fetch_not_run"), 0)
	require.Len(t, out.Of("fetch_elapsed"), 6)
	require.InDelta(t, 4, out.Sum("fetch_failed"), 0)
	require.InDelta(t, 4, out.Sum("http_req_failed"), 0)
}

// Each way to call leaves nothing behind when its iteration ends before it.
func TestIterationThatIsCutOff(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"awaited":     `await concurrent(` + hanging + `);`,
		"not awaited": `concurrent(` + hanging + `);`,
		"stream that is read": `const s = stream(` + hanging + `);
			await drain(s);`,
		"stream that is dropped": `const s = stream(` + hanging + `);
			await s.next(); await s.next(); arrived('/hang', 4);`,
		"Client":           `await new Client({ connections: 'new' }).concurrent(` + hanging + `);`,
		"page":             `await page(` + hangingPage + `);`,
		"page not awaited": `page(` + hangingPage + `);`,
		"page of a Client": `await new Client({ connections: 'new', cache: 'vu' }).page(` + hangingPage + `);`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := web.New(t)
			out := runScript(t, srv, `
				export const options = { scenarios: { s: { executor: 'constant-vus', vus: 1, duration: '1s', gracefulStop: '0s' } } };
				export default async function () {
					if (exec.vu.iterationInScenario > 0) return sleep(1); // until the scenario ends
					`+body+`
				}`)
			require.Equal(t, 0, out.ExitCode, out.Stderr)
			cutOff(t, srv, withoutControl(out))
		})
	}
}

// withoutControl leaves out what the script has asked the server about.
func withoutControl(out *k6test.Outcome) *k6test.Outcome {
	kept := *out
	kept.Samples = nil
	for _, s := range out.Samples {
		if !isControl(s.Tags["url"]) {
			kept.Samples = append(kept.Samples, s)
		}
	}
	return &kept
}

func TestInterruptedRunIsAccountedFor(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"default": `export default async function () { await concurrent(` + hanging + `); }`,
		"stream":  `export default async function () { await drain(stream(` + hanging + `)); }`,
		"page":    `export default async function () { await page(` + hangingPage + `); }`,
		"setup": `export async function setup() { await concurrent(` + hanging + `); }
			export default function () {}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := web.New(t)
			p := startScript(t, srv, body)
			srv.Arrived(t, "/hang", 4)
			require.NoError(t, p.Cmd.Process.Signal(syscall.SIGINT))
			out := p.Wait()
			require.Equal(t, 105, out.ExitCode, out.Stderr)
			cutOff(t, srv, out)
		})
	}
}

// k6 ends setup() and teardown() by closing their samples' channel, whatever still goes on in them.
func TestSetupAndTeardownThatTakeTooLong(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		body string
		exit int
	}{
		"setup": {`export const options = { setupTimeout: '1s' };
			export async function setup() { await concurrent(` + hanging + `); }
			export default function () {}`, 100},
		"teardown": {`export const options = { teardownTimeout: '1s' };
			export default function () {}
			export async function teardown() { await concurrent(` + hanging + `); }`, 101},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := web.New(t)
			out := runScript(t, srv, c.body)
			require.Equal(t, c.exit, out.ExitCode, out.Stderr)
			cutOff(t, srv, out)
		})
	}
}

func TestAbortedRunIsAccountedFor(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"default": `export default async function () {
				const run = concurrent(` + hanging + `);
				arrived('/hang', 4);
				exec.test.abort('enough');
				await run;
			}`,
		"page": `export default async function () {
				const visit = page(` + hangingPage + `);
				arrived('/hang', 4);
				exec.test.abort('enough');
				await visit;
			}`,
		"another VU": `
			export const options = { scenarios: {
				fetching: { executor: 'shared-iterations', exec: 'fetching' }, aborting: { executor: 'shared-iterations', exec: 'aborting' },
			} };
			export async function fetching() { await concurrent(` + hanging + `); }
			export async function aborting() {
				arrived('/hang', 4);
				exec.test.abort('enough');
			}`,
		"onResult": `export default async function () {
				await concurrent([BASE + '/status/200', BASE + '/status/200', BASE + '/hang', BASE + '/hang', BASE + '/hang', BASE + '/hang']
					.concat(times(4, () => BASE + '/hang'), [BASE + '/echo']).slice(0, 10), { concurrency: 4, perHost: 0, onResult: (r) => {
						if (!r.ok || r.index !== 1) return;
						arrived('/hang', 4);
						exec.test.abort('enough');
					} });
			}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := web.New(t)
			out := runScript(t, srv, body)
			require.Equal(t, 108, out.ExitCode, out.Stderr)
			cutOff(t, srv, withoutControl(out))
		})
	}
}
