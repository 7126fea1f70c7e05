package http2

import (
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// TestCuts: whatever is cut off and whenever, the server has seen exactly the requests that were sent.
func TestCuts(t *testing.T) {
	t.Parallel()
	for name, drop := range map[string]int{"connections that last": 1 << 30, "connections that end": 40} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { cuts(t, drop) })
		})
	}
}

func cuts(t *testing.T, drop int) {
	t.Helper()
	const workers, each = 20, 60
	var seen, sent int
	var mu sync.Mutex
	var pool []*counter
	connect := func() *Conn {
		ours, theirs := net.Pipe()
		s := &counter{nc: theirs, drop: drop, over: make(chan struct{})}
		go s.serve()
		mu.Lock()
		pool = append(pool, s)
		mu.Unlock()
		return NewConn(ours, nil)
	}
	conn := connect()
	current := func(old *Conn) *Conn {
		mu.Lock()
		defer mu.Unlock()
		if old != conn {
			return conn
		}
		mu.Unlock()
		next := connect()
		mu.Lock()
		conn = next
		return conn
	}
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			var s Stream
			defer s.Release()
			mu.Lock()
			c := conn
			mu.Unlock()
			for i := range each {
				body := strings.Repeat("x", (w*each+i)%5*30_000)
				wait := time.Duration((w*7919+i*104729)%5000) * time.Microsecond
				err := s.RoundTrip(c, request("POST", body), time.Now().Add(wait))
				if err == nil {
					_, _ = s.Discard()
				}
				s.Close()
				mu.Lock()
				if s.Reply.Sent {
					sent++
				}
				mu.Unlock()
				if errors.Is(err, errUnusable) {
					c = current(c)
				}
			}
		})
	}
	wg.Wait()
	conn.Close()
	for _, s := range pool {
		_ = s.nc.SetReadDeadline(time.Now().Add(time.Second))
		<-s.over
		seen += s.seen
	}
	require.Equal(t, seen, sent)
	require.Positive(t, sent)
}

// A counter is a server that counts requests. It answers most of them, after a while.
type counter struct {
	nc   net.Conn
	drop int // after how many requests it closes the connection
	seen int
	over chan struct{}
}

func (s *counter) serve() {
	defer close(s.over)
	defer func() { _ = s.nc.Close() }()
	out := make(chan []byte, 10_000)
	var wg sync.WaitGroup
	wg.Go(func() {
		for b := range out {
			_, _ = s.nc.Write(b)
		}
	})
	defer wg.Wait()
	defer close(out)
	if _, err := io.ReadFull(s.nc, make([]byte, len(preface))); err != nil {
		return
	}
	out <- appendFrame(nil, 0, frameSettings, 0, 0)
	head := make([]byte, headerSize)
	for {
		if _, err := io.ReadFull(s.nc, head); err != nil {
			return
		}
		f := parseFrame(head)
		if f.kind == frameHeaders {
			s.seen++
		}
		if _, err := io.CopyN(io.Discard, s.nc, int64(f.length)); err != nil {
			return
		}
		switch {
		case s.seen >= s.drop:
			return
		case f.kind == frameData:
			out <- appendWord(appendWord(nil, frameWindowUpdate, 0, max(f.length, 1)), frameWindowUpdate, f.id, max(f.length, 1))
		}
		if (f.kind == frameData || f.kind == frameHeaders) && f.has(flagEndStream) && f.id%7 != 0 {
			time.Sleep(100 * time.Microsecond)
			out <- append(appendFrame(nil, 1, frameHeaders, flagEndHeaders|flagEndStream, f.id), 0x88)
		}
	}
}
