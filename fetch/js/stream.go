package js

import (
	"context"
	"sync"

	"github.com/grafana/sobek"

	"github.com/xk6-fetch/xk6-fetch/fetch"
)

// streaming is a stream under way. Results that nobody has asked for yet are kept up to a bound; then the workers wait.
//
// While next() waits for a result it holds a callback of the event loop, so that the iteration does not end. While
// nobody waits it holds none: a script may drop a stream half-way. What is in flight then is cut off by the end of the
// iteration, which waits for it.
type streaming struct {
	mi     *Instance
	mode   verb
	ctx    context.Context //nolint:containedctx // of the run, for the workers to stop waiting
	cancel context.CancelFunc
	bound  int
	// onResult is the script's, called with each result as next() hands it over. It may be nil.
	onResult sobek.Callable

	mu      sync.Mutex
	space   *sync.Cond
	ready   []*fetch.Result
	waiting []waiter
	run     *fetch.Run // set at the end
	ended   chan struct{}
}

// waiter is a call of next() that waits. Its promise is settled on the event loop.
type waiter struct {
	callback        func(func() error)
	resolve, reject func(any) error
}

// startStream makes the Stream object and starts to fetch.
func (mi *Instance) startStream(j *job) sobek.Value {
	ctx, cancel := context.WithCancel(j.ctx)
	s := &streaming{
		mi: mi, mode: j.verb, ctx: ctx, cancel: cancel, bound: j.options.Concurrency,
		onResult: j.options.OnResult, ended: make(chan struct{}),
	}
	s.space = sync.NewCond(&s.mu)
	context.AfterFunc(ctx, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.space.Broadcast()
	})
	mi.inIteration(j.state, func() { s.fetch(j) })

	o := mi.rt.NewObject()
	mi.method(o, "next", func(sobek.FunctionCall) sobek.Value { return s.next() })
	mi.method(o, "close", func(sobek.FunctionCall) sobek.Value {
		s.close()
		return sobek.Undefined()
	})
	mi.method(o, "summary", func(sobek.FunctionCall) sobek.Value { return s.summary() })
	return o
}

// fetch runs the targets and hands over each result as it ends.
func (s *streaming) fetch(j *job) {
	defer j.done()
	defer s.cancel()
	n := j.targets.Len()
	run := &fetch.Run{Count: n, NotRun: n} // of one that has panicked, its error logged
	_ = j.guard(func() { run = s.work(j) })
	s.mu.Lock()
	defer s.mu.Unlock()
	s.run = run
	for _, w := range s.waiting {
		s.settle(w, nil)
	}
	s.waiting = nil
	close(s.ended)
}

// work runs the targets.
func (s *streaming) work(j *job) *fetch.Run {
	observer := j.observer(s.mode)
	defer observer.Close()
	opts := j.engine
	t := newTally(j.options.RunBudget)
	opts.OnResult = t.counting(s.mi.root.collected(s.put))
	warner := &warner{logger: j.state.Logger}
	opts.Unanswered = warner.warn
	observer.RunStarted(j.targets.Len())
	run := j.client.Stream(s.ctx, j.targets.Source(), opts, observer)
	warner.end()
	j.judge(run, t)
	observer.RunEnded(run)
	s.mi.root.collector.Ended(string(s.mode), run)
	return run
}

// put hands a result to whoever waits for one, or keeps it. It waits while too many are kept.
func (s *streaming) put(r *fetch.Result) {
	result := r.Clone()
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.waiting) == 0 && len(s.ready) >= s.bound && s.ctx.Err() == nil {
		s.space.Wait()
	}
	switch {
	case s.ctx.Err() != nil: // closed: nobody will ask for it
	case len(s.waiting) > 0:
		s.settle(s.waiting[0], result)
		s.waiting = s.waiting[1:]
	default:
		s.ready = append(s.ready, result)
	}
}

func (s *streaming) settle(w waiter, r *fetch.Result) {
	w.callback(func() error { return s.mi.onLoop(func() error { return s.hand(r, w) }) })
}

// hand settles a next() on the event loop: with what an iterator's resolves to, where no result is the end. What
// onResult throws rejects it, and ends the stream.
func (s *streaming) hand(r *fetch.Result, to waiter) error {
	if r == nil {
		return to.resolve(s.mi.object("done", true, "value", sobek.Undefined()))
	}
	value := s.mi.newResult(r)
	if s.onResult != nil {
		if _, err := s.onResult(sobek.Undefined(), value); err != nil {
			s.cancel()
			if isUncatchable(err) {
				return err
			}
			return to.reject(s.mi.errorValue(err))
		}
	}
	return to.resolve(s.mi.object("done", false, "value", value))
}

// next is called on the event loop.
func (s *streaming) next() sobek.Value {
	promise, resolve, reject := s.mi.rt.NewPromise()
	w := waiter{resolve: resolve, reject: reject}
	if r, ok := s.take(&w); ok {
		if err := s.hand(r, w); err != nil {
			panic(err) // no exception: it ends the iteration
		}
	}
	return s.mi.rt.ToValue(promise)
}

// take returns the next result that is there already, nil at the end. If there is none yet, it has the waiter wait.
func (s *streaming) take(w *waiter) (*fetch.Result, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case len(s.ready) > 0:
		r := s.ready[0]
		s.ready = s.ready[1:]
		s.space.Signal()
		return r, true
	case s.run != nil || s.ctx.Err() != nil:
		return nil, true
	default:
		w.callback = s.mi.vu.RegisterCallback()
		s.waiting = append(s.waiting, *w)
		s.space.Signal()
		return nil, false
	}
}

// close ends the stream early: what is in flight is cut off, and what is kept is dropped.
func (s *streaming) close() {
	s.cancel()
	s.mu.Lock()
	s.ready = nil
	s.mu.Unlock()
	<-s.ended // at once: everything in flight has been cut off
}

// summary returns the Run, without results, once the stream has ended.
func (s *streaming) summary() sobek.Value {
	s.mu.Lock()
	run := s.run
	s.mu.Unlock()
	if run == nil {
		panic(s.mi.rt.NewTypeError("summary() of a stream is there when next() has said done, or after close()"))
	}
	return s.mi.newRun(s.mode, run)
}
