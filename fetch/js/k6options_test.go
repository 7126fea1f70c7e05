//nolint:goconst // names of options
package js_test

import (
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/k6test"
)

// TestOptionsOfK6Hold sets one of them at a time, and compares with what k6/http makes of it.
func TestOptionsOfK6Hold(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		args    []string
		options string
		script  string
	}{
		"hosts": {
			options: `{"hosts":{"site.example":"127.0.0.1","*.wild.example":"127.0.0.1"}}`,
			script: `test('a name is what the option says', async () => {
				for (const name of ['site.example', 'a.wild.example']) {
					const run = await sequential([BASE.replace('127.0.0.1', name) + '/echo'], { responseType: 'text' });
					same([run.ok, run.results[0].remote_ip, run.results[0].json('host')], [1, '127.0.0.1', BASE.slice(7).replace('127.0.0.1', name)]);
				}
			});`,
		},
		"blockHostnames": {
			options: `{"hosts":{"a.blocked.example":"127.0.0.1"},"blockHostnames":["*.blocked.example"]}`,
			script: `test('a blocked name fails with code 1111', async () => {
				const url = BASE.replace('127.0.0.1', 'a.blocked.example') + '/echo';
				const run = await concurrent([url, BASE + '/status/200'], { retries: 1 }), theirs = http.get(url);
				same([run.results[0].error_code, run.results[0].attempts, run.ok], [1111, 1, 1]);
				same([run.results[0].error, run.results[0].error_code], [theirs.error, theirs.error_code]);
				same(hits('/echo'), 0);
			});`,
		},
		"blacklistIPs": {
			options: `{"hosts":{"there.example":"127.0.0.9"},"blacklistIPs":["127.0.0.9/32"]}`,
			script: `test('a blocked address fails with code 1110, named or not', async () => {
				for (const host of ['there.example', '127.0.0.9']) {
					const url = BASE.replace('127.0.0.1', host) + '/echo';
					const run = await concurrent([url]), theirs = http.get(url);
					same([run.results[0].error_code, run.results[0].error], [1110, theirs.error]);
				}
				same(hits('/echo'), 0);
			});
			test('a redirect to one fails as well', async () => {
				const url = BASE + '/to?url=' + encodeURIComponent(BASE.replace('127.0.0.1', '127.0.0.9') + '/echo');
				const r = (await concurrent([url])).results[0];
				same([r.error_code, r.redirects.length, r.ok], [1110, 1, false]);
			});`,
		},
		"userAgent": {
			args: []string{"--user-agent", "tester/1"},
			script: `test('it is sent', async () => {
				const run = await sequential([BASE + '/echo'], { responseType: 'text' });
				same(run.results[0].json('headers.User-Agent'), 'tester/1');
			});`,
		},
		"maxRedirects": {
			args: []string{"--max-redirects", "1"},
			script: `test('it is the default', async () => {
				const run = await sequential([BASE + '/redirect/2', { url: BASE + '/redirect/2', params: { redirects: 2 } }]);
				same(run.results.map((r) => r.status), [302, 200]);
			});`,
		},
		"throw": {
			args: []string{"--throw"},
			script: `test('it rejects at the end, and its siblings have run', async () => {
				const e = await rejection(concurrent(['http://127.0.0.1:1/', BASE + '/status/200']));
				same([e.run.ok, e.run.failed], [1, 1]);
			});
			test('an answer with an unexpected status does not', async () => {
				same((await concurrent([BASE + '/status/500'])).failed, 1);
				ok((await rejection(concurrent([BASE + '/status/500'], { throw: 'failed' }))).run.failed === 1, 'failed');
			});`,
		},
		"discardResponseBodies": {
			args: []string{"--discard-response-bodies"},
			script: `test('bodies are counted, and kept for who asks', async () => {
				const run = await sequential([BASE + '/bytes/5', { url: BASE + '/bytes/5', params: { responseType: 'text' } }]);
				same(run.results.map((r) => [Object.keys(r).includes('body'), r.bytes]), [[false, 5], [true, 5]]);
				same(run.results[1].body, 'xxxxx');
			});`,
		},
		"systemTags": {
			args: []string{"--system-tags", "status"},
			script: `test('templates are fetched without the tag name, too', async () => {
				same((await sequential([http.url` + "`${BASE}/status/${200}`" + `])).ok, 1);
			});`,
		},
		"rps": {
			args: []string{"--rps", "20"},
			script: `test('requests start no faster', async () => {
				const run = await concurrent(times(6, () => BASE + '/status/200'));
				ok(run.elapsed >= 240 && run.ok === 6, run.elapsed);
				ok(run.results.map((r) => r.timings.queued).sort((a, b) => b - a)[0] >= 240, 'queued');
			});`,
		},
		"dns of names": {
			script: `test('a look-up takes time for the first connection, none for a reused one', async () => {
				const url = BASE.replace('127.0.0.1', 'localhost') + '/status/200';
				const run = await sequential([url, url], { connections: 'new' });
				same(run.results.map((r) => r.reused), [false, true]);
				ok(run.results[0].timings.looking_up > 0, 'looking_up ' + run.results[0].timings.looking_up);
				same(run.results[1].timings.looking_up, 0);
				const t = run.results[0].timings;
				ok(t.blocked >= t.looking_up + t.connecting, 'blocked includes both');
			});
			test('a name that does not exist is code 1101', async () => {
				const r = (await sequential(['http://does-not-exist.invalid/'])).results[0];
				ok([1100, 1101].includes(r.error_code), r.error_code + r.error);
			});
			test('an address is not looked up', async () => {
				same((await sequential([BASE + '/status/200'], { connections: 'new' })).results[0].timings.looking_up, 0);
			});`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			options := c.options
			if options == "" {
				options = "{}"
			}
			runCases(t, newWeb(t), c.script, append(c.args, "-e", "OPTIONS="+options)...)
		})
	}
}

