// Package reporttest simulates the data of reports, for tests of them.
package reporttest

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/budget"
	"github.com/xk6-fetch/xk6-fetch/fetch/expect"
	"github.com/xk6-fetch/xk6-fetch/fetch/report"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/failure"
)

// begun is when everything simulated began.
//
//nolint:gochecknoglobals // a constant
var begun = time.Date(2026, time.March, 14, 9, 26, 53, 0, time.UTC)

// Simulation simulates runs, the same ones every time.
type Simulation struct {
	random  *rand.Rand
	collect *aggregate.Collector
	now     time.Time
	lines   []*aggregate.Timeline
	compare *aggregate.Comparison
	few     map[string]*fewRuns // by mode
	pages   map[string]*aggregate.Page
	// Budget is the budget of each run.
	Budget budget.Checks
}

// NewSimulation returns a simulation without runs.
func NewSimulation(limits aggregate.Limits) *Simulation {
	return &Simulation{
		random:  rand.New(rand.NewPCG(3, 14)), // #nosec G404 -- made up
		collect: aggregate.New(limits), now: begun, few: make(map[string]*fewRuns),
	}
}

// Page is a page to fetch.
type Page struct {
	Name, URL string
	Typical   time.Duration
	// Fails is the percentage of failures, with Code and Error.
	Fails  int
	Status int
	Code   int
	Error  string
	NotRun bool
	// Stalls is the percentage of requests that take ten times as long.
	Stalls int
	Budget budget.Checks
	// Expect is what it must be. A Soft one says that there is no such page, with a status of success.
	Expect *expect.Expectation
	Soft   bool
	// Bytes is its size; 0 means random.
	Bytes int64
	// Due is when it may start, measured from the start of its run.
	Due time.Duration
}

// Run fetches pages through a pool, and returns its timeline. With exact, times are those of the pages; otherwise they
// vary.
func (s *Simulation) Run(mode string, concurrency int, pages []Page, exact bool) *aggregate.Timeline {
	run := &fetch.Run{Started: s.now, Concurrency: concurrency, Count: len(pages), Peak: min(concurrency, len(pages))}
	free := make([]time.Duration, concurrency)
	connected := make([]bool, concurrency)
	line := &aggregate.Timeline{Mode: mode, Concurrency: concurrency, Started: s.now}
	s.collect.Begin(s.now)
	results := make([]*fetch.Result, 0, len(pages))
	for i := range pages {
		worker := 0
		for w := range free {
			if free[w] < free[worker] {
				worker = w
			}
		}
		r := s.result(&pages[i], connected[worker], exact)
		due := pages[i].Due
		free[worker] = max(free[worker], due)
		r.Index, r.RunStarted, r.Due, r.Queued = i, run.Started, due, free[worker]-due
		connected[worker] = r.State == fetch.StateDone
		free[worker] += r.Elapsed
		run.Elapsed = max(run.Elapsed, free[worker])
		run.Total += r.Elapsed
		run.Requests += r.Requests
		run.Bytes += r.Bytes
		switch r.State {
		case fetch.StateDone:
			run.Ok++
		case fetch.StateFailed:
			run.Failed++
		case fetch.StateNotRun:
			run.NotRun++
		}
		s.collect.Add(r)
		results = append(results, r)
		line.Rows = append(line.Rows, aggregate.Sample{
			Name: r.Name(), Method: "GET", URL: r.URL(), State: r.State, Status: r.Status, ErrorCode: r.ErrorCode,
			Error: r.Error, Attempts: r.Attempts, Requests: r.Requests, Bytes: r.Bytes, Reused: r.Reused, Due: r.Due,
			Queued: r.Queued, Elapsed: r.Elapsed, Timings: r.Timings,
			Budget: pages[i].Budget, Expect: pages[i].Expect, Unmet: r.Unmet,
		})
	}
	s.judge(run, results)
	s.collect.Ended(mode, run)
	s.now = s.now.Add(run.Elapsed + time.Second)
	line.Totals = aggregate.Totals{
		Counts: aggregate.Counts{
			Count: run.Count, Ok: run.Ok, Failed: run.Failed, NotRun: run.NotRun, OverBudget: run.OverBudget,
			Requests: run.Requests, Bytes: run.Bytes,
		},
		Runs: 1, Elapsed: run.Elapsed, Total: run.Total, Peak: run.Peak,
	}
	if s.few[mode] == nil {
		s.few[mode] = &fewRuns{}
	}
	s.few[mode].add(line)
	return line
}

