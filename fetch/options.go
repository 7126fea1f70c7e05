package fetch

import (
	"time"
)

// Options say how a run fetches its targets.
type Options struct {
	// Concurrency is how many targets are in flight at once, at least 1.
	Concurrency int
	// PerHost is how many of them may go to one host; 0 means no limit.
	PerHost int
	// Deadline bounds the whole run; 0 means no bound. At the deadline, requests in flight fail, and targets whose request
	// was not sent are not run.
	Deadline time.Duration
	// Drain ends the run early when it is closed: attempts that are under way end as usual, and no other starts. Targets
	// that had none are not run. It may be nil.
	Drain <-chan struct{}
	// Limits delay the start of each attempt. Waiting for them counts as queue time.
	Limits []Limiter
	// LateCookies makes jars receive cookies only when the run ends, in the order of the targets. Until then, the cookies
	// of a response are sent only with later requests of the same target. So no request depends on which target was first.
	LateCookies bool
	// Retries is how many further attempts a failed target gets at most.
	Retries int
	// OnResult is called with the result of each target when it ends, and with those that were not run. Several goroutines
	// call it. The worker reuses the result, so keep a Clone.
	OnResult func(*Result)
	// Unanswered is called for each target that failed without an answer, on the goroutine of its worker. It gets the full
	// cause, which no result keeps. It is not called if the run was cut off, or reached its deadline. The cause may quote
	// anything that a server sent; its user info is masked.
	Unanswered func(r *Result, cause error)
	// Watch is called when the run begins, with a function that returns its progress and that any goroutine may call. The
	// function that Watch returns is called when the run ends. Watch may be nil.
	Watch func(progress func() Progress) (ended func())
	// Spec is for targets that have none of their own.
	Spec *Spec
}

// Progress is how far a run has got.
type Progress struct {
	// Count is how many targets the run has, Finished how many of them have ended, Failed how many of these failed.
	Count, Finished, Failed int
	// Open reports whether there may be more targets than Count: they come from a [Feed].
	Open bool
}
