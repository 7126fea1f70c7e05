// Package transport makes requests: one attempt at one URL at a time, with the redirects and challenges on its way.
//
// A [Client] owns connections. A [Session] makes one attempt after another over them: it is handed a [Request] and
// returns an [Outcome]; each HTTP request on the way is an [Exchange]. The package knows nothing of runs.
//
// A request goes one of two ways. Directly, if it can: over HTTP/1.1 connections of package http1, which the session
// writes and reads itself. Over net/http, if it must: for HTTP/2, a proxy, a login, a log, or headers that change how
// a connection is used. Both ways connect alike, with the dialer in dial.go, and find out in alpn.go which servers
// speak HTTP/2. Redirects follow the rules of net/http's client, and each of their requests goes either way.
package transport

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/url"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/crash"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/failure"
)

// Config is what a Client needs of its surroundings.
type Config struct {
	// Transport is the template of the client's own: TLS configuration, proxy, keep-alive and HTTP versions. The client
	// changes it and must have it for itself.
	Transport *http.Transport
	// Dial connects to an address. Nil means net.Dialer.
	Dial DialFunc
	// Resolve returns what to connect to for a "host:port", so that the look-up is timed by itself. Nil leaves it to Dial.
	Resolve ResolveFunc
	// Classify names failures of Dial and Resolve. It may be nil.
	Classify failure.Classifier
	// Brief says that the client will be shut down before its connections could be idle for long.
	Brief bool
	// Panicked is told of a panic in what the engine calls: any of the above, and whatever observes. What it happened to
	// has failed then, and everything else goes on. It may be nil.
	Panicked func(value any, stack []byte)
	// Warn is told what a user should know and no result says. It may be nil.
	Warn func(format string, args ...any)
}

// Client makes connections, and keeps them from run to run. It is safe for use by several goroutines.
type Client struct {
	// transport makes the requests that do not go directly. Both ways connect alike.
	transport *http.Transport
	dialer    *timedDialer
	tlsConfig *tls.Config
	alpn      alpn
	conns     *connections
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
		tlsConfig: tlsConfigOf(transport),
		conns:     newConnections(transport, cfg.Brief),
		classify:  cfg.Classify, warn: warn, panicked: cfg.Panicked,
	}
	transport.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
		return c.dialOwned(ctx, network, addr)
	}
	transport.DialTLSContext = c.dialTLS
	if transport.OnProxyConnectResponse == nil {
		transport.OnProxyConnectResponse = checkProxy
	}
	return c
}

// tlsConfigOf returns the configuration that the transport connects with: with the protocols it offers.
func tlsConfigOf(transport *http.Transport) *tls.Config {
	cfg := &tls.Config{}
	if transport.TLSClientConfig != nil {
		cfg = transport.TLSClientConfig.Clone()
	}
	cfg.NextProtos = nil
	if transport.ForceAttemptHTTP2 && transport.TLSNextProto == nil {
		cfg.NextProtos = []string{"h2", "http/1.1"}
	}
	if _, ok := transport.TLSNextProto["h2"]; ok {
		cfg.NextProtos = []string{"h2", "http/1.1"}
	}
	guardTLS(cfg)
	return cfg
}

// guardTLS makes errors of what panics in the functions of a configuration: net/http calls them on a goroutine of its
// own.
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
	nc, err := c.dialer.DialContext(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	conn := &ownedConn{guardedConn: guardedConn{nc, c}}
	c.conns.lend(conn)
	return &meteredConn{Conn: conn}, nil
}

// dialTLS connects for net/http, which shakes hands itself, unless there is a connection that has been made already.
func (c *Client) dialTLS(ctx context.Context, network, addr string) (net.Conn, error) {
	if conn := c.conns.probed.take(addr); conn != nil {
		return conn, nil
	}
	nc, err := c.dialOwned(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	cfg := c.tlsConfig.Clone()
	if host, _, err := net.SplitHostPort(addr); err == nil && cfg.ServerName == "" {
		cfg.ServerName = host
	}
	return tls.Client(nc, cfg), nil
}

// Close closes the connections that are not in use. A closed client can go on, with new ones.
func (c *Client) Close() { c.conns.closeIdle() }

// Shutdown closes all connections: at once if no run is under way, else when the last one has ended. A client that was
// shut down can go on, but keeps no connection from run to run.
func (c *Client) Shutdown() { c.conns.shutdown() }

// Begin notes a run of so many sessions. End it.
func (c *Client) Begin(sessions int) {
	c.planner.renew()
	c.conns.begin(sessions)
}

// End notes the end of a run.
func (c *Client) End(sessions int) { c.conns.end(sessions) }

// checkProxy fails as net/http does where a proxy makes no tunnel: with the meaning of the status, but not in the words
// of the proxy.
func checkProxy(_ context.Context, _ *url.URL, _ *http.Request, resp *http.Response) error {
	if resp.StatusCode == http.StatusOK {
		return nil
	}
	if text := http.StatusText(resp.StatusCode); text != "" {
		return errors.New(text)
	}
	return errors.New("unknown status code")
}
