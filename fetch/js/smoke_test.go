package js_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/k6test"
)

func TestAScriptFetchesAListOfURLs(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(srv.Close)

	out := k6test.Run(t, `
		import { concurrent } from 'k6/x/fetch';
		export default async function () {
			const run = await concurrent([__ENV.BASE + '/a', __ENV.BASE + '/b']);
			console.log('ok: ' + run.ok);
		}`, "-e", "BASE="+srv.URL)

	require.Equal(t, 0, out.ExitCode, out.Stderr)
	require.Contains(t, out.Stderr, "ok: 2")
	require.Len(t, out.Of("http_reqs"), 2)
	require.Len(t, out.Of("fetch_elapsed"), 2)
}
