package budget

import (
	"slices"
	"strings"
)

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
	// CertificateDays is for how many whole days the server's certificate is still valid.
	CertificateDays Key = "certificate_days"
)

// Expected is the key of checks of what a response must be. Budgets have none: package expect makes and judges them.
const Expected Key = "expect"

// The keys that only a run has.
const (
	Failed     Key = "failed"
	NotRun     Key = "not_run"
	RunElapsed Key = "run_elapsed" // wall clock, in milliseconds
	Speedup    Key = "speedup"
	Requests   Key = "requests"
)

// The keys that only the run of a page has. [CountOf] and [BytesOf] make further ones.
const (
	PageLoad     Key = "page_load"
	PageBlocking Key = "page_blocking"

	countOf, bytesOf = "count:", "bytes:"
)

// CountOf is the key of how many resources of a type a page has, and BytesOf that of their bytes.
func CountOf(kind string) Key { return Key(countOf + kind) }

// BytesOf is the key of how many bytes the resources of a type have.
func BytesOf(kind string) Key { return Key(bytesOf + kind) }

// Of returns the type that a key made by [CountOf] or [BytesOf] is about, empty for others.
func (k Key) Of() (kind string) {
	for _, prefix := range []string{countOf, bytesOf} {
		if kind, ok := strings.CutPrefix(string(k), prefix); ok {
			return kind
		}
	}
	return ""
}

//nolint:gochecknoglobals // constant lists, in the order in which checks are shown
var (
	timeKeys = []Key{
		Elapsed, Queued, Blocked, LookingUp, Connecting, TLSHandshaking, Sending, Waiting, Receiving, Duration,
	}
	targetKeys = slices.Concat(timeKeys, []Key{Bytes, Status, Attempts, CertificateDays})
	runKeys    = []Key{Failed, NotRun, RunElapsed, Speedup, Requests}
	pageKeys   = []Key{PageLoad, PageBlocking, countOf, bytesOf}
)

// TargetKeys are the keys that the budget of a target may use.
func TargetKeys() []Key { return slices.Clone(targetKeys) }

// RunKeys are the keys that the budget of a run may use: those of its targets, and its own.
func RunKeys() []Key { return slices.Concat(targetKeys, runKeys) }

// PageKeys are the keys that the budget of a page may use besides, given the types of its resources.
func PageKeys(types []string) []Key {
	keys := make([]Key, 0, len(pageKeys)*len(types))
	keys = append(keys, PageLoad, PageBlocking)
	for _, kind := range types {
		keys = append(keys, CountOf(kind), BytesOf(kind))
	}
	return keys
}

// IsTime reports whether the key is one of the times of a target.
func (k Key) IsTime() bool { return slices.Contains(timeKeys, k) }

// ofPage reports whether only the run of a page has the key.
func (k Key) ofPage() bool { return slices.Contains(pageKeys, k.general()) }

// general is the key without the type that it is about.
func (k Key) general() Key { return Key(strings.TrimSuffix(string(k), k.Of())) }

// ofRun reports whether only a run has the key.
func (k Key) ofRun() bool { return slices.Contains(runKeys, k) || k.ofPage() }

// early reports whether a target has the figure without having been answered.
func (k Key) early() bool { return k == Queued || k == Attempts }

// place is the key's in the order of display. What is expected comes first.
func (k Key) place() int { return slices.Index(slices.Concat(RunKeys(), pageKeys), k.general()) }

// unit is the unit of the key's numbers.
func (k Key) unit() unit {
	switch k.general() {
	case RunElapsed, PageLoad, PageBlocking:
		return unitTime
	case Bytes, bytesOf:
		return unitSize
	default:
		if k.IsTime() {
			return unitTime
		}
		return unitNone
	}
}
