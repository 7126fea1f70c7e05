package faults

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// Tolerance is how much longer than its cause a measured time may be, and how long a time without a cause.
const Tolerance = 5 * time.Millisecond

// Measurement judges the times of one try. See Cleanly.
type Measurement struct {
	tb    testing.TB
	named map[string]bool // the times that were judged
	wrong []string
}

// Cleanly measures until all times of one try are right, 30 times at most. Other load can make any time longer, so one
// wrong time proves nothing. But no load moves a delay from one phase to another, so a time that is really wrong is
// wrong in each try.
func Cleanly(tb testing.TB, measure func(m *Measurement)) {
	tb.Helper()
	const tries = 30
	var m *Measurement
	for range tries {
		m = &Measurement{tb: tb, named: make(map[string]bool)}
		measure(m)
		if len(m.wrong) == 0 {
			return
		}
	}
	tb.Errorf("none of %d tries was right; in the last one %s", tries, strings.Join(m.wrong, "; "))
}

// Took checks that a time is as long as its cause, and hardly longer.
func (m *Measurement) Took(what string, cause, took time.Duration) {
	m.tb.Helper()
	m.Within(what, cause, cause+Tolerance, took)
}

// Within checks that a time is within bounds.
func (m *Measurement) Within(what string, low, high, took time.Duration) {
	m.tb.Helper()
	m.judge(what, took >= low && took <= high, fmt.Sprintf("%v, want %v to %v", took, low, high))
}

// Near checks that two times are about the same.
func (m *Measurement) Near(what string, want, got time.Duration) {
	m.tb.Helper()
	m.judge(what, (want-got).Abs() <= Tolerance, fmt.Sprintf("%v, want about %v", got, want))
}

func (m *Measurement) judge(what string, right bool, text string) {
	m.tb.Helper()
	if m.named[what] {
		m.tb.Fatalf("two times are called %q", what) // the report could not distinguish them
	}
	m.named[what] = true
	if !right {
		m.wrong = append(m.wrong, what+" was "+text)
	}
}
