package js_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/k6test"
)

// k6 counts what goes over UDP, which is not over its dialer, and gives a VU's address to it.
func TestHTTP3InK6sMetrics(t *testing.T) {
	t.Parallel()
	const size = 200_000
	script := prelude(t) + `export const options = { insecureSkipTLSVerify: true };
	export default async function () {
		const { results } = await sequential([__ENV.TLS2 + '/peer', ['POST', __ENV.TLS2 + '/echo', 'x'.repeat(200000)]], { httpVersion: '3', responseType: 'text' });
		console.log('peer: ' + results[0].body);
	}`
	site := startSite(t)
	out := k6test.StartWith(t, writeScript(t, script), site.Env(), "--local-ips", "127.0.0.2").Wait()
	require.Contains(t, out.Stderr, "peer: HTTP/3.0 127.0.0.2 -")
	require.Greater(t, out.Sum("data_sent"), float64(size))
	require.Greater(t, out.Sum("data_received"), float64(size))
	require.Less(t, out.Sum("data_received"), float64(2*size))
	requests := out.Of("http_reqs")
	require.Len(t, requests, 2)
	for _, r := range requests {
		require.Equal(t, []string{"HTTP/3.0", "tls1.3", "200"}, []string{r.Tags["proto"], r.Tags["tls_version"], r.Tags["status"]})
	}
	connecting := out.Of("http_req_connecting")
	require.Positive(t, connecting[0].Value)
	require.LessOrEqual(t, out.Of("http_req_tls_handshaking")[0].Value, connecting[0].Value)
	require.LessOrEqual(t, connecting[0].Value, out.Of("http_req_blocked")[0].Value)
}

func TestHTTPDebugLogsHTTP3(t *testing.T) {
	t.Parallel()
	script := prelude(t) + `export const options = { insecureSkipTLSVerify: true };
	export default async function () {
		await sequential([['POST', __ENV.TLS2 + '/bytes/3', 'sent', { headers: { 'X-A': 'yes' } }]], { httpVersion: '3' });
	}`
	out := k6test.StartWith(t, writeScript(t, script), startSite(t).Env(), "--http-debug=full").Wait()
	for _, want := range []string{"POST /bytes/3 HTTP/1.1", "X-A: yes", "\nsent", "HTTP/3.0 200 OK", "xxx"} {
		require.Contains(t, out.Stderr, want)
	}
}
