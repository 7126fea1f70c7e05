package wholeruns

import (
	"bytes"
	"compress/gzip"
	"crypto/tls"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"github.com/quic-go/quic-go/http3"
	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/faults"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/quicserver"
)

// startTooMuch starts a server of HTTP/3 that sends too much, and returns its URL.
func startTooMuch(t *testing.T) string {
	t.Helper()
	var bomb bytes.Buffer
	w := gzip.NewWriter(&bomb)
	for range 256 {
		_, _ = w.Write(make([]byte, mega))
	}
	require.NoError(t, w.Close())
	mux := http.NewServeMux()
	mux.HandleFunc("/bomb", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(bomb.Bytes())
	})
	mux.HandleFunc("/endless", func(w http.ResponseWriter, r *http.Request) {
		for part := make([]byte, 64<<10); r.Context().Err() == nil; {
			if _, err := w.Write(part); err != nil {
				return
			}
		}
	})
	mux.HandleFunc("/header", func(w http.ResponseWriter, r *http.Request) {
		var size int
		_, _ = fmt.Sscan(r.URL.RawQuery, &size)
		w.Header().Set("X-Long", strings.Repeat("x", size*mega))
	})
	authority, err := faults.NewAuthority()
	require.NoError(t, err)
	at, _ := quicserver.Start(t, quicserver.Loopback, &http3.Server{Handler: mux, TLSConfig: http3.ConfigureTLSConfig(
		&tls.Config{Certificates: []tls.Certificate{authority.Good}},
	)})
	return "https://" + at.String()
}

// TestMemoryIsBoundedOverHTTP3 has a server send too much over QUIC, which acknowledges what comes before it is read.
//
//nolint:paralleltest // measures
func TestMemoryIsBoundedOverHTTP3(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("reads /proc")
	}
	base := startTooMuch(t)
	idle, _ := peak(t, "")
	for _, test := range []struct {
		path, kind string
		count      int
		want       string // of each result
	}{
		{"/bomb", "none", 10, "status 200 "},
		{"/bomb", "text", 10, "status 0 response body is larger than maxBodySize"},
		{"/endless", "none", 10, "status 0 request timeout"},
		{"/endless", "text", 1, "status 0 response body is larger than maxBodySize"},
		{"/header?9", "text", 1, "status 200 "},
		{"/header?64", "text", 1, "status 0 http3: stream error with code H3_EXCESSIVE_LOAD"},
	} {
		t.Run(strings.Trim(test.path, "/")+", "+test.kind, func(t *testing.T) {
			took, out := peak(t, fmt.Sprintf(`
				const run = await fetch.concurrent(%q.split(' '),
					{ concurrency: 10, perHost: 0, responseType: '%s', timeout: '%s', httpVersion: '3' });
				for (const r of run.results) console.log('status ' + r.status + ' ' + r.error);`,
				strings.Join(repeat(base+test.path, test.count), " "), test.kind,
				map[bool]string{true: "1s", false: "60s"}[strings.Contains(test.want, "timeout")]))
			require.Equal(t, test.count, strings.Count(out.Stderr, test.want), out.Stderr)
			require.Less(t, took-idle, allowed, "%d MB over %d MB", (took-idle)/mega, idle/mega)
			t.Logf("%d MB over %d MB", (took-idle)/mega, idle/mega)
		})
	}
}
