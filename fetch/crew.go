package fetch

import "sync"

// crew are the workers of a run. A run of a list has as many as it may have from the beginning. That of a feed or a
// frontier gets another one whenever there is work and none waits for it, because nobody knows how many it will need.
type crew struct {
	mu      sync.Mutex
	members []*worker
	others  sync.WaitGroup // all but the first
}

// atFirst is how many workers the run begins with.
func (e *execution) atFirst() int {
	if !e.schedule.open() {
		return max(e.workers, 1)
	}
	e.schedule.busy = e.hireAnother
	return 1
}

// hire adds workers, which do not work yet.
func (e *execution) hire(n int) {
	hired := make([]worker, n)
	e.crew.mu.Lock()
	defer e.crew.mu.Unlock()
	for i := range hired {
		e.join(&hired[i])
	}
}

// join makes a worker a member. The crew's lock is held.
func (e *execution) join(w *worker) {
	w.prepare(e)
	e.crew.members = append(e.crew.members, w)
}

// hireAnother adds a worker that works at once, and reports whether the run may have one more. The schedule calls it
// under its lock, so that each worker with a job is a member before the schedule can be closed.
func (e *execution) hireAnother() bool {
	c := &e.crew
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.members) == e.workers {
		return false
	}
	w := &worker{}
	e.join(w)
	c.others.Go(w.loop)
	return true
}

// work has all workers work, and returns when they have ended. The caller is the first of them, so that one at a time
// needs no goroutine.
func (e *execution) work() {
	for _, w := range e.crew.members[1:] {
		e.crew.others.Go(w.loop)
	}
	e.crew.members[0].loop()
	e.crew.others.Wait()
}

// expire cuts off what is under way, when the schedule is closed.
func (e *execution) expire() {
	e.crew.mu.Lock()
	defer e.crew.mu.Unlock()
	for _, w := range e.crew.members {
		e.guard(w.session.Expire)
	}
}
