package page

import (
	"math"
	"slices"

	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover"
)

// queue holds what waits to be fetched. It yields the most urgent item whose host can take another request; of several
// the one that a browser comes to first, and of these the one that was found first. What it puts off comes when
// everything else has ended. The visit's lock guards it.
type queue struct {
	limit PerHost
	hosts []*host
	byKey map[hostKey]*host
	// settled are items that need no request.
	settled []*item
	// last are items that browsers put off, and busy is how many of the others wait or are in flight.
	last []*item
	busy int
}

// host is what a visit knows of a host: of scheme, name and port together, because connections are made to these.
type host struct {
	key     hostKey
	running int
	shares  bool                          // one connection for all requests: HTTP/2 or HTTP/3
	waiting [discover.Highest + 1][]*item // by urgency
}

func (q *queue) hostOf(key hostKey) *host {
	h := q.byKey[key]
	if h == nil {
		if q.byKey == nil {
			q.byKey = make(map[hostKey]*host)
		}
		h = &host{key: key}
		q.byKey[key] = h
		q.hosts = append(q.hosts, h)
	}
	return h
}

func (q *queue) push(it *item) {
	if !it.asks() {
		q.settled = append(q.settled, it)
		return
	}
	if it.isLast() {
		q.last = append(q.last, it)
		return
	}
	q.busy++
	list := &it.host.waiting[it.urgency]
	i := len(*list)
	for i > 0 && it.before((*list)[i-1]) {
		i--
	}
	*list = slices.Insert(*list, i, it)
}

// ended notes that an item is no longer in flight.
func (q *queue) ended(it *item) {
	it.host.running--
	if !it.isLast() {
		q.busy--
	}
}

// isLast reports whether a browser puts an item off until it has all others: stylesheets that do not count, the icon,
// and what the page is to be called once it is installed.
func (it *item) isLast() bool {
	switch it.found.Type {
	case discover.Style, discover.Manifest:
		return it.found.Late
	case discover.Image:
		return it.found.Element == "link" && !it.found.Preload
	default:
		return false
	}
}

// turn is when a browser comes to an item, among others that are as urgent: what preload scanners find comes before
// frames, and layout needs the last.
func (it *item) turn() int {
	const scanners, parser, layout = 0, 1, 2
	switch {
	case it.found.Preload:
		return scanners
	case it.isDocument():
		return parser
	case it.found.Type == discover.Font, it.found.Type == discover.Media, it.found.Element == "css:url":
		return layout
	default:
		return scanners
	}
}

// hurry no longer puts an item off.
func (q *queue) hurry(it *item) {
	if i := slices.Index(q.last, it); i >= 0 {
		q.last = slices.Delete(q.last, i, i+1)
		it.found.Late = false
		q.push(it)
	}
}

// raise makes a waiting item more urgent.
func (q *queue) raise(it *item, to discover.Priority) {
	if it.state != waiting || !it.asks() || to <= it.urgency || it.isLast() {
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
			q.busy--
			return
		}
	}
}

// pop takes the next item, nil if none can start now.
func (q *queue) pop() *item {
	if len(q.settled) > 0 {
		it := q.settled[0]
		q.settled = q.settled[1:]
		return it
	}
	var best *item
	for _, h := range q.hosts {
		if it := h.first(); it != nil && q.free(h) && (best == nil || it.before(best)) {
			best = it
		}
	}
	if best == nil && q.busy == 0 {
		return q.popLast()
	}
	if best != nil {
		best.host.waiting[best.urgency] = best.host.waiting[best.urgency][1:]
		best.host.running++
	}
	return best
}

// popLast takes the first of those that are put off.
func (q *queue) popLast() *item {
	for i, it := range q.last {
		if q.free(it.host) {
			q.last = slices.Delete(q.last, i, i+1)
			it.host.running++
			return it
		}
	}
	return nil
}

// ready returns how many items can start now, of those that are put off at most one.
func (q *queue) ready() int {
	n := len(q.settled)
	for _, h := range q.hosts {
		waiting := 0
		for _, list := range h.waiting {
			waiting += len(list)
		}
		n += min(waiting, q.places(h))
	}
	if n == 0 && q.busy == 0 && slices.ContainsFunc(q.last, func(it *item) bool { return q.free(it.host) }) {
		return 1
	}
	return n
}

// places returns how many more requests a host can take.
func (q *queue) places(h *host) int {
	limit := q.limit.of(h.shares)
	if limit == 0 {
		return math.MaxInt
	}
	return max(0, limit-h.running)
}

// free reports whether a host can take another request.
func (q *queue) free(h *host) bool { return q.places(h) > 0 }

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
	switch a, b := it.turn(), other.turn(); {
	case it.urgency != other.urgency:
		return it.urgency > other.urgency
	case a != b:
		return a < b
	default:
		return it.place < other.place
	}
}
