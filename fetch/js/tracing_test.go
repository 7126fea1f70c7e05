package js_test

import (
	"bytes"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/k6test"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/web"
)

// traced is what came of a script's traced requests.
type traced struct {
	out *k6test.Outcome
	// ids are the trace ids that came to each path, and spans the span ids of all requests.
	ids   map[string]string
	spans []string
}

// trace runs a script in k6 with a server that keeps the traces of requests.
func trace(t *testing.T, script string, args ...string) traced {
	t.Helper()
	var mu sync.Mutex
	found := traced{ids: make(map[string]string)}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		if parts := strings.Split(r.Header.Get("Traceparent"), "-"); len(parts) == 4 {
			found.ids[r.URL.Path] = parts[1]
			found.spans = append(found.spans, parts[2])
		}
		if to, moved := strings.CutPrefix(r.URL.Path, "/to"); moved {
			http.Redirect(w, r, to, http.StatusFound) // #nosec G710 -- a test wants it
		}
	}))
	defer srv.Close()
	found.out = runScript(t, &web.Server{Server: srv}, script, args...)
	require.Equal(t, 0, found.out.ExitCode, found.out.Stderr)
	return found
}

// The samples of a target's requests have the id of its trace as metadata, and no others.
func TestSamplesHaveTheirTrace(t *testing.T) {
	t.Parallel()
	found := trace(t, `
		export default async function () {
			exec.vu.metrics.metadata.own = 'kept';
			const named = (name, tracing) => ({ url: BASE + '/' + name, params: { name, tracing } });
			await concurrent([named('sampled', true), named('not', { sampling: 0 }), named('to/moved', true), named('plain', false)], {
				budget: { elapsed: 60000, failed: 4 },
			});
			http.get(BASE + '/http', { tags: { name: 'http' } });
		}`)
	require.Len(t, found.ids, 4, "one of them twice: %v", found.ids)
	require.Equal(t, found.ids["/to/moved"], found.ids["/moved"])
	counts := make(map[string]int)
	for _, s := range found.out.Samples {
		name := s.Tags["name"]
		if !strings.HasPrefix(s.Metric, "http_req") && !strings.HasPrefix(s.Metric, "fetch_") && s.Metric != "checks" {
			require.NotContains(t, s.Meta, "trace_id", s.Metric)
			continue
		}
		require.NotContains(t, s.Tags, "trace_id")
		require.Equal(t, "kept", s.Meta["own"], s.Metric)
		require.Equal(t, found.ids["/"+name], s.Meta["trace_id"], "%s of %s", s.Metric, name)
		counts[s.Metric+" "+name]++
	}
	require.Equal(t, []int{1, 2, 1, 1, 1, 1}, []int{
		counts["http_reqs sampled"], counts["http_reqs to/moved"], counts["http_reqs plain"],
		counts["fetch_elapsed to/moved"], counts["checks not"], counts["http_reqs http"],
	})
}

// With --traces-output, the ids of headers are those of the spans that k6 exports.
func TestTracesOutputHasTheRequests(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var exported bytes.Buffer
	collector := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		_, _ = io.Copy(&exported, r.Body)
	}))
	defer collector.Close()
	found := trace(t, `
		export default async function () {
			const run = await concurrent([BASE + '/a', BASE + '/to/b'], { tracing: true });
			for (const r of run.results) console.log('result ' + r.trace_id);
			await concurrent([BASE + '/c'], { tracing: { sampling: 0 } });
		}`, "--traces-output", "otel="+collector.URL+",proto=http")
	require.Len(t, found.spans, 4)
	has := func(id string) bool {
		raw, err := hex.DecodeString(id)
		require.NoError(t, err)
		return bytes.Contains(exported.Bytes(), raw)
	}
	for _, path := range []string{"/a", "/to/b", "/b"} {
		id := found.ids[path]
		require.True(t, has(id), path)
		require.Contains(t, found.out.Stderr, "result "+id)
	}
	require.Equal(t, found.ids["/to/b"], found.ids["/b"])
	require.False(t, has(found.ids["/c"]), "it is not sampled")
	spans := 0
	for _, id := range found.spans {
		if has(id) {
			spans++
		}
	}
	require.Equal(t, 3, spans)
	for _, s := range found.out.Of("http_reqs") {
		address, err := url.Parse(s.Tags["url"])
		require.NoError(t, err)
		require.Equal(t, found.ids[address.Path], s.Meta["trace_id"], address.Path)
	}
}

// With httpDebug the log shows the header that is sent.
func TestDebugLogsShowTraces(t *testing.T) {
	t.Parallel()
	found := trace(t, `
		export default async function () { await concurrent([BASE + '/a'], { tracing: true }); }`, "--http-debug")
	require.Contains(t, found.out.Stderr, "Traceparent: 00-"+found.ids["/a"]+"-"+found.spans[0]+"-01")
}
