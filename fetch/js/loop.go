package js

import (
	"context"
	"sync"

	"github.com/grafana/sobek"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/js/work"
)

// loop runs functions on the event loop for a job in a goroutine. k6 wants a callback registered, on the loop, for
// every time the goroutine will come back to it, and each called exactly once: so one is held all the time, and whoever
// uses it up registers the next.
type loop struct {
	mi  *Instance
	ctx context.Context //nolint:containedctx // the job's: when it ends, nobody waits for the loop any more

	mu    sync.Mutex
	space *sync.Cond
	// callback takes the tasks to the loop; it is nil while tasks are on their way.
	callback func(func() error)
	tasks    []func()
	ended    func() error

	// failure is what a task threw, and cut what interrupted it. They belong to the event loop.
	failure sobek.Value
	cut     error
}

// maxTasks bounds how far the workers can get ahead of the script.
const maxTasks = 256

// newLoop is called on the event loop.
func (mi *Instance) newLoop(ctx context.Context) *loop {
	l := &loop{mi: mi, ctx: ctx, callback: mi.vu.RegisterCallback()}
	l.space = work.CondUntil(ctx, &l.mu)
	return l
}

// do has a task run on the loop, and waits while too many are waiting already.
func (l *loop) do(task func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for len(l.tasks) >= maxTasks && l.ctx.Err() == nil {
		l.space.Wait()
	}
	l.tasks = append(l.tasks, task)
	l.wake()
}

// end has the last function run on the loop, after all tasks. It settles the promise.
func (l *loop) end(last func() error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ended = last
	l.wake()
}

// wake uses the callback up, unless tasks are on their way already and will see what has come.
func (l *loop) wake() {
	if callback := l.callback; callback != nil {
		l.callback = nil
		callback(l.drain)
	}
}

// drain runs on the event loop.
func (l *loop) drain() error {
	l.mu.Lock()
	tasks, last := l.tasks, l.ended
	l.tasks = nil
	l.space.Broadcast()
	if last == nil {
		l.callback = l.mi.vu.RegisterCallback()
	}
	l.mu.Unlock()
	return l.mi.onLoop(func() error {
		for _, task := range tasks {
			task()
		}
		if l.cut != nil || last == nil {
			return l.cut // the iteration is over, and so is whoever waits for the promise
		}
		return last()
	})
}

// onResult hands a result to the script's function of that name. What it throws ends the run and rejects its promise.
func (l *loop) onResult(callback sobek.Callable, stop func(), r *fetch.Result) {
	if l.isOver() {
		return // nobody is interested any more
	}
	_, thrown := callback(sobek.Undefined(), l.mi.newResult(r))
	if thrown == nil {
		return
	}
	stop()
	if isUncatchable(thrown) {
		l.cut = thrown
		return
	}
	l.failure = l.mi.errorValue(thrown)
}

// isOver reports whether nothing more is to be handed to the script.
func (l *loop) isOver() bool { return l.failure != nil || l.cut != nil || l.mi.isCut() }

// isCut says that the iteration has been cut off.
func (mi *Instance) isCut() bool { return mi.vu.Context().Err() != nil }

// deliverTo returns the function that hands results to the script's onResult, nil if there is none.
func (mi *Instance) deliverTo(c *fetchCall, stop func(), l *loop) func(*fetch.Result) {
	callback := c.onResult
	if callback == nil {
		return nil
	}
	onResult := func(r *fetch.Result) { l.onResult(callback, stop, r) }
	return func(r *fetch.Result) {
		result := r.Clone()
		l.do(func() { onResult(result) })
	}
}
