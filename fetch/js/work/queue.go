package work

import (
	"context"
	"sync"

	"github.com/xk6-fetch/xk6-fetch/fetch"
)

// Queue takes the results of a stream from its workers to a script that asks for them one by one. Results that nobody
// has asked for yet are kept up to a bound; then the workers wait.
type Queue struct {
	ctx   context.Context //nolint:containedctx // of the run, for the workers to stop waiting
	bound int

	mu      sync.Mutex
	space   *sync.Cond
	ready   []*fetch.Result
	waiting []func(*fetch.Result)
	run     *fetch.Run // set at the end
	ended   chan struct{}
}

// NewQueue returns a queue that keeps up to bound results. The workers stop waiting when ctx ends.
func NewQueue(ctx context.Context, bound int) *Queue {
	q := &Queue{ctx: ctx, bound: bound, ended: make(chan struct{})}
	q.space = CondUntil(ctx, &q.mu)
	return q
}

// Fill runs the targets of a job, and ends the queue.
func (q *Queue) Fill(j *Job) {
	n := j.Targets.Len()
	run := &fetch.Run{Count: n, NotRun: n} // of one that has panicked, its error logged
	_ = j.Guard(func() { run = j.Stream(q.ctx, q.put) })
	q.mu.Lock()
	defer q.mu.Unlock()
	q.run = run
	for _, take := range q.waiting {
		take(nil)
	}
	q.waiting = nil
	close(q.ended)
}

// put hands a result to whoever waits for one, or keeps it. It waits while too many are kept.
func (q *Queue) put(r *fetch.Result) {
	result := r.Clone()
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.waiting) == 0 && len(q.ready) >= q.bound && q.ctx.Err() == nil {
		q.space.Wait()
	}
	switch {
	case q.ctx.Err() != nil: // closed: nobody will ask for it
	case len(q.waiting) > 0:
		q.waiting[0](result)
		q.waiting = q.waiting[1:]
	default:
		q.ready = append(q.ready, result)
	}
}

// Take returns the next result that is there already, nil at the end. If there is none yet it returns false, and what
// wait returns is called with the next one as it comes.
func (q *Queue) Take(wait func() (take func(*fetch.Result))) (*fetch.Result, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case len(q.ready) > 0:
		r := q.ready[0]
		q.ready = q.ready[1:]
		q.space.Signal()
		return r, true
	case q.run != nil || q.ctx.Err() != nil:
		return nil, true
	default:
		q.waiting = append(q.waiting, wait())
		q.space.Signal()
		return nil, false
	}
}

// Drop drops what is kept, and waits for the end: at once, where the context has ended.
func (q *Queue) Drop() {
	q.mu.Lock()
	q.ready = nil
	q.mu.Unlock()
	<-q.ended
}

// Run returns the run once it has ended, nil before.
func (q *Queue) Run() *fetch.Run {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.run
}
