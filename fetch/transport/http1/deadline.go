package http1

import (
	"errors"
	"net"
	"time"
)

// SetDeadline bounds what follows on the connection, as [net.Conn.SetDeadline] does; zero means no bound.
//
// Telling the network poller costs more than anything else here that is no system call, and the deadlines of successive
// requests differ little. So an earlier deadline is left in place: should it pass, the operation that it cut short is
// resumed under the later one. What the caller sees is exact, but for writing over TLS: see armNearly.
func (c *Conn) SetDeadline(t time.Time) {
	c.deadline = t
	if t.IsZero() || !c.armed.IsZero() && !c.armed.After(t) {
		return
	}
	c.arm()
}

// Expire makes everything under way on the connection, and all that is tried on it later, fail with a time-out. Any
// goroutine may call it, at any time.
func (c *Conn) Expire() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.expired.Store(true)
	_ = c.nc.SetDeadline(time.Unix(1, 0)) // fails only on a closed connection
}

// Expired reports whether Expire has been called.
func (c *Conn) Expired() bool { return c.expired.Load() }

// arm tells the connection the deadline, unless Expire came first: what is expired stays so.
func (c *Conn) arm() bool {
	return c.locked(func() {
		c.armed = c.deadline
		_ = c.nc.SetDeadline(c.deadline) // fails only on a closed connection, as will what comes next
	})
}

// locked runs f, which sets deadlines, where Expire cannot come in between. It does not if the connection has expired.
func (c *Conn) locked(f func()) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.expired.Load() {
		return false
	}
	f()
	return true
}

// armExactly is for operations that cannot be resumed after a time-out.
func (c *Conn) armExactly() {
	if !c.armed.Equal(c.deadline) {
		c.arm()
	}
}

// armNearly is for operations that cannot be resumed either, but are as good as never the ones that take long. With a
// second and more to go, the earlier deadline may stay that comes at most 1 % of that too early.
func (c *Conn) armNearly() {
	left := time.Until(c.deadline)
	if left < time.Second || c.armed.IsZero() || c.deadline.Sub(c.armed) > left/100 { //nolint:mnd // 1 %
		c.armExactly()
	}
}

// rearm is called when an operation failed with err. It reports whether that was an earlier request's deadline and the
// operation is to go on under the present one.
func (c *Conn) rearm(err error) bool {
	if c.armed.Equal(c.deadline) || !isTimeout(err) {
		return false
	}
	now := time.Now()
	if now.Before(c.armed) || !c.deadline.IsZero() && !now.Before(c.deadline) {
		return false
	}
	return c.arm()
}

func isTimeout(err error) bool {
	var netErr net.Error
	return errors.As(err, &netErr) && netErr.Timeout()
}
