package main

import (
	"context"
	"os/exec"
)

// againstLimit is what a change may cost that is to cost nothing.
const againstLimit = 1.02

// measureAgainst compares the extension in two builds of k6, such as before and after a change, by CPU and peak memory.
func (b *bench) measureAgainst(ctx context.Context) error {
	before := *b
	var err error
	if before.k6Path, err = exec.LookPath(b.against); err != nil {
		return err
	}
	ports := b.server.Ports
	for _, one := range []struct {
		name string
		load load
	}{
		{"concurrency 1", load{Base: b.server.url(ports.Plain), Calls: calls, Concurrency: 1}},
		{"concurrency 8", load{Base: b.server.url(ports.Plain), Calls: calls, Concurrency: 8}},
		{"concurrency 32", load{Base: b.server.url(ports.Plain), Calls: calls, Concurrency: 32}},
		{"concurrency 128", load{Base: b.server.url(ports.Plain), Calls: calls, Concurrency: 128}},
		{"https", load{Base: b.server.url(ports.TLS), Calls: calls, Concurrency: 32}},
		{"http2", load{Base: b.server.url(ports.HTTP2), Calls: calls / 2, Concurrency: 32}},
		{"bodies of 100 KB", load{Base: b.server.url(ports.Large), Calls: calls / 3, Concurrency: 32}},
		{"call of 100,000", load{
			Base: b.server.url(ports.Plain), URLs: 100_000, Calls: 1, Concurrency: 32, Distinct: true, Grouped: true,
		}},
	} {
		if !b.only.MatchString(one.name) {
			continue
		}
		if one.load.URLs == 0 {
			one.load.URLs = urlsPerCall
		}
		now, _ := b.pair(one.load)
		then, _ := before.pair(one.load)
		then.name, then.empty.name = "the other build", "empty, the other build"
		s, err := b.run(ctx, one.name, b.rounds, now, then)
		if err != nil {
			return err
		}
		b.report.add(row{what: "CPU, " + one.name, must: againstLimit, aim: 1, values: ratios(s.cpu(now), s.cpu(then))})
		b.report.add(row{what: "peak, " + one.name, must: againstLimit, aim: 1, values: ratios(s.rss(now), s.rss(then))})
		b.report.detail(one.name, s, now, then)
	}
	return nil
}
