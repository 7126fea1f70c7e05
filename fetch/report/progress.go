package report

import (
	"fmt"
	"strings"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/collect"
)

// Underway is how far some runs are.
type Underway struct {
	Runs int
	// Count is how many targets they have, Finished how many of them are done with, and Failed how many of these failed.
	Count, Finished, Failed int
	// Rate is how many are done with per second.
	Rate float64
	// Left is about how long the rest will take; Unknown says that nothing is known of that.
	Left    time.Duration
	Unknown bool
	// UntilNow is what is known of all that was fetched in the test so far.
	UntilNow collect.Glance
}

// Progress says how far runs are, in a line such as
// "fetch: 12,340 of 100,000 URLs (12 %), 37 failed (mostly 404), 850/s, p95 212 ms, about 1m43s left".
func Progress(u Underway) string {
	const all = 100
	var line strings.Builder
	fmt.Fprintf(&line, "fetch: %s of %s URLs", number(u.Finished), number(u.Count))
	if u.Count > 0 {
		fmt.Fprintf(&line, " (%d %%)", all*u.Finished/u.Count)
	}
	if u.Runs > 1 {
		fmt.Fprintf(&line, " of %s runs", number(u.Runs))
	}
	if u.Failed > 0 {
		fmt.Fprintf(&line, ", %s failed", number(u.Failed))
		if now := u.UntilNow; now.Count > 0 {
			mostly := "mostly "
			if now.Count == now.Failed {
				mostly = ""
			}
			fmt.Fprintf(&line, " (%s%s)", mostly, briefly(now.Cause))
		}
	}
	if u.Rate > 0 {
		fmt.Fprintf(&line, ", %s/s", perSecond(u.Rate))
		if p95 := u.UntilNow.P95; p95 > 0 {
			fmt.Fprintf(&line, ", p95 %s", short(p95))
		}
		if !u.Unknown && u.Finished < u.Count {
			fmt.Fprintf(&line, ", about %s left", about(u.Left))
		}
	}
	return line.String()
}

func perSecond(rate float64) string {
	const few = 10
	if rate < few {
		return fmt.Sprintf("%.2g", rate)
	}
	return number(int64(rate + 0.5)) //nolint:mnd // rounded
}

// about rounds a time to what can be foretold.
func about(d time.Duration) string {
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
