package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/quic-go/quic-go/http3"
)

// bareConcurrency is how many requests the bare client and the peers have in flight at once.
const bareConcurrency = 32

// bareLoad is what the bare client is to do.
type bareLoad struct {
	url                string
	count, concurrency int
	http3              bool
}

// bare is a way that only makes requests with net/http's Transport, in a process of this program.
func (b *bench) bare(port, count int) *way {
	return bareWay("net/http", bareLoad{url: b.server.url(port) + "/1", count: count, concurrency: bareConcurrency})
}

// bareWay is a way that only makes requests, in a process of this program.
func bareWay(name string, l bareLoad) *way {
	of := func(count int, empty *way) *way {
		return &way{name: name, count: count, empty: empty, cmd: func() *exec.Cmd {
			return exec.Command(os.Args[0], "-bare", strconv.Itoa(count), // #nosec G204 G702 -- this program
				"-concurrency", strconv.Itoa(l.concurrency), "-http3="+strconv.FormatBool(l.http3), l.url)
		}}
	}
	return of(l.count, of(0, nil))
}

// fetchBare makes the requests.
func fetchBare(l bareLoad) error {
	transport, fetchOne := bareTransport(l)
	var (
		workers sync.WaitGroup
		left    atomic.Int64
		failure atomic.Pointer[error]
	)
	left.Store(int64(l.count))
	for range l.concurrency {
		workers.Go(func() {
			for left.Add(-1) >= 0 {
				if err := fetchOne(context.Background(), transport, l.url); err != nil {
					failure.Store(&err)
					return
				}
			}
		})
	}
	workers.Wait()
	if err := failure.Load(); err != nil {
		return *err
	}
	return nil
}

type fetchFunc func(ctx context.Context, transport http.RoundTripper, url string) error

// bareTransport returns the client, and how it makes a request.
func bareTransport(l bareLoad) (http.RoundTripper, fetchFunc) {
	cfg := &tls.Config{InsecureSkipVerify: true} // #nosec G402 -- its certificate is made up
	if l.http3 {
		quietQUIC()
		return &http3.Transport{TLSClientConfig: cfg, DisableCompression: true}, fetchTraced
	}
	return &http.Transport{
		MaxIdleConnsPerHost: l.concurrency, DisableCompression: true, ForceAttemptHTTP2: true, TLSClientConfig: cfg,
	}, fetchOne
}

func fetchOne(ctx context.Context, transport http.RoundTripper, url string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return err
	}
	resp, err := transport.RoundTrip(req)
	if err != nil {
		return err
	}
	if _, err = io.Copy(io.Discard, resp.Body); err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("status %s", resp.Status)
	}
	return resp.Body.Close()
}

// fetchTraced also takes the times that the extension takes.
func fetchTraced(ctx context.Context, transport http.RoundTripper, url string) error {
	var marks struct{ getConn, gotConn, connecting, connected, shaking, shaken, wroteHead, wrote, firstByte atomic.Int64 }
	begin := time.Now()
	mark := func(m *atomic.Int64) { m.Store(int64(time.Since(begin))) }
	return fetchOne(httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn:              func(string) { mark(&marks.getConn) },
		GotConn:              func(httptrace.GotConnInfo) { mark(&marks.gotConn) },
		ConnectStart:         func(string, string) { mark(&marks.connecting) },
		ConnectDone:          func(string, string, error) { mark(&marks.connected) },
		TLSHandshakeStart:    func() { mark(&marks.shaking) },
		TLSHandshakeDone:     func(tls.ConnectionState, error) { mark(&marks.shaken) },
		WroteHeaders:         func() { mark(&marks.wroteHead) },
		WroteRequest:         func(httptrace.WroteRequestInfo) { mark(&marks.wrote) },
		GotFirstResponseByte: func() { mark(&marks.firstByte) },
	}), transport, url)
}
