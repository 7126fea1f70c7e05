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
	large := load{
		Base: b.server.url(b.server.Ports.Plain), URLs: 100_000, Calls: 1, Concurrency: 32, Distinct: true, Grouped: true,
	}
	for _, one := range append(b.simples(), simple{name: "call of 100,000", load: large}) {
		if !b.only.MatchString(one.name) {
			continue
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
