package aggregate

import (
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch"
)

// Phase is a time of a result that is worth a distribution.
type Phase int

// The phases, in the order in which people think of them: the whole first, then its parts as they follow each other.
const (
	Elapsed Phase = iota
	Queued
	Blocked
	LookingUp
	Connecting
	TLSHandshaking
	Sending
	Waiting
	Receiving
	Duration
	Phases // how many there are
)

// String returns the phase as scripts and metrics call it.
func (p Phase) String() string {
	return [Phases]string{
		"elapsed", "queued", "blocked", "looking_up", "connecting", "tls_handshaking", "sending", "waiting", "receiving",
		"duration",
	}[p]
}

// TimesOf returns all times of a result, by phase.
func TimesOf(r *fetch.Result) [Phases]time.Duration {
	t := &r.Timings
	return [Phases]time.Duration{
		r.Elapsed, r.Queued, t.Blocked, t.LookingUp, t.Connecting, t.TLSHandshaking, t.Sending, t.Waiting, t.Receiving,
		t.Duration(),
	}
}
