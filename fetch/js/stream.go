package js

import (
	"context"

	"github.com/grafana/sobek"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/js/work"
)

// streaming is a stream under way.
//
// While next() waits for a result it holds a callback of the event loop, so that the iteration does not end. While
// nobody waits it holds none: a script may drop a stream half-way. What is in flight then is cut off by the end of the
// iteration, which waits for it.
type streaming struct {
	mi     *Instance
	mode   work.Mode
	queue  *work.Queue
	cancel context.CancelFunc
	// onResult is the script's, called with each result as next() hands it over. It may be nil.
	onResult sobek.Callable
}

// waiter is a call of next(), whose promise is settled on the event loop.
type waiter struct{ resolve, reject func(any) error }

// startStream makes the Stream object and starts to fetch.
func (mi *Instance) startStream(c *fetchCall) sobek.Value {
	ctx, cancel := context.WithCancel(c.ctx)
	queue := work.NewQueue(ctx, c.Engine.Concurrency)
	mi.inIteration(c.State, func() {
		defer c.done()
		defer cancel()
		queue.Fill(c.Job)
	})

	s := &streaming{mi: mi, mode: c.Mode, queue: queue, cancel: cancel, onResult: c.onResult}
	o := mi.rt.NewObject()
	mi.method(o, "next", func(sobek.FunctionCall) sobek.Value { return s.next() })
	mi.method(o, "close", func(sobek.FunctionCall) sobek.Value {
		s.close()
		return sobek.Undefined()
	})
	mi.method(o, "summary", func(sobek.FunctionCall) sobek.Value { return s.summary() })
	return o
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
	if r, ok := s.queue.Take(func() func(*fetch.Result) { return s.await(w) }); ok {
		if err := s.hand(r, w); err != nil {
			panic(err) // no exception: it ends the iteration
		}
	}
	return s.mi.rt.ToValue(promise)
}

// await returns what takes a result to a waiter, on the event loop, from beside it.
func (s *streaming) await(w waiter) func(*fetch.Result) {
	callback := s.mi.vu.RegisterCallback()
	hand := func(r *fetch.Result) error { return s.mi.onLoop(func() error { return s.hand(r, w) }) }
	return func(r *fetch.Result) { callback(func() error { return hand(r) }) }
}

// close ends the stream early: what is in flight is cut off, and what is kept is dropped.
func (s *streaming) close() {
	s.cancel()
	s.queue.Drop()
}

// summary returns the Run, without results, once the stream has ended.
func (s *streaming) summary() sobek.Value {
	run := s.queue.Run()
	if run == nil {
		panic(s.mi.rt.NewTypeError("summary() of a stream is there when next() has said done, or after close()"))
	}
	return s.mi.newRun(s.mode, run)
}
