package http2

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/mux"
)

// pooled makes connections for a pool. Their servers read, and say nothing.
type pooled struct {
	mux.Pool[*Conn]

	t    *testing.T
	made int
}

func (p *pooled) connect(key string) func() (*Conn, error) {
	return func() (*Conn, error) {
		ours, theirs := net.Pipe()
		p.made++
		go func() { _, _ = io.Copy(io.Discard, theirs) }()
		return NewConn(ours, func(c *Conn) { p.Forget(key, c) }), nil
	}
}

// peek returns the connection to a server, nil if there is none.
func (p *pooled) peek(key string) *Conn {
	conn, _ := p.Peek(key)
	return conn
}

func (p *pooled) get(key string) *Conn {
	p.t.Helper()
	conn, err := p.Get(p.t.Context(), key, p.connect(key))
	require.NoError(p.t, err)
	return conn
}

// inBubble runs a test with a pool, which has no connection at its end.
func inBubble(t *testing.T, test func(t *testing.T, p *pooled)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		p := &pooled{t: t}
		test(t, p)
		time.Sleep(time.Nanosecond) // so that the last one has been idle for a while
		p.CloseIdle()
		require.Zero(t, p.Len())
	})
}

func TestAServerHasOneConnection(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, p *pooled) { //nolint:thelper // the test itself
		proceed := make(chan struct{})
		conns := make([]*Conn, 10)
		var all sync.WaitGroup
		for i := range conns {
			all.Go(func() {
				conns[i], _ = p.Get(t.Context(), "a", func() (*Conn, error) {
					<-proceed
					return p.connect("a")()
				})
			})
		}
		synctest.Wait() // one makes it, the others wait
		require.Nil(t, p.peek("a"))
		close(proceed)
		all.Wait()
		for _, c := range conns {
			require.Same(t, p.peek("a"), c)
		}
		require.Equal(t, 1, p.made)
		require.NotSame(t, conns[0], p.get("b"))
	})
}

func TestThoseThatWaitConnectThemselvesIfTheFirstCannot(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, p *pooled) { //nolint:thelper // the test itself
		errs := make([]error, 3)
		var all sync.WaitGroup
		turn := 0
		for i := range errs {
			all.Go(func() {
				_, errs[i] = p.Get(t.Context(), "a", func() (*Conn, error) {
					time.Sleep(time.Second)
					if turn++; turn == 1 {
						return nil, errors.New("refused")
					}
					return p.connect("a")()
				})
			})
		}
		all.Wait()
		failed := 0
		for _, err := range errs {
			if err != nil {
				failed++
			}
		}
		require.Equal(t, []int{1, 1, 2}, []int{failed, p.made, turn})
	})
}

func TestWaitingForAConnectionEndsWithItsContext(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, p *pooled) { //nolint:thelper // the test itself
		proceed := make(chan struct{})
		go func() {
			_, _ = p.Get(t.Context(), "a", func() (*Conn, error) { <-proceed; return p.connect("a")() })
		}()
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		began := time.Now()
		_, err := p.Get(ctx, "a", nil)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, time.Minute, time.Since(began))
		close(proceed)
		synctest.Wait()
	})
}

func TestAPanicInConnectingLeavesNobodyWaiting(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, p *pooled) { //nolint:thelper // the test itself
		require.Panics(t, func() { _, _ = p.Get(t.Context(), "a", func() (*Conn, error) { panic("odd") }) })
		require.NotNil(t, p.get("a"))
	})
}

func TestAConnectionThatEndsIsForgotten(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, p *pooled) { //nolint:thelper // the test itself
		first := p.get("a")
		first.Close()
		require.Nil(t, p.peek("a"))
		require.NotSame(t, first, p.get("a"))
		require.False(t, p.Put("a", first), "there is another one")
	})
}

func TestIdleConnectionsOfAPoolEnd(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, p *pooled) { //nolint:thelper // the test itself
		p.IdleTimeout = time.Minute
		busy := p.get("busy")
		p.get("a")
		var s Stream
		defer s.Release()
		done := make(chan error)
		go func() {
			done <- s.RoundTrip(busy, Request{Method: "GET", Fields: []byte{0x82}}, time.Now().Add(time.Hour))
		}()
		time.Sleep(59 * time.Second)
		require.Equal(t, 2, p.Len())
		time.Sleep(7 * time.Second)
		require.Equal(t, 1, p.Len())
		require.Same(t, busy, p.peek("busy"), "a request is under way")
		s.Expire()
		require.Error(t, <-done)
		s.Close()
		time.Sleep(67 * time.Second)
		require.Zero(t, p.Len())
	})
}

func TestAPoolIsTrimmedOldestFirst(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, p *pooled) { //nolint:thelper // the test itself
		for _, key := range []string{"a", "b", "c", "d"} {
			p.get(key)
			time.Sleep(time.Second)
		}
		p.get("new")
		p.Trim(3)
		require.Nil(t, p.peek("a"))
		require.Nil(t, p.peek("b"))
		require.Equal(t, 3, p.Len())
		p.Trim(0)
		require.NotNil(t, p.peek("new"), "somebody is about to use it")
	})
}
