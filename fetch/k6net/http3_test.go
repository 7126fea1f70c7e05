package k6net_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sirupsen/logrus"
	"github.com/stretchr/testify/require"
	"go.k6.io/k6/v2/lib"
	"go.k6.io/k6/v2/lib/netext"
	"go.k6.io/k6/v2/lib/types"
	"gopkg.in/guregu/null.v3"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/web"
	"github.com/xk6-fetch/xk6-fetch/fetch/k6net"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/failure"
)

// startVersions starts a server of HTTP/3 that asks for a certificate, and returns its port.
func startVersions(t *testing.T) (port string) {
	t.Helper()
	srv, err := web.New(t).StartVersions(func(cfg *tls.Config) { cfg.ClientAuth = tls.RequestClientCert })
	require.NoError(t, err)
	t.Cleanup(srv.Close)
	_, port, err = net.SplitHostPort(srv.Listener.Addr().String())
	require.NoError(t, err)
	return port
}

// plainPeer is what the server says of a client without a certificate.
const plainPeer = "HTTP/3.0 127.0.0.1 -"

func specOfHTTP3() *fetch.Spec {
	sp := spec()
	sp.Version, sp.ResponseType = transport.Version3, transport.ResponseText
	return sp
}

// TestHTTP3HasTheNetworkOfAVU asks a server over HTTP/3 what it sees of its client, with k6's options for the network.
func TestHTTP3HasTheNetworkOfAVU(t *testing.T) {
	t.Parallel()
	const name = "page.faults.test"
	port := startVersions(t)
	hosts, err := types.NewNullHosts(map[string]types.Host{name: {IP: net.IPv4(127, 0, 0, 1)}})
	require.NoError(t, err)
	blocked, err := types.NewNullHostnameTrie([]string{"*.faults.test"})
	require.NoError(t, err)
	block, err := lib.ParseCIDR("127.0.0.0/8")
	require.NoError(t, err)
	pool, err := types.NewIPPool("127.0.0.2")
	require.NoError(t, err)
	for sentence, test := range map[string]struct {
		change func(o *lib.Options)
		host   string
		want   string // the body, or the error
		code   int
	}{
		"an address":     {func(*lib.Options) {}, "127.0.0.1", plainPeer, 0},
		"hosts":          {func(o *lib.Options) { o.Hosts = hosts }, name, plainPeer, 0},
		"localIPs":       {func(o *lib.Options) { o.LocalIPs = types.NullIPPool{Pool: pool, Valid: true} }, "127.0.0.1", "HTTP/3.0 127.0.0.2 -", 0},
		"a look-up":      {func(o *lib.Options) { o.DNS = types.DefaultDNSConfig() }, "localhost", plainPeer, 0},
		"tlsAuth":        {func(o *lib.Options) { o.TLSAuth = clientCertificate(t) }, "127.0.0.1", "HTTP/3.0 127.0.0.1 me", 0},
		"no such name":   {func(*lib.Options) {}, "missing.invalid", "lookup: no such host", failure.CodeNoSuchHost},
		"blockHostnames": {func(o *lib.Options) { o.BlockedHostnames = blocked }, name, "hostname is blocked", failure.CodeBlockedHost},
		"blacklistIPs":   {func(o *lib.Options) { o.BlacklistIPs = []*lib.IPNet{block} }, "127.0.0.1", "ip is blacklisted", failure.CodeBlockedIP},
		"unverified": {
			func(o *lib.Options) { o.InsecureSkipTLSVerify = null.BoolFrom(false) }, "127.0.0.1", "x509: unknown authority",
			failure.CodeX509Authority,
		},
		"TLS 1.2": {
			func(o *lib.Options) { o.TLSVersion = &lib.TLSVersions{Min: tls.VersionTLS12, Max: tls.VersionTLS12} }, "127.0.0.1",
			"HTTP/3 is not possible without TLS 1.3, which the versions of TLS leave out", failure.CodeHTTP3,
		},
		"TLS 1.3": {
			func(o *lib.Options) { o.TLSVersion = &lib.TLSVersions{Min: tls.VersionTLS12, Max: tls.VersionTLS13} }, "127.0.0.1",
			plainPeer, 0,
		},
	} {
		for _, debug := range []string{"", "http2client=0"} {
			t.Run(sentence+debug, func(t *testing.T) {
				t.Parallel()
				opts := lib.Options{InsecureSkipTLSVerify: null.BoolFrom(true)}
				test.change(&opts)
				state, err := k6net.Standalone(opts, logrus.New(), debug)
				require.NoError(t, err)
				client := fetch.NewClient(fetch.Config{Config: new(k6net.Network).Config(state)})
				defer client.Shutdown()
				url := "https://" + net.JoinHostPort(test.host, port) + "/peer"
				run := client.Run(t.Context(), targets(specOfHTTP3(), url), fetch.Options{Concurrency: 1}, unobserved{})
				r := run.Results.At(0)
				require.Equal(t, test.code, r.ErrorCode, r.Error)
				if test.code != 0 {
					require.Equal(t, test.want, r.Error)
					return
				}
				require.Equal(t, test.want, string(r.Response.Body))
			})
		}
	}
}

