package budget

import "slices"

// Key names what a check is about, as scripts write it.
type Key string

// The keys of a target: its times, in milliseconds, and its other figures.
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

// The keys that only a run has.
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

// TargetKeys are the keys that the budget of a target may use.
func TargetKeys() []Key { return slices.Clone(targetKeys) }

// RunKeys are the keys that the budget of a run may use: those of its targets, and its own.
func RunKeys() []Key { return slices.Concat(targetKeys, runKeys) }

// IsTime reports whether the key is one of the times of a target.
func (k Key) IsTime() bool { return slices.Contains(timeKeys, k) }

// ofRun reports whether only a run has the key.
func (k Key) ofRun() bool { return slices.Contains(runKeys, k) }

// early reports whether a target has the figure without having been answered.
func (k Key) early() bool { return k == Queued || k == Attempts }

func (k Key) place() int { return slices.Index(RunKeys(), k) }

// unit is the unit of the key's numbers.
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
