package work

import (
	"sync"
)

// Counter counts what is going on.
type Counter struct {
	mu      sync.Mutex
	running int
	none    chan struct{} // closed when nothing is going on; nil if nothing ever has
}

// Begin notes the beginning of some work. It reports whether it is the first of what is going on.
func (c *Counter) Begin() (first bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.running++; c.running > 1 {
		return false
	}
	c.none = make(chan struct{})
	return true
}

// End notes the end of some work.
func (c *Counter) End() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.running--; c.running == 0 {
		close(c.none)
	}
}

// Idle returns what is closed when all that is going on has ended.
func (c *Counter) Idle() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.none == nil {
		c.none = make(chan struct{})
		close(c.none)
	}
	return c.none
}
