package fetch

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/failure"
)

// A proxy's texts are unbounded, like a server's.
func TestErrorsHoldNothingThatAProxySays(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"407 s3cret": "Proxy Authentication Required", "502 s3cret": "Bad Gateway", "599 s3cret": "unknown status code",
	} {
		proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err == nil {
				_, _ = io.WriteString(conn, "HTTP/1.1 "+line+"\r\nContent-Length: 0\r\n\r\n")
				_ = conn.Close()
			}
		}))
		defer proxy.Close()
		address, err := url.Parse(proxy.URL)
		require.NoError(t, err)
		client := NewClient(Config{Config: transport.Config{Transport: &http.Transport{Proxy: http.ProxyURL(address)}}})
		defer client.Shutdown()
		target := Target{URL: "https://127.0.0.1:1/", Spec: &Spec{Spec: transport.Spec{Timeout: time.Minute}}}
		run := client.Run(t.Context(), Targets([]Target{target}), Options{Concurrency: 1}, unobserved{})
		require.Equal(t, []any{failure.CodeGeneric, want}, []any{run.Results.At(0).ErrorCode, run.Results.At(0).Error})
	}
}

type unobserved struct{}

func (unobserved) Exchanged(*Target, *transport.Exchange) {}
func (unobserved) Finished(*Result, time.Time)            {}
