package main

import (
	"context"
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
)

const (
	urlsPerCall = 500
	calls       = 60
)

// simple is a comparison of fetch with http.batch that makes one row.
type simple struct {
	name, what string
	load       load
	must, aim  float64
}

// simples are the rows that differ only in their load.
func (b *bench) simples() []simple {
	over := func(port, calls, concurrency int) load {
		return load{Base: b.server.url(port), URLs: urlsPerCall, Calls: calls, Concurrency: concurrency}
	}
	ports := &b.server.Ports
	shared := over(ports.HTTP2, calls/2, 8) //nolint:mnd // four VUs of eight
	shared.VUs = 4
	large := load{
		Base: b.server.url(ports.HTTP2), URLs: 100_000, Calls: 1, Concurrency: 32, Distinct: true, Grouped: true,
	}
	return []simple{
		{"concurrency 1", "CPU, sequential", over(ports.Plain, calls, 1), .38, .30},
		{"concurrency 8", "CPU, concurrency 8", over(ports.Plain, calls, 8), .40, .32},
		{"concurrency 128", "CPU, concurrency 128", over(ports.Plain, calls, 128), .40, .34},
		{"bodies of 100 KB", "CPU, bodies of 100 KB", over(ports.Large, calls/3, 32), 0, 0},
		{"https", "CPU, HTTPS over HTTP/1.1", over(ports.TLS, calls, 32), .43, .38},
		{"http2 sequential", "CPU, HTTP/2, sequential", over(ports.HTTP2, calls/2, 1), .60, .50},
		{"http2 8", "CPU, HTTP/2, concurrency 8", over(ports.HTTP2, calls/2, 8), .45, .36},
		{"http2 128", "CPU, HTTP/2, concurrency 128", over(ports.HTTP2, calls/2, 128), .45, .36},
		{"http2, four VUs of 8", "CPU, HTTP/2, four VUs of 8", shared, .45, .36},
		{"http2, call of 100,000", "CPU, HTTP/2, one call of 100,000", large, .45, .36},
		{"http2, bodies of 100 KB", "CPU, HTTP/2, bodies of 100 KB", over(ports.Large2, calls/3, 32), 0, 0},
	}
}

// measureAll makes the rows of the table.
func (b *bench) measureAll(ctx context.Context) error {
	experiments := []experiment{
		{"concurrency 32, peers", func(name string) error { return b.compareWithPeers(ctx, name) }},
		{"http2 32, bare", func(name string) error { return b.compareHTTP2WithBare(ctx, name) }},
		{"http3 sequential", func(name string) error { return b.compareHTTP3(ctx, name, 1) }},
		{"http3 8", func(name string) error { return b.compareHTTP3(ctx, name, 8) }},     //nolint:mnd // see the name
		{"http3 32", func(name string) error { return b.compareHTTP3(ctx, name, 32) }},   //nolint:mnd // likewise
		{"http3 128", func(name string) error { return b.compareHTTP3(ctx, name, 128) }}, //nolint:mnd // likewise
		{"loss of 1 %", func(name string) error { return b.compareLoss(ctx, name) }},
		{"call of 100,000", func(name string) error { return b.compareLarge(ctx, name, 100_000, b.rounds, !b.long) }},
		{"call of 1,000,000", func(name string) error {
			if !b.long {
				return nil
			}
			return b.compareLarge(ctx, name, 1_000_000, b.rounds, true)
		}},
		{"list of a file", func(name string) error { return b.growLists(ctx, name) }},
		{"page", func(name string) error {
			return b.comparePages(ctx, name, "CPU, a page of 60 resources", b.server.Ports.Plain, 6) //nolint:mnd // as a browser
		}},
		{"page, http2", func(name string) error {
			return b.comparePages(ctx, name, "CPU, a page of 60 resources, HTTP/2", b.server.Ports.HTTP2, 100) //nolint:mnd // likewise
		}},
		{"page in a browser", func(name string) error { return b.compareWithBrowser(ctx, name) }},
		{"kept per result", func(string) error { return b.keptPerResult(ctx) }},
	}
	for _, o := range b.costs() {
		experiments = append(experiments, experiment{o.name, func(string) error { return b.compareOption(ctx, o) }})
	}
	for _, s := range b.simples() {
		experiments = append(experiments, experiment{s.name, func(name string) error { return b.compare(ctx, s) }})
	}
	for _, e := range experiments {
		if !b.only.MatchString(e.name) {
			continue
		}
		if err := e.do(e.name); err != nil {
			return err
		}
	}
	return nil
}

type experiment struct {
	name string
	do   func(name string) error
}

func cpuRatio(s *series, fetch, batch *way) []float64  { return ratios(s.cpu(fetch), s.cpu(batch)) }
func wallRatio(s *series, fetch, batch *way) []float64 { return ratios(s.wall(fetch), s.wall(batch)) }

