package http1

import (
	"net"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// idleConn is a connection to addr that has just served a request.
func idleConn(t *testing.T, addr string) *Conn {
	t.Helper()
	c := dial(t, addr)
	roundTrip(t, c)
	return c
}

// answering serves hello to every request.
func answering(t *testing.T) (addr string) {
	t.Helper()
	return serve(t, func(nc *net.TCPConn) {
		buf := make([]byte, 1<<10)
		for {
			if _, err := nc.Read(buf); err != nil {
				return
			}
			send(nc, hello)
		}
	})
}

func isClosed(c *Conn) bool { return c.nc.SetDeadline(time.Time{}) != nil }

func TestPoolGivesTheNewestFirst(t *testing.T) {
	t.Parallel()
	addr := answering(t)
	var p Pool
	defer p.Close()
	a, b, other := idleConn(t, addr), idleConn(t, addr), idleConn(t, addr)
	require.Nil(t, p.Get("x", false))
	require.True(t, p.Put("x", a, 100))
	require.True(t, p.Put("x", b, 100))
	require.True(t, p.Put("y", other, 100))
	require.Equal(t, 3, p.Len())
	require.Same(t, b, p.Get("x", false))
	require.Same(t, a, p.Get("x", false))
	require.Nil(t, p.Get("x", false))
	require.Same(t, other, p.Get("y", false))
	require.Zero(t, p.Len())
	require.Empty(t, p.hosts)
}

func TestPoolDropsTheOldestOfAll(t *testing.T) {
	t.Parallel()
	addr := answering(t)
	var p Pool
	defer p.Close()
	a, b, c, d := idleConn(t, addr), idleConn(t, addr), idleConn(t, addr), idleConn(t, addr)
	require.True(t, p.Put("x", a, 2))
	require.True(t, p.Put("x", b, 2))
	require.True(t, p.Put("y", c, 2))
	require.True(t, isClosed(a))
	require.Equal(t, 2, p.Len())
	require.True(t, p.Put("z", d, 1), "the bound may have become smaller")
	require.True(t, isClosed(b))
	require.True(t, isClosed(c))
	require.Same(t, d, p.Get("z", false))
	require.False(t, p.Put("z", d, 0), "none may be idle")
	require.True(t, isClosed(d))
	require.Empty(t, p.hosts)
}

// Connections are closed in time although nobody calls the pool.
func TestPoolClosesWhatIsIdleForTooLong(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := Pool{IdleTimeout: 50 * time.Millisecond}
		defer p.Close()
		idle := func() *Conn {
			c := pipe(t, func(nc net.Conn) { awaitRequest(nc); send(nc, hello); awaitRequest(nc) })
			roundTrip(t, c)
			return c
		}
		old, young := idle(), idle()
		require.True(t, p.Put("x", old, 100))
		time.Sleep(20 * time.Millisecond) // of the bubble, as all that follow
		require.True(t, p.Put("y", young, 100))
		for _, then := range []struct {
			after time.Duration
			idle  int
		}{{30*time.Millisecond - 1, 2}, {1, 1}, {20*time.Millisecond - 1, 1}, {1, 0}} {
			time.Sleep(then.after)
			synctest.Wait()
			require.Equal(t, then.idle, p.Len())
		}
		require.True(t, isClosed(old))
		require.True(t, isClosed(young))
		p.mu.Lock()
		defer p.mu.Unlock()
		require.Nil(t, p.timer, "nothing runs while nothing is idle")
	})
}

func TestPoolForgetsWhatIsTooOld(t *testing.T) {
	t.Parallel()
	p := Pool{IdleTimeout: time.Minute}
	defer p.Close()
	c := idleConn(t, answering(t))
	require.True(t, p.Put("x", c, 100))
	c.idle.since = time.Now().Add(-time.Hour)
	require.Nil(t, p.Get("x", false))
	require.True(t, isClosed(c))
}

func TestPoolForgetsWhatTheServerClosed(t *testing.T) {
	t.Parallel()
	var p Pool
	defer p.Close()
	c := idleConn(t, serve(t, func(nc *net.TCPConn) { awaitRequest(nc); send(nc, hello) }))
	awaitNews(t, c)
	require.True(t, p.Put("x", c, 100))
	require.Nil(t, p.Get("x", false))
	require.True(t, isClosed(c))
}

