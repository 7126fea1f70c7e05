// Package quicserver starts quic-go's server of HTTP/3 for tests.
package quicserver

import (
	"crypto/tls"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/quic-go/quic-go"
	"github.com/quic-go/quic-go/http3"
	"github.com/stretchr/testify/require"
)

// Loopback is any free port of loopback.
const Loopback = "127.0.0.1:0"

// Start starts a server at an address of UDP and returns where it listens. Without a TLS configuration it has that of
// httptest's servers. changes are made to its transport. It is closed at the end of the test, or by stop, which returns
// when none of its goroutines is left.
func Start(
	tb testing.TB, addr string, srv *http3.Server, changes ...func(*quic.Transport),
) (at net.Addr, stop func()) {
	tb.Helper()
	pc, err := new(net.ListenConfig).ListenPacket(tb.Context(), "udp", addr)
	require.NoError(tb, err)
	if srv.TLSConfig == nil {
		srv.TLSConfig = http3.ConfigureTLSConfig(Certificate(tb))
	}
	tr := &quic.Transport{Conn: pc}
	for _, change := range changes {
		change(tr)
	}
	ln, err := tr.ListenEarly(srv.TLSConfig, srv.QUICConfig)
	require.NoError(tb, err)
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = srv.ServeListener(ln)
	}()
	stop = sync.OnceFunc(func() {
		_ = srv.Close()
		_ = tr.Close()
		_ = pc.Close()
		<-done
	})
	tb.Cleanup(stop)
	return pc.LocalAddr(), stop
}

// Certificate is the TLS configuration of httptest's servers.
func Certificate(tb testing.TB) *tls.Config {
	tb.Helper()
	like := httptest.NewTLSServer(http.NotFoundHandler())
	like.Close()
	return like.TLS
}
