package budget

import "slices"

// Key is what a check is about, as scripts call it.
type Key string

// The times of a target, in milliseconds, and what else there is of one.
const (
	Elapsed        Key = "elapsed"
	Queued         Key = "queued"
	Blocked        Key = "blocked"
	LookingUp      Key = "looking_up"
	Connecting     Key = "connecting"
	TLSHandshaking Key = "tls_handshaking"
	Sending        Key = "sending"
	Waiting        Key = "waiting"
	Receiving      Key = "receiving"
	Duration       Key = "duration"
	Bytes          Key = "bytes"
	Status         Key = "status"
	Attempts       Key = "attempts"
)

// What there is of a run alone.
const (
	Failed     Key = "failed"
	NotRun     Key = "not_run"
	RunElapsed Key = "run_elapsed" // wall clock, in milliseconds
	Speedup    Key = "speedup"
	Requests   Key = "requests"
)

//nolint:gochecknoglobals // constant lists, in the order in which checks are shown
var (
	timeKeys = []Key{
		Elapsed, Queued, Blocked, LookingUp, Connecting, TLSHandshaking, Sending, Waiting, Receiving, Duration,
	}
	targetKeys = slices.Concat(timeKeys, []Key{Bytes, Status, Attempts})
	runKeys    = []Key{Failed, NotRun, RunElapsed, Speedup, Requests}
)

// TargetKeys are what the budget of a target can be about.
func TargetKeys() []Key { return slices.Clone(targetKeys) }

// RunKeys are what the budget of a run can be about: besides itself, each of its targets.
func RunKeys() []Key { return slices.Concat(targetKeys, runKeys) }

// IsTime reports whether it is one of the times of a target.
func (k Key) IsTime() bool { return slices.Contains(timeKeys, k) }

// ofRun reports whether only a run has it.
func (k Key) ofRun() bool { return slices.Contains(runKeys, k) }

// early reports whether a target has it without having been answered.
func (k Key) early() bool { return k == Queued || k == Attempts }

func (k Key) place() int { return slices.Index(RunKeys(), k) }

// unit is what its numbers count.
func (k Key) unit() unit {
	switch {
	case k.IsTime(), k == RunElapsed:
		return unitTime
	case k == Bytes:
		return unitSize
	default:
		return unitNone
	}
}
