package command

import (
	"os"
	"sync/atomic"
	"syscall"
	"time"
)

// signals are those that end a run: the first lets what is in flight end, the second ends k6 at once.
type signals struct {
	first   atomic.Bool
	release func()
}

// came reports whether a signal has come.
func (s *signals) came() bool { return s.first.Load() }

// trap begins to wait for signals.
func (s *session) trap() *signals {
	const both = 2
	trapped := &signals{}
	come := make(chan os.Signal, both)
	done := make(chan struct{})
	s.gs.SignalNotify(come, syscall.SIGINT, syscall.SIGTERM)
	trapped.release = func() {
		s.gs.SignalStop(come)
		close(done)
	}
	go func() {
		select {
		case <-come:
		case <-done:
			return
		}
		trapped.first.Store(true)
		close(s.drain)
		s.view.Ending("ending; Ctrl-C again ends at once")
		go s.leaveOn(come, done) // besides what follows, which waits for as long as nobody reads what the command writes
		if !s.isLive() {
			s.state.Logger.Warn("interrupted: what is in flight ends, and the rest is not run; once more ends at once")
		}
	}()
	return trapped
}

// leaveOn ends k6 at the next signal.
func (s *session) leaveOn(come <-chan os.Signal, done <-chan struct{}) {
	select {
	case <-come:
		s.leave()
	case <-done:
	}
}

// leave ends k6. It leaves the terminal in order, if that takes no time.
func (s *session) leave() {
	const patience = 200 * time.Millisecond
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		_ = s.closeView() // nobody is left to be told
	}()
	select {
	case <-closed:
	case <-time.After(patience):
	}
	s.gs.OSExit(int(exitInterrupted))
}
