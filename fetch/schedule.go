package fetch

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/crash"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/urltext"
)

const (
	// maxParked is how many parked targets the schedule holds while it looks for one whose host is free, if the list is in
	// memory anyway. For any other iterator, which exists to use little memory, the bound is maxParkedIterator.
	maxParked         = 1 << 16
	maxParkedIterator = 1 << 12
	// maxHosts is how many idle hosts the schedule remembers: hosts with nothing in flight or waiting.
	maxHosts = 1 << 12
)

// job is a target that a worker may start.
type job struct {
	index  int
	target Target
	host   *host
	broken error         // the iterator panicked instead of yielding the target
	due    time.Duration // when it may start, from the start of the run
}

// host is what the schedule knows of one host: how many of its targets are in flight, and which of them wait.
type host struct {
	name    string
	running int
	parked  []job
	listed  int // how many times it is in the list of ready hosts
}

// schedule hands targets to workers in order, and none before it is due. If the next target's host is at its limit, the
// target is parked, and the worker gets the next target of another host. So no worker is blocked by a host. It has many
// fields because its lock protects all that decides which target is next.
type schedule struct {
	mu      sync.Mutex
	wake    *sync.Cond
	targets Iterator
	feed    Feed  // targets, if it is one
	pace    *pace // of the targets, nil if they have none
	// frontier is targets, if it is one.
	frontier Frontier
	summons  summons
	count    int
	perHost  int // 0: no limit
	ahead    int

	next   int // index of the target that the iterator yields next
	ended  bool
	asking bool // a worker waits for the feed, without the lock
	// yielded is next, of a feed.
	yielded atomic.Int64
	// idle counts workers that look for a job of a feed. If the last of them finds one, busy is called: it hires another
	// worker, and reports whether it could. It is nil for lists.
	idle int
	busy func() bool

	hosts  map[string]*host
	ready  []*host // hosts with parked targets and a free place, longest waiting first
	parked int
	closed bool
}

func newSchedule(targets Iterator, perHost int) *schedule {
	s := &schedule{targets: targets, count: targets.Len(), perHost: perHost, ahead: maxParkedIterator}
	if _, inMemory := listOf(targets); inMemory {
		s.ahead = maxParked
	}
	s.pace = newPace(targets, s.tick)
	if s.feed, _ = targets.(Feed); s.feed != nil {
		s.count = 0 // nobody knows it
	}
	if s.frontier, _ = targets.(Frontier); s.frontier != nil {
		s.count = 0
		s.frontier.Watch(s.found)
	}
	s.wake = sync.NewCond(&s.mu)
	if perHost > 0 {
		s.hosts = make(map[string]*host)
	}
	return s
}

// open reports whether nobody knows how many targets there will be.
func (s *schedule) open() bool { return s.feed != nil || s.frontier != nil }

// take returns the next job. It waits for one if necessary, and returns false if there will be none.
func (s *schedule) take() (job, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.frontier != nil {
		return s.takeFound()
	}
	s.idle++
	j, ok := s.find()
	s.idle--
	if ok && s.idle == 0 && s.busy != nil {
		s.busy()
	}
	return j, ok
}

func (s *schedule) find() (job, bool) {
	for !s.closed {
		if len(s.ready) > 0 {
			j := s.unpark()
			if s.feed != nil || s.pace != nil {
				s.wake.Signal() // this may have been the worker whose turn it was to ask for the next target
			}
			return j, true
		}
		if !s.ended && !s.asking && s.parked < s.ahead && !s.pace.keeps() {
			if j, ok := s.read(); ok {
				if s.pace != nil {
					s.wake.Signal() // another worker sees when the next target is due
				}
				return j, true
			}
			continue
		}
		if s.ended && s.parked == 0 {
			break
		}
		s.wake.Wait()
	}
	return job{}, false
}

// read takes one target from the iterator, to be run at once or parked.
func (s *schedule) read() (job, bool) {
	j, ok := s.advance()
	if !ok {
		s.wake.Broadcast() // nobody needs to wait for another target to be read
		return job{}, false
	}
	if s.pace.keep(&j) {
		return job{}, false
	}
	if s.perHost == 0 {
		return j, true
	}
	name := urltext.Host(j.target.URL)
	h := s.hosts[name]
	if h == nil {
		h = &host{name: name}
		s.hosts[name] = h
	}
	j.host = h
	if h.running < s.perHost && len(h.parked) == 0 {
		h.running++
		return j, true
	}
	h.parked = append(h.parked, j)
	s.parked++
	if h.running+h.listed < s.perHost { // a place became free while the feed was asked
		h.listed++
		s.ready = append(s.ready, h)
	}
	return job{}, false
}

// advance takes one target from the iterator. The lock is held, but not while a feed is asked: workers that end
// meanwhile give places back, and parked targets can start.
func (s *schedule) advance() (job, bool) {
	if j, ok := s.pace.release(); ok {
		return j, true
	}
	if s.feed != nil {
		s.asking = true
		s.mu.Unlock()
	}
	target, ok, err := next(s.targets)
	if s.feed != nil {
		s.mu.Lock()
		s.asking = false
		s.wake.Signal() // it is the next worker's turn to ask
	}
	if !ok && (err == nil || s.next >= s.count) {
		s.ended = true
		return job{}, false
	}
	j := job{index: s.next, target: target, broken: err}
	s.pace.note(&j)
	s.next++
	if s.feed != nil {
		s.yielded.Store(int64(s.next))
	}
	return j, true
}

func next(targets Iterator) (t Target, ok bool, err error) {
	defer crash.To(&err)
	t, ok = targets.Next()
	return t, ok, nil
}

// unpark takes the first target of the first ready host. A host with parked targets and a free place is always ready.
func (s *schedule) unpark() job {
	h := s.ready[0]
	s.ready = s.ready[1:]
	h.listed--
	j := h.parked[0]
	h.parked[0] = job{}
	h.parked = h.parked[1:]
	h.running++
	s.parked--
	if s.parked == 0 || s.parked == s.ahead-1 {
		s.wake.Broadcast() // for those that wait for the end, and those that wait to read further ahead
	}
	return j
}

// release gives the place of a job back.
func (s *schedule) release(j job) {
	if j.host == nil && s.frontier == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.frontier != nil {
		s.summons.inFlight-- // whoever releases it takes the next
		return
	}
	j.host.running--
	if j.host.running == 0 && len(j.host.parked) == 0 && len(s.hosts) > maxHosts {
		delete(s.hosts, j.host.name)
		return
	}
	if len(j.host.parked) > j.host.listed {
		// One entry per target that can start, so that as many workers find one.
		j.host.listed++
		s.ready = append(s.ready, j.host)
		s.wake.Signal()
	}
}

// tick wakes a worker because a target is due.
func (s *schedule) tick() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pace.ticking = false
	s.wake.Signal()
}

// close ends the schedule: take returns no further job.
func (s *schedule) close() {
	if s.feed != nil {
		s.feed.Stop()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	s.wake.Broadcast()
}

// rest calls fn for every job that no worker took, in no particular order. It is called when all workers have ended.
func (s *schedule) rest(fn func(job)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, h := range s.hosts {
		for _, j := range h.parked {
			fn(j)
		}
	}
	for j, ok := s.advance(); ok; j, ok = s.advance() {
		fn(j)
	}
}

// taken is how many targets the feed has yielded. It takes no lock, because whoever asks may be waited for with the
// lock held.
func (s *schedule) taken() int { return int(s.yielded.Load()) }
