package fetch

import (
	"context"
	"slices"
	"sync"
)

// gate limits how many attempts at one host are under way, for all runs of a client together. It admits them in the
// order in which they come, each within the limit of its own run.
//
// A run's schedule lets no more workers wait here than its limit, so that targets of other hosts go on meanwhile.
type gate struct {
	mu    sync.Mutex
	hosts map[string]*gateHost
}

type gateHost struct {
	inside  int
	waiting []*gateWaiter // in the order of their coming
}

type gateWaiter struct {
	limit int
	in    chan struct{}
}

// enter waits until all earlier callers are inside and fewer than limit attempts are. It returns false if ctx ends
// first.
func (g *gate) enter(ctx context.Context, name string, limit int) bool {
	w, in := g.queue(name, limit)
	if in {
		return true
	}
	select {
	case <-w.in:
		return true
	case <-ctx.Done():
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	h := g.hosts[name]
	if i := slices.Index(h.waiting, w); i >= 0 {
		h.waiting = slices.Delete(h.waiting, i, i+1)
	} else {
		h.inside-- // it was admitted at the same moment
	}
	g.admit(name, h)
	return false
}

// queue admits the caller at once, or puts it at the end of the queue.
func (g *gate) queue(name string, limit int) (w *gateWaiter, in bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	h := g.hosts[name]
	if h == nil {
		if g.hosts == nil {
			g.hosts = make(map[string]*gateHost)
		}
		h = &gateHost{}
		g.hosts[name] = h
	}
	if len(h.waiting) == 0 && h.inside < limit {
		h.inside++
		return nil, true
	}
	w = &gateWaiter{limit: limit, in: make(chan struct{})}
	h.waiting = append(h.waiting, w)
	return w, false
}

// leave gives a place back.
func (g *gate) leave(name string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	h := g.hosts[name]
	h.inside--
	g.admit(name, h)
}

// admit admits waiting attempts, in their order, up to their limits.
func (g *gate) admit(name string, h *gateHost) {
	for len(h.waiting) > 0 && h.inside < h.waiting[0].limit {
		h.inside++
		close(h.waiting[0].in)
		h.waiting[0] = nil
		h.waiting = h.waiting[1:]
	}
	if h.inside == 0 && len(h.waiting) == 0 {
		delete(g.hosts, name)
	}
}
