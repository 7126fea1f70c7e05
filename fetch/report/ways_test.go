package report_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/reporttest"
	"github.com/xk6-fetch/xk6-fetch/fetch/report"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
)

// Every format that shows a comparison shows all ways of it, by the names that the script has given.
func TestWaysInReports(t *testing.T) {
	t.Parallel()
	about := reporttest.Versions()
	const says = "was 2.1 times as fast as h1"
	require.Contains(t, write(t, "text", about), says)
	require.Contains(t, write(t, "text", about), "All 5 URLs were answered in all 3 ways")
	require.Contains(t, write(t, "markdown", about), says)

	page := write(t, "html", about)
	require.Contains(t, page, "Compared: h1, h2 &lt;b&gt;|&lt;/b&gt;, h3")
	require.Contains(t, page, "× 3 ways")
	require.Contains(t, page, "<strong>h3 was ")

	var d struct {
		Comparison struct {
			Speedup float64
			Ways    []struct {
				Mode    string
				Elapsed float64
				Results []any
			}
			Sequential, Concurrent any
		}
	}
	require.NoError(t, json.Unmarshal([]byte(write(t, "json", about)), &d))
	c := d.Comparison
	require.Len(t, c.Ways, 3)
	require.Equal(t, "h1", c.Ways[0].Mode)
	require.Len(t, c.Ways[2].Results, 5)
	require.InDelta(t, c.Ways[0].Elapsed/c.Ways[2].Elapsed, c.Speedup, 0.001)
	require.Nil(t, c.Sequential)

	var archive struct {
		Log struct {
			Pages []struct{ Title string }
		}
	}
	require.NoError(t, json.Unmarshal([]byte(write(t, "har", about)), &archive))
	require.Equal(t, "h1, up to 2 at once", archive.Log.Pages[0].Title)
	require.Equal(t, "h3, up to 20 at once", archive.Log.Pages[2].Title)
}

// A way that failed at once is the fastest by the clock, and by nothing else.
func TestWhatFailedIsNotFaster(t *testing.T) {
	t.Parallel()
	const says = "none is called faster, because they did not fetch the same URLs: h1 5 of 5, h2 0 of 5"
	about := reporttest.Uneven()
	for _, format := range []string{"text", "markdown"} {
		unwrapped := strings.Join(strings.Fields(write(t, format, about)), " ")
		require.Contains(t, unwrapped, says, format)
	}
	page := write(t, "html", about)
	require.Contains(t, page, "none is called faster")
	require.NotContains(t, page, "speed-up</dt>")
	require.NotContains(t, page, `class="fast"`)
}

// The text of a comparison has its ways under each other, called by their names, and then which was the fastest.
func TestTextOfWays(t *testing.T) {
	t.Parallel()
	slow, fast := realRun(t), realRun(t)
	slow.Elapsed, fast.Elapsed = 300*time.Millisecond, 100*time.Millisecond
	ways := []aggregate.FullRun{{Run: slow, Mode: "h1"}, {Run: fast, Mode: "h2"}, {Run: slow, Mode: "sequential"}}
	text := report.Comparison(ways)
	require.Regexp(t, `(?s)^h1, \d at once\n.*\n\nh2, \d at once\n.*\n\nsequential, one at a time\n.*\n\n`+
		`h2 was 3\.0 times as fast as h1 and 3\.0 times as fast as sequential: 100 ms\s+instead of 300 ms and 300 ms\n$`, text)
	require.Equal(t, 3, strings.Count(text, "total"))

	fast.Ok, fast.Failed = fast.Ok-1, fast.Failed+1
	both := report.Comparison(bothWays(slow, fast))
	require.NotContains(t, both, "times as fast", "what failed is not faster")
	require.Contains(t, both, "none is called faster")

	slow.Ok, fast.Ok = 0, 0
	both = report.Comparison(bothWays(slow, fast))
	require.NotContains(t, both, "fast", "nor is one of two that fetched nothing")
	page := write(t, "html", report.OfComparison(bothWays(slow, fast)))
	require.NotContains(t, page, "times as fast")
}
