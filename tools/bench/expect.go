package main

import "context"

// compareExpect compares bodies of 100 KB that must contain a text, which only their ends have, with the same that
// nothing is expected of.
func (b *bench) compareExpect(ctx context.Context, name string) error {
	const concurrency = 32
	l := load{
		Base: b.server.url(b.server.Ports.Large), URLs: urlsPerCall, Calls: calls / 3, Concurrency: concurrency, //nolint:mnd // shorter
	}
	one := func(name, how, text string, empty *way) *way {
		l := l
		l.Way, l.Expect = how, text
		return b.k6(l, name, empty)
	}
	empty := one("empty", "empty", "", nil)
	plain, expecting := one("fetch", "fetch", "", empty), one("with expect", "fetch", largeEnd, empty)
	s, err := b.run(ctx, name, b.rounds, expecting, plain)
	if err != nil {
		return err
	}
	const must, aim = 1.25, 1.10
	b.report.add(row{
		what: "CPU, bodies of 100 KB that must contain a text, without = 1", must: must, aim: aim,
		values: cpuRatio(s, expecting, plain),
	})
	b.report.detail(name, s, expecting, plain)
	return nil
}
