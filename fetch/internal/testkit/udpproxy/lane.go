package udpproxy

import (
	"bytes"
	"math/rand/v2"
	"sync"
	"time"
)

// lane is one direction. It decides what comes of each datagram in the order of their arrival.
type lane struct {
	faults Faults
	queue  chan queued
	done   chan struct{}

	mu     sync.Mutex
	random *rand.Rand
	seen   int
	held   []heldBack
	counts Counts
}

// queued is a datagram on its way.
type queued struct {
	due  time.Time
	send func()
}

// heldBack is a datagram that waits until so many others have passed.
type heldBack struct {
	datagram queued
	wait     int
}

// maxQueued bounds how many datagrams are on their way. More are lost, as in a router.
const maxQueued = 4096

func newLane(f Faults) *lane {
	return &lane{
		faults: f, queue: make(chan queued, maxQueued), done: make(chan struct{}),
		random: rand.New(rand.NewPCG(f.Seed, f.Seed)), // #nosec G404 -- the seed has to decide
	}
}

// take decides what comes of a datagram.
func (l *lane) take(b []byte, send func([]byte)) {
	b = bytes.Clone(b)
	d := queued{time.Now().Add(l.faults.Delay), func() { send(b) }}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.seen++
	switch {
	case l.random.Float64() < l.faults.Loss:
		l.counts.Lost++
		return
	case l.faults.HoldEvery > 0 && l.seen%l.faults.HoldEvery == 0:
		l.counts.Held++
		l.held = append(l.held, heldBack{d, l.faults.HoldFor})
		return
	}
	l.pass(d)
	waiting := l.held[:0]
	for _, h := range l.held {
		if h.wait--; h.wait > 0 {
			waiting = append(waiting, h)
			continue
		}
		l.pass(h.datagram)
	}
	l.held = waiting
}

// pass sends a datagram on its way.
func (l *lane) pass(d queued) {
	select {
	case l.queue <- d:
		l.counts.Forwarded++
	default:
		l.counts.Lost++
	}
}

func (l *lane) lose() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.counts.Lost++
}

func (l *lane) counted() Counts {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.counts
}

// run sends each datagram when it is due. All take equally long, so they stay in order.
func (l *lane) run() {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-l.done:
			return
		case d := <-l.queue:
			if wait := time.Until(d.due); wait > 0 {
				timer.Reset(wait)
				select {
				case <-l.done:
					return
				case <-timer.C:
				}
			}
			d.send()
		}
	}
}

func (l *lane) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	select {
	case <-l.done:
	default:
		close(l.done)
	}
}
