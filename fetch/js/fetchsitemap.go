package js

import (
	"context"
	"fmt"
	"net/url"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/js/common"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/lists"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/urltext"
)

// maxSitemap is how large a sitemap may be by its specification, and some more: as it comes, and decompressed.
const maxSitemap = 64 << 20

// fetchSitemap is sitemap(url): a promise of the list.
func (mi *Instance) fetchSitemap(address string, call sobek.FunctionCall) sobek.Value {
	state := mi.vu.State()
	if state == nil {
		common.Throw(mi.rt, common.NewInitContextError(
			"Using sitemap() of a URL in the init context is not supported: nothing can be fetched there"))
	}
	promise, resolve, reject := mi.rt.NewPromise()
	var o *listOptions
	var j *job
	err := mi.attempt(func() (err error) {
		if o, err = mi.listOptions("sitemap", call.Argument(1), nil); err != nil {
			return err
		}
		j, err = mi.prepare(concurrent, nil, state, sobek.FunctionCall{Arguments: []sobek.Value{
			mi.rt.NewArray(address),
			mi.object("responseType", "binary", "maxBodySize", maxSitemap, "throw", false),
		}})
		return err
	})
	if err != nil {
		_ = reject(mi.errorValue(err))
		return mi.rt.ToValue(promise)
	}
	ctx, cancel := context.WithCancel(j.ctx)
	loop := mi.newLoop(ctx)
	mi.inBackground(func() {
		defer j.done()
		var list *lists.List
		var err error
		if panicked := j.guard(func() { list, err = j.sitemap(ctx, address, o.onError) }); panicked != nil {
			err = panicked
		}
		loop.end(func() error {
			cancel()
			return mi.settle(resolve, reject, func() (value, failure sobek.Value) {
				if err != nil {
					return nil, mi.newError("sitemap(): " + err.Error())
				}
				return mi.newList(list), nil
			})
		})
	})
	return mi.rt.ToValue(promise)
}

// sitemap fetches a sitemap and those that it leads to. What is kept of them is their URLs.
func (j *job) sitemap(ctx context.Context, address string, onError lists.OnError) (*lists.List, error) {
	observer := j.observer(concurrent).WithoutURLs()
	defer observer.Close()
	child := func(ctx context.Context, loc string) (lists.File, error) {
		run := j.client.Run(ctx, fetch.Targets([]fetch.Target{{URL: loc}}), j.engine, observer)
		name, result := urltext.Mask(loc), run.Results.At(0)
		switch {
		case result.Error != "":
			return lists.File{}, fmt.Errorf("%s: %s", name, result.Error)
		case !result.Ok():
			return lists.File{}, fmt.Errorf("%s: status %d", name, result.Status)
		}
		f := lists.Bytes(name, result.Response.Body)
		f.Limit, f.URL = maxSitemap, finalURL(loc, result.URL())
		return f, nil
	}
	first, err := child(ctx, address)
	if err != nil {
		return nil, err
	}
	return lists.SitemapURLs(ctx, first, child, onError)
}

// finalURL is where a URL has led to, of which masked has no user info. User info stays with its host.
func finalURL(asked, masked string) string {
	from, err := url.Parse(asked)
	if err != nil {
		return masked
	}
	to, err := url.Parse(masked)
	if err != nil {
		return asked
	}
	to.User = nil
	if to.Scheme == from.Scheme && to.Host == from.Host {
		to.User = from.User
	}
	return to.String()
}
