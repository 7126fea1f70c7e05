package fetch

import (
	"context"
	"net/http"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
)

// Limiter delays the start of requests, as rate.Limiter of golang.org/x/time does. Wait returns an error if ctx ends
// first.
type Limiter interface {
	Wait(ctx context.Context) error
}

// Config is what a Client needs of its surroundings.
type Config struct {
	transport.Config

	// Wrap wraps the transport of a target, for example to log its requests. It may be nil.
	Wrap func(target *Target, rt http.RoundTripper) http.RoundTripper
	// SharedLimits makes Options.PerHost a limit for all runs of the client together, not for each run.
	SharedLimits bool
}

// Client fetches targets over connections of its own, which it keeps from run to run. It is safe for use by several
// goroutines.
type Client struct {
	network *transport.Client
	wrap    func(target *Target, rt http.RoundTripper) http.RoundTripper
	gate    *gate // nil: each run has its own limits
}

// NewClient returns a client. Close it when it is no longer needed.
func NewClient(cfg Config) *Client {
	c := &Client{network: transport.NewClient(cfg.Config), wrap: cfg.Wrap}
	if cfg.SharedLimits {
		c.gate = &gate{}
	}
	return c
}

// Close closes idle connections. A closed client can still be used; it opens new ones.
func (c *Client) Close() { c.network.Close() }

// Shutdown closes all connections: at once if no run is under way, otherwise when the last run ends. The client can
// still be used, but no longer keeps connections from run to run.
func (c *Client) Shutdown() { c.network.Shutdown() }
