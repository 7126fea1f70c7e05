package reporttest

import (
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/report"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/baseline"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/failure"
)

// visitedPage is a page whose visits are simulated: its document, and what that needs in the order of its discovery.
type visitedPage struct {
	name      string
	resources []needed
}

// needed is a resource of a page. The place of its initiator is -1 for the document.
type needed struct {
	url       string
	kind      string
	initiator int
	element   string
	priority  string
	blocking  bool
	typical   time.Duration
	bytes     int64
	caching   caching
}

// Resources of two pages: what both have, and what is in one of them alone.
//
//nolint:gochecknoglobals // constant tables
var (
	homePage = visitedPage{"home", append(frame("https://shop.example/"), []needed{
		{spring + "hero-banner-large.avif?w=1280&q=75", "image", 0, "img", "medium", false, 95 * ms, 184_000, always},
		{spring + "card-01.webp", "image", 0, "img", "medium", false, 31 * ms, 18_200, always},
		{spring + "card-02.webp", "image", 0, "img", "medium", false, 29 * ms, 17_900, always},
		{spring + "card-03.webp", "image", 0, "img", "low", false, 30 * ms, 16_400, always},
		{spring + "card-04.webp", "image", 0, "img", "low", false, 33 * ms, 19_100, always},
		{"https://cdn.example/media/intro.mp4", "media", 0, "video", "low", false, 120 * ms, 1_400_000, always},
		{"https://cdn.example/media/intro.en.vtt", "track", 0, "track", "low", false, 21 * ms, 2100, always},
		{"https://maps.example/embed?q=shop", "document", 0, "iframe", "highest", false, 88 * ms, 12_400, never},
		{"https://maps.example/api/js?libraries=places", "script", 16, "script", "high", false, 64 * ms, 71_000, always},
		{"https://maps.example/tiles/14/8529/5975.png", "image", 16, "img", "medium", false, 48 * ms, 14_800, always},
		{"https://metrics.example/collect.js", "script", 0, "script", "low", false, 140 * ms, 22_000, never},
		{shop + "images/partner-logo.svg", "image", 0, "img", "low", false, 18 * ms, 0, never},
	}...)}
	productPage = visitedPage{"product", append(frame(shop+"products/4711"), []needed{
		{shop + "images/products/4711/front.avif", "image", 0, "img", "medium", false, 62 * ms, 96_000, always},
		{shop + "images/products/4711/back.avif", "image", 0, "img", "medium", false, 58 * ms, 91_000, always},
		{"https://metrics.example/collect.js", "script", 0, "script", "low", false, 140 * ms, 22_000, never},
	}...)}
)

const (
	shop   = "https://shop.example/"
	spring = shop + "images/products/2026/spring/"
)

// frame is what all pages of the shop begin with.
func frame(document string) []needed {
	return []needed{
		{document, "document", -1, "", "highest", true, 130 * ms, 21_300, never},
		{shop + "assets/css/main.8f3a2c.css", "style", 0, "link", "highest", true, 44 * ms, 38_000, always},
		{shop + "assets/css/print.css", "style", 0, "link", "lowest", false, 20 * ms, 3100, always},
		{shop + "site.webmanifest", "manifest", 0, "link", "medium", false, 14 * ms, 480, ask},
		{"https://cdn.example/fonts/inter-var-latin.woff2", "font", 0, "link", "high", false, 52 * ms, 98_000, always},
		{"https://cdn.example/js/vendor.2b7e1516.js", "script", 0, "script", "high", true, 71 * ms, 262_000, always},
		{shop + "assets/js/app.28aed2a6.js", "script", 0, "script", "low", false, 46 * ms, 88_000, ask},
		{shop + "assets/css/base.css", "style", 1, "css:@import", "highest", true, 38 * ms, 9400, always},
		{"https://cdn.example/fonts/display.woff2", "font", 1, "css:@font-face", "highest", false, 47 * ms, 41_000, always},
	}
}

// knownPage is what results of a simulated visit say that they are to their page.
type knownPage []fetch.Resource

var _ fetch.Page = knownPage{}

// Resource implements fetch.Page.
func (k knownPage) Resource(index int) *fetch.Resource {
	about := k[index]
	return &about
}

// Stored implements fetch.Page.
func (knownPage) Stored(int) *fetch.Stored { return nil }

// Judge implements fetch.Page.
func (knownPage) Judge(*fetch.Result) *fetch.Stored { return nil }

