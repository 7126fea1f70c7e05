package fetch

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/failure"
)

// lifetime makes the context that ends with the run: when the caller's ends, or at the deadline. The function that it
// returns lets go of it.
//
// It is the only thing that anything in a run goes by, so it shows no deadline: a dialer, or a limiter, that sees one
// goes by the clock and gives up a moment before the context ends.
func (e *execution) lifetime() (end func()) {
	ctx, cancel := context.WithCancelCause(context.WithoutCancel(e.caller))
	e.ctx = ctx
	if e.caller.Err() != nil {
		cancel(errCut)
		return func() {}
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
	}
}

// watched has the run watched. The function that it returns ends that.
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

// errCut is the cause of what the caller of a run cuts off. It reads as the end of a context does.
var errCut = fmt.Errorf("run cut off: %w", context.Canceled)

// cut reports whether the caller has ended the run, and not its deadline.
func (e *execution) cut() bool { return errors.Is(context.Cause(e.ctx), errCut) }
