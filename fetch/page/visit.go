// Package page visits pages as the network of a browser does: it fetches a document and whatever it needs, in a
// browser's order, and runs none of its scripts.
//
// A [Visit] is the frontier of one run. A document is scanned while it streams (package discover), so that what
// it refers to is on its way before its end. Of what is known, the most urgent starts first whose host can take another
// request. What is fetched is scanned in turn: stylesheets for imports and fonts, and frames for all that a page has.
// Requests have the headers of a browser (package request), and responses may come from a cache (package cache).
//
// The pool does the rest: the visit hands targets out as its workers ask, and gets results back.
package page

import (
	"context"
	"iter"
	"sync"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover"
	"github.com/xk6-fetch/xk6-fetch/fetch/page/request"
)

// Visit is one visit of a page. It is the frontier of its run, and what its targets' specs call the page. It has many
// fields because its lock protects all that is known of what was found.
type Visit struct {
	options Options
	// top is the site that the cache is partitioned by.
	top string

	main *item // the page itself
	// more is called when there is more to do, and began is when the run did.
	more  func()
	began time.Time

	mu     sync.Mutex
	items  []*item // in the order of their discovery
	blanks []item
	// skipped counts references to resources beyond MaxResources, each URL once.
	skipped int
	// together reports whether what was found last was known, so that all of it may begin at once.
	together bool
	// unannounced reports whether something was found that nobody has been told of.
	unannounced bool
	beyond      map[string]struct{}
	byURL       map[string]*item
	queue       queue
	specs       specs
	// handed is the item that was handed out last.
	handed *item
}

var (
	_ fetch.Frontier = &Visit{}
	_ fetch.Paced    = &Visit{}
	_ fetch.Page     = &Visit{}
)

// usual is how many resources there is room for at first.
const usual = 64

// New returns a visit of the page that a target is.
func New(document fetch.Target, options Options) *Visit {
	v := &Visit{options: options, items: make([]*item, 0, usual), byURL: make(map[string]*item, usual)}
	v.queue.limit = options.PerHost
	it := &item{url: document.URL, address: document.URL, found: discover.Resource{
		URL: document.URL, Type: discover.Document, Blocking: true, Priority: discover.Highest,
	}}
	v.main, v.top = it, request.Site(document.URL)
	v.mu.Lock()
	defer v.mu.Unlock()
	v.add(it, document.Spec)
	return v
}

// Run makes the visit. The options are those of the run, but for PerHost, which is the visit's own.
func (v *Visit) Run(ctx context.Context, client *fetch.Client, opts fetch.Options, obs fetch.Observer) *fetch.Run {
	next := opts.OnResult
	opts.OnResult = func(r *fetch.Result) {
		defer v.ended(r)
		if next != nil {
			next(r)
		}
	}
	opts.PerHost = v.options.PerHost.Limit // for hosts that all VUs share
	if !v.options.PerHost.Given {
		opts.PerHost = 0
	}
	run := client.Run(ctx, v, opts, obs)
	run.Page = v.load(run)
	return run
}

// Next implements fetch.Iterator.
func (v *Visit) Next() (fetch.Target, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	it := v.queue.pop()
	if it == nil {
		return fetch.Target{}, false
	}
	it.state = underWay
	v.handed = it
	return v.target(it), true
}

// Ready implements fetch.Frontier.
func (v *Visit) Ready() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	ready := v.queue.ready()
	if !v.together {
		ready = min(ready, 1) // while a body is scanned, each may be followed by one that is more urgent
	}
	return ready
}

// Watch implements fetch.Frontier.
func (v *Visit) Watch(more func()) { v.more, v.began = more, time.Now() }

// Start implements fetch.Paced: no resource can start before it is found, and so is not queued.
func (v *Visit) Start() time.Duration { return v.handed.since }

func (v *Visit) target(it *item) fetch.Target { return fetch.Target{URL: it.url, Spec: it.spec} }

// Place implements fetch.Frontier. Only whoever has called Next calls it.
func (v *Visit) Place() int { return v.handed.place }

// Len implements fetch.Iterator.
func (v *Visit) Len() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return len(v.items)
}

// Left implements fetch.Frontier.
func (v *Visit) Left() iter.Seq2[int, fetch.Target] {
	return func(yield func(int, fetch.Target) bool) {
		for i, it := range v.items {
			if it.state == waiting && !yield(i, v.target(it)) {
				return
			}
		}
	}
}

// Resource implements fetch.Page.
func (v *Visit) Resource(index int) *fetch.Resource {
	v.mu.Lock()
	defer v.mu.Unlock()
	if index >= len(v.items) {
		return nil
	}
	it := v.items[index]
	about := fetch.Resource{
		Type: it.found.Type.String(), Priority: it.found.Priority.String(), Element: it.found.Element,
		Initiator: -1, Blocking: it.blocks,
	}
	if it.parent != nil {
		about.Initiator, about.InitiatorURL = it.parent.place, it.parent.url
	}
	return &about
}

func (v *Visit) item(index int) *item {
	v.mu.Lock()
	defer v.mu.Unlock()
	if index >= len(v.items) {
		return nil
	}
	return v.items[index]
}

// ended notes that the target of a result is under way no longer.
func (v *Visit) ended(r *fetch.Result) {
	v.mu.Lock()
	defer v.mu.Unlock()
	it := v.items[r.Index]
	if it.state != underWay {
		return // it was never handed out
	}
	it.state = ended
	it.scanner, it.check, it.kept, it.entry = nil, nil, nil, nil // results may be kept for long
	if it.asks() {
		v.queue.ended(it)
	}
}

// load returns how long the page took.
func (v *Visit) load(run *fetch.Run) *fetch.PageLoad {
	load := &fetch.PageLoad{Skipped: v.skipped}
	r := &fetch.Result{}
	for i := range run.Results.Len() {
		run.Results.Read(i, r)
		if r.State == fetch.StateNotRun {
			continue
		}
		it := v.items[i]
		if i == 0 {
			load.Document = r.Ended()
		}
		if it.blocks {
			load.Blocking = max(load.Blocking, r.Ended())
		}
		load.Load = max(load.Load, r.Ended())
		switch {
		case r.FromCache:
			load.Hits++
		case it.reused:
			load.Validated++
		case it.refused != "":
		default:
			load.Misses++
		}
	}
	return load
}
