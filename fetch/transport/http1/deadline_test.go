package http1

import (
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// TestDeadline: a deadline is exact, although an earlier request's stays in place.
func TestDeadline(t *testing.T) {
	t.Parallel()
	slow := func(nc net.Conn) {
		awaitRequest(nc)
		send(nc, hello)
		awaitRequest(nc)
		time.Sleep(600 * time.Millisecond) // of the bubble
		send(nc, hello)
		awaitRequest(nc)
	}
	silent := func(nc net.Conn) { awaitRequest(nc); send(nc, hello); awaitRequest(nc); awaitRequest(nc) }
	for _, test := range []struct {
		name          string
		script        func(nc net.Conn)
		first, second time.Duration // deadlines of the requests, from then; 0: none
		late          bool          // the second request times out
	}{
		{"an earlier one does not cut the later short", slow, 500 * time.Millisecond, 10 * time.Second, false},
		{"nor does it when there is none any more", slow, 500 * time.Millisecond, 0, false},
		{"the later one holds", silent, 500 * time.Millisecond, 700 * time.Millisecond, true},
		{"a shorter one holds", silent, 10 * time.Second, 50 * time.Millisecond, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c := pipe(t, test.script)
				c.SetDeadline(time.Now().Add(test.first))
				roundTrip(t, c)
				start := time.Now()
				if test.second > 0 {
					c.SetDeadline(start.Add(test.second))
				} else {
					c.SetDeadline(time.Time{})
				}
				if !test.late {
					roundTrip(t, c)
					require.Equal(t, 600*time.Millisecond, time.Since(start))
					return
				}
				var r Response
				require.True(t, isTimeout(c.RoundTrip(get(), http.MethodGet, &r)))
				require.Equal(t, test.second, time.Since(start))
			})
		})
	}
}

// TestDeadlineOfASocket: as with what synctest makes of time, so with a real socket. Time itself is tested.
func TestDeadlineOfASocket(t *testing.T) {
	t.Parallel()
	c := dial(t, serve(t, func(nc *net.TCPConn) { awaitRequest(nc); send(nc, hello); awaitRequest(nc); awaitRequest(nc) }))
	c.SetDeadline(time.Now().Add(10 * time.Second))
	roundTrip(t, c)
	start := time.Now()
	c.SetDeadline(start.Add(50 * time.Millisecond))
	var r Response
	require.True(t, isTimeout(c.RoundTrip(get(), http.MethodGet, &r)))
	require.GreaterOrEqual(t, time.Since(start), 50*time.Millisecond)
	require.Less(t, time.Since(start), 5*time.Second)
}

// TestExpire: what is under way ends at once, and no deadline brings the connection back.
func TestExpire(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := pipe(t, func(nc net.Conn) { awaitRequest(nc); awaitRequest(nc) })
		start := time.Now()
		go func() {
			synctest.Wait() // until both wait: the request is under way
			c.Expire()
		}()
		var r Response
		require.True(t, isTimeout(c.RoundTrip(get(), http.MethodGet, &r)))
		require.True(t, c.Expired())
		require.True(t, c.Stale())
		c.SetDeadline(time.Now().Add(time.Second))
		c.SetDeadline(time.Now().Add(time.Millisecond))
		require.True(t, isTimeout(c.RoundTrip(get(), http.MethodGet, &r)))
		require.Zero(t, time.Since(start))
	})
}

func TestExpireWhileDeadlinesAreSet(t *testing.T) {
	t.Parallel()
	addr := serve(t, func(nc *net.TCPConn) { awaitRequest(nc); awaitRequest(nc) })
	for range 20 {
		c := dial(t, addr)
		done := make(chan struct{})
		go func() {
			defer close(done)
			c.Expire()
		}()
		for i := range 100 {
			c.SetDeadline(time.Now().Add(time.Duration(1000-i) * time.Second))
		}
		var r Response
		require.True(t, isTimeout(c.RoundTrip(get(), http.MethodGet, &r)))
		<-done
	}
}

// TestArmNearly: what cannot be resumed ends at its own deadline, or at one close enough to it.
func TestArmNearly(t *testing.T) {
	t.Parallel()
	now := time.Now()
	for name, test := range map[string]struct {
		armed, deadline time.Duration // from now; 0: none
		stays           bool
	}{
		"one that comes 1 % too early stays":        {99500 * time.Millisecond, 100 * time.Second, true},
		"one that comes much too early does not":    {90 * time.Second, 100 * time.Second, false},
		"below a second it is exact":                {899 * time.Millisecond, 900 * time.Millisecond, false},
		"one that has passed does not stay":         {-time.Second, 100 * time.Second, false},
		"nor does one where there is none any more": {time.Second, 0, false},
		"nor none where there is one":               {0, time.Minute, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at := func(d time.Duration) time.Time {
				if d == 0 {
					return time.Time{}
				}
				return now.Add(d)
			}
			c := NewConn(newMemConn(nil, 1, nil))
			c.armed, c.deadline = at(test.armed), at(test.deadline)
			c.armNearly()
			require.Equal(t, test.stays, !c.armed.Equal(c.deadline))
		})
	}
}
