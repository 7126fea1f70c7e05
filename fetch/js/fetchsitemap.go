package js

import (
	"context"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/js/common"
	"go.k6.io/k6/v2/lib"

	"github.com/xk6-fetch/xk6-fetch/fetch/js/args"
	"github.com/xk6-fetch/xk6-fetch/fetch/js/work"
	"github.com/xk6-fetch/xk6-fetch/fetch/lists"
)

// fetchSitemap is sitemap(url): a promise of the list.
func (mi *Instance) fetchSitemap(address string, call sobek.FunctionCall) sobek.Value {
	state := mi.vu.State()
	if state == nil {
		common.Throw(mi.rt, common.NewInitContextError(
			"Using sitemap() of a URL in the init context is not supported: nothing can be fetched there"))
	}
	promise, resolve, reject := mi.rt.NewPromise()
	var o *listOptions
	err := mi.attempt(func() (err error) {
		o, err = mi.listOptions("sitemap", call.Argument(1), nil)
		return err
	})
	if err != nil {
		_ = reject(mi.errorValue(err))
		return mi.rt.ToValue(promise)
	}
	c := mi.sitemapCall(state)
	ctx, cancel := context.WithCancel(c.ctx)
	loop := mi.newLoop(ctx)
	settle := func(list *lists.List, err error) error {
		cancel()
		return mi.settle(resolve, reject, func() (value, failure sobek.Value) {
			if err != nil {
				return nil, mi.newError("sitemap(): " + err.Error())
			}
			return mi.newList(list), nil
		})
	}
	mi.inBackground(func() {
		defer c.done()
		var list *lists.List
		var err error
		if panicked := c.Guard(func() { list, err = c.Sitemap(ctx, address, o.onError) }); panicked != nil {
			err = panicked
		}
		loop.end(func() error { return settle(list, err) })
	})
	return mi.rt.ToValue(promise)
}

// sitemapCall is a call that fetches sitemaps: with k6's options, but for a body of a sitemap's size.
func (mi *Instance) sitemapCall(state *lib.State) *fetchCall {
	o := args.DefaultOptions(state)
	o.KeepBodies(work.MaxSitemap)
	way := work.Way{Mode: work.Concurrent, Engine: o.Engine(state, o.Build()), Tags: o.Tags}
	way.Engine.LateCookies = true
	c := mi.newCall(way, state, o)
	c.Client, c.done = mi.client(o.Connections, &mi.vuPool)
	return c
}
