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

// measureAll makes the rows of the table.
func (b *bench) measureAll(ctx context.Context) error {
	plain, https := b.server.url(b.server.Ports.Plain), b.server.url(b.server.Ports.TLS)
	cpu := func(what string, must, aim float64) []limit {
		return []limit{{of: cpuRatio, what: what, must: must, aim: aim}}
	}
	experiments := []struct {
		name string
		do   func(name string) error
	}{
		{"concurrency 1", func(name string) error {
			l := load{Base: plain, URLs: urlsPerCall, Calls: calls, Concurrency: 1}
			return b.compare(ctx, name, l, cpu("CPU, sequential", .50, .38))
		}},
		{"concurrency 8", func(name string) error {
			l := load{Base: plain, URLs: urlsPerCall, Calls: calls, Concurrency: 8}
			return b.compare(ctx, name, l, cpu("CPU, concurrency 8", .50, .40))
		}},
		{"concurrency 32, peers", func(name string) error { return b.compareWithPeers(ctx, name) }},
		{"concurrency 128", func(name string) error {
			l := load{Base: plain, URLs: urlsPerCall, Calls: calls, Concurrency: 128}
			return b.compare(ctx, name, l, cpu("CPU, concurrency 128", .50, .40))
		}},
		{"https", func(name string) error {
			l := load{Base: https, URLs: urlsPerCall, Calls: calls, Concurrency: 32}
			return b.compare(ctx, name, l, cpu("CPU, HTTPS over HTTP/1.1", .55, .45))
		}},
		{"http2", func(name string) error {
			l := load{Base: b.server.url(b.server.Ports.HTTP2), URLs: urlsPerCall, Calls: calls / 2, Concurrency: 32}
			return b.compare(ctx, name, l, cpu("CPU, HTTP/2", .80, .60))
		}},
		{"bodies of 100 KB", func(name string) error {
			l := load{Base: b.server.url(b.server.Ports.Large), URLs: urlsPerCall, Calls: calls / 3, Concurrency: 32}
			return b.compare(ctx, name, l, cpu("CPU, bodies of 100 KB", 0, 0))
		}},
		{"call of 100,000", func(name string) error { return b.compareLarge(ctx, name, 100_000, b.rounds, !b.long) }},
		{"call of 1,000,000", func(name string) error {
			if !b.long {
				return nil
			}
			return b.compareLarge(ctx, name, 1_000_000, b.rounds, true)
		}},
		{"list of a file", func(name string) error { return b.growLists(ctx, name) }},
		{"kept per result", func(string) error { return b.keptPerResult(ctx) }},
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

// limit is a row that comes from comparing fetch with http.batch.
type limit struct {
	of        func(s *series, fetch, batch *way) []float64
	what      string
	must, aim float64
}

func cpuRatio(s *series, fetch, batch *way) []float64  { return ratios(s.cpu(fetch), s.cpu(batch)) }
func wallRatio(s *series, fetch, batch *way) []float64 { return ratios(s.wall(fetch), s.wall(batch)) }

// compare compares fetch with http.batch.
func (b *bench) compare(ctx context.Context, name string, l load, limits []limit) error {
	fetch, batch := b.pair(l)
	s, err := b.run(ctx, name, b.rounds, fetch, batch)
	if err != nil {
		return err
	}
	for _, limit := range limits {
		b.report.add(row{what: limit.what, must: limit.must, aim: limit.aim, values: limit.of(s, fetch, batch)})
	}
	b.report.detail(name, s, fetch, batch)
	return nil
}

// compareWithPeers also compares it with clients outside k6.
func (b *bench) compareWithPeers(ctx context.Context, name string) error {
	l := load{Base: b.server.url(b.server.Ports.Plain), URLs: urlsPerCall, Calls: calls, Concurrency: bareConcurrency}
	fetch, batch := b.pair(l)
	bare := b.bare(l.URLs * l.Calls)
	ways := append([]*way{fetch, batch, bare}, b.peers(ctx, l.URLs*l.Calls)...)
	s, err := b.run(ctx, name, b.rounds, append([]*way{}, ways...)...)
	if err != nil {
		return err
	}
	b.report.add(row{what: "CPU, concurrency 32", must: .50, aim: .40, values: cpuRatio(s, fetch, batch)})
	b.report.add(row{what: "wall clock of one call", must: .60, aim: .45, values: wallRatio(s, fetch, batch)})
	b.report.add(row{
		what: "CPU against bare net/http", must: 1.10, aim: .95, values: ratios(s.cpu(fetch), s.cpu(bare)),
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
	b.report.add(row{what: "CPU, one call of " + count, must: .40, aim: .28, values: cpuRatio(s, fetch, batch)})
	if growth {
		b.report.add(row{
			what: "CPU, " + count + " against 10,000", must: 1.15, aim: 1.05, values: ratios(s.cpu(fetch), s.cpu(parts)),
		})
		perURL, before := s.rss(fetch), s.rss(small)
		for i := range perURL {
			perURL[i] = (perURL[i] - before[i]) * 1e3 / float64(urls-few)
		}
		b.report.add(row{what: "memory per URL, of " + count, unit: " KB", must: .6, aim: .4, values: perURL})
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
	b.report.add(row{what: "memory kept per result, its URL apart", unit: " B", must: 96, aim: 64, values: []float64{kept}})
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