func TestMaxRedirectsByDefaultIsWarnedOf(t *testing.T) {
	t.Parallel()
	script := `export default async function () { await sequential([BASE + '/redirect/12']); }`
	require.Contains(t, runScript(t, newWeb(t), script).Stderr, "Stopped after 11 redirects")
	require.NotContains(t, runScript(t, newWeb(t), script, "--max-redirects", "10").Stderr, "redirects")
}

func TestCookiesResetWithEachIteration(t *testing.T) {
	t.Parallel()
	script := `export const options = { noCookiesReset: !!__ENV.KEEP };
	export default async function () {
		const run = await sequential([BASE + '/echo', BASE + '/cookie/a/b'], { responseType: 'text' });
		console.log('cookies: ' + run.results[0].json('cookies').length);
	}`
	out := runScript(t, newWeb(t), script, "--iterations", "2")
	require.Equal(t, 2, strings.Count(out.Stderr, "cookies: 0"), out.Stderr)
	out = runScript(t, newWeb(t), script, "--iterations", "2", "-e", "KEEP=1")
	require.Equal(t, 1, strings.Count(out.Stderr, "cookies: 1"), out.Stderr)
}

func TestHTTPDebugLogsRequestsAndResponses(t *testing.T) {
	t.Parallel()
	out := runScript(t, newWeb(t), `export default async function () {
		await sequential([['POST', BASE + '/bytes/3', 'sent', { headers: { 'X-A': 'yes' } }]]);
	}`, "--http-debug=full")
	for _, want := range []string{"POST /bytes/3 HTTP/1.1", "X-A: yes", "\nsent", "HTTP/1.1 200 OK", "xxx"} {
		require.Contains(t, out.Stderr, want)
	}
}

// An unverified certificate is accepted, and TLS is what results and timings tell.
func TestTLS(t *testing.T) {
	t.Parallel()
	web := newWeb(t)
	srv := httptest.NewUnstartedServer(web.Config.Handler)
	srv.Config.ErrorLog = log.New(io.Discard, "", 0)
	srv.StartTLS()
	t.Cleanup(srv.Close)
	runCases(t, web, `
test('a certificate that nobody has signed is refused', async () => {
	const r = (await sequential([BASE2 + '/status/200'])).results[0], theirs = http.get(BASE2 + '/status/200');
	same([r.error_code, r.error, r.ok], [1310, theirs.error, false]);
});`, "-e", "BASE2="+srv.URL)
	runCases(t, web, `
test('insecureSkipTLSVerify accepts it', async () => {
	const run = await sequential([BASE2 + '/status/200', BASE2 + '/status/200']);
	const [r, again] = run.results, theirs = http.get(BASE2 + '/status/200');
	same([r.ok, r.proto, r.tls_version, r.tls_cipher_suite], [true, theirs.proto, theirs.tls_version, theirs.tls_cipher_suite]);
	same(r.ocsp, theirs.ocsp);
	ok(r.timings.tls_handshaking > 0 && again.timings.tls_handshaking === 0 && again.reused, 'handshake');
});`, "-e", "BASE2="+srv.URL, "--insecure-skip-tls-verify")
	runCases(t, web, `
test('tlsVersion holds', async () => {
	const r = (await sequential([BASE2 + '/status/200'])).results[0];
	same(r.tls_version, 'tls1.2');
});`, "-e", "BASE2="+srv.URL, "-e", `OPTIONS={"insecureSkipTLSVerify":true,"tlsVersion":"tls1.2"}`)
}

// A proxy would resolve and connect behind k6's back: what k6 blocks must not get there.
func TestProxyIsUsedButNotForWhatIsBlocked(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		_, _ = w.Write([]byte("by proxy: " + r.URL.Host))
	}))
	t.Cleanup(proxy.Close)
	u, err := url.Parse(proxy.URL)
	require.NoError(t, err)
	web := newWeb(t)
	path := writeScript(t, prelude+cases+`
test('a name that only the proxy knows is asked for there', async () => {
	const r = (await sequential(['http://inside.example/'], { responseType: 'text' })).results[0];
	same([r.body, r.ok], ['by proxy: inside.example', true]);
});
test('blocked names and addresses are not', async () => {
	const run = await concurrent(['http://a.blocked.example/', 'http://10.1.2.3/', 'http://there.example/']);
	same(run.results.map((r) => r.error_code), [1111, 1110, 1110]);
});`)
	p := k6test.StartWith(t, path, []string{"HTTP_PROXY=http://" + u.Host},
		"-e", "BASE="+web.URL, "-e",
		`OPTIONS={"blockHostnames":["*.blocked.example"],"blacklistIPs":["10.0.0.0/8"],"hosts":{"there.example":"10.1.1.1"}}`)
	out := p.Wait()
	require.Equal(t, 0, out.ExitCode, out.Stderr)
	require.EqualValues(t, 1, asked.Load())
}
