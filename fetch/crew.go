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
	s := e.schedule
	s.busy, s.summons.hire, s.summons.vacancies = e.hireAnother, e.hireFor, e.vacancies
	return 1
}

// hire adds workers, which do not work yet.
func (e *execution) hire(n int) []worker {
	hired := make([]worker, n)
	e.crew.mu.Lock()
	defer e.crew.mu.Unlock()
	for i := range hired {
		hired[i].prepare(e)
		e.crew.members = append(e.crew.members, &hired[i])
	}
	return hired
}

// vacancies returns how many more workers the run may have.
func (e *execution) vacancies() int {
	e.crew.mu.Lock()
	defer e.crew.mu.Unlock()
	return e.workers - len(e.crew.members)
}

// hireAnother adds a worker that works at once, and reports whether the run may have one more. The schedule calls it
// under its lock, so that each worker with a job is a member before the schedule can be closed.
func (e *execution) hireAnother() bool {
	if e.vacancies() == 0 {
		return false
	}
	e.crew.others.Go(e.hire(1)[0].loop)
	return true
}

// hireFor adds workers that begin with a job each. The run is known to have as many vacancies.
func (e *execution) hireFor(jobs []job) {
	e.startEach(e.hire(len(jobs)), jobs)
}

// startEach has each worker start with its job. Each starts the next, because the scheduler of Go keeps no order among
// goroutines that are started together, and the first job is the most urgent.
func (e *execution) startEach(hired []worker, jobs []job) {
	if len(jobs) == 0 {
		return
	}
	e.crew.others.Go(func() {
		e.startEach(hired[1:], jobs[1:])
		hired[0].startWith(jobs[0])
	})
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

// stackOfWorker is about how much of its stack a worker needs, in bytes.
const stackOfWorker = 6 << 10

// growStack grows a goroutine's stack to what a worker will need. At its beginning that costs next to nothing. Later,
// step by step, it would take longer than to send a request, because everything on the stack has to be adjusted.
//
//go:noinline
func growStack() {
	var frame [stackOfWorker]byte
	touch(&frame)
}

// touch keeps the compiler from doing without the frame.
//
//go:noinline
func touch(frame *[stackOfWorker]byte) { frame[0] = 1 }
