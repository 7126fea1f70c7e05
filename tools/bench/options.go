package main

import "context"

// option is an option that costs something, and what may be asked of that.
type option struct {
	name, what string
	load       load // without it
	with       func(l *load)
	must, aim  float64
}

// costs are the options whose costs are measured.
func (b *bench) costs() []option {
	const concurrency = 32
	over := func(port, calls int) load {
		return load{Base: b.server.url(port), URLs: urlsPerCall, Calls: calls, Concurrency: concurrency}
	}
	tracing := func(l *load) { l.Tracing = true }
	return []option{
		{
			"expect", "CPU, bodies of 100 KB that must contain a text, without = 1",
			over(b.server.Ports.Large, calls/3), //nolint:mnd // shorter
			func(l *load) { l.Expect = largeEnd }, 1.25, 1.10,
		},
		{"tracing", "CPU, trace headers, without = 1", over(b.server.Ports.Plain, calls), tracing, 1.25, 1.10},
		{"tracing, http2", "CPU, HTTP/2, trace headers, without = 1", over(b.server.Ports.HTTP2, calls), tracing, 1.25, 1.10},
	}
}

// compareOption compares requests with an option with the same without it.
func (b *bench) compareOption(ctx context.Context, o option) error {
	one := func(name, how string, l load, empty *way) *way {
		l.Way = how
		return b.k6(l, name, empty)
	}
	with := o.load
	o.with(&with)
	empty := one("empty", "empty", o.load, nil)
	plain, more := one("without", "fetch", o.load, empty), one("with", "fetch", with, empty)
	s, err := b.run(ctx, o.name, b.rounds, more, plain)
	if err != nil {
		return err
	}
	b.report.add(row{what: o.what, must: o.must, aim: o.aim, values: cpuRatio(s, more, plain)})
	b.report.detail(o.name, s, more, plain)
	return nil
}
