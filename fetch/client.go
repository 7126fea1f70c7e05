package fetch

import (
	"context"
	"net/http"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
)

// Limiter delays the start of requests, as golang.org/x/time/rate's does. Wait returns an error when ctx ends first.
type Limiter interface {
	Wait(ctx context.Context) error
}

// Config is what a Client needs of its surroundings.
type Config struct {
	transport.Config

	// Wrap puts something around the transport of a target, for example to log what goes through it. It may be nil.
	Wrap func(target *Target, rt http.RoundTripper) http.RoundTripper
	// SharedLimits makes a run's PerHost hold for all runs of the client together.
	SharedLimits bool
}

// Client fetches targets over connections of its own, which it keeps from run to run. It is safe for use by several
// goroutines.
type Client struct {
	network *transport.Client
	wrap    func(target *Target, rt http.RoundTripper) http.RoundTripper
	gate    *gate // nil: runs do not look at each other
}

// NewClient returns a client. Close it when it is no longer needed.
func NewClient(cfg Config) *Client {
	c := &Client{network: transport.NewClient(cfg.Config), wrap: cfg.Wrap}
	if cfg.SharedLimits {
		c.gate = &gate{}
	}
	return c
}

// Close closes the connections that are not in use. A closed client can go on, with new ones.
func (c *Client) Close() { c.network.Close() }

// Shutdown closes all connections: at once if no run is under way, else when the last one has ended. A client that was
// shut down can go on, but keeps no connection from run to run.
func (c *Client) Shutdown() { c.network.Shutdown() }
