package fetch

import (
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/crash"
)

// Paced is an Iterator of which each target has an earliest start, as the requests of a recording have. A target does
// not start before those in front of it, so they should be in the order of their starts.
type Paced interface {
	Iterator
	// Start is the earliest start of the target that Next yielded last, measured from the start of the run.
	Start() time.Duration
}

// FromAt returns an iterator over the given list. starts are the earliest starts of its first targets, measured from
// the start of the run; any others may start at once.
func FromAt(list List, starts []time.Duration) Iterator {
	return &pacedIterator{listIterator{List: list}, starts}
}

type pacedIterator struct {
	listIterator

	starts []time.Duration
}

func (l *pacedIterator) Start() time.Duration {
	if l.next > len(l.starts) {
		return 0
	}
	return l.starts[l.next-1]
}

// listOf returns the list of an iterator whose targets are all in memory.
func listOf(targets Iterator) (list List, inMemory bool) {
	switch it := targets.(type) {
	case *listIterator:
		return it.List, true
	case *pacedIterator:
		return it.List, true
	default:
		return nil, false
	}
}

// pace keeps the next target of a schedule until it is due. Then one timer wakes a worker, so that no worker is needed
// to wait for a target. A nil pace keeps nothing. The schedule's lock protects it.
type pace struct {
	targets Paced
	tick    func() // calls ticked with the lock, and wakes a worker
	begun   time.Time
	timer   *time.Timer
	ticking bool // the timer is set, and has not ticked since

	kept   job
	isKept bool
}

// newPace returns the pace of targets, nil if they have none.
func newPace(targets Iterator, tick func()) *pace {
	paced, ok := targets.(Paced)
	if !ok {
		return nil
	}
	return &pace{targets: paced, tick: tick}
}

// begin notes when the run begins. The returned function, called when all workers have ended, stops the timer.
func (p *pace) begin(at time.Time) (end func()) {
	if p == nil {
		return func() {}
	}
	p.begun = at
	return func() {
		if p.timer != nil {
			p.timer.Stop()
		}
	}
}

// note gives a target that has just been yielded its start.
func (p *pace) note(j *job) {
	if p != nil && j.broken == nil {
		j.due, j.broken = p.start()
	}
}

func (p *pace) start() (start time.Duration, err error) {
	defer crash.To(&err)
	return max(0, p.targets.Start()), nil
}

// keep keeps a target that is not due, and reports whether it does.
func (p *pace) keep(j *job) bool {
	if p == nil || p.isDue(j) {
		return false
	}
	p.kept, p.isKept = *j, true
	return true
}

// keeps reports whether a target is kept that is not due yet.
func (p *pace) keeps() bool { return p != nil && p.isKept && !p.isDue(&p.kept) }

// release returns the kept target, if there is one.
func (p *pace) release() (j job, ok bool) {
	if p == nil || !p.isKept {
		return job{}, false
	}
	j, p.kept, p.isKept = p.kept, job{}, false
	return j, true
}

// isDue reports whether a target may start. If not, the timer ticks when it may.
func (p *pace) isDue(j *job) bool {
	wait := j.due - time.Since(p.begun)
	switch {
	case wait <= 0:
		return true
	case p.ticking: // for this target, or shortly: who is woken then sets it anew
	case p.timer == nil:
		p.timer = time.AfterFunc(wait, p.tick)
	default:
		p.timer.Reset(wait)
	}
	p.ticking = true
	return false
}
