package js_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestWhatAPortMeets holds what README.md says of scripts that came from http.batch.
func TestWhatAPortMeets(t *testing.T) {
	t.Parallel()
	runCases(t, newWeb(t), `
test('group() takes no async function: fetching begins in it, and is awaited outside', async () => {
	ok(String(thrown(() => group('async', async () => {}))).includes('async'), 'k6 takes it');
	let pending;
	group('mine', () => { pending = concurrent([BASE + '/bytes/1', BASE + '/redirect/1'], { tags: { of: 'group' } }); });
	same((await pending).ok, 2);
});
test('params that k6 ignores are refused', async () => {
	const url = BASE + '/bytes/1';
	for (const params of [{ timeOut: 5 }, { body: 'x' }, { jar: 5 }, { throw: 1 }, { auth: 'bearer' }, { name: 5 }, { redirects: '1' }, { headers: { a: null } }]) {
		same(http.batch([['GET', url, null, params]])[0].status, 200, show(params));
		ok((await rejection(concurrent([['GET', url, null, params]]))) instanceof TypeError, show(params));
	}
});
test('a body of more than 10 MB fails where it is kept, unless maxBodySize allows it', async () => {
	const url = BASE + '/bytes/10000001';
	same(http.batch([url])[0].body.length, 10000001);
	const run = await sequential([url, ['GET', url, null, { responseType: 'text' }],
		['GET', url, null, { responseType: 'text', maxBodySize: '11MB' }]]);
	same(run.results.map((r) => r.ok), [true, false, true]);
	ok(run.results[1].error.includes('maxBodySize'), run.results[1].error);
});
`)
}

func TestGroupsAreThoseThatRunsBeginIn(t *testing.T) {
	t.Parallel()
	out := runScript(t, newWeb(t), `export default async function () {
		let pending;
		group('mine', () => { pending = concurrent([BASE + '/bytes/1', BASE + '/redirect/1']); });
		await pending;
	}`)
	require.Equal(t, 0, out.ExitCode, out.Stderr)
	seen := 0
	for _, s := range out.Samples {
		if strings.HasPrefix(s.Metric, "http_req") || strings.HasPrefix(s.Metric, "fetch_") {
			require.Equal(t, "::mine", s.Tags["group"], s.Metric)
			seen++
		}
	}
	require.Greater(t, seen, 20)
}

// What was never sent has samples where it is a failed result, and none where it was not run.
func TestSamplesOfWhatWasNeverSent(t *testing.T) {
	t.Parallel()
	failed := func(call string) []string {
		out := runScript(t, newWeb(t), `export default async function () { `+call+` }`)
		require.Equal(t, 0, out.ExitCode, out.Stderr)
		samples := out.Of("http_req_failed")
		codes := make([]string, 0, len(samples))
		for _, s := range samples {
			codes = append(codes, s.Tags["error_code"])
		}
		return codes
	}
	require.Empty(t, failed(`http.batch(['http://[::1/']);`))
	require.Equal(t, []string{"1020"}, failed(`await concurrent(['http://[::1/']);`))
	require.Equal(t, []string{"1000"}, failed(`http.batch(['ftp://127.0.0.1/']);`))
	require.Equal(t, []string{"1000"}, failed(`await concurrent(['ftp://127.0.0.1/']);`))
	require.Equal(t, []string{""}, failed(`const urls = [BASE + '/bytes/1', BASE + '/bytes/1'];
		const run = await concurrent(urls, { rate: 0.001, deadline: '1s' });
		if (run.ok !== 1 || run.notRun !== 1) throw new Error(run.text());`))
}
