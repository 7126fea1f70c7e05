package report

import (
	"fmt"
	"strings"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/columns"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/phrase"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
)

// Underway is how far some runs are.
type Underway struct {
	Runs int
	// Count is how many targets they have, Finished how many of them are done with, and Failed how many of these failed.
	Count, Finished, Failed int
	// Open reports whether there may be more targets than Count.
	Open bool
	// Rate is how many are done with per second.
	Rate float64
	// Left is about how long the rest will take; Unknown reports that nothing is known of that.
	Left    time.Duration
	Unknown bool
	// SoFar is what is known of all results of this k6 until now, those of other runs among them.
	SoFar aggregate.Glance
}

const (
	// lineWidth is how many columns a line of progress may take for a reason of failure to be in it.
	lineWidth = 120
	// reasonWidth bounds the reason; leastReason is what it must have to be of use.
	reasonWidth, leastReason = 40, 3
)

// Progress says how far runs are, in a line such as
// "fetch: 12,340 of 100,000 URLs (12 %), 37 failed (30 × 404), 850/s, p95 212 ms, about 1m43s left".
//
// Where other runs have results as well, the percentile and the reason of failure come last, as those of all.
func Progress(u Underway) string {
	line := progress(&u, "")
	if u.SoFar.Times == 0 {
		return line
	}
	count := phrase.Number(u.SoFar.Times) + " × "
	left := lineWidth - columns.Of(progress(&u, count))
	if left < leastReason {
		return line
	}
	return progress(&u, count+columns.Shorten(phrase.Briefly(u.SoFar.Reason), min(left, reasonWidth)))
}

// progress is a line of progress with a reason of failure.
func progress(u *Underway, reason string) string {
	const all = 100
	alone := u.alone()
	var line strings.Builder
	if u.Open {
		fmt.Fprintf(&line, "fetch: %s URLs so far", phrase.Number(u.Finished))
	} else {
		fmt.Fprintf(&line, "fetch: %s of %s URLs", phrase.Number(u.Finished), phrase.Number(u.Count))
	}
	if u.Count > 0 && !u.Open {
		fmt.Fprintf(&line, " (%d %%)", all*u.Finished/u.Count)
	}
	if u.Runs > 1 {
		fmt.Fprintf(&line, " of %s runs", phrase.Number(u.Runs))
	}
	if u.Failed > 0 {
		fmt.Fprintf(&line, ", %s failed", phrase.Number(u.Failed))
		if alone && reason != "" {
			fmt.Fprintf(&line, " (%s)", reason)
		}
	}
	if u.Rate > 0 {
		fmt.Fprintf(&line, ", %s/s", PerSecond(u.Rate))
	}
	if alone {
		line.WriteString(prefixed(", ", u.p95()))
	}
	if u.Rate > 0 && !u.Unknown && u.Finished < u.Count {
		fmt.Fprintf(&line, ", about %s left", About(u.Left))
	}
	if !alone {
		line.WriteString(prefixed("; so far ", u.p95()) + prefixed(", ", reason))
	}
	return line.String()
}

// alone reports whether no other runs have results.
func (u *Underway) alone() bool { return u.SoFar.Runs == 0 && u.SoFar.Ran <= u.Finished }

func (u *Underway) p95() string {
	if u.SoFar.Ran == 0 {
		return ""
	}
	return "p95 " + phrase.Short(u.SoFar.P95)
}

func prefixed(prefix, text string) string {
	if text == "" {
		return ""
	}
	return prefix + text
}

// PerSecond shows a rate.
func PerSecond(rate float64) string {
	const few = 10
	if rate < few {
		return fmt.Sprintf("%.2g", rate)
	}
	return phrase.Number(int64(rate + 0.5)) //nolint:mnd // rounded
}

// About rounds a time to what can be foretold.
func About(d time.Duration) string {
	switch {
	case d >= time.Hour:
		d = d.Round(time.Minute)
		return fmt.Sprintf("%dh%dm", int(d.Hours()), int(d.Minutes())%60) //nolint:mnd // minutes
	case d < time.Second:
		return "1s"
	default:
		return d.Round(time.Second).String()
	}
}
