// Package js is the JavaScript module k6/x/fetch: it reads what a script hands over, runs the engine, and hands the
// results back.
//
// All JavaScript values are read on the event loop before the work starts, and made on it after the work has ended.
// Nothing in a goroutine touches the runtime.
package js

import (
	"os"
	"sync"

	"github.com/grafana/sobek"
	"github.com/sirupsen/logrus"
	"go.k6.io/k6/v2/js/common"
	"go.k6.io/k6/v2/js/modules"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/k6private"
	"github.com/xk6-fetch/xk6-fetch/fetch/js/args"
	"github.com/xk6-fetch/xk6-fetch/fetch/js/work"
	"github.com/xk6-fetch/xk6-fetch/fetch/k6metrics"
	"github.com/xk6-fetch/xk6-fetch/fetch/k6net"
	"github.com/xk6-fetch/xk6-fetch/fetch/page"
	"github.com/xk6-fetch/xk6-fetch/fetch/page/cache"
	"github.com/xk6-fetch/xk6-fetch/fetch/progress"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
	"github.com/xk6-fetch/xk6-fetch/fetch/segments"
)

// RootModule is the module of the whole test run; it makes the instances of the VUs.
type RootModule struct {
	// shared is the client of connections: 'shared'.
	shared     *fetch.Client
	sharedOnce sync.Once
	// pages is the cache of cache: 'shared'.
	pages     *cache.Cache
	pagesOnce sync.Once
	// pageMemory is what the visits of all VUs found.
	pageMemory page.Memory
	network    k6net.Network
	// manyNames is for the warning that there are too many.
	manyNames sync.Once
	panics    work.PanicLog
	// leftovers are what iterations leave behind.
	leftovers leftovers
	// lists are those that scripts have opened.
	lists openedLists
	// collector gathers what all VUs fetch, for report().
	collector *aggregate.Collector
	active    work.ActiveVUs
	// board says how far long runs are.
	board progress.Board
	quiet bool
	// printer is for print().
	printer *printer
}

// New returns the module to be registered with k6.
func New() *RootModule {
	r := &RootModule{
		collector: aggregate.New(aggregate.DefaultLimits()), quiet: progress.IsQuiet(k6private.Arguments()),
		printer: newPrinter(os.Stdout), //nolint:forbidigo // k6 hands modules no standard output
	}
	r.collector.CountVUs(r.active.Count)
	r.board.Glance = r.collector.Glance
	return r
}

// Instance is the module of one VU.
type Instance struct {
	root     *RootModule
	vu       modules.VU
	rt       *sobek.Runtime
	metrics  *k6metrics.Metrics
	tagCache k6metrics.TagCache
	vuPool   vuPool
	vuCache  *cache.Cache              // of pages; nil until it is asked for
	plans    map[string]*segments.Plan // by scenario
	streams  work.Counter              // that are under way
	protos   prototypes
	exports  modules.Exports
	// environment looks a variable up, as k6 sees them.
	environment func(name string) (string, bool)
}

var (
	_ modules.Module   = &RootModule{}
	_ modules.Instance = &Instance{}
)

// NewModuleInstance returns the module of a VU. It registers the extension's metrics.
func (r *RootModule) NewModuleInstance(vu modules.VU) modules.Instance {
	rt := vu.Runtime()
	mi := &Instance{root: r, vu: vu, rt: rt}
	registered, err := k6metrics.Register(vu.InitEnv().Registry)
	if err != nil {
		common.Throw(rt, err)
	}
	mi.metrics = registered
	mi.environment = vu.InitEnv().LookupEnv
	r.leftovers.watch(vu.Events())
	mi.protos = mi.newPrototypes()
	mi.tagCache.ManyNames = mi.warnOfManyNames(vu.InitEnv().Logger)

	named := map[string]any{"Client": mi.class("Client", mi.newClient)}
	for name, fn := range map[string]func(sobek.FunctionCall) sobek.Value{
		"sequential":       mi.verb(work.Sequential, nil),
		"concurrent":       mi.verb(work.Concurrent, nil),
		"compare":          mi.verb(work.Compare, nil),
		"stream":           mi.verb(work.Stream, nil),
		"page":             mi.verb(work.Page, nil),
		"expectedStatuses": mi.expectedStatuses,
		"chunks":           mi.chunks,
		"chunk":            mi.chunk,
		"partition":        mi.partition,
		"lines":            mi.lines,
		"csv":              mi.csv,
		"sitemap":          mi.sitemap,
		"har":              mi.har,
		"report":           mi.report,
		"print":            mi.print,
	} {
		named[name] = mi.function(name, fn)
	}
	// A named export is the same function as the property of the default export.
	byDefault := rt.NewObject()
	for name, value := range named {
		args.Define(rt, byDefault, name, rt.ToValue(value))
	}
	mi.exports = modules.Exports{Default: byDefault, Named: named}
	return mi
}

// sharedCache is the cache of pages of all VUs.
func (r *RootModule) sharedCache() *cache.Cache {
	r.pagesOnce.Do(func() { r.pages = cache.New(work.CacheOfAll) })
	return r.pages
}

// Exports returns what a script can import.
func (mi *Instance) Exports() modules.Exports { return mi.exports }

// warnOfManyNames returns the function that warns, once for all VUs.
func (mi *Instance) warnOfManyNames(logger logrus.FieldLogger) func() {
	return func() {
		mi.root.manyNames.Do(func() {
			logger.Warnf("There are more than %d distinct names in the metrics of k6/x/fetch. Each makes time series of its "+
				"own, which cost memory here and wherever the metrics go. Give URLs that belong together one name, with the "+
				"option name: 'host', 'path', a string such as '{host} pages', or a function of the URL.", k6metrics.MaxNames)
		})
	}
}
