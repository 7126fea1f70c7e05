package work

import (
	"fmt"
	"sync"

	"github.com/sirupsen/logrus"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/crash"
)

// PanicLog logs the stacks of panics beside the event loop: each once, though it may have failed a million URLs.
type PanicLog struct {
	mu     sync.Mutex
	logged map[string]bool
}

// maxPanics bounds how many different ones are logged.
const maxPanics = 10

// To returns what logs them there.
func (p *PanicLog) To(logger logrus.FieldLogger) func(value any, stack []byte) {
	return func(value any, stack []byte) {
		text := fmt.Sprint(value)
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.logged[text] || len(p.logged) == maxPanics {
			return
		}
		if p.logged == nil {
			p.logged = make(map[string]bool)
		}
		p.logged[text] = true
		logger.Errorf("k6/x/fetch: a panic, which failed one URL and is logged once: %s\n%s", text, stack)
	}
}

// Guard does work of a job, and returns its panic as an error fit for a script.
func (j *Job) Guard(work func()) error {
	if err := crash.Guard(work); err != nil {
		p := crash.In(err)
		j.Panicked(p.Value, p.Stack)
		return &internalError{}
	}
	return nil
}

// internalError is what a script sees of a panic.
type internalError struct{}

func (*internalError) Error() string { return crash.Text }
