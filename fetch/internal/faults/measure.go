package faults

import (
	"fmt"
	"testing"
	"time"
)

// Tolerance is how much longer than its cause a measured time may be, and how long one without a cause.
const Tolerance = 5 * time.Millisecond

// Measurement judges times that are measured again and again. See Cleanly.
type Measurement struct {
	tb    testing.TB
	wrong map[string]string // what each time was when it was last wrong, empty if it has been right
	now   map[string]bool   // what has been measured in this try
}

// Cleanly measures until each time has been right once, and so often at most that a time that is wrong by more than
// chance fails the test. Whatever else runs on the machine can make any time longer, every few milliseconds when the
// machine is busy, so one wrong time proves nothing, and so many right ones in one try would be luck. But nothing
// that disturbs takes a delay out of the phase that it is wrongly in.
func Cleanly(tb testing.TB, measure func(m *Measurement)) {
	tb.Helper()
	const tries = 30
	m := &Measurement{tb: tb, wrong: make(map[string]string)}
	for range tries {
		m.now = make(map[string]bool)
		measure(m)
		if m.right() {
			return
		}
	}
	for what, text := range m.wrong {
		if text != "" {
			tb.Errorf("in %d tries %s was never right; the last time it was %s", tries, what, text)
		}
	}
}

func (m *Measurement) right() bool {
	for _, text := range m.wrong {
		if text != "" {
			return false
		}
	}
	return true
}

// Took makes sure that something takes as long as its cause, and hardly longer.
func (m *Measurement) Took(what string, cause, took time.Duration) {
	m.tb.Helper()
	m.Within(what, cause, cause+Tolerance, took)
}

// Within makes sure that a time is within bounds.
func (m *Measurement) Within(what string, low, high, took time.Duration) {
	m.tb.Helper()
	m.judge(what, took >= low && took <= high, fmt.Sprintf("%v, want %v to %v", took, low, high))
}

// Near makes sure that two measure the same time.
func (m *Measurement) Near(what string, want, got time.Duration) {
	m.tb.Helper()
	m.judge(what, (want-got).Abs() <= Tolerance, fmt.Sprintf("%v, want about %v", got, want))
}

func (m *Measurement) judge(what string, right bool, text string) {
	m.tb.Helper()
	if m.now[what] {
		m.tb.Fatalf("two times are called %q", what) // one that is right would hide one that is wrong
	}
	m.now[what] = true
	if last, tried := m.wrong[what]; right || tried && last == "" {
		text = ""
	}
	m.wrong[what] = text
}
