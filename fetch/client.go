package fetch

import (
	"context"
	"math"
	"net"
	"net/http"
)

// Limiter delays the start of requests, as golang.org/x/time/rate's does. Wait returns an error when ctx ends first.
type Limiter interface {
	Wait(ctx context.Context) error
}

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
	Classify Classifier
	// Wrap puts something around the transport of a target, for example to log what goes through it. It may be nil.
	Wrap func(target *Target, rt http.RoundTripper) http.RoundTripper
	// Warn is told what a user should know and no result says. It may be nil.
	Warn func(format string, args ...any)
}

// Client fetches targets over connections of its own, which it keeps from run to run. It is safe for use by several
// goroutines.
type Client struct {
	transport *http.Transport
	classify  Classifier
	wrap      func(target *Target, rt http.RoundTripper) http.RoundTripper
	warn      func(format string, args ...any)
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
	transport.DialContext = (&timedDialer{resolve: cfg.Resolve, dial: dial}).DialContext
	// A pool never has more idle connections than it had workers. With fewer places for them than that, every run
	// would connect anew.
	transport.MaxIdleConns = 0
	transport.MaxIdleConnsPerHost = math.MaxInt
	warn := cfg.Warn
	if warn == nil {
		warn = func(string, ...any) {}
	}
	return &Client{transport: transport, classify: cfg.Classify, wrap: cfg.Wrap, warn: warn}
}

// Close closes the connections that are not in use. A closed client can go on, with new ones.
func (c *Client) Close() { c.transport.CloseIdleConnections() }

// roundTripper is what an attempt's requests go through.
func (c *Client) roundTripper(a *attempt) http.RoundTripper {
	var rt http.RoundTripper = a
	if c.wrap != nil {
		rt = c.wrap(a.target, rt)
	}
	switch a.spec.Auth {
	case AuthDigest:
		a.challenged = true
		return digestTransport{rt}
	case AuthNTLM:
		a.challenged = true
		return ntlmTransport(rt)
	default:
		return rt
	}
}
