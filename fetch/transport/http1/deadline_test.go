package http1

import (
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestDeadline: a deadline is exact, although an earlier request's stays in place.
func TestDeadline(t *testing.T) {
	t.Parallel()
	slow := func(nc *net.TCPConn) {
		awaitRequest(nc)
		send(nc, hello)
		awaitRequest(nc)
		time.Sleep(600 * time.Millisecond)
		send(nc, hello)
		awaitRequest(nc)
	}
	t.Run("an earlier one does not cut the later short", func(t *testing.T) {
		t.Parallel()
		c := dial(t, serve(t, slow))
		c.SetDeadline(time.Now().Add(500 * time.Millisecond))
		roundTrip(t, c)
		c.SetDeadline(time.Now().Add(10 * time.Second))
		roundTrip(t, c)
	})
	t.Run("nor does it when there is none any more", func(t *testing.T) {
		t.Parallel()
		c := dial(t, serve(t, slow))
		c.SetDeadline(time.Now().Add(500 * time.Millisecond))
		roundTrip(t, c)
		c.SetDeadline(time.Time{})
		roundTrip(t, c)
	})
	t.Run("the later one holds", func(t *testing.T) {
		t.Parallel()
		c := dial(t, serve(t, func(nc *net.TCPConn) { awaitRequest(nc); send(nc, hello); awaitRequest(nc); awaitRequest(nc) }))
		c.SetDeadline(time.Now().Add(500 * time.Millisecond))
		roundTrip(t, c)
		start := time.Now()
		c.SetDeadline(start.Add(700 * time.Millisecond))
		var r Response
		require.True(t, isTimeout(c.RoundTrip(get(), http.MethodGet, &r)))
		require.GreaterOrEqual(t, time.Since(start), 700*time.Millisecond)
		require.Less(t, time.Since(start), 5*time.Second)
	})
	t.Run("a shorter one holds", func(t *testing.T) {
		t.Parallel()
		c := dial(t, serve(t, func(nc *net.TCPConn) { awaitRequest(nc); awaitRequest(nc) }))
		start := time.Now()
		c.SetDeadline(start.Add(50 * time.Millisecond))
		var r Response
		require.True(t, isTimeout(c.RoundTrip(get(), http.MethodGet, &r)))
		require.Less(t, time.Since(start), 5*time.Second)
	})
}

// TestExpire: what is under way ends at once, and no deadline brings the connection back.
func TestExpire(t *testing.T) {
	t.Parallel()
	c := dial(t, serve(t, func(nc *net.TCPConn) { awaitRequest(nc); awaitRequest(nc) }))
	timer := time.AfterFunc(50*time.Millisecond, c.Expire)
	defer timer.Stop()
	var r Response
	require.True(t, isTimeout(c.RoundTrip(get(), http.MethodGet, &r)))
	require.True(t, c.Expired())
	require.True(t, c.Stale())
	c.SetDeadline(time.Now().Add(time.Second))
	c.SetDeadline(time.Now().Add(time.Millisecond))
	start := time.Now()
	require.True(t, isTimeout(c.RoundTrip(get(), http.MethodGet, &r)))
	require.Less(t, time.Since(start), 500*time.Millisecond)
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

// TestArmNearly: what cannot be resumed is cut off by its own deadline, or by one that is as good as that.
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
