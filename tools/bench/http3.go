package main

import (
	"context"
	"fmt"
)

// compareHTTP3 compares HTTP/3 with quic-go's own client, because http.batch has none.
func (b *bench) compareHTTP3(ctx context.Context, name string, concurrency int) error {
	addr, err := freePort()
	if err != nil {
		return err
	}
	server, err := b.startServer3(addr)
	if err != nil {
		return err
	}
	defer server.stop()
	l := load{
		Base: server.url, URLs: urlsPerCall, Calls: calls / 2, Concurrency: concurrency, Version: "3", //nolint:mnd // shorter
	}
	fetch, _ := b.pair(l)
	bare := bareWay("quic-go", bareLoad{
		url: server.url + "/1", count: l.URLs * l.Calls, concurrency: concurrency, http3: true,
	})
	s, err := b.run(ctx, name, b.rounds, fetch, bare)
	if err != nil {
		return err
	}
	how := "sequential"
	if concurrency > 1 {
		how = fmt.Sprintf("concurrency %d", concurrency)
	}
	b.report.add(row{
		what: "CPU against bare quic-go, HTTP/3, " + how, must: 1.10, aim: 1, values: ratios(s.cpu(fetch), s.cpu(bare)),
	})
	b.report.detail(name, s, fetch, bare)
	return nil
}

// compareLoss compares HTTP/3 with HTTP/2 over a link that loses packets.
func (b *bench) compareLoss(ctx context.Context, name string) error {
	link, err := newLink(ctx)
	if err != nil {
		b.skip("%s: %v", name, err)
		return nil
	}
	defer link.close()
	server, err := b.startServer3(link.server(), link.atServer()...)
	if err != nil {
		return err
	}
	defer server.stop()
	way := func(version string) *way {
		return &way{
			name: "fetch, HTTP/" + version, count: urlsPerCall * lossCalls,
			cmd: link.atClient(b.k6Run("k6.js", load{
				Way: "fetch", Base: server.url, URLs: urlsPerCall, Calls: lossCalls, Concurrency: bareConcurrency, Version: version,
			})),
		}
	}
	over3, over2 := way("3"), way("2")
	s, err := b.run(ctx, name, b.rounds, over3, over2)
	if err != nil {
		return err
	}
	b.report.add(row{
		what: fmt.Sprintf("wall clock, HTTP/3 with %.0f %% of packets lost, HTTP/2 = 1", 100*lossShare), values: wallRatio(s, over3, over2),
	})
	b.report.detail(name, s, over3, over2)
	return nil
}

const lossCalls = 10

// The link between client and server of compareLoss.
const (
	lossShare = 0.01
	lossDelay = 10 // ms, each way
)
