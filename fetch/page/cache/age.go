package cache

import (
	"net/http"
	"strings"
	"time"
)

// age is what a response's age is calculated from (section 4.2.3).
type age struct {
	date     time.Time     // date_value
	received time.Time     // response_time
	initial  time.Duration // corrected_initial_age
}

func newAge(h http.Header, requestTime, responseTime time.Time) age {
	date, valid := dateField(h, "Date", responseTime)
	if !valid {
		date = responseTime
	}
	apparent := between(date, responseTime)
	corrected := ageField(h) + between(requestTime, responseTime)
	return age{date: date, received: responseTime, initial: min(max(apparent, corrected), longest)}
}

// at is current_age. It is never negative, even if the clock was set back.
func (a *age) at(now time.Time) time.Duration { return a.initial + between(a.received, now) }

// between returns how long after another a time is: not less than nothing, and no more than the cache calculates with.
func between(from, to time.Time) time.Duration { return min(max(to.Sub(from), 0), longest) }

// ageField is age_value: the first member of the Age field, or nothing if that is no number of seconds (section 5.1).
func ageField(h http.Header) time.Duration {
	lines := h["Age"]
	if len(lines) == 0 {
		return 0
	}
	value, _, _ := strings.Cut(lines[0], ",")
	t, _ := deltaSeconds(strings.Trim(value, ows))
	return t
}
