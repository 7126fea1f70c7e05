package report_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/report"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
)

func TestProgress(t *testing.T) {
	t.Parallel()
	var (
		missing = aggregate.Cause{Code: 1404, Status: 404}
		known   = aggregate.Glance{Ran: 12_340, Failed: 37, P95: 212 * time.Millisecond, Reason: missing, Times: 30}
		many    = aggregate.Glance{
			Runs: 3, Ran: 1_240_000, Failed: 4000, P95: 1234 * time.Millisecond, Reason: missing, Times: 3000,
		}
	)
	for want, u := range map[string]report.Underway{
		"fetch: 12,340 of 100,000 URLs (12 %), 37 failed (30 × 404), 850/s, p95 212 ms, about 1m43s left": {
			Runs: 1, Count: 100_000, Finished: 12_340, Failed: 37, Rate: 850.2, Left: 103_100 * time.Millisecond, SoFar: known,
		},
		// Nothing was collected yet.
		"fetch: 12,340 of 100,000 URLs (12 %), 37 failed, 850/s, about 1m43s left": {
			Runs: 1, Count: 100_000, Finished: 12_340, Failed: 37, Rate: 850.2, Left: 103_100 * time.Millisecond,
		},
		// Runs that have ended are in what was collected.
		"fetch: 20 of 100 URLs (20 %), 5 failed, 5/s, about 16s left; so far p95 1.23 s, 3,000 × 404": {
			Runs: 1, Count: 100, Finished: 20, Failed: 5, Rate: 5, Left: 16 * time.Second, SoFar: many,
		},
		// So are those that are too young to be told of.
		"fetch: 20 of 100 URLs (20 %), 5/s, about 16s left; so far p95 40.0 ms": {
			Runs: 1, Count: 100, Finished: 20, Rate: 5, Left: 16 * time.Second,
			SoFar: aggregate.Glance{Ran: 21, P95: 40 * time.Millisecond},
		},
		"fetch: 20 of 100 URLs (20 %), 5/s, p95 40.0 ms, about 16s left": {
			Runs: 1, Count: 100, Finished: 20, Rate: 5, Left: 16 * time.Second,
			SoFar: aggregate.Glance{Ran: 20, P95: 40 * time.Millisecond},
		},
		"fetch: 0 of 10 URLs (0 %)": {Runs: 1, Count: 10, Unknown: true},
		"fetch: 1 of 10 URLs (10 %), 0.2/s, about 45s left": {
			Runs: 1, Count: 10, Finished: 1, Rate: 0.2, Left: 45 * time.Second,
		},
		"fetch: 9,999 of 10,000 URLs (99 %), 1,235/s, about 1s left": {
			Runs: 1, Count: 10_000, Finished: 9999, Rate: 1234.6, Left: time.Millisecond,
		},
		"fetch: 10 of 10 URLs (100 %), 5/s": {Runs: 1, Count: 10, Finished: 10, Rate: 5},
		"fetch: 10 of 1,000 URLs (1 %) of 3 runs, 5/s": {
			Runs: 3, Count: 1000, Finished: 10, Rate: 5, Unknown: true, Left: time.Second,
		},
		"fetch: 1 of 1,000,000 URLs (0 %), 1/s, about 277h47m left": {
			Runs: 1, Count: 1_000_000, Finished: 1, Rate: 1, Left: 999_999 * time.Second,
		},
		"fetch: 0 of 0 URLs": {Runs: 1},
		// Nobody knows how many there will be.
		"fetch: 1,234 URLs so far, 5 failed, 123/s, p95 40.0 ms": {
			Runs: 1, Count: 1300, Finished: 1234, Failed: 5, Rate: 123, Open: true, Unknown: true,
			SoFar: aggregate.Glance{Ran: 1234, P95: 40 * time.Millisecond},
		},
	} {
		require.Equal(t, want, report.Progress(u))
	}
}

// A reason is an error as k6 words it, and gets what a line of 120 columns leaves for it.
func TestProgressIsALineWhateverTheReason(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"request timeout":                    "30 × request timeout",
		"read: connection reset by peer":     "30 × read: connection reset by p…",
		"two\nlines \x1b[31m":                "30 × two\ufffdlines \ufffd[31m",
		strings.Repeat("x", 4000):            "30 × " + strings.Repeat("x", 27) + "…",
		strings.Repeat("\u65e5\u672c", 4000): "30 × " + strings.Repeat("\u65e5\u672c", 6) + "\u65e5…",
	} {
		u := report.Underway{
			Runs: 1, Count: 100_000, Finished: 12_340, Failed: 37, Rate: 850.2, Left: 103_100 * time.Millisecond,
			SoFar: aggregate.Glance{Ran: 12_340, Failed: 37, P95: 212 * time.Millisecond, Times: 30},
		}
		u.SoFar.Reason = aggregate.Cause{Code: 1000, Error: text}
		require.Equal(t,
			"fetch: 12,340 of 100,000 URLs (12 %), 37 failed ("+want+"), 850/s, p95 212 ms, about 1m43s left", report.Progress(u))

		u = report.Underway{
			Runs: 100, Count: 9_123_456, Finished: 1_123_456, Failed: 123_456, Rate: 12_345, Left: 3 * time.Hour, SoFar: u.SoFar,
		}
		u.SoFar.Ran, u.SoFar.Times = 10_000_000, 1_234_567
		line := report.Progress(u)
		require.LessOrEqual(t, utf8.RuneCountInString(line), 120, line)
		require.Contains(t, line, "; so far p95 212 ms")
	}
}
