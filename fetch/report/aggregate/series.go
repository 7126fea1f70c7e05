package aggregate

import "time"

// MaxSteps is how many steps a series has at most. They get wider as a test gets longer.
const MaxSteps = 600

// MinWidth is how wide the steps are at first. Their width doubles each time the test outgrows them.
const MinWidth = 10 * time.Millisecond

// Series is how a test went over its time, in steps of equal width.
type Series struct {
	// Begun is when the first step begins, which is when the first run did; Width is how long each is.
	Begun time.Time
	Width time.Duration
	// Steps end with the one in which the last target ended. The test may have ended in its midst.
	Steps []Step
	// Reasons are the most frequent reasons of failure, the most frequent first. Others are counted in Failed alone.
	Reasons []Cause
	// Points are some of the results that ran, picked at random, in the order of their ends.
	Points []Point
}

// Step is what happened in one step.
type Step struct {
	// Count is how many targets ended that ran, Failed how many of them failed, and Failures how many did for each of
	// the reasons.
	Count, Failed int
	Failures      []int
	// P50, P95 and P99 are of the time of the targets that ended, within 4 %; 0 where none did.
	P50, P95, P99 time.Duration
	// InFlight is how many targets were in flight, on average.
	InFlight float64
	// VUs is how many VUs were active at the most, 0 where that is not known. They are looked at when the first target of
	// a step ends; where none ended, it is that of the step before.
	VUs int
}

// Point is a single result, in time.
type Point struct {
	// Ended is when it ended, from the beginning of the series.
	Ended   time.Duration
	Elapsed time.Duration
	// InFlight is that of the step in which it ended.
	InFlight float64
	Failed   bool
}