// Bytes are counted at the socket: more than those of bodies, and not many more.
func TestHTTP3BytesAreCounted(t *testing.T) {
	t.Parallel()
	const size = 300_000
	port := startVersions(t)
	state, err := k6net.Standalone(lib.Options{InsecureSkipTLSVerify: null.BoolFrom(true)}, logrus.New(), "")
	require.NoError(t, err)
	dialer, ok := state.Dialer.(*netext.Dialer)
	require.True(t, ok)
	client := fetch.NewClient(fetch.Config{Config: new(k6net.Network).Config(state)})
	defer client.Shutdown()
	sp := specOfHTTP3()
	sp.Method, sp.Body = http.MethodPost, []byte(strings.Repeat("x", size))
	url := "https://127.0.0.1:" + port + "/echo"
	run := client.Run(t.Context(), targets(sp, url), fetch.Options{Concurrency: 1}, unobserved{})
	require.Equal(t, 1, run.Ok, run.Failures())
	sent, received := atomic.LoadInt64(&dialer.BytesWritten), atomic.LoadInt64(&dialer.BytesRead)
	require.Greater(t, sent, int64(size))
	require.Greater(t, received, int64(size))
	require.Less(t, sent, int64(2*size))
	require.Less(t, received, int64(2*size))
}

// Without connection reuse each request has a connection of its own.
func TestHTTP3WithoutConnectionReuse(t *testing.T) {
	t.Parallel()
	port := startVersions(t)
	for _, reuse := range []bool{true, false} {
		state, err := k6net.Standalone(lib.Options{
			InsecureSkipTLSVerify: null.BoolFrom(true), NoConnectionReuse: null.BoolFrom(!reuse),
		}, logrus.New(), "")
		require.NoError(t, err)
		client := fetch.NewClient(fetch.Config{Config: new(k6net.Network).Config(state)})
		url := "https://127.0.0.1:" + port + "/echo"
		run := client.Run(t.Context(), targets(specOfHTTP3(), url, url, url), fetch.Options{Concurrency: 1}, unobserved{})
		client.Shutdown()
		require.Equal(t, 3, run.Ok, run.Failures())
		require.False(t, run.Results.At(0).Reused)
		require.Equal(t, reuse, run.Results.At(1).Reused)
		require.Equal(t, reuse, run.Results.At(2).Reused)
	}
}

// A dialer that is not k6's makes the sockets itself, or there is no HTTP/3.
func TestHTTP3WithAnotherDialer(t *testing.T) {
	t.Parallel()
	port := startVersions(t)
	pipe := func(context.Context, string, string) (net.Conn, error) {
		own, other := net.Pipe()
		_ = other.Close()
		return own, nil
	}
	refuse := func(context.Context, string, string) (net.Conn, error) { return nil, net.UnknownNetworkError("udp") }
	for sentence, test := range map[string]struct {
		dialer dialerFunc
		want   string
	}{
		"that makes sockets": {new(net.Dialer).DialContext, ""},
		"that is k6's below": {(&netext.Dialer{Resolver: netext.NewResolver(net.LookupIP, 0, 0, 0)}).DialContext, ""},
		"that makes others":  {pipe, "quic: no UDP socket: *net.pipe"},
		"that makes none":    {refuse, "quic: unknown network udp"},
	} {
		t.Run(sentence, func(t *testing.T) {
			t.Parallel()
			state, err := k6net.Standalone(lib.Options{InsecureSkipTLSVerify: null.BoolFrom(true)}, logrus.New(), "")
			require.NoError(t, err)
			state.Dialer = test.dialer
			client := fetch.NewClient(fetch.Config{Config: new(k6net.Network).Config(state)})
			defer client.Shutdown()
			url := "https://127.0.0.1:" + port + "/echo"
			run := client.Run(t.Context(), targets(specOfHTTP3(), url), fetch.Options{Concurrency: 1}, unobserved{})
			require.Equal(t, test.want, run.Results.At(0).Error)
		})
	}
}

// dialerFunc is a dialer of a VU that is not k6's.
type dialerFunc func(ctx context.Context, network, addr string) (net.Conn, error)

func (d dialerFunc) DialContext(ctx context.Context, network, addr string) (net.Conn, error) {
	return d(ctx, network, addr)
}

// clientCertificate is one for k6's option tlsAuth.
func clientCertificate(t *testing.T) []*lib.TLSAuth {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "me"}, NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	private, err := x509.MarshalECPrivateKey(key)
	require.NoError(t, err)
	text := func(kind string, der []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	}
	return []*lib.TLSAuth{{TLSAuthFields: lib.TLSAuthFields{
		Cert: text("CERTIFICATE", der), Key: text("EC PRIVATE KEY", private),
	}}}
}
