package page

import (
	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/page/cache"
	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover"
)

// Options say how a page is visited.
type Options struct {
	// Browser is what resources are chosen for.
	Browser discover.Options
	// Depth is how deep frames are followed: 0 fetches none, 1 those of the page, 2 those in them as well.
	Depth int
	// MaxResources is how many resources are fetched at most, besides the document.
	MaxResources int
	// PerHost is how many requests of one host are in flight at most; 0 is no limit. It is what browsers do if it is not
	// Given: six over HTTP/1.1, and no limit over HTTP/2 and HTTP/3.
	PerHost PerHost
	// Wanted reports whether a resource is to be fetched. It may be nil, and workers call it concurrently.
	Wanted func(Found) bool
	// SpecOf returns how to request resources of a host and a type: all but what a browser adds to it. Workers call it
	// concurrently, once for each host and type.
	SpecOf func(host, kind string) *fetch.Spec
	// Cache keeps responses from visit to visit. It may be nil.
	Cache *cache.Cache
	// Memory keeps what was found in bodies from visit to visit. It may be nil.
	Memory *Memory
}

// PerHost is a limit, if it is given.
type PerHost struct {
	Limit int
	Given bool
}

// Found is a resource that a page refers to.
type Found struct{ URL, Host, Type string }

// Limits of browsers.
const (
	// connectionsPerHost is how many connections of HTTP/1.1 they make to a host.
	connectionsPerHost = 6
	// maxScanned bounds what is scanned for resources if the script has chosen no limit.
	maxScanned = 10_000_000
)

// of is how many requests of a host are in flight at most, 0 for any number.
func (p PerHost) of(shares bool) int {
	switch {
	case p.Given:
		return p.Limit
	case shares:
		return 0
	default:
		return connectionsPerHost
	}
}
