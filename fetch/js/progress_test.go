package js_test

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/web"
)

// The run is held by the server until a line has been told: first in a k6 that is quiet, which would have told one before
// the other does.
func TestK6ProgressOfALongRun(t *testing.T) {
	t.Parallel()
	srv := web.New(t)
	script := `export default async function () {
		const page = (path) => BASE + path + __ENV.WHO;
		const run = await concurrent([page('/status/200?'), page('/status/404?'), page('/hold/'), page('/hold/')], { name: 'p' });
		console.log('done with ' + run.count);
	}`
	quiet := startScript(t, srv, script, "-e", "WHO=quiet")
	srv.Arrived(t, "/hold/quiet", 2)
	loud := startScript(t, srv, script, "-e", "WHO=loud", "--quiet=false")
	printed := loud.AwaitStderr("fetch: 2 of 4 URLs")
	require.Regexp(t, `fetch: 2 of 4 URLs \(50 %\), 1 failed \(1 × 404\), 0\.\d+/s, p95 [\d.]+ ms, about \ds left\n`, printed)
	require.NotContains(t, printed, "done with")

	for _, who := range []string{"quiet", "loud"} {
		srv.Come(who, 1)
	}
	out := loud.Wait()
	require.Equal(t, 0, out.ExitCode, out.Stderr)
	require.Contains(t, out.Stderr, "done with 4")
	require.Len(t, regexp.MustCompile("fetch: ").FindAllString(out.Stderr, -1), 1)
	out = quiet.Wait()
	require.Contains(t, out.Stderr, "done with 4")
	require.NotContains(t, out.Stderr, "fetch: ")
}

// A run alone has no speed-up that was measured: what one after another would have taken is a guess.
func TestSpeedupIsEmittedByComparisonsAlone(t *testing.T) {
	t.Parallel()
	out := runScript(t, web.New(t), `export default async function () {
		const urls = [BASE + '/bytes/1', BASE + '/bytes/2'];
		await sequential(urls);
		await concurrent(urls);
		await drain(stream(urls));
		await compare(urls, { rounds: 2 });
	}`)
	require.Equal(t, 0, out.ExitCode, out.Stderr)
	require.Len(t, out.Of("fetch_run_elapsed"), 7)
	samples := out.Of("fetch_speedup")
	require.Len(t, samples, 1)
	require.Equal(t, "compare", samples[0].Tags["mode"])
}

// So is a visit that takes long.
func TestK6ProgressOfALongVisit(t *testing.T) {
	t.Parallel()
	srv := web.New(t)
	visit := startScript(t, srv, `export default async function () {
		await page(file('p.html', '<img src=/status/404><img src=/hold/page>'));
	}`, "--quiet=false")
	printed := visit.AwaitStderr("fetch: ")
	require.Regexp(t, `fetch: 2 URLs so far, 1 failed \(1 × 404\), 0\.\d+/s`, printed)
	srv.Come("page", 1)
	require.Equal(t, 0, visit.Wait().ExitCode)
}