// visiting is a visit under way.
type visiting struct {
	*Simulation

	page      *visitedPage
	returning bool
	hosts     map[string]*[perHost]slot
	results   []*fetch.Result
}

// perHost is how many connections are made to a host.
const perHost = 6

// slot is a connection, and when it is free.
type slot struct {
	free time.Duration
	made bool
}

// Visit visits a page. A returning visitor has a cache.
func (s *Simulation) Visit(p *visitedPage, returning bool) *aggregate.Timeline {
	const concurrency = 100
	run := &fetch.Run{Started: s.now, Concurrency: concurrency, Count: len(p.resources), Page: &fetch.PageLoad{}}
	s.collect.Begin(s.now)
	known := make(knownPage, len(p.resources))
	v := &visiting{Simulation: s, page: p, returning: returning, hosts: make(map[string]*[perHost]slot)}
	line := &aggregate.Timeline{Mode: "page", Concurrency: run.Concurrency, Started: s.now}
	for i := range p.resources {
		known[i] = p.resources[i].about(p)
		r := v.fetch(i)
		r.RunStarted, r.Index, r.Target.Spec.Page = run.Started, i, known
		r.Target.Spec.Type = known[i].Type
		v.results = append(v.results, r)
		countResult(run, r)
		s.collect.Add(r)
		line.Rows = append(line.Rows, aggregate.SampleOf(r))
	}
	const toEnd = 200 * time.Microsecond
	run.Elapsed, run.Peak = run.Page.Load+toEnd, peakOf(v.results)
	s.collect.Ended(line.Mode, run)
	s.now = s.now.Add(run.Elapsed + time.Second)
	line.Totals = aggregate.Totals{
		Counts: aggregate.Counts{
			Count: run.Count, Ok: run.Ok, Failed: run.Failed, Hits: run.Page.Hits, Requests: run.Requests, Bytes: run.Bytes,
		},
		Runs: 1, Elapsed: run.Elapsed, Total: run.Total, Peak: run.Peak,
	}
	line.Visit = &aggregate.Visit{PageLoad: *run.Page, Name: p.name, URL: p.resources[0].url, Whole: true}
	s.visited(line)
	return line
}

// visited counts a visit as a collector would, which has no results of it.
func (s *Simulation) visited(line *aggregate.Timeline) {
	if s.few[line.Mode] == nil {
		s.few[line.Mode] = &fewRuns{}
	}
	s.few[line.Mode].add(line)
	v := line.Visit
	p := s.pages[v.Name]
	if p == nil {
		p = &aggregate.Page{Name: v.Name}
		if s.pages == nil {
			s.pages = make(map[string]*aggregate.Page)
		}
		s.pages[v.Name] = p
	}
	p.Visits++
	p.Whole++
	p.Hits += v.Hits
	p.Validated += v.Validated
	p.Misses += v.Misses
	for m, d := range []time.Duration{v.Document, v.Blocking, v.Load} {
		p.Times[m].Add(d)
	}
}

// about is what a resource is to its page.
func (n *needed) about(p *visitedPage) fetch.Resource {
	about := fetch.Resource{
		Type: n.kind, Priority: n.priority, Initiator: n.initiator, Element: n.element, Blocking: n.blocking,
	}
	if n.initiator >= 0 {
		about.InitiatorURL = p.resources[n.initiator].url
	}
	return about
}

// fetch fetches a resource once it has been found, and a connection to its host is free.
func (v *visiting) fetch(i int) *fetch.Result {
	n := &v.page.resources[i]
	name := v.page.name
	var found time.Duration
	if n.initiator >= 0 {
		by := v.results[n.initiator]
		const later = 700 * time.Microsecond
		found = by.Ended() - by.Timings.Receiving + time.Duration(i-n.initiator)*later
		name = hostOf(n.url) + " " + n.kind
	}
	if v.returning && n.caching == always {
		return &fetch.Result{
			Target: fetch.Target{URL: n.url, Spec: &fetch.Spec{Name: name}}, State: fetch.StateDone, Status: http.StatusOK,
			FromCache: true, Due: found,
		}
	}
	to := Page{Name: name, URL: n.url, Typical: n.typical, Bytes: n.bytes}
	if n.bytes == 0 {
		to.Fails, to.Status, to.Code = 40, http.StatusNotFound, failure.CodeHTTPStatus+http.StatusNotFound
	}
	at := v.free(hostOf(n.url))
	r := v.result(&to, at.made, false)
	r.Due, r.Queued = found, max(found, at.free)-found
	if v.returning && n.caching == ask {
		r.Status, r.Bytes, r.Elapsed = http.StatusNotModified, 0, r.Elapsed-r.Timings.Receiving
		r.Timings.Receiving = 0
	}
	at.free, at.made = r.Ended(), true
	return r
}

