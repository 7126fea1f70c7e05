package js_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/web"
)

func TestNamesAreTagsAndStandForURLs(t *testing.T) {
	t.Parallel()
	srv := web.New(t)
	out := runScript(t, srv, `
export default async function () {
	await concurrent([BASE + '/echo?1', BASE + '/echo?2'], { name: 'path' });
}`)
	require.Equal(t, 0, out.ExitCode, out.Stderr)
	for _, metric := range []string{"http_reqs", "fetch_elapsed"} {
		require.Len(t, out.Of(metric), 2)
		for _, s := range out.Of(metric) {
			require.Equal(t, "/echo", s.Tags["name"])
		}
	}
	require.Equal(t, "/echo", out.Of("http_reqs")[0].Tags["url"])
}

// A key is the name of a target in the metrics of this module. In k6's own the name stays the URL, as http.batch has it.
func TestKeysAreNamesInMetrics(t *testing.T) {
	t.Parallel()
	own := []string{"fetch_elapsed", "fetch_queued", "fetch_looking_up", "fetch_failed", "checks"}
	for options, c := range map[string]struct{ own, http []string }{
		"{}":                        {[]string{"slow", "fast"}, []string{"BASE/echo?1", "BASE/echo?2"}},
		"{ name: '{key}' }":         {[]string{"slow", "fast"}, []string{"slow", "fast"}},
		"{ name: 'url' }":           {[]string{"BASE/echo?1", "BASE/echo?2"}, []string{"BASE/echo?1", "BASE/echo?2"}},
		"{ name: 'mine' }":          {[]string{"mine", "mine"}, []string{"mine", "mine"}},
		"{ tags: { name: 'tag' } }": {[]string{"tag", "tag"}, []string{"tag", "tag"}},
	} {
		t.Run(options, func(t *testing.T) {
			t.Parallel()
			srv := web.New(t)
			out := runScript(t, srv, `
export const options = { thresholds: { 'fetch_elapsed{name:slow}': ['max<60000'] } };
export default async function () {
	await concurrent({ slow: BASE + '/echo?1', fast: ['GET', BASE + '/echo?2'] }, { budget: { elapsed: '1m' }, ...`+options+` });
}`)
			require.Equal(t, 0, out.ExitCode, out.Stderr)
			names := func(metric string) (names []string) {
				for _, s := range out.Of(metric) {
					names = append(names, strings.ReplaceAll(s.Tags["name"], srv.URL, "BASE"))
				}
				return names
			}
			for _, metric := range own {
				require.ElementsMatch(t, c.own, names(metric), metric)
			}
			for _, metric := range []string{"http_reqs", "http_req_duration", "http_req_failed"} {
				require.ElementsMatch(t, c.http, names(metric), metric)
			}
			for _, s := range out.Of("http_reqs") {
				require.Equal(t, s.Tags["name"], s.Tags["url"])
			}
		})
	}
}

func TestManyNamesAreWorthOneWarning(t *testing.T) {
	t.Parallel()
	const warning = "There are more than 1000 distinct names in the metrics"
	for _, c := range []struct {
		name     string
		n        string
		warnings int
	}{{"url", "1001", 1}, {"url", "1000", 0}, {"host", "1500", 0}} {
		srv := web.New(t)
		out := runScript(t, srv, `
export const options = { vus: 2, iterations: 2, throw: false };
export default async function () {
	await concurrent(times(`+c.n+`, (i) => BASE + '/echo?' + i), { name: '`+c.name+`', perHost: 0 });
}`)
		require.Equal(t, 0, out.ExitCode, out.Stderr)
		require.Equal(t, c.warnings, strings.Count(out.Stderr, warning), c)
	}
}
