package mux

import (
	"sync"
	"time"
)

// Clock ends a stream's request at its deadline. It knows the stream only while a request is under way, because the
// runtime may keep a stopped timer in memory, and a stream is part of a whole session. A nil clock does nothing; the
// zero value is ready.
type Clock struct {
	mu       sync.Mutex
	stream   Cutter
	deadline time.Time
	// armed is what the timer is set to: the deadline, or one of a request before, to save setting it each time. Zero: it
	// is not set.
	armed time.Time
	timer *time.Timer
}

// Cutter is a stream.
type Cutter interface {
	// Cut ends the request with a timeout.
	Cut()
}

// Start begins to watch a request.
func (k *Clock) Start(s Cutter, deadline time.Time) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.stream, k.deadline = s, deadline
	switch {
	case k.timer == nil:
		k.timer = time.AfterFunc(time.Until(deadline), k.ring)
	case k.armed.IsZero() || deadline.Before(k.armed):
		k.timer.Reset(time.Until(deadline))
	default:
		return
	}
	k.armed = deadline
}

// Stop ends watching, and reports whether a request was watched.
func (k *Clock) Stop() bool {
	if k == nil {
		return false
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	watched := k.stream != nil
	k.stream = nil
	return watched
}

// ring is called by the timer. It ends the request if it is its deadline that has passed, and not that of one before.
func (k *Clock) ring() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.armed = time.Time{}
	if k.stream == nil {
		return // the next request sets the timer
	}
	if left := time.Until(k.deadline); left > 0 {
		k.armed = k.deadline
		k.timer.Reset(left)
		return
	}
	k.stream.Cut() // with the lock held, so that it is not the next request
}

// Expire ends the request now.
func (k *Clock) Expire() {
	if k == nil {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.stream != nil {
		k.stream.Cut()
	}
}

// Release stops the timer.
func (k *Clock) Release() {
	if k == nil {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.timer != nil {
		k.timer.Stop()
		k.armed = time.Time{}
	}
}
