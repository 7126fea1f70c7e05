package samples

import (
	"sync"
	"time"

	"go.k6.io/k6/v2/metrics"
)

const (
	// burstSize and burstTime bound what is held back: so many containers, for so long.
	burstSize = 32
	burstTime = 20 * time.Millisecond
)

// burst sends sample containers several at a time: every one that is sent by itself wakes k6's collector.
type burst struct {
	out chan<- metrics.SampleContainer

	mu      sync.Mutex
	pending []metrics.SampleContainer
	timer   *time.Timer
}

// push sends a container, soon.
func (b *burst) push(container metrics.SampleContainer) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.pending = append(b.pending, container)
	switch {
	case len(b.pending) >= burstSize:
		b.send()
	case b.timer == nil:
		b.timer = time.AfterFunc(burstTime, b.flush)
	case len(b.pending) == 1:
		b.timer.Reset(burstTime)
	}
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
		b.out <- container
		pending[i] = nil
	}
}
