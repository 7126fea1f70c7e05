package fetch

import (
	"context"
	"slices"
	"sync"
)

// gate bounds how many targets of one host are in flight for all runs of a client together.
//
// A run's own schedule sees to it that no more of its workers than that ever wait here, so that targets of other hosts
// go on meanwhile.
type gate struct {
	mu    sync.Mutex
	hosts map[string]*gateHost
}

type gateHost struct {
	inside  int
	waiting []*gateWaiter // the one that has waited longest first
}

type gateWaiter struct {
	limit int
	in    chan struct{}
}

// enter waits until fewer than limit are inside. It returns false if ctx ends first.
func (g *gate) enter(ctx context.Context, name string, limit int) bool {
	g.mu.Lock()
	h := g.hosts[name]
	if h == nil {
		if g.hosts == nil {
			g.hosts = make(map[string]*gateHost)
		}
		h = &gateHost{}
		g.hosts[name] = h
	}
	if h.inside < limit {
		h.inside++
		g.mu.Unlock()
		return true
	}
	w := &gateWaiter{limit: limit, in: make(chan struct{})}
	h.waiting = append(h.waiting, w)
	g.mu.Unlock()

	select {
	case <-w.in:
		return true
	case <-ctx.Done():
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if i := slices.Index(h.waiting, w); i >= 0 {
		h.waiting = slices.Delete(h.waiting, i, i+1)
		return false
	}
	g.free(name, h) // it was let in at the same moment
	return false
}

// leave lets the next in.
func (g *gate) leave(name string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.free(name, g.hosts[name])
}

func (g *gate) free(name string, h *gateHost) {
	h.inside--
	for i, w := range h.waiting {
		if h.inside < w.limit {
			h.inside++
			h.waiting = slices.Delete(h.waiting, i, i+1)
			close(w.in)
			return
		}
	}
	if h.inside == 0 {
		delete(g.hosts, name)
	}
}