// compare compares fetch with http.batch.
func (b *bench) compare(ctx context.Context, one simple) error {
	fetch, batch := b.pair(one.load)
	s, err := b.run(ctx, one.name, b.rounds, fetch, batch)
	if err != nil {
		return err
	}
	b.report.add(row{what: one.what, must: one.must, aim: one.aim, values: cpuRatio(s, fetch, batch)})
	b.report.detail(one.name, s, fetch, batch)
	return nil
}

// compareHTTP2WithBare also compares it with bare net/http.
func (b *bench) compareHTTP2WithBare(ctx context.Context, name string) error {
	port := b.server.Ports.HTTP2
	l := load{Base: b.server.url(port), URLs: urlsPerCall, Calls: calls / 2, Concurrency: bareConcurrency} //nolint:mnd // shorter
	fetch, batch := b.pair(l)
	bare := b.bare(port, l.URLs*l.Calls)
	s, err := b.run(ctx, name, b.rounds, fetch, batch, bare)
	if err != nil {
		return err
	}
	b.report.add(row{what: "CPU, HTTP/2, concurrency 32", must: .45, aim: .36, values: cpuRatio(s, fetch, batch)})
	b.report.add(row{what: "wall clock of one call, HTTP/2", values: wallRatio(s, fetch, batch)})
	b.report.add(row{
		what: "CPU against bare net/http, HTTP/2", must: .80, aim: .65, values: ratios(s.cpu(fetch), s.cpu(bare)),
	})
	b.report.detail(name, s, fetch, batch, bare)
	return nil
}

// compareWithPeers also compares it with clients outside k6.
func (b *bench) compareWithPeers(ctx context.Context, name string) error {
	l := load{Base: b.server.url(b.server.Ports.Plain), URLs: urlsPerCall, Calls: calls, Concurrency: bareConcurrency}
	fetch, batch := b.pair(l)
	bare := b.bare(b.server.Ports.Plain, l.URLs*l.Calls)
	ways := append([]*way{fetch, batch, bare}, b.peers(ctx, l.URLs*l.Calls)...)
	s, err := b.run(ctx, name, b.rounds, append([]*way{}, ways...)...)
	if err != nil {
		return err
	}
	b.report.add(row{what: "CPU, concurrency 32", must: .40, aim: .34, values: cpuRatio(s, fetch, batch)})
	b.report.add(row{what: "wall clock of one call", must: .50, aim: .40, values: wallRatio(s, fetch, batch)})
	b.report.add(row{
		what: "CPU against bare net/http", must: .95, aim: .80, values: ratios(s.cpu(fetch), s.cpu(bare)),
	})
	b.report.detail(name, s, ways...)
	return nil
}

// compareLarge compares one call with many different URLs under one name with calls of 10,000 URLs that have as many
// together.
func (b *bench) compareLarge(ctx context.Context, name string, urls, rounds int, growth bool) error {
	l := load{
		Base: b.server.url(b.server.Ports.Plain), URLs: urls, Calls: 1, Concurrency: 32, Distinct: true, Grouped: true,
	}
	const few = 10_000
	fetch, batch := b.pair(l)
	l.URLs, l.Calls = few, urls/few
	parts, _ := b.pair(l)
	parts.name = "fetch, calls of 10,000"
	l.Calls = 1
	small, _ := b.pair(l)
	small.name = "fetch, one call of 10,000"
	s, err := b.run(ctx, name, rounds, fetch, batch, parts, small)
	if err != nil {
		return err
	}
	count := group(urls)
	b.report.add(row{what: "CPU, one call of " + count, must: .37, aim: .28, values: cpuRatio(s, fetch, batch)})
	if growth {
		b.report.add(row{
			what: "CPU, " + count + " against 10,000", must: 1.10, aim: 1.03, values: ratios(s.cpu(fetch), s.cpu(parts)),
		})
		perURL, before := s.rss(fetch), s.rss(small)
		for i := range perURL {
			perURL[i] = (perURL[i] - before[i]) * 1e3 / float64(urls-few)
		}
		b.report.add(row{what: "memory per URL, of " + count, unit: " KB", must: .5, aim: .35, values: perURL})
	}
	b.report.detail(name, s, fetch, batch, parts, small)
	return nil
}

// keptPerResult runs the test that bounds the memory per result.
func (b *bench) keptPerResult(ctx context.Context) error {
	cmd := exec.CommandContext(ctx, "go", "test", "-count=1", "-v", "-run", "^TestResultsMemory$", "./fetch")
	cmd.Dir = b.repo
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%v: %w\n%s", cmd.Args, err, tail(out))
	}
	m := regexp.MustCompile(`kept per result: ([0-9.]+) B`).FindSubmatch(out)
	if m == nil {
		return fmt.Errorf("%v does not report what is kept per result\n%s", cmd.Args, tail(out))
	}
	kept, err := strconv.ParseFloat(string(m[1]), 64)
	b.report.add(row{what: "memory kept per result, its URL apart", unit: " B", must: 64, aim: 56, values: []float64{kept}})
	return err
}

// group writes a number as people do.
func group(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
