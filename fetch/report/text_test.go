package report_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/report"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
)

// listOf fetches so many URLs one after another. Those of which fails says so are not found, and after some of them
// nothing is run.
func listOf(t *testing.T, count, run int, fails func(i int) bool) *fetch.Run {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	served := 0
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/missing" {
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	t.Cleanup(srv.Close)
	client := fetch.NewClient(fetch.Config{})
	t.Cleanup(client.Close)
	spec := &fetch.Spec{Spec: transport.Spec{Timeout: 10 * time.Second, Expected: func(status int) bool { return status < 400 }}}
	targets := make([]fetch.Target, count)
	for i := range targets {
		key := fmt.Sprintf("page %d", i)
		targets[i] = fetch.Target{URL: srv.URL + "/", Spec: spec, Key: &key}
		if fails(i) {
			targets[i].URL += "missing"
		}
	}
	return client.Run(ctx, fetch.Targets(targets), fetch.Options{Concurrency: 1}, finished(func() {
		if served++; served == run {
			cancel()
		}
	}))
}

// finished is called after each result.
type finished func()

func (finished) Exchanged(*fetch.Target, *transport.Exchange) {}
func (f finished) Finished(*fetch.Result, time.Time)          { f() }

func TestTextOfALongListShowsWhatIsWorthALook(t *testing.T) {
	t.Parallel()
	none := func(int) bool { return false }
	everyTenth := func(i int) bool { return i%10 == 3 }
	for _, c := range []struct {
		name       string
		count, run int
		fails      func(int) bool
		says       string
		lines      int
	}{
		{"fifty are all shown", 50, 50, everyTenth, "", 50},
		{"more are the slowest", 51, 51, none, "\n  the 20 slowest, of 51 URLs\n", 20},
		{"and all that failed", 90, 90, everyTenth, "\n  all 9 that failed and the 20 slowest of the others, of 90 URLs\n", 29},
		{"or the one that did", 60, 60, func(i int) bool { return i == 7 }, "\n  the one that failed and the 20 slowest of the others, of 60 URLs\n", 21},
		{"all of which failed", 60, 60, func(int) bool { return true }, "\n  all 60 that failed, of 60 URLs\n", 60},
		{"of those that ran", 90, 60, everyTenth, " that failed and the 20 slowest of the others, of 90 URLs\n", 0},
		{"if there are so many", 90, 5, none, ", of 90 URLs\n", 0},
	} {
		run := listOf(t, c.count, c.run, c.fails)
		if c.run < c.count { // where it is cut off, one more may have begun
			require.InDelta(t, c.count-c.run, run.NotRun, 1, c.name)
			c.lines = run.Failed + min(20, run.Ok)
		}
		text := report.Run("concurrent", run)
		lines := regexp.MustCompile(`(?m)^  (page \d+) .*$`).FindAllStringSubmatch(text, -1)
		require.Len(t, lines, c.lines, "%s: %s", c.name, text)
		require.Contains(t, text, c.says, c.name)
		if c.run < c.count {
			require.Contains(t, text, fmt.Sprintf(", %d not run\n", run.NotRun), c.name)
		}
		if c.says == "" {
			require.NotContains(t, text, " of 50 URLs")
			require.Equal(t, "page 49", lines[49][1], "in the order of the list")
			continue
		}
		var last time.Duration
		for i, line := range lines {
			var index int
			_, err := fmt.Sscanf(line[1], "page %d", &index)
			require.NoError(t, err)
			r := run.Results.At(index)
			require.Equal(t, i < run.Failed, r.State == fetch.StateFailed, "%s: failed ones come first", c.name)
			if i > run.Failed {
				require.LessOrEqual(t, r.Elapsed, last, "%s: the slowest of the others comes first", c.name)
			}
			last = r.Elapsed
		}
	}
}

// Times are in milliseconds below a second, whatever they are rounded to.
func TestTextHasTimesOfThreeDigits(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		elapsed time.Duration
		want    string
	}{
		{0, "0"},
		{900, "<0.01 ms"},
		{10 * time.Microsecond, "0.01 ms"},
		{9994 * time.Microsecond, "9.99 ms"},
		{9996 * time.Microsecond, "10.0 ms"},
		{99_960 * time.Microsecond, "100 ms"},
		{340 * time.Millisecond, "340 ms"},
		{999_400 * time.Microsecond, "999 ms"},
		{999_600 * time.Microsecond, "1.00 s"},
		{1270 * time.Millisecond, "1.27 s"},
		{99_994 * time.Millisecond, "99.99 s"},
		{99_996 * time.Millisecond, "100 s"},
		{time.Hour, "3600 s"},
	} {
		text := report.Run("concurrent", &fetch.Run{Ok: 1, Elapsed: c.elapsed, Peak: 3})
		require.Equal(t, fmt.Sprintf("concurrent, 3 at once\n  %-16s %8s\n", "total", c.want), text)
	}
}

// The bars of a run grow with the terminal, and its names are whole in any.
func TestTextOfARunTakesTheWidth(t *testing.T) {
	t.Parallel()
	run := listOf(t, 3, 3, func(i int) bool { return i == 1 })
	for width, bar := range map[int]int{40: 12, 80: 30, 120: 50, 200: 90} {
		text, err := report.Write("text", report.OfRun("concurrent", run), report.Options{Width: width})
		require.NoError(t, err)
		longest := 0
		for _, stars := range regexp.MustCompile(`\*+`).FindAllString(text, -1) {
			longest = max(longest, len(stars))
		}
		var slowest, answered time.Duration
		for _, r := range run.Results.All() {
			slowest = max(slowest, r.Elapsed)
			if r.State == fetch.StateDone {
				answered = max(answered, r.Elapsed)
			}
		}
		require.InDelta(t, float64(bar)*float64(answered)/float64(slowest), longest, 1.01, "%d columns", width)
	}
	wide, err := report.Write("text", report.OfRun("concurrent", run), report.Options{Width: 80})
	require.NoError(t, err)
	require.Equal(t, report.Run("concurrent", run), wide)
}

func TestTextOfNamesThatAreWiderThanTheirColumn(t *testing.T) {
	t.Parallel()
	long := "https://www.example.com/" + strings.Repeat("a-long-path/", 8)
	c := aggregate.New(aggregate.DefaultLimits())
	for _, name := range []string{long, "short"} {
		c.Add(&fetch.Result{
			Target: fetch.Target{URL: name, Spec: &fetch.Spec{Name: name}}, State: fetch.StateFailed, Status: 404, ErrorCode: 1404,
			Elapsed: 340 * time.Millisecond,
		})
	}
	text, err := report.Write("text", report.OfSummary(c.Summary()), report.Options{})
	require.NoError(t, err)
	require.Contains(t, text, "\n  "+long+"\n                         1       1   340 ms   340 ms   340 ms ******************\n")
	require.Contains(t, text, "\n  short                  1       1   340 ms   340 ms   340 ms ******************\n")
	require.Contains(t, text, "\n       2 × unexpected status 404:\n          "+long+"\n          and 1 more\n")
}
