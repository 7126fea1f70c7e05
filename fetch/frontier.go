package fetch

// summons are about workers that look for a job of a frontier. The schedule's lock guards them.
type summons struct {
	inFlight int // jobs
	waiting  int // workers
	// pending reports whether a worker has been summoned that has not looked for a job yet.
	pending bool
}

// takeFound returns the next job of a frontier. The worker whose job has ended takes the next itself, because waking
// another costs as much as a small request. It summons one more if there is more to do, which does the same.
func (s *schedule) takeFound() (job, bool) {
	for !s.closed {
		s.summons.pending = false
		target, ok, _ := next(s.targets) // one that panics has yielded nothing, so that its place is still to come
		if ok {
			s.summons.inFlight++
			if s.frontier.Ready() {
				s.summon()
			}
			j := job{index: s.frontier.Place(), target: target}
			s.pace.note(&j)
			return j, true
		}
		if s.summons.inFlight == 0 {
			s.closed = true // nothing is left that could lead to more
			s.wake.Broadcast()
			break
		}
		s.summons.waiting++
		s.wake.Wait()
		s.summons.waiting--
	}
	return job{}, false
}

// found is called when there may be more targets.
func (s *schedule) found() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed && s.frontier.Ready() {
		s.summon()
	}
}

// summon has one more worker look for a job: one that waits, or else a new one.
func (s *schedule) summon() {
	switch {
	case s.summons.pending:
	case s.summons.waiting > 0:
		s.summons.pending = true
		s.wake.Signal()
	case s.busy != nil:
		s.summons.pending = s.busy()
	}
}
