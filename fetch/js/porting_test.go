package js_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/web"
)

func TestGroupsAreThoseThatRunsBeginIn(t *testing.T) {
	t.Parallel()
	out := runScript(t, web.New(t), `export default async function () {
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
		out := runScript(t, web.New(t), `export default async function () { `+call+` }`)
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
