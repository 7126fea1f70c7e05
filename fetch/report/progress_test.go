package report_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/report"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/collect"
)

func TestProgress(t *testing.T) {
	t.Parallel()
	for want, u := range map[string]report.Underway{
		"fetch: 12,340 of 100,000 URLs (12 %), 37 failed, 850/s, about 1m43s left": {
			Runs: 1, Count: 100_000, Finished: 12_340, Failed: 37, Rate: 850.2, Left: 103_100 * time.Millisecond,
		},
		"fetch: 12,340 of 100,000 URLs (12 %), 37 failed (mostly 404), 850/s, p95 212 ms, about 1m43s left": {
			Runs: 1, Count: 100_000, Finished: 12_340, Failed: 37, Rate: 850.2, Left: 103_100 * time.Millisecond,
			UntilNow: collect.Glance{
				P95: 212 * time.Millisecond, Failed: 37, Count: 30, Cause: collect.Cause{Code: 1404, Status: 404},
			},
		},
		"fetch: 9 of 10 URLs (90 %), 7 failed (connection reset), 1/s, p95 1.50 s, about 1s left": {
			Runs: 1, Count: 10, Finished: 9, Failed: 7, Rate: 1, Left: time.Second, UntilNow: collect.Glance{
				P95: 1500 * time.Millisecond, Failed: 7, Count: 7,
				Cause: collect.Cause{Code: 1220, Error: "read: connection reset by peer"},
			},
		},
		"fetch: 9 of 10 URLs (90 %), 7 failed (" + strings.Repeat("x", 40) + "…), 1/s, p95 1.50 s, about 1s left": {
			Runs: 1, Count: 10, Finished: 9, Failed: 7, Rate: 1, Left: time.Second, UntilNow: collect.Glance{
				P95: 1500 * time.Millisecond, Failed: 7, Count: 7, Cause: collect.Cause{Code: 1000, Error: strings.Repeat("x", 160)},
			},
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
	} {
		require.Equal(t, want, report.Progress(u))
	}
}
