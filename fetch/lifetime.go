package fetch

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/failure"
)

// lifetime creates the context of the run. It ends when the caller's does, or at the deadline. The returned function
// releases it.
//
// The context shows no deadline, because a dialer or limiter that sees one goes by the clock, and gives up a moment
// before the context ends.
func (e *execution) lifetime() (end func()) {
	ctx, cancel := context.WithCancelCause(context.WithoutCancel(e.caller))
	e.ctx, e.cancel = ctx, cancel
	e.starting = ctx
	if e.opts.Drain != nil {
		e.starting, e.stopStarting = context.WithCancelCause(ctx)
	}
	undrain := e.drain()
	if e.caller.Err() != nil {
		cancel(errCut)
		return undrain
	}
	stop := context.AfterFunc(e.caller, func() { cancel(errCut) })
	var deadline *time.Timer
	if e.opts.Deadline > 0 {
		deadline = time.AfterFunc(e.opts.Deadline, func() { cancel(failure.ErrDeadline) })
	}
	return func() {
		stop()
		if deadline != nil {
			deadline.Stop()
		}
		cancel(nil)
		undrain()
	}
}

// drain waits until the run is drained. The returned function ends that.
func (e *execution) drain() (end func()) {
	if e.opts.Drain == nil {
		return func() {}
	}
	e.isDrained() // from the beginning
	var waiting sync.WaitGroup
	waiting.Go(func() {
		select {
		case <-e.opts.Drain:
			e.stopStarting(errDrained)
		case <-e.starting.Done():
		}
	})
	return func() {
		e.stopStarting(nil)
		waiting.Wait()
	}
}

// errDrained is the cause when a run is drained.
var errDrained = errors.New("run drained")

// draining reports whether the run is drained.
func (e *execution) draining() bool { return errors.Is(context.Cause(e.starting), errDrained) }

// isOver reports whether the caller has ended the run. It asks the caller's context, because a goroutine ends the run's
// own: until that has its turn, workers could fetch more targets.
func (e *execution) isOver() bool {
	if e.caller.Err() == nil {
		return e.isDrained()
	}
	e.cancel(errCut)
	return true
}

// isDrained reports whether the caller has drained the run, and sees to it that nothing more starts.
func (e *execution) isDrained() bool {
	if e.opts.Drain == nil {
		return false
	}
	select {
	case <-e.opts.Drain:
		e.stopStarting(errDrained)
		return true
	default:
		return false
	}
}

// watched calls Options.Watch. The returned function ends that.
func (e *execution) watched() func() {
	var ended func()
	if e.opts.Watch != nil {
		e.guard(func() { ended = e.opts.Watch(e.progress) })
	}
	return func() {
		if ended != nil {
			e.guard(ended)
		}
	}
}

// errCut is the cause when the caller ends a run. It reads like the end of a context.
var errCut = fmt.Errorf("run cut off: %w", context.Canceled)

// cut reports whether the caller ended the run, rather than its deadline.
func (e *execution) cut() bool { return errors.Is(context.Cause(e.ctx), errCut) }
