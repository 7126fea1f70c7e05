package faults

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// Tolerance is how much longer than its cause a measured time may be, and how long one without a cause.
const Tolerance = 5 * time.Millisecond

// Measurement collects what is wrong with one measurement. It is a TestingT for assertions.
type Measurement struct{ wrong []string }

// Cleanly measures until one measurement passes, 10 times at most. Whatever else runs on the machine can make any time
// longer, so that a measurement that fails may have been disturbed; but no disturbance makes wrong times right.
func Cleanly(tb testing.TB, measure func(m *Measurement)) {
	tb.Helper()
	const tries = 10
	var m *Measurement
	for range tries {
		m = &Measurement{}
		if measure(m); len(m.wrong) == 0 {
			return
		}
	}
	tb.Errorf("none of %d measurements passed. The last:\n%s", tries, strings.Join(m.wrong, "\n"))
}

// Errorf implements the TestingT of assertions.
func (m *Measurement) Errorf(format string, args ...any) {
	m.wrong = append(m.wrong, fmt.Sprintf(format, args...))
}

// Took makes sure that something took as long as its cause, and hardly longer.
func (m *Measurement) Took(what string, cause, took time.Duration) {
	if took < cause || took > cause+Tolerance {
		m.Errorf("%s took %v, want %v to %v", what, took, cause, cause+Tolerance)
	}
}
