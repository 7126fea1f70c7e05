// Package transport makes requests: one attempt at one URL at a time, with its redirects and challenges.
//
// A [Client] owns connections. A [Session] makes one attempt after another over them: it takes a [Request] and returns
// an [Outcome]. Each HTTP request of an attempt is an [Exchange]. The package knows nothing of runs.
//
// A request goes one of two ways. Most go directly: over a connection of package http1, which the session has for
// itself, or over one of package http2 or http3, which all sessions share. The others need net/http: for a proxy, a
// login, a log, or headers that change how a connection is used. Both ways connect with the dialer in dial.go. Package
// alpn finds out which servers speak HTTP/2, and alternatives.go which offer HTTP/3. Redirects follow the rules of
// net/http's client, and each of their requests may go either way.
package transport

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/url"
	"slices"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/crash"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/alpn"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/conns"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/failure"
)

// Config is what a Client needs from its surroundings.
type Config struct {
	// Transport is the template of the client's transport: TLS configuration, proxy, keep-alive and HTTP versions. The
	// client changes it, so it must not be shared.
	Transport *http.Transport
	// Dial connects to an address. Nil means net.Dialer.
	Dial DialFunc
	// DialUDP makes a socket that is connected to an address, for HTTP/3. Nil means net.Dialer.
	DialUDP DialUDPFunc
	// Resolve returns the address to connect to for a "host:port", so that the look-up can be timed separately. Nil leaves
	// resolving to Dial.
	Resolve ResolveFunc
	// Classify names failures of Dial and Resolve. It may be nil.
	Classify failure.Classifier
	// Brief says that the client will be shut down before its connections can be idle for long.
	Brief bool
	// Panicked is called with a panic in foreign code: in any of the functions above, or in an observer. The request
	// concerned has failed then, and everything else goes on. It may be nil.
	Panicked func(value any, stack []byte)
	// Warn is called with what a user should know and no result says. It may be nil.
	Warn func(format string, args ...any)
}

// Client makes connections and keeps them from run to run. It is safe for concurrent use.
type Client struct {
	// transport makes the requests that do not go directly, and netHTTP those of a version that was asked for.
	transport *http.Transport
	netHTTP   *netHTTP
	dialer    *timedDialer
	dialUDP   DialUDPFunc
	alts      alternatives
	sessions  tls.ClientSessionCache // for early data
	tlsConfig *tls.Config
	alpn      alpn.Servers
	conns     *conns.Conns
	planner   planner
	origins   origins

	classify failure.Classifier
	warn     func(format string, args ...any)
	panicked func(value any, stack []byte)
}

// NewClient returns a client. Close it when it is no longer needed.
func NewClient(cfg Config) *Client {
	transport := cfg.Transport
	if transport == nil {
		transport = &http.Transport{DisableCompression: true, ForceAttemptHTTP2: true}
	}
	dial := cfg.Dial
	if dial == nil {
		dial = (&net.Dialer{}).DialContext
	}
	warn := cfg.Warn
	if warn == nil {
		warn = func(string, ...any) {}
	}
	c := &Client{
		transport: transport,
		dialer:    &timedDialer{resolve: cfg.Resolve, dial: dial},
		dialUDP:   cfg.DialUDP,
		sessions:  tls.NewLRUClientSessionCache(maxSessions),
		tlsConfig: tlsConfigOf(transport),
		classify:  cfg.Classify, warn: warn, panicked: cfg.Panicked,
	}
	if c.dialUDP == nil {
		c.dialUDP = dialUDP
	}
	c.netHTTP = &netHTTP{anyVersion: transport, make: c.transportFor}
	c.conns = conns.New(transport, c.netHTTP, cfg.Brief)
	transport.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
		return c.dialOwned(ctx, network, addr)
	}
	c.dialsTLS(transport, VersionAny)
	if slices.Contains(c.tlsConfig.NextProtos, protoHTTP2) {
		transport.TLSNextProto = map[string]func(string, *tls.Conn) http.RoundTripper{protoHTTP2: c.overTLS}
		transport.TLSClientConfig = c.tlsConfig
	}
	if transport.OnProxyConnectResponse == nil {
		transport.OnProxyConnectResponse = checkProxy
	}
	return c
}

// tlsConfigOf returns the TLS configuration that the transport connects with, including its protocols.
func tlsConfigOf(transport *http.Transport) *tls.Config {
	cfg := &tls.Config{}
	if transport.TLSClientConfig != nil {
		cfg = transport.TLSClientConfig.Clone()
	}
	cfg.NextProtos = nil
	if transport.ForceAttemptHTTP2 && transport.TLSNextProto == nil {
		cfg.NextProtos = []string{protoHTTP2, protoHTTP1}
	}
	if _, ok := transport.TLSNextProto[protoHTTP2]; ok {
		cfg.NextProtos = []string{protoHTTP2, protoHTTP1}
	}
	guardTLS(cfg)
	return cfg
}

// guardTLS makes errors of panics in the functions of a configuration, because net/http calls them on a goroutine of
// its own.
func guardTLS(cfg *tls.Config) {
	if verify := cfg.VerifyPeerCertificate; verify != nil {
		cfg.VerifyPeerCertificate = func(raw [][]byte, chains [][]*x509.Certificate) (err error) {
			defer crash.To(&err)
			return verify(raw, chains)
		}
	}
	if verify := cfg.VerifyConnection; verify != nil {
		cfg.VerifyConnection = func(state tls.ConnectionState) (err error) {
			defer crash.To(&err)
			return verify(state)
		}
	}
	if get := cfg.GetClientCertificate; get != nil {
		cfg.GetClientCertificate = func(info *tls.CertificateRequestInfo) (_ *tls.Certificate, err error) {
			defer crash.To(&err)
			return get(info)
		}
	}
}

// dialOwned connects for net/http, on a goroutine of its own.
func (c *Client) dialOwned(ctx context.Context, network, addr string) (_ net.Conn, err error) {
	defer crash.To(&err)
	c.conns.Reserve()
	defer c.conns.Unreserve()
	nc, err := c.dialer.DialContext(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	conn := &conns.Owned{Guarded: c.guarded(nc)}
	c.conns.Lend(conn)
	return &meteredConn{Conn: conn}, nil
}

// dialTLS connects for net/http, which shakes hands itself.
func (c *Client) dialTLS(ctx context.Context, network, addr string, v Version) (net.Conn, error) {
	nc, err := c.dialOwned(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	host, _, _ := net.SplitHostPort(addr)
	return tls.Client(nc, c.tlsFor(v, host)), nil
}

// Close closes idle connections. A closed client can still be used; it opens new ones.
func (c *Client) Close() {
	c.alts.closeDials()
	c.conns.CloseIdle()
}

// Shutdown closes all connections: at once if no run is under way, otherwise when the last run ends. The client can
// still be used, but no longer keeps connections from run to run.
func (c *Client) Shutdown() {
	c.alts.closeDials()
	c.conns.Shutdown()
}

// Begin notes a run of so many sessions. The caller must call End after it.
func (c *Client) Begin(sessions int) {
	c.planner.renew()
	c.conns.Begin(sessions)
}

// End notes the end of a run.
func (c *Client) End(sessions int) { c.conns.End(sessions) }

// checkProxy fails as net/http does when a proxy refuses a tunnel: with the text of the status code, not with that of
// the proxy.
func checkProxy(_ context.Context, _ *url.URL, _ *http.Request, resp *http.Response) error {
	if resp.StatusCode == http.StatusOK {
		return nil
	}
	if text := http.StatusText(resp.StatusCode); text != "" {
		return errors.New(text)
	}
	return errors.New("unknown status code")
}
