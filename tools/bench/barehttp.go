package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"sync/atomic"
)

// bareConcurrency is how many requests the bare client and the peers have in flight at once.
const bareConcurrency = 32

// bare is a way that only makes requests with net/http's Transport, in a process of this program.
func (b *bench) bare(port, count int) *way {
	url := b.server.url(port) + "/1"
	of := func(count int, empty *way) *way {
		return &way{name: "net/http", count: count, empty: empty, cmd: func() *exec.Cmd {
			return exec.Command(os.Args[0], "-bare", strconv.Itoa(count), url) // #nosec G204 G702 -- this program
		}}
	}
	return of(count, of(0, nil))
}

// fetchBare makes the requests.
func fetchBare(url string, count int) error {
	transport := &http.Transport{
		MaxIdleConnsPerHost: bareConcurrency, DisableCompression: true, ForceAttemptHTTP2: true,
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, // #nosec G402 -- its certificate is made up
	}
	var (
		workers sync.WaitGroup
		left    atomic.Int64
		failure atomic.Pointer[error]
	)
	left.Store(int64(count))
	for range bareConcurrency {
		workers.Go(func() {
			for left.Add(-1) >= 0 {
				if err := fetchOne(transport, url); err != nil {
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

func fetchOne(transport *http.Transport, url string) error {
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, url, http.NoBody)
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
