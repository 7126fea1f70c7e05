package js

import (
	"context"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/js/common"
	"go.k6.io/k6/v2/lib"
	"go.k6.io/k6/v2/metrics"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/k6private"
	"github.com/xk6-fetch/xk6-fetch/fetch/js/args"
	"github.com/xk6-fetch/xk6-fetch/fetch/js/work"
	"github.com/xk6-fetch/xk6-fetch/fetch/k6net"
)

// client is what `new Client(options)` makes: the verbs with options of their own and connections of their own.
type client struct {
	options args.Field
	pool    vuPool
}

// newClient is the constructor. It checks the options at once, also in the init context, where there are no k6 options
// to fall back to yet.
func (mi *Instance) newClient(call sobek.ConstructorCall) *sobek.Object {
	if class, ok := mi.exports.Named["Client"].(*sobek.Object); ok && !mi.rt.InstanceOf(call.This, class) {
		panic(mi.rt.NewTypeError("Client is a class: call it with new"))
	}
	c := &client{options: args.Field{Path: "Client options", Value: call.Argument(0), Runtime: mi.rt}}
	if err := (args.OptionReader{Client: true}).Read(mi.checkedOptions(), c.options); err != nil {
		throwMisuse(mi.rt, err)
	}
	c.pool.once = mi.vu.State() != nil // one that is made in the init context lives as long as its VU
	for _, v := range []work.Mode{work.Sequential, work.Concurrent, work.Compare, work.Stream, work.Page} {
		mi.method(call.This, string(v), mi.verb(v, c))
	}
	mi.method(call.This, "close", func(sobek.FunctionCall) sobek.Value {
		c.pool.close()
		return sobek.Undefined()
	})
	return nil
}

// checkedOptions are options to read into when only the reading matters.
func (mi *Instance) checkedOptions() *args.Options {
	if state := mi.vu.State(); state != nil {
		return args.DefaultOptions(state)
	}
	env := mi.vu.InitEnv()
	if env == nil {
		common.Throw(mi.rt, common.NewInitContextError("new Client() needs k6"))
	}
	tags := metrics.TagsAndMeta{Tags: env.Registry.RootTagSet()}
	return args.DefaultOptions(&lib.State{Tags: lib.NewVUStateTags(tags.Tags)})
}

// vuPool is the engine's client with the VU's own connections, or those of a Client.
type vuPool struct {
	client *fetch.Client
	// once says that the connections are for one iteration alone, and iteration is its context.
	once      bool
	iteration context.Context //nolint:containedctx // compared, never used
}

// client returns the client that a run uses, and what to do with it at the end. It is called on the event loop.
func (mi *Instance) client(which args.Connections, pool *vuPool) (client *fetch.Client, done func()) {
	state := mi.vu.State()
	switch which {
	case args.ConnectionsNew:
		client = mi.root.newClient(state, brief)
		return client, client.Shutdown
	case args.ConnectionsShared:
		mi.root.sharedOnce.Do(func() { mi.root.shared = mi.root.newClient(state, shared) })
		return mi.root.shared, func() {}
	default:
		return pool.of(mi.vu.Context(), mi.root, state), func() {}
	}
}

// of returns the client for an iteration. Where connections are for one iteration, each has a client of its own: that
// an iteration ends is heard beside the event loop, and closing what the next one may be using already would be too
// late. The VU of setup() or teardown() has no other iteration.
func (p *vuPool) of(ctx context.Context, root *RootModule, state *lib.State) *fetch.Client {
	once := p.once || state.Options.NoVUConnectionReuse.Bool || !k6private.InIteration(state)
	if p.client == nil || once && p.iteration != ctx {
		kind := own
		if once {
			kind = brief
		}
		p.client = root.newClient(state, kind)
		if once {
			p.iteration = ctx
			context.AfterFunc(ctx, p.client.Shutdown)
		}
	}
	return p.client
}

// close closes the connections: those in use when the runs that use them have ended. What comes next makes new ones.
func (p *vuPool) close() {
	if p.client != nil {
		p.client.Shutdown()
		p.client = nil
	}
}

// lifetime says clients apart: a VU's own, one for a run or an iteration, and one for all VUs.
type lifetime uint8

const (
	own lifetime = iota
	brief
	shared
)

// newClient makes an engine's client of what a VU has. Runs of a shared one share their limits, too.
func (r *RootModule) newClient(state *lib.State, kind lifetime) *fetch.Client {
	cfg := fetch.Config{Config: r.network.Config(state)}
	cfg.SharedLimits, cfg.Brief = kind == shared, kind == brief
	cfg.Panicked = r.panics.To(state.Logger)
	if state.Options.HTTPDebug.String != "" {
		cfg.Wrap = k6net.Debug(state)
	}
	return fetch.NewClient(cfg)
}
