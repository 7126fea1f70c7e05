package fetch

import (
	"github.com/xk6-fetch/xk6-fetch/fetch/budget"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
)

// Target is one URL to fetch.
type Target struct {
	// URL is absolute. It is parsed by the worker that fetches it, so that a long list stays small.
	URL string
	// Key is the name under which the caller will look for the result, nil if it gave none. It may be empty.
	Key *string
	// Spec says how to ask for the URL. Targets that differ in nothing but their URL share one.
	Spec *Spec
}

// Spec says how targets are asked for and what becomes of their results. It is shared by targets and workers, and never
// changed once a run has begun.
type Spec struct {
	// Spec is what their requests are made of.
	transport.Spec

	// Name groups targets in metrics and reports. Empty means the key of the target, or its URL where there is none.
	Name string
	// NamedByURL makes it the URL in any case.
	NamedByURL bool
	// Budget is what the target may cost. It decides neither whether it failed nor what is sent.
	Budget budget.Checks
	// Throw is the caller's: which failures of this target make its promise reject.
	Throw Throw
	// Attachment is the caller's; the engine hands it back with every exchange.
	Attachment any
}

// Throw says which failures are errors to the caller.
type Throw uint8

// The failures that are errors: none, those without a whole answer, as in k6, or all.
const (
	ThrowNever Throw = iota
	ThrowUnanswered
	ThrowFailed
)

// Iterator yields targets in their order. It is read by one goroutine at a time, and only as far as the run gets.
type Iterator interface {
	// Next returns the next target, or false at the end.
	Next() (Target, bool)
	// Len is how many targets there are in all.
	Len() int
}

// List is targets that are all there. It does not change.
type List interface {
	Len() int
	At(i int) Target
}

// TargetList lists targets of any kind.
type TargetList []Target

// Len is how many targets there are.
func (l TargetList) Len() int { return len(l) }

// At returns the i-th target.
func (l TargetList) At(i int) Target { return l[i] }

// URLList lists targets that differ in nothing but their URL, in less than half of the room.
type URLList struct {
	URLs []string
	Spec *Spec
}

// Len is how many targets there are.
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
