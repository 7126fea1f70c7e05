package http1

import (
	"errors"
	"net"
	"time"
)

// SetDeadline bounds all that follows on the connection, like [net.Conn.SetDeadline]. Zero means no bound.
//
// Setting the deadline of a socket costs more than anything else here except system calls, and successive deadlines
// differ little. So an earlier deadline stays in place; if it passes, the operation resumes under the later one.
// Callers see exact deadlines, except when writing over TLS: see armNearly.
func (c *Conn) SetDeadline(t time.Time) {
	c.deadline = t
	if t.IsZero() || !c.armed.IsZero() && !c.armed.After(t) {
		return
	}
	c.arm()
}

// Expire makes everything on the connection fail with a timeout, now and later. Any goroutine may call it at any time.
func (c *Conn) Expire() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.expired.Store(true)
	_ = c.nc.SetDeadline(time.Unix(1, 0)) // fails only on a closed connection
}

// Expired reports whether Expire has been called.
func (c *Conn) Expired() bool { return c.expired.Load() }

// arm sets the deadline of the connection itself, unless Expire was called: what has expired stays so.
func (c *Conn) arm() bool {
	return c.locked(func() {
		c.armed = c.deadline
		_ = c.nc.SetDeadline(c.deadline) // fails only on a closed connection, and the next operation will show that
	})
}

// locked runs f, which sets deadlines, so that Expire cannot interfere. It returns false, without running f, if the
// connection has expired.
func (c *Conn) locked(f func()) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.expired.Load() {
		return false
	}
	f()
	return true
}

// armExactly is for operations that cannot be resumed after a timeout.
func (c *Conn) armExactly() {
	if !c.armed.Equal(c.deadline) {
		c.arm()
	}
}

// armNearly is for operations that cannot be resumed either, but rarely take long. An earlier deadline may stay in
// place if it comes at most the slack of what is left too early.
func (c *Conn) armNearly() {
	slack := Slack(time.Until(c.deadline))
	if slack == 0 || c.armed.IsZero() || c.deadline.Sub(c.armed) > slack {
		c.armExactly()
	}
}

// Slack is how much too early or too late a timeout may come where a timer of its own would be expensive: 1 % of a
// timeout of a second or more, else nothing.
func Slack(timeout time.Duration) time.Duration {
	if timeout < time.Second {
		return 0
	}
	return timeout / 100 //nolint:mnd // 1 %
}

// rearm is called when an operation failed with err. It reports whether an earlier request's deadline was the cause, so
// that the operation must be resumed under the present one.
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