func (s *Simulation) result(p *Page, connected, exact bool) *fetch.Result {
	r := &fetch.Result{
		Target: fetch.Target{URL: p.URL, Spec: &fetch.Spec{Name: p.Name, Budget: p.Budget, Expect: p.Expect}},
		State:  fetch.StateDone,
		Status: 200, Attempts: 1, Requests: 1, Bytes: int64(1000 + s.random.IntN(90_000)), Reused: connected,
	}
	if p.NotRun {
		return &fetch.Result{Target: r.Target}
	}
	if p.Bytes > 0 {
		r.Bytes = p.Bytes
	}
	vary := func(d time.Duration) time.Duration {
		if exact {
			return d
		}
		return time.Duration(float64(d) * (0.6 + s.random.ExpFloat64()*0.5))
	}
	t := &r.Timings
	if !connected {
		t.LookingUp = vary(p.Typical / 20)
		t.Connecting = vary(p.Typical / 12)
		t.TLSHandshaking = vary(p.Typical / 8)
		t.Blocked = t.LookingUp + t.Connecting + t.TLSHandshaking + 300*time.Microsecond
	}
	t.Sending = vary(40 * time.Microsecond)
	t.Waiting = vary(p.Typical / 2)
	if p.Stalls > 0 && s.random.IntN(100) < p.Stalls {
		t.Waiting += 10 * p.Typical
	}
	t.Receiving = vary(p.Typical / 5)
	r.Elapsed = t.Blocked + t.Duration() + 50*time.Microsecond
	if exact {
		t.Waiting += max(0, p.Typical-r.Elapsed)
		r.Elapsed = p.Typical
	}
	if p.Soft {
		soften(r)
	}
	if s.random.IntN(100) < p.Fails {
		r.State, r.Status, r.ErrorCode, r.Error = fetch.StateFailed, p.Status, p.Code, p.Error
		if p.Status == 0 {
			r.Bytes, t.Receiving = 0, 0
			t.Waiting = 3 * p.Typical
			r.Elapsed = t.Blocked + t.Duration()
		}
	} else if !exact && s.random.IntN(50) == 0 {
		r.Attempts, r.Requests = 2, 2
		r.Elapsed += p.Typical / 2
	}
	return r
}

// Keep adds a run to the report.
func (s *Simulation) Keep(line *aggregate.Timeline) { s.lines = append(s.lines, line) }

// Compare adds a comparison to the report.
func (s *Simulation) Compare(ways ...*aggregate.Timeline) {
	s.compare = &aggregate.Comparison{Count: 1, Ways: ways}
}

// Subject is the report of what has happened.
func (s *Simulation) Subject() *report.Subject {
	summary := s.collect.Summary()
	summary.Timelines, summary.Comparison = s.lines, s.compare
	for _, name := range slices.Sorted(maps.Keys(s.pages)) {
		summary.Pages = append(summary.Pages, s.pages[name])
	}
	addDetails(summary)
	return report.OfSummary(summary)
}

// demoPages are the five home pages of the first version of this project.
//
//nolint:gochecknoglobals // a constant list
var demoPages = []Page{
	{Name: "news", URL: "https://news.example/", Typical: 570 * time.Millisecond},
	{Name: "wiki", URL: "https://wiki.example/", Typical: 1470 * time.Millisecond},
	{Name: "search", URL: "https://search.example/", Typical: 380 * time.Millisecond},
	{Name: "video", URL: "https://video.example/", Typical: 1120 * time.Millisecond},
	{Name: "social", URL: "https://social.example/", Typical: 540 * time.Millisecond},
}

// Demo is the comparison of the five home pages.
func Demo() *report.Subject {
	s := NewSimulation(aggregate.DefaultLimits())
	s.Compare(s.Run("sequential", 1, demoPages, true), s.Run("concurrent", 20, demoPages, true))
	return s.Subject()
}

// Versions is a comparison of ways that a script has named. One of them has a name that is markup.
func Versions() *report.Subject {
	s := NewSimulation(aggregate.DefaultLimits())
	pages, faster := slices.Clone(demoPages), slices.Clone(demoPages)
	for i := range pages {
		faster[i].Typical = pages[i].Typical * 2 / 3 //nolint:mnd // a third less
	}
	s.Compare(s.Run("h1", 2, pages, true), s.Run("h2 <b>|</b>", 20, pages, true), s.Run("h3", 20, faster, true))
	return s.Subject()
}

// Paced is a run of the five home pages, each due a second after the one before, so that the third is late.
func Paced() *report.Subject {
	s := NewSimulation(aggregate.DefaultLimits())
	pages := slices.Clone(demoPages)
	for i := range pages {
		pages[i].Due = time.Duration(i) * time.Second
	}
	s.Keep(s.Run("concurrent", 1, pages, true))
	return s.Subject()
}

