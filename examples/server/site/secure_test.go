package site_test

import (
	"crypto/tls"
	"io"
	"net/http"
	"testing"

	"github.com/quic-go/quic-go/http3"

	"github.com/xk6-fetch/xk6-fetch/examples/server/site"
)

func TestEachVersionIsSpokenSecurely(t *testing.T) {
	t.Parallel()

	base, stop, err := site.ServeSecurely(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, r.Proto)
	}))
	if err != nil {
		t.Fatal(err)
	}
	defer stop()

	insecure := &tls.Config{InsecureSkipVerify: true} // #nosec G402 -- the test's own server
	quic := &http3.Transport{TLSClientConfig: insecure}
	defer func() { _ = quic.Close() }()

	for want, transport := range map[string]http.RoundTripper{
		"HTTP/1.1": &http.Transport{TLSClientConfig: insecure, DisableKeepAlives: true},
		"HTTP/2.0": &http.Transport{TLSClientConfig: insecure, ForceAttemptHTTP2: true},
		"HTTP/3.0": quic,
	} {
		client := &http.Client{Transport: transport}

		response, err := client.Get(base) //nolint:noctx // of a test
		if err != nil {
			t.Fatal(err)
		}

		body, _ := io.ReadAll(response.Body)
		_ = response.Body.Close()

		client.CloseIdleConnections()

		if string(body) != want || response.Header.Get("Alt-Svc") == "" && want != "HTTP/3.0" {
			t.Errorf("got %s, Alt-Svc %q; want %s", body, response.Header.Get("Alt-Svc"), want)
		}
	}
}
