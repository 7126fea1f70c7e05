package fetch_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
)

// Memory matters most for a list of many URLs. What is kept of a result, besides its URL and what the server sent, must
// stay small. tools/bench uses the same bound, and reads the figure from this test's log.
//
//nolint:paralleltest // others would be measured with it
func TestResultsMemory(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector has memory of its own")
	}
	const count, bound = 20_000, 64
	base := quickServer(t)
	urls := make([]string, count)
	for i := range urls {
		urls[i] = base
	}
	client := newClient(t, fetch.Config{})
	list := func(n int) fetch.Iterator {
		return fetch.From(&fetch.URLList{URLs: urls[:n:n], Spec: spec(dropBody)})
	}
	opts := fetch.Options{Concurrency: 1}
	client.Run(t.Context(), list(1), opts, nobody{}) // connects

	before := heapInUse()
	run := client.Run(t.Context(), list(count), opts, nobody{})
	kept := float64(heapInUse()-before) / count
	require.Equal(t, count, run.Ok)
	t.Logf("kept per result: %.1f B besides its URL and what the server sent", kept)
	require.Less(t, kept, float64(bound))
	runtime.KeepAlive(run)
	runtime.KeepAlive(urls)
}

// Every request that goes directly allocates this much, besides what the observer allocates.
//
//nolint:paralleltest // as above
func TestAllocations(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	const count, perRequest, perRun = 100, 1, 60
	base := quickServer(t)
	urls := make([]string, count)
	for i := range urls {
		urls[i] = base
	}
	client := newClient(t, fetch.Config{})
	list := &fetch.URLList{URLs: urls, Spec: spec(dropBody)}
	got := testing.AllocsPerRun(20, func() {
		client.Run(t.Context(), fetch.From(list), fetch.Options{Concurrency: 1}, nobody{})
	})
	t.Logf("%.0f allocations for a run of %d", got, count)
	require.LessOrEqual(t, got, float64(perRun+perRequest*count))
}

func dropBody(s *fetch.Spec) { s.ResponseType = transport.ResponseNone }

func heapInUse() uint64 {
	runtime.GC()
	runtime.GC() // finalized by the first
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

// nobody observes nothing.
type nobody struct{}

func (nobody) Exchanged(*fetch.Target, *transport.Exchange) {}
func (nobody) Finished(*fetch.Result, time.Time)            {}

// quickServer answers everything with the same 1 KB and allocates nothing doing so. It returns its URL.
func quickServer(tb testing.TB) string {
	tb.Helper()
	listener, err := new(net.ListenConfig).Listen(tb.Context(), "tcp", "127.0.0.1:0")
	require.NoError(tb, err)
	tb.Cleanup(func() { _ = listener.Close() })
	reply := "HTTP/1.1 200 OK\r\nServer: test\r\nDate: Mon, 06 Jan 2025 10:00:00 GMT\r\nContent-Type: text/html\r\n" +
		"Content-Length: 1024\r\n\r\n" + strings.Repeat("x", 1<<10)
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go answerAll(conn, []byte(reply))
		}
	}()
	return "http://" + listener.Addr().String() + "/"
}

// answerAll answers requests without a body until the client closes.
func answerAll(conn net.Conn, reply []byte) {
	defer func() { _ = conn.Close() }()
	for in := bufio.NewReader(conn); ; {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return
		}
		if len(line) > len("\r\n") {
			continue
		}
		if _, err := conn.Write(reply); err != nil {
			return
		}
	}
}

// BenchmarkRun compares a run over loopback with net/http, without samples and results. The time is per request.
func BenchmarkRun(b *testing.B) {
	url := quickServer(b)
	b.Run("way=fetch", func(b *testing.B) {
		client := newClient(b, fetch.Config{})
		urls := make([]string, 500)
		for i := range urls {
			urls[i] = url
		}
		list := &fetch.URLList{URLs: urls, Spec: spec(dropBody)}
		b.ReportAllocs()
		for left := b.N; left > 0; left -= len(urls) {
			list.URLs = urls[:min(left, len(urls))]
			run := client.Run(b.Context(), fetch.From(list), fetch.Options{Concurrency: 8}, nobody{})
			require.Equal(b, len(list.URLs), run.Ok)
		}
	})
	b.Run("way=nethttp", func(b *testing.B) {
		transport := &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 8}
		defer transport.CloseIdleConnections()
		b.ReportAllocs()
		b.SetParallelism(max(1, 8/runtime.GOMAXPROCS(0)))
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				req, _ := http.NewRequestWithContext(b.Context(), http.MethodGet, url, http.NoBody)
				resp, err := transport.RoundTrip(req)
				if err != nil {
					b.Error(err)
					return
				}
				_, _ = io.Copy(io.Discard, resp.Body)
				_ = resp.Body.Close()
			}
		})
	})
}

// BenchmarkResultsAt measures reading one result.
func BenchmarkResultsAt(b *testing.B) {
	client := newClient(b, fetch.Config{})
	run := client.Run(b.Context(), targets(spec(dropBody), quickServer(b)), fetch.Options{Concurrency: 1}, nobody{})
	b.ReportAllocs()
	for b.Loop() {
		if run.Results.At(0).Status != http.StatusOK {
			b.Fatal("not what was kept")
		}
	}
}