// Uneven is a comparison in which one way had no answers, and was done at once.
func Uneven() *report.Subject {
	s := NewSimulation(aggregate.DefaultLimits())
	refused := slices.Clone(demoPages)
	for i := range refused {
		refused[i].Typical, refused[i].Fails, refused[i].Code = time.Millisecond, 100, 1600 //nolint:mnd // all
		refused[i].Error = "server does not speak HTTP/2"
	}
	s.Compare(s.Run("h1", 20, demoPages, true), s.Run("h2", 20, refused, true))
	return s.Subject()
}

// Shop is a test with many runs, names and some failures.
func Shop() *report.Subject {
	s := NewSimulation(aggregate.DefaultLimits())
	pages := shopPages()
	for range 20 {
		s.Run("concurrent", 12, pages, false)
	}
	s.KeepFew("concurrent")
	small := pages[:10]
	s.Compare(s.Run("sequential", 1, small, false), s.Run("concurrent", 10, small, false))
	return s.Subject()
}

func shopPages() []Page {
	names := []string{
		"home", "search", "product", "cart", "login", "api/users", "api/orders", "static/app.js", "static/app.css",
		"images/hero.avif",
	}
	const items = 120
	pages := make([]Page, 0, len(names)+items+1)
	for i, name := range names {
		typical := time.Duration(40+i*i*9) * time.Millisecond
		pages = append(pages, Page{Name: name, URL: "https://shop.example/" + name, Typical: typical})
	}
	pages[3].Fails, pages[3].Status, pages[3].Code = 12, 503, 1503
	pages[6].Fails, pages[6].Code, pages[6].Error = 5, failure.CodeTimeout, "request timeout"
	pages[1].Fails, pages[1].Code, pages[1].Error = 2, failure.CodeReset, "connection reset by peer"
	for i := range items {
		pages = append(pages, Page{
			Name: fmt.Sprintf("item %d", i), URL: fmt.Sprintf("https://cdn.example/items/%d?size=large&format=webp", i),
			Typical: time.Duration(15+i) * time.Millisecond,
		})
	}
	return append(pages, Page{Name: "late", URL: "https://shop.example/late", NotRun: true})
}

// Large is a run of many URLs, each with a name of its own.
func Large(n int) *report.Subject {
	limits := aggregate.DefaultLimits()
	limits.Names, limits.Rows = n, n
	s := NewSimulation(limits)
	pages := make([]Page, n)
	for i := range pages {
		url := fmt.Sprintf("https://host-%d.example/path/to/something/%d", i%37, i)
		pages[i] = Page{URL: url, Typical: time.Duration(20+i%400) * time.Millisecond}
		if i%97 == 0 {
			pages[i].Fails, pages[i].Code, pages[i].Error = 100, failure.CodeTimeout, "request timeout"
		}
	}
	s.Keep(s.Run("concurrent", 100, pages, false))
	return s.Subject()
}

// NastyTexts are names, URLs and errors that would break a report that does not escape them.
func NastyTexts() []string {
	return []string{
		"https://a.example/<script>alert(1)</script>",
		"</script><script>alert(2)</script><!--",
		`https://a.example/?q="double"&r='single'&lt;`,
		"https://a.example/a,b;c\td",
		"line\none\r\ntwo\u2028three\u0085four",
		"\x1b[31mred\x1b[0m\x1b]0;title\a \u009b31m",
		"https://a.example/a|b|`c`|``d``",
		"=HYPERLINK(\"http://evil.example\",\"x\")", "+1+1", "-2+3", "@SUM(A1)", " =1+1", "\t=2+2",
		"# SKIP not really", "a \\# TODO b", "ok 1 - no", "...", "---",
		"]]> <![CDATA[ &amp; \x00\x0b\ufffe",
		"*bold* _under_ [link](javascript:alert(3)) ![i](x) ~~s~~ $x$ @somebody :tada:",
		"\u202egnp.exe\u202c", "日本語のページ 🚀 é", "{{.Title}} ${x} %s %d",
		"invalid \xff\xfe utf-8", "", " ", "`", "constructor", "__proto__",
	}
}

// Nasty is a report full of such texts.
func Nasty() *report.Subject {
	s := NewSimulation(aggregate.DefaultLimits())
	texts := NastyTexts()
	pages := make([]Page, len(texts)+1)
	pages[len(texts)] = Page{Name: "never", URL: "https://a.example/never", NotRun: true}
	for i, text := range texts {
		pages[i] = Page{Name: text, URL: "https://a.example/" + text, Typical: time.Duration(10+i) * time.Millisecond}
		pages[i].Budget = Checks("elapsed", fmt.Sprintf("<=%d", 5*i), "waiting", "<20")
		if i%2 == 0 {
			pages[i].Fails, pages[i].Code, pages[i].Error = 100, failure.CodeGeneric, text
		}
	}
	s.Keep(s.Run("concurrent", 5, pages, false))
	return s.Subject()
}

// Empty is a report about nothing.
func Empty() *report.Subject { return NewSimulation(aggregate.DefaultLimits()).Subject() }
