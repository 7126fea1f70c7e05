package fetch

import (
	"iter"

	"github.com/xk6-fetch/xk6-fetch/fetch/budget"
	"github.com/xk6-fetch/xk6-fetch/fetch/expect"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
)

// Target is one URL to fetch.
type Target struct {
	// URL is absolute. Its worker parses it, so that a long list stays small.
	URL string
	// Key is the name under which the caller looks the result up. It is nil if the caller gave none, and may be empty.
	Key *string
	// Spec says how to request the URL. Targets that differ only in their URL share one.
	Spec *Spec
}

// Spec says how targets are requested, and what happens to their results. Targets and workers share it. It must not
// change once a run has begun.
type Spec struct {
	// Spec describes the requests.
	transport.Spec

	// Name groups targets in metrics and reports. Empty means the key of the target, or its URL if it has no key.
	Name string
	// NamedByURL makes the URL the name, whatever Name and key are.
	NamedByURL bool
	// Budget bounds what the target may cost. A broken budget does not make the target failed, and does not change what is
	// sent.
	Budget budget.Checks
	// Expect is what the response must be. A response that is not makes the target failed. Nil expects nothing.
	Expect *expect.Expectation
	// Throw says which failures of this target make the caller's promise reject.
	Throw Throw
	// Page knows more of targets that a page needs, and Type is that of their Resource. Others have neither.
	Page Page
	Type string
	// Attachment belongs to the caller. The engine passes it along with every exchange.
	Attachment any
}

// StateOf returns what a whole response makes of a target, by its status.
func (s *Spec) StateOf(status int) State {
	if s.Expected == nil || s.Expected(status) {
		return StateDone
	}
	return StateFailed
}

// Throw says which failures are errors to the caller.
type Throw uint8

// The failures that are errors: none, those without a whole answer (as in k6), or all.
const (
	ThrowNever Throw = iota
	ThrowUnanswered
	ThrowFailed
)

// Iterator yields targets in their order. One goroutine at a time reads it, and only as far as the run gets.
type Iterator interface {
	// Next returns the next target, or false at the end.
	Next() (Target, bool)
	// Len is the number of all targets, whether yielded yet or not.
	Len() int
}

// Feed is an Iterator whose targets come while the run goes on, as the lines of a pipe do. Len is how many are known:
// those that it has yielded, and any others that it knows to come. It is called before the run and after it. Next may
// wait for a target. Only [Client.Stream] takes a feed, because nobody knows how many results it has.
type Feed interface {
	Iterator
	// Stop makes Next return false: now, if it waits, and from now on.
	Stop()
}

// Frontier is an Iterator whose targets are found while the run goes on, in what it fetches; crawlers call it so. Its
// targets may start in another order than that of their results. The run is over when no target may start and none is
// in flight. Len is how many have been found.
type Frontier interface {
	Iterator
	// Ready returns how many targets may start together now: at most about as many as Next would return, and 0 only if
	// that is none. A target may start only when another has ended, or was found.
	Ready() int
	// Place is the index of the target that Next returned last.
	Place() int
	// Watch is called once, before the run. More is to be called whenever targets were found.
	Watch(more func())
	// Left yields the targets that Next has not returned, with their indices. It is called when the run has ended.
	Left() iter.Seq2[int, Target]
}

// List holds targets that are all in memory. It does not change.
type List interface {
	Len() int
	At(i int) Target
}

// TargetList is a List of any targets.
type TargetList []Target

// Len is the number of targets.
func (l TargetList) Len() int { return len(l) }

// At returns the i-th target.
func (l TargetList) At(i int) Target { return l[i] }

// URLList is a List of targets that differ only in their URL. It takes less than half of the memory of a TargetList.
type URLList struct {
	URLs []string
	Spec *Spec
}

// Len is the number of targets.
func (l *URLList) Len() int { return len(l.URLs) }

// At returns the i-th target.
func (l *URLList) At(i int) Target { return Target{URL: l.URLs[i], Spec: l.Spec} }

// Targets returns an iterator over the given list.
func Targets(list []Target) Iterator { return From(TargetList(list)) }

// From returns an iterator over the given list.
func From(list List) Iterator { return &listIterator{List: list} }

type listIterator struct {
	List

	next int
}

func (l *listIterator) Next() (Target, bool) {
	if l.next == l.Len() {
		return Target{}, false
	}
	t := l.At(l.next)
	l.next++
	return t, true
}
