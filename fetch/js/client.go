package js

import (
	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/js/common"
	"go.k6.io/k6/v2/lib"
	"go.k6.io/k6/v2/metrics"

	"github.com/xk6-fetch/xk6-fetch/fetch/js/args"
	"github.com/xk6-fetch/xk6-fetch/fetch/js/work"
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
	for _, v := range []work.Mode{work.Sequential, work.Concurrent, work.Compare, work.Stream} {
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
