package js

import (
	"cmp"
	"slices"
	"strings"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/lib"
	"go.k6.io/k6/v2/metrics"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/js/args"
	"github.com/xk6-fetch/xk6-fetch/fetch/js/work"
	"github.com/xk6-fetch/xk6-fetch/fetch/page"
	"github.com/xk6-fetch/xk6-fetch/fetch/page/cache"
)

// preparePage reads a call of page(). Its options have been read.
func (mi *Instance) preparePage(
	o *args.Options, pool *vuPool, state *lib.State, given arguments,
) (*fetchCall, error) {
	document, err := o.Reader(state).ReadPage(given.targets)
	if err != nil {
		return nil, err
	}
	visit := &work.Visit{Document: document, Options: o.Visit(document.Spec)}
	if err := o.Bounded(given.options.Path + ".concurrency"); err != nil {
		return nil, err
	}
	visit.Options.Cache, visit.Options.Memory = mi.pageCache(o.Page.Cache), &mi.root.pageMemory
	engine := o.Engine(state, document.Spec)
	mi.watch(&engine, state)
	c := mi.newCall(work.Way{
		Mode: work.Page, Targets: visit, Engine: engine, RunBudget: o.RunBudget, Tags: o.Tags,
	}, state, o)
	c.Visit = visit
	c.Client, c.done = mi.client(o.Connections, pool)
	return c, nil
}

// pageCache returns the cache that visits use, nil for none.
func (mi *Instance) pageCache(which args.PageCache) *cache.Cache {
	switch which {
	case args.CacheVU:
		if mi.vuCache == nil {
			mi.vuCache = cache.New(work.CacheOfVU)
		}
		return mi.vuCache
	case args.CacheShared:
		return mi.root.sharedCache()
	default:
		return nil
	}
}

// newVisit makes the JavaScript object of a run that was a page's.
func (mi *Instance) newVisit(mode work.Mode, run *fetch.Run) *sobek.Object {
	o, load := mi.newRun(mode, run), run.Page
	args.Define(mi.rt, o, "document", mi.newResult(run.Results.At(0)))
	args.Define(mi.rt, o, "timings", mi.object(
		"document", metrics.D(load.Document), "blocking", metrics.D(load.Blocking), "load", metrics.D(load.Load),
	))
	for _, count := range []struct {
		name string
		n    int
	}{{"hits", load.Hits}, {"validated", load.Validated}, {"misses", load.Misses}, {"skipped", load.Skipped}} {
		args.Define(mi.rt, o, count.name, mi.rt.ToValue(count.n))
	}
	mi.method(o, "byType", func(sobek.FunctionCall) sobek.Value { return mi.byType(run) })
	mi.method(o, "toTargets", func(sobek.FunctionCall) sobek.Value { return mi.toTargets(run) })
	return o
}

// byType sums the results of a visit up, for each type.
func (mi *Instance) byType(run *fetch.Run) sobek.Value {
	sums := page.ByType(run)
	pairs := make([]any, 0, 2*len(sums)) //nolint:mnd // names and values
	for i := range sums {
		s := &sums[i]
		pairs = append(pairs, s.Type, mi.object(
			"count", len(s.Results), "ok", s.Ok, "failed", s.Failed, "notRun", s.NotRun,
			"hits", s.Hits, "requests", s.Requests, "bytes", s.Bytes, "results", mi.results(s.Results),
		))
	}
	return mi.object(pairs...)
}

// toTargets returns what the visit has requested as targets, each with the time at which it started.
func (mi *Instance) toTargets(run *fetch.Run) sobek.Value {
	var requested []*fetch.Result
	for _, r := range run.Results.All() {
		if r.Requests > 0 {
			requested = append(requested, r)
		}
	}
	slices.SortStableFunc(requested, func(a, b *fetch.Result) int { return cmp.Compare(a.Started(), b.Started()) })
	targets := make([]any, len(requested))
	for i, r := range requested {
		targets[i] = mi.targetOf(r)
	}
	return mi.rt.NewArray(targets...)
}

func (mi *Instance) targetOf(r *fetch.Result) *sobek.Object {
	spec := r.Target.Spec
	names := sortedNames(spec)
	headers := make([]any, 0, 2*len(names)) //nolint:mnd // names and values
	for _, name := range names {
		headers = append(headers, name, strings.Join(spec.Header[name], ", "))
	}
	params := []any{
		"headers", mi.object(headers...), "name", r.Name(),
		"tags", mi.object("type", r.Resource().Type),
	}
	target := []any{"method", r.Method(), "url", r.Target.URL}
	if body := givenBody(spec); body != nil {
		target = append(target, "body", mi.rt.NewArrayBuffer(slices.Clone(body)))
	}
	return mi.object(append(target, "params", mi.object(params...), "start", metrics.D(r.Started()))...)
}

// sortedNames are the headers of a spec that a script may set: validators are the cache's, and what follows from the
// body is set anew.
func sortedNames(spec *fetch.Spec) []string {
	var names []string
	for name := range spec.Header {
		switch name {
		case "Content-Length", "Content-Encoding", "If-None-Match", "If-Modified-Since":
		default:
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
