package fetch

import (
	"time"
)

// Options say how a run goes about its targets.
type Options struct {
	// Concurrency is how many targets are in flight at once, at least 1.
	Concurrency int
	// PerHost is how many of them may be for one host; 0 means no limit.
	PerHost int
	// Deadline bounds the whole run; 0 means no bound. What has not been sent by then is not run, what is in flight fails.
	Deadline time.Duration
	// Limits delay the start of each attempt. Waiting for them counts as queued.
	Limits []Limiter
	// LateCookies has jars get what responses set as the run ends, in the order of the targets. Until then, cookies that
	// a response sets are sent with the later requests of its own target alone, so that no request depends on which
	// target was first.
	LateCookies bool
	// Retries is how many further attempts a target gets.
	Retries int
	// OnResult is called with the result of every target as it ends, also with those that were not run, by several
	// goroutines. The result is the worker's: what is to be kept is a Clone of it.
	OnResult func(*Result)
	// Unanswered is called with each target that failed without an answer, on the goroutine of its worker, and with the
	// cause in full, which no result keeps. It is not called for what the end of the run has cut off, be it its
	// deadline. A cause may hold whatever a server sent; its user info is masked.
	Unanswered func(r *Result, cause error)
	// Watch is called as the run begins, with a function that tells how far it is and that any goroutine may call. What it
	// returns is called as the run ends. It may be nil.
	Watch func(progress func() Progress) (ended func())
	// Spec is for targets that have none of their own.
	Spec *Spec
}

// Progress is how far a run is.
type Progress struct {
	// Count is how many targets it has; Finished is how many are done with, Failed how many of these failed.
	Count, Finished, Failed int
}
