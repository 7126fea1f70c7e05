package script

import (
	"context"

	"go.k6.io/k6/v2/lib"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/k6net"
)

// vuPool is the engine's client with the VU's own connections.
type vuPool struct {
	client *fetch.Client
	// iteration is the context of the iteration that has been told to close idle connections at its end.
	iteration context.Context //nolint:containedctx // compared, never used
}

// client returns the client that a run uses, and what to do with it at the end. It is called on the event loop.
func (mi *Instance) client(which connections, own *vuPool) (client *fetch.Client, done func()) {
	state := mi.vu.State()
	switch which {
	case connectionsNew:
		client = newClient(state)
		return client, client.Close
	case connectionsShared:
		mi.root.sharedOnce.Do(func() { mi.root.shared = newClient(state) })
		return mi.root.shared, func() {}
	default:
		if own.client == nil {
			own.client = newClient(state)
		}
		own.closeAtEnd(mi.vu.Context(), state)
		return own.client, func() {}
	}
}

// closeAtEnd closes idle connections at the end of the iteration where k6 would: with noVUConnectionReuse. The VU of
// setup() or teardown() has no other iteration.
func (p *vuPool) closeAtEnd(ctx context.Context, state *lib.State) {
	if p.iteration == ctx || !(state.Options.NoVUConnectionReuse.Bool || state.VUID == 0) {
		return
	}
	p.iteration = ctx
	context.AfterFunc(ctx, p.client.Close)
}

// newClient makes an engine's client of what a VU has.
func newClient(state *lib.State) *fetch.Client {
	cfg := k6net.Config(state)
	if state.Options.HTTPDebug.String != "" {
		cfg.Wrap = debugTransport(state)
	}
	return fetch.NewClient(cfg)
}
