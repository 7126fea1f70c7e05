package page

import (
	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover"
)

// queue holds what waits to be fetched. It yields the most urgent item whose host can take another request; of several
// the one that was found first. The visit's lock guards it.
type queue struct {
	limit PerHost
	hosts []*host
	byKey map[hostKey]*host
	// settled are items that need no request.
	settled []*item
	length  int
}

// host is what a visit knows of a host: of scheme, name and port together, because connections are made to these.
type host struct {
	name    string
	running int
	http2   bool
	waiting [discover.Highest + 1][]*item // by urgency
}

func (q *queue) hostOf(key hostKey) *host {
	h := q.byKey[key]
	if h == nil {
		if q.byKey == nil {
			q.byKey = make(map[hostKey]*host)
		}
		h = &host{name: key.name}
		q.byKey[key] = h
		q.hosts = append(q.hosts, h)
	}
	return h
}

func (q *queue) push(it *item) {
	q.length++
	if !it.asks() {
		q.settled = append(q.settled, it)
		return
	}
	list := &it.host.waiting[it.urgency]
	*list = append(*list, it)
}

// raise makes a waiting item more urgent.
func (q *queue) raise(it *item, to discover.Priority) {
	if it.state != waiting || !it.asks() || to <= it.urgency {
		return
	}
	q.remove(it)
	it.urgency = to
	q.push(it)
}

func (q *queue) remove(it *item) {
	list := it.host.waiting[it.urgency]
	for i := range list {
		if list[i] == it {
			it.host.waiting[it.urgency] = append(list[:i:i], list[i+1:]...)
			q.length--
			return
		}
	}
}

// pop takes the next item, nil if none can start now.
func (q *queue) pop() *item {
	if len(q.settled) > 0 {
		it := q.settled[0]
		q.settled = q.settled[1:]
		q.length--
		return it
	}
	var best *item
	for _, h := range q.hosts {
		if it := h.first(); it != nil && q.free(h) && (best == nil || it.before(best)) {
			best = it
		}
	}
	if best != nil {
		best.host.waiting[best.urgency] = best.host.waiting[best.urgency][1:]
		best.host.running++
		q.length--
	}
	return best
}

// ready reports whether an item can start now.
func (q *queue) ready() bool {
	if len(q.settled) > 0 {
		return true
	}
	for _, h := range q.hosts {
		if h.first() != nil && q.free(h) {
			return true
		}
	}
	return false
}

// free reports whether a host can take another request.
func (q *queue) free(h *host) bool {
	limit := q.limit.of(h.http2)
	return limit == 0 || h.running < limit
}

// first is the most urgent item of a host.
func (h *host) first() *item {
	for urgency := len(h.waiting) - 1; urgency >= 0; urgency-- {
		if list := h.waiting[urgency]; len(list) > 0 {
			return list[0]
		}
	}
	return nil
}

// before reports whether an item starts before another.
func (it *item) before(other *item) bool {
	if it.urgency != other.urgency {
		return it.urgency > other.urgency
	}
	return it.place < other.place
}