// free is the connection to a host that is free first.
func (v *visiting) free(host string) *slot {
	slots := v.hosts[host]
	if slots == nil {
		slots = &[perHost]slot{}
		v.hosts[host] = slots
	}
	first := &slots[0]
	for i := range slots {
		if slots[i].free < first.free {
			first = &slots[i]
		}
	}
	return first
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "a.example" // where all nasty ones are
	}
	return u.Host
}

// countResult counts a result of a visit.
func countResult(run *fetch.Run, r *fetch.Result) {
	run.Total += r.Elapsed
	run.Requests += r.Requests
	run.Bytes += r.Bytes
	if r.State == fetch.StateDone {
		run.Ok++
	} else {
		run.Failed++
	}
	load := run.Page
	if r.Index == 0 {
		load.Document = r.Ended()
	}
	if r.Resource().Blocking {
		load.Blocking = max(load.Blocking, r.Ended())
	}
	load.Load = max(load.Load, r.Ended())
	switch {
	case r.FromCache:
		load.Hits++
	case r.Status == http.StatusNotModified:
		load.Validated++
	default:
		load.Misses++
	}
}

// peakOf is how many were in flight at once at most.
func peakOf(results []*fetch.Result) (peak int) {
	for _, r := range results {
		inFlight := 0
		for _, other := range results {
			if other.Started() <= r.Started() && r.Started() < other.Ended() {
				inFlight++
			}
		}
		peak = max(peak, inFlight)
	}
	return peak
}

// Visits is a test of two pages, each visited often, by new visitors and returning ones.
func Visits() *report.Subject {
	const often, every = 60, 3
	s := NewSimulation(aggregate.DefaultLimits())
	for i := range often {
		s.Visit(&homePage, i%every > 0)
		if i%every == 0 {
			s.Visit(&productPage, true)
		}
	}
	s.KeepFew("page")
	return s.Subject()
}

// FirstVisit is the only visit of a page.
func FirstVisit() *report.Subject {
	s := NewSimulation(aggregate.DefaultLimits())
	s.Keep(s.Visit(&homePage, false))
	return s.Subject()
}

// Returning is a visit with a cache.
func Returning() *report.Subject {
	s := NewSimulation(aggregate.DefaultLimits())
	s.Keep(s.Visit(&homePage, true))
	return s.Subject()
}

// NastyVisit is a visit of a page full of texts that would break a report that does not escape them.
func NastyVisit() *report.Subject {
	texts := NastyTexts()
	kinds := []string{"style", "script", "font", "image", "media", "track", "manifest", "embed", "object", "other"}
	page := visitedPage{name: texts[1], resources: []needed{
		{"https://a.example/" + texts[0], "document", -1, "", "highest", true, 50 * ms, 1000, never},
	}}
	for i, text := range texts {
		caching := []caching{never, ask, always}[i%3]
		page.resources = append(page.resources, needed{
			"https://a.example/" + text, kinds[i%len(kinds)], i, text, "low", i%2 == 0, time.Duration(10+i) * ms,
			int64(i % 5 * 1000), caching, //nolint:mnd // some have none, and fail
		})
	}
	s := NewSimulation(aggregate.DefaultLimits())
	s.Keep(s.Visit(&page, true))
	return s.Subject()
}

// SlowerPage is a test of two pages, one of which takes longer than in the baseline, because a script of it does.
func SlowerPage() (*report.Subject, *baseline.Report) {
	const often, slow = 40, 400 * time.Millisecond
	slower := visitedPage{homePage.name, slices.Clone(homePage.resources)}
	slower.resources[5].typical = slow
	visits := func(luck uint64, home *visitedPage) *Simulation {
		s := NewSimulation(aggregate.DefaultLimits())
		s.random = rand.New(rand.NewPCG(luck, 16)) // #nosec G404 -- made up
		for range often {
			s.Visit(home, false)
			s.Visit(&productPage, true)
		}
		s.KeepFew("page")
		return s
	}
	return visits(1, &slower).Subject(), asBaseline("Main branch", visits(2, &homePage)) //nolint:mnd // another one
}
