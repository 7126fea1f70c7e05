package k6metrics

import (
	"sync"
	"time"

	"go.k6.io/k6/v2/metrics"
)

const (
	// burstSize, maxSamples and burstTime bound what is held back: the number of containers, the number of samples without
	// one, and the time.
	burstSize  = 32
	maxSamples = 4 * burstSize
	burstTime  = 20 * time.Millisecond
)

// burst sends several sample containers together, because each separate send wakes k6's collector.
type burst struct {
	out chan<- metrics.SampleContainer

	mu      sync.Mutex
	pending []metrics.SampleContainer
	// samples are those that need no container of their own. They share one, which is cheaper for k6. Once sent, it
	// belongs to k6.
	samples  metrics.Samples
	capacity int  // for samples; from the number sent last
	waiting  bool // the timer runs
	silent   bool // nothing is sent
	timer    *time.Timer
}

// push sends a container soon.
func (b *burst) push(container metrics.SampleContainer) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.pending = append(b.pending, container)
	b.sendSoon()
}

// add sends samples soon.
func (b *burst) add(samples ...metrics.Sample) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.samples == nil {
		b.samples = make(metrics.Samples, 0, max(b.capacity, len(samples)))
	}
	b.samples = append(b.samples, samples...)
	b.sendSoon()
}

// sendSoon sends what is held back if it has reached a limit. Otherwise it starts the timer that will.
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

// flush sends what is held back. Nothing is sent after it until the next push.
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
		b.samples, b.capacity = nil, min(2*len(b.samples), maxSamples)
	}
	b.waiting = false
}
