package js_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/web"
)

// Row 60 of the table of faults. Each of these challenges ends the process of k6 v2.2.0 when its own HTTP meets it.
func TestK6SurvivesDigestChallenges(t *testing.T) {
	t.Parallel()
	srv := web.New(t)
	out := runScript(t, srv, `
		const answered = [
			'Negotiate, Digest realm="test", qop="auth", nonce="n0nce"',
			'Basic realm="x y", Digest realm="test", qop="auth", nonce="n0nce"',
			'Digest realm="test", nonce="n0nce", qop="auth", domain="/a /b"',
		];
		const refused = ['Digest realm="two words"', 'Basic realm="x y"', 'Negotiate, NTLM', 'Digest a b c'];
		export default async function () {
			const url = BASE.replace('://', '://me:s3cr%2Ft@') + '/digest?challenge=';
			const targets = [...answered, ...refused].map((c) => url + encodeURIComponent(c));
			const run = await concurrent(targets, { auth: 'digest' });
			console.log('statuses: ' + run.results.map((r) => r.status).join(' ') + ' of ' + run.requests);
		}`)
	require.Zero(t, out.ExitCode, out.Stderr)
	require.Contains(t, out.Stderr, "statuses: 200 200 200 401 401 401 401 of 10")
	require.Empty(t, secret.FindString(out.Stderr+out.Stdout))
	require.InDelta(t, 4, out.Sum("http_req_failed"), 0, "those that nothing came of")
}
