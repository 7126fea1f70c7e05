package page_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
)

// What a browser does not ask for has failed without a request, and images are asked for by TLS.
func TestAPageByTLSAsksForNothingInPlainText(t *testing.T) {
	t.Parallel()
	plain := newSite(t, map[string]string{"/local.js": "1"})
	s := newHTTP2Site(t, map[string]string{
		"/": `<script src=http://shop.example/a.js></script><script src=` + plain.URL + `/local.js></script>
			<video><source src=http://shop.example:1/c.mp4></video>`,
	})
	run := visitor(t, s).visit(s.URL + "/")
	require.Equal(t, 4, run.Count)
	blocked := result(t, run, "/a.js")
	require.Equal(t, fetch.StateFailed, blocked.State)
	require.Contains(t, blocked.Error, "blocked: mixed content")
	require.Zero(t, blocked.Requests)
	require.True(t, result(t, run, "/local.js").Ok(), "what the machine itself serves is safe")
	require.True(t, strings.HasPrefix(result(t, run, "/c.mp4").Target.URL, "https://shop.example:1/"))
	require.Equal(t, 3, run.Page.Misses)
}

// Subtitles of another origin need the attribute crossorigin, whatever the response.
func TestTracksOfOthersAreAskedForByCORSAlone(t *testing.T) {
	t.Parallel()
	other := newSite(t, map[string]string{"/a.vtt": "+Access-Control-Allow-Origin: *\nWEBVTT"})
	for crossOrigin, asked := range map[string][]string{"": nil, "crossorigin": {"/a.vtt"}} {
		s := newSite(t, map[string]string{
			"/": `<video ` + crossOrigin + `><track default src=` + elsewhere(other) + `/a.vtt></video>`,
		})
		run := visitor(t, s).visit(s.URL + "/")
		require.Equal(t, 2, run.Count)
		require.Equal(t, asked != nil, run.Results.At(1).Ok(), run.Results.At(1).Error)
		require.Equal(t, asked, other.paths())
	}
}
