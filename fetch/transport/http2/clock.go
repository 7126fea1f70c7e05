package http2

import (
	"sync"
	"time"
)

// clock ends a stream's request at its deadline. It knows the stream only while a request is under way, because the
// runtime may keep a stopped timer in memory, and a stream is part of a whole session. A nil clock does nothing.
type clock struct {
	mu       sync.Mutex
	stream   *Stream
	deadline time.Time
	// armed is what the timer is set to: the deadline, or one of a request before, to save setting it each time. Zero: it
	// is not set.
	armed time.Time
	timer *time.Timer
}

// start begins to watch a request.
func (k *clock) start(s *Stream, deadline time.Time) {
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

// stop returns the stream that was watched, and watches it no longer.
func (k *clock) stop() *Stream {
	if k == nil {
		return nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	s := k.stream
	k.stream = nil
	return s
}

// ring is called by the timer. It ends the request if it is its deadline that has passed, and not that of one before.
func (k *clock) ring() {
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
	k.cut()
}

// expire ends the request now.
func (k *clock) expire() {
	if k == nil {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.cut()
}

// cut cuts the request off. The lock is held, so that it is not the next one.
func (k *clock) cut() {
	s := k.stream
	if s == nil {
		return
	}
	s.conn.mu.Lock()
	defer s.conn.mu.Unlock()
	s.conn.abort(s, errTimeout)
}

// release stops the timer.
func (k *clock) release() {
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
