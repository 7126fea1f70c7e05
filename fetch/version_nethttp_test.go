package fetch_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/failure"
)

// Where only net/http can go, HTTP/2 needs TLS.
func TestHTTP2WithoutTLSIsNotForNetHTTP(t *testing.T) {
	t.Parallel()
	var p peers
	srv := plainServer(t, p.ServeHTTP)
	proxy := &http.Transport{Proxy: func(*http.Request) (*url.URL, error) { return url.Parse(srv.URL) }}
	for why, test := range map[string]struct {
		cfg    fetch.Config
		change func(*fetch.Spec)
	}{
		"with httpDebug": {change: func(*fetch.Spec) {}, cfg: fetch.Config{
			Wrap: func(_ *fetch.Target, rt http.RoundTripper) http.RoundTripper { return rt },
		}},
		"with a digest or NTLM login": {change: func(s *fetch.Spec) { s.Auth = transport.AuthDigest }},
		"with headers that change how a connection is used": {change: func(s *fetch.Spec) {
			s.Header = http.Header{"Te": {"trailers"}}
		}},
		"through a proxy": {change: func(*fetch.Spec) {}, cfg: fetch.Config{Config: transport.Config{Transport: proxy}}},
	} {
		t.Run(why, func(t *testing.T) {
			t.Parallel()
			url := strings.Replace(srv.URL, "http://", "http://me:pass@", 1)
			obs := &recorder{}
			run := newClient(t, test.cfg).Run(t.Context(), targets(over(transport.Version2, test.change), url),
				fetch.Options{Concurrency: 1, Retries: 1}, obs)
			r := run.Results.At(0)
			require.Equal(t, []any{failure.CodeHTTP2, "HTTP/2 without TLS is not possible " + why}, []any{r.ErrorCode, r.Error})
			require.Len(t, obs.exchanges, 1)
		})
	}
	t.Cleanup(func() { require.Empty(t, p.conns, "nothing was sent") })
}

// Through a tunnel the version is that of the target's server. The proxy is asked with HTTP/1.1, over TLS as well.
func TestVersionsThroughProxies(t *testing.T) {
	t.Parallel()
	for _, secure := range []bool{false, true} {
		for protocol, protos := range map[string][versionsAsked]string{
			"HTTP/2": {proto1, proto2, proto2}, "TLS": {proto1, "", proto1},
		} {
			t.Run(fmt.Sprint(protocol, " TLS to the proxy: ", secure), func(t *testing.T) {
				t.Parallel()
				var p peers
				addr, _, cfg := server(t, protocol, p.ServeHTTP)
				proxy := httptest.NewUnstartedServer(http.HandlerFunc(tunnel))
				proxy.EnableHTTP2 = true
				if secure {
					proxy.StartTLS()
				} else {
					proxy.Start()
				}
				t.Cleanup(proxy.Close)
				cfg.Transport.Proxy = func(*http.Request) (*url.URL, error) { return url.Parse(proxy.URL) }
				client := newClient(t, cfg)
				for i, v := range []transport.Version{transport.Version1, transport.Version2, transport.VersionAny} {
					run := client.Run(t.Context(), targets(over(v), "https://"+addr, "https://"+addr), fetch.Options{Concurrency: 1}, &recorder{})
					for range 2 {
						r := run.Results.At(0)
						require.Equal(t, protos[i], r.Response.Proto, r.Error)
						if protos[i] == "" {
							require.Equal(t, []any{failure.CodeHTTP2, noHTTP2}, []any{r.ErrorCode, r.Error})
						}
					}
				}
			})
		}
	}
}

const versionsAsked = 3

// tunnel is a proxy for TLS.
func tunnel(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodConnect {
		http.Error(w, "no tunnel", http.StatusMethodNotAllowed)
		return
	}
	to, err := new(net.Dialer).DialContext(context.WithoutCancel(r.Context()), "tcp", r.Host)
	if err != nil {
		http.Error(w, "no server", http.StatusBadGateway)
		return
	}
	w.WriteHeader(http.StatusOK)
	from, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		_ = to.Close()
		return
	}
	go func() {
		_, _ = io.Copy(to, buffered) // it may have a byte already
		_ = to.Close()
	}()
	_, _ = io.Copy(from, to)
	_ = from.Close()
}
