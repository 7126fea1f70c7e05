package fetch

// summons are about workers that look for a job of a frontier. The schedule's lock guards them.
type summons struct {
	inFlight int // jobs
	waiting  int // workers
	pending  int // workers that were summoned, but have not looked for a job yet
	// hire adds a worker for each of some jobs, and vacancies returns how many more the run may have.
	hire      func(jobs []job)
	vacancies func() int
}

// takeFound returns the next job of a frontier. The worker whose job has ended takes the next itself, because waking
// another costs as much as a small request. It summons others if there is more to do.
func (s *schedule) takeFound() (job, bool) {
	for !s.closed {
		s.summons.pending = max(0, s.summons.pending-1) // any worker takes the next job, summoned or not
		if j, ok := s.nextFound(); ok {
			s.summon()
			return j, true
		}
		if s.summons.inFlight == 0 {
			s.closed = true // nothing is left that could lead to more
			s.wake.Broadcast()
			break
		}
		s.summons.waiting++
		s.wake.Wait()
	}
	return job{}, false
}

// nextFound takes a job from the frontier. If that panics, it has yielded nothing, so that its place is still to come.
func (s *schedule) nextFound() (job, bool) {
	target, ok, _ := next(s.targets)
	if !ok {
		return job{}, false
	}
	s.summons.inFlight++
	j := job{index: s.frontier.Place(), target: target}
	s.pace.note(&j)
	return j, true
}

// found is called when there are more targets.
func (s *schedule) found() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed {
		s.summon()
	}
}

// summon has as many workers look for jobs as there are jobs: those that wait, and then new ones. If there are several,
// these get their first jobs at once, and start together: over HTTP/2, their requests share a write. A single one looks
// for the most urgent job once it has started, because a better one may have been found by then.
func (s *schedule) summon() {
	c := &s.summons
	ready := s.frontier.Ready() - c.pending
	for ; ready > 0 && c.waiting > 0; ready-- {
		c.waiting--
		c.pending++
		s.wake.Signal()
	}
	if ready <= 0 || c.hire == nil {
		return
	}
	n := min(ready, c.vacancies())
	if n == 1 {
		c.pending++
		s.busy()
		return
	}
	jobs := make([]job, 0, n)
	for range n {
		j, ok := s.nextFound()
		if !ok {
			break
		}
		jobs = append(jobs, j)
	}
	c.hire(jobs)
}
