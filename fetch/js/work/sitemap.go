package work

import (
	"context"
	"fmt"
	"net/url"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/lists"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/urltext"
)

// MaxSitemap is how large a sitemap may be by its specification, and some more: as it comes, and decompressed.
const MaxSitemap = 64 << 20

// Sitemap fetches a sitemap and those that it leads to. What is kept of them is their URLs.
func (j *Job) Sitemap(ctx context.Context, address string, onError lists.OnError) (*lists.List, error) {
	observer := j.observer(&j.Way, Concurrent).WithoutURLs()
	defer observer.Close()
	child := func(ctx context.Context, loc string) (lists.File, error) {
		run := j.Client.Run(ctx, fetch.Targets([]fetch.Target{{URL: loc}}), j.Engine, observer)
		name, result := urltext.Mask(loc), run.Results.At(0)
		switch {
		case result.Error != "":
			return lists.File{}, fmt.Errorf("%s: %s", name, result.Error)
		case !result.Ok():
			return lists.File{}, fmt.Errorf("%s: status %d", name, result.Status)
		}
		f := lists.Bytes(name, result.Response.Body)
		f.Limit, f.URL = MaxSitemap, finalURL(loc, result.URL())
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