// A connection that was returned just now is not looked at for replayable requests, unless its server has been seen to
// close connections.
func TestPoolTrustsWhatItGotJustNow(t *testing.T) {
	t.Parallel()
	closing := serve(t, func(nc *net.TCPConn) { awaitRequest(nc); send(nc, hello) })
	const key = "x"
	for name, test := range map[string]struct {
		replayable, waited, doubted, expired bool
		given                                bool
	}{
		"a request that can be sent again takes it":        {replayable: true, given: true},
		"a request that cannot looks at it":                {},
		"one that was put back before that is looked at":   {replayable: true, waited: true},
		"one of a server that is doubted is looked at":     {replayable: true, doubted: true},
		"one that was cut off meanwhile is of use to none": {replayable: true, expired: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var p Pool
			defer p.Close()
			c := idleConn(t, closing)
			awaitNews(t, c)
			if test.doubted {
				p.Doubt(key)
			}
			require.True(t, p.Put(key, c, 100))
			c.idle.since = time.Now().Add(time.Minute) // however long the test takes
			if test.waited {
				c.idle.since = time.Now().Add(-justNow)
			}
			if test.expired {
				c.Expire()
			}
			if got := p.Get(key, test.replayable); test.given {
				require.Same(t, c, got)
				require.NoError(t, got.Close())
			} else {
				require.Nil(t, got)
				require.True(t, isClosed(c))
			}
		})
	}
}

func TestPoolDoubtsAllWhenTooManyAreDoubted(t *testing.T) {
	t.Parallel()
	var p Pool
	defer p.Close()
	require.True(t, p.Put("x", idleConn(t, answering(t)), 100))
	for i := range 2 * maxDoubted {
		p.Doubt(strconv.Itoa(i))
	}
	require.Len(t, p.doubted, maxDoubted)
	_, trusted := p.take("x")
	require.False(t, trusted)
}

func TestPoolRefusesWhatCannotBeUsedAgain(t *testing.T) {
	t.Parallel()
	addr := answering(t)
	var p Pool
	defer p.Close()
	var r Response
	unread, expired := dial(t, addr), idleConn(t, addr)
	require.NoError(t, unread.RoundTrip(get(), http.MethodGet, &r))
	expired.Expire()
	require.False(t, p.Put("x", dial(t, addr), 100), "it was never used")
	require.False(t, p.Put("x", unread, 100))
	require.False(t, p.Put("x", expired, 100))
	late := idleConn(t, addr)
	require.True(t, p.Put("x", late, 100))
	late.Expire()
	require.Nil(t, p.Get("x", false))
}

func TestPoolCloses(t *testing.T) {
	t.Parallel()
	addr := answering(t)
	var p Pool
	a, b, c := idleConn(t, addr), idleConn(t, addr), idleConn(t, addr)
	require.True(t, p.Put("x", a, 100))
	require.True(t, p.Put("y", b, 100))
	p.CloseIdle()
	require.True(t, isClosed(a))
	require.True(t, isClosed(b))
	require.Zero(t, p.Len())
	require.True(t, p.Put("x", c, 100))
	p.Close()
	require.True(t, isClosed(c))
	require.False(t, p.Put("x", idleConn(t, addr), 100))
	require.Nil(t, p.Get("x", false))
}

func TestPoolServesManyWorkers(t *testing.T) {
	t.Parallel()
	addr := answering(t)
	var p Pool
	defer p.Close()
	var workers sync.WaitGroup
	for worker := range 16 {
		workers.Go(func() {
			var r Response
			for i := range 50 {
				key := strconv.Itoa((worker + i) % 3)
				c := p.Get(key, false)
				if c == nil {
					nc, err := new(net.Dialer).DialContext(t.Context(), "tcp", addr)
					if err != nil {
						t.Error(err)
						return
					}
					c = NewConn(nc)
				}
				c.SetDeadline(time.Now().Add(10 * time.Second))
				if err := c.RoundTrip(get(), http.MethodGet, &r); err != nil {
					t.Error(err)
				}
				if _, err := r.Discard(); err != nil {
					t.Error(err)
				}
				p.Put(key, c, 10)
			}
		})
	}
	workers.Wait()
	require.LessOrEqual(t, p.Len(), 10)
}
