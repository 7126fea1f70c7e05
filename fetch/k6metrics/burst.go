package k6metrics

import (
	"sync"
	"time"

	"go.k6.io/k6/v2/metrics"
)

const (
	// burstSize, maxSamples and burstTime bound what is held back: so many containers, and samples without one, for so
	// long.
	burstSize  = 32
	maxSamples = 4 * burstSize
	burstTime  = 20 * time.Millisecond
)

// burst sends sample containers several at a time: every one that is sent by itself wakes k6's collector.
type burst struct {
	out chan<- metrics.SampleContainer

	mu      sync.Mutex
	pending []metrics.SampleContainer
	// samples are those that need no container of their own: they share one, which costs k6 less. Once it is sent it is
	// k6's.
	samples metrics.Samples
	room    int  // by how many were sent last
	waiting bool // for the timer
	silent  bool // nothing is sent
	timer   *time.Timer
}

// push sends a container, soon.
func (b *burst) push(container metrics.SampleContainer) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.pending = append(b.pending, container)
	b.sendSoon()
}

// add sends samples, soon.
func (b *burst) add(samples ...metrics.Sample) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.samples == nil {
		b.samples = make(metrics.Samples, 0, max(b.room, len(samples)))
	}
	b.samples = append(b.samples, samples...)
	b.sendSoon()
}

// sendSoon sends what is held back if it has become too much, and sees to it that it is sent in time.
func (b *burst) sendSoon() {
	switch {
	case len(b.pending) >= burstSize || len(b.samples) >= maxSamples:
		b.send()
		return
	case b.timer == nil:
		b.timer = time.AfterFunc(burstTime, b.flush)
	case !b.waiting:
		b.timer.Reset(burstTime)
	}
	b.waiting = true
}

// flush sends what is held back. After it, nothing is sent before the next push.
func (b *burst) flush() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.send()
}

func (b *burst) send() {
	pending := b.pending
	b.pending = b.pending[:0]
	for i, container := range pending {
		if !b.silent {
			b.out <- container
		}
		pending[i] = nil
	}
	if len(b.samples) > 0 {
		if !b.silent {
			b.out <- b.samples
		}
		b.samples, b.room = nil, min(2*len(b.samples), maxSamples)
	}
	b.waiting = false
}
