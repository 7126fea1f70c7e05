package fetch

import (
	"math"
	"slices"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/budget"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
)

// Times are one time each of the results that ran, in ascending order.
type Times []time.Duration

// Times returns a time of every result that ran.
func (r *Run) Times(of func(*Result) time.Duration) Times {
	times := make(Times, 0, r.Results.Len())
	for _, result := range r.Results.All() {
		if result.State != StateNotRun {
			times = append(times, of(result))
		}
	}
	slices.Sort(times)
	return times
}

// Percentile returns the p-th percentile (0 to 100), interpolated like k6's trends. Like Min, Max and Mean it is 0
// without times.
func (t Times) Percentile(p float64) time.Duration {
	if len(t) == 0 {
		return 0
	}
	place := p / 100 * float64(len(t)-1)
	low, high := t[int(math.Floor(place))], t[int(math.Ceil(place))]
	return low + time.Duration((place-math.Floor(place))*float64(high-low))
}

// Min returns the shortest.
func (t Times) Min() time.Duration { return t.Percentile(0) }

// Max returns the longest.
func (t Times) Max() time.Duration { return t.Percentile(100) } //nolint:mnd // percent

// Mean returns the average.
func (t Times) Mean() time.Duration {
	if len(t) == 0 {
		return 0
	}
	var sum time.Duration
	for _, d := range t {
		sum += d
	}
	return sum / time.Duration(len(t))
}

// Time returns a time of the result by its key in budgets, rounded as results keep it.
func (r *Result) Time(key budget.Key) time.Duration {
	switch key {
	case budget.Queued:
		return r.Queued
	case budget.Elapsed:
		return r.Elapsed
	default:
		t := kept(&r.Timings)
		d, _ := Phase(&t, key)
		return d
	}
}

// kept returns the timings with the precision of a result that is kept.
func kept(t *transport.Timings) transport.Timings {
	round := func(d time.Duration) time.Duration { return time.Duration(float32(d)) }
	return transport.Timings{
		Blocked: round(t.Blocked), LookingUp: round(t.LookingUp), Connecting: round(t.Connecting),
		TLSHandshaking: round(t.TLSHandshaking), Sending: round(t.Sending), Waiting: round(t.Waiting),
		Receiving: round(t.Receiving),
	}
}

// Dialing returns the part of connecting that is not the TLS handshake, so that it can be added to the other times.
// Over QUIC, the handshake is a part of connecting. Both together do not fit into the time for getting a connection
// then, which includes making it.
func Dialing(t *transport.Timings) time.Duration {
	return min(t.Connecting, max(0, t.Blocked-t.LookingUp-t.TLSHandshaking))
}

// Phase returns one of the timings by its key in budgets and scripts, and false if the key is not one of a timing.
func Phase(t *transport.Timings, key budget.Key) (time.Duration, bool) {
	switch key {
	case budget.Blocked:
		return t.Blocked, true
	case budget.LookingUp:
		return t.LookingUp, true
	case budget.Connecting:
		return t.Connecting, true
	case budget.TLSHandshaking:
		return t.TLSHandshaking, true
	case budget.Sending:
		return t.Sending, true
	case budget.Waiting:
		return t.Waiting, true
	case budget.Receiving:
		return t.Receiving, true
	case budget.Duration:
		return t.Duration(), true
	default:
		return 0, false
	}
}
