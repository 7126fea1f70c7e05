package js_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/k6test"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/web"
)

func TestMaxRedirectsByDefaultIsWarnedOf(t *testing.T) {
	t.Parallel()
	script := `export default async function () { await sequential([BASE + '/redirect/12']); }`
	require.Contains(t, runScript(t, web.New(t), script).Stderr, "Stopped after 11 redirects")
	require.NotContains(t, runScript(t, web.New(t), script, "--max-redirects", "10").Stderr, "redirects")
}

func TestCookiesResetWithEachIteration(t *testing.T) {
	t.Parallel()
	script := `export const options = { noCookiesReset: !!__ENV.KEEP };
	export default async function () {
		const run = await sequential([BASE + '/echo', BASE + '/cookie/a/b'], { responseType: 'text' });
		console.log('cookies: ' + run.results[0].json('cookies').length);
	}`
	out := runScript(t, web.New(t), script, "--iterations", "2")
	require.Equal(t, 2, strings.Count(out.Stderr, "cookies: 0"), out.Stderr)
	out = runScript(t, web.New(t), script, "--iterations", "2", "-e", "KEEP=1")
	require.Equal(t, 1, strings.Count(out.Stderr, "cookies: 1"), out.Stderr)
}

func TestHTTPDebugHasNoHTTP2WithoutTLS(t *testing.T) {
	t.Parallel()
	script := prelude(t) + `export const options = { insecureSkipTLSVerify: true };
	export default async function () {
		for (const url of [__ENV.PLAIN2 + '/echo', __ENV.TLS2 + '/echo', __ENV.TLS + '/echo']) {
			const r = (await sequential([url], { httpVersion: '2' })).results[0];
			console.log('got: ' + [r.error_code, r.error || r.proto].join(' '));
		}
	}`
	out := k6test.StartWith(t, writeScript(t, script), startSite(t).Env(), "--http-debug").Wait()
	for _, want := range []string{
		"got: 1600 HTTP/2 without TLS is not possible with httpDebug", "got: 0 HTTP/2.0", "got: 1600 server does not speak HTTP/2",
	} {
		require.Contains(t, out.Stderr, want)
	}
}

func TestHTTPDebugLogsRequestsAndResponses(t *testing.T) {
	t.Parallel()
	out := runScript(t, web.New(t), `export default async function () {
		await sequential([['POST', BASE + '/bytes/3', 'sent', { headers: { 'X-A': 'yes' } }]]);
	}`, "--http-debug=full")
	for _, want := range []string{"POST /bytes/3 HTTP/1.1", "X-A: yes", "\nsent", "HTTP/1.1 200 OK", "xxx"} {
		require.Contains(t, out.Stderr, want)
	}
}
