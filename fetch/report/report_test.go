package report_test

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/reporttest"
	"github.com/xk6-fetch/xk6-fetch/fetch/report"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func write(t *testing.T, format string, about *report.Subject) string {
	t.Helper()
	text, err := report.Write(format, about, report.Options{Title: "A | <b>title</b> # =1"})
	require.NoError(t, err)
	return text
}

func sources() map[string]*report.Subject {
	return map[string]*report.Subject{
		"demo": reporttest.Demo(), "shop": reporttest.Shop(), "nasty": reporttest.Nasty(), "empty": reporttest.Empty(),
		"budgets": reporttest.Budgets(), "expected": reporttest.Expected(), "versions": reporttest.Versions(), "uneven": reporttest.Uneven(),
		"visits": reporttest.Visits(), "returning": reporttest.Returning(), "nasty visit": reporttest.NastyVisit(),
	}
}

// bothWays is a comparison between one target at a time and several.
func bothWays(sequential, concurrent *fetch.Run) []aggregate.FullRun {
	return []aggregate.FullRun{{Run: sequential, Mode: "sequential"}, {Run: concurrent, Mode: "concurrent"}}
}

// nothings is how many test cases say that nothing was fetched.
func nothings(source string) int {
	if source == "empty" {
		return 1
	}
	return 0
}

// ofRuns are the budgets of runs, which have test cases of their own.
func ofRuns(about *report.Subject) []aggregate.Budget {
	return slices.DeleteFunc(slices.Clone(about.Budgets), func(b aggregate.Budget) bool { return !b.Check.OfRun() })
}

// Whatever is in names and errors, a report is text, and lines are where the format has them.
func TestReportsAreCleanText(t *testing.T) {
	t.Parallel()
	for name, about := range sources() {
		for _, format := range report.Formats() {
			text := write(t, format, about)
			require.True(t, utf8.ValidString(text), "%s %s", name, format)
			for _, r := range text {
				ok := r == '\n' || r == '\r' && format == "csv" || !unicode.IsControl(r) && r != '\u2028' && r != '\u202e'
				require.True(t, ok, "%s %s has %q", name, format, r)
			}
		}
	}
	_, err := report.Write("pdf", reporttest.Empty(), report.Options{})
	require.ErrorContains(t, err, `no report format "pdf"`)
}

func TestThePageStandsAlone(t *testing.T) {
	t.Parallel()
	for name, about := range sources() {
		page := write(t, "html", about)
		require.Contains(t, page, `content="default-src &#39;none&#39;; style-src &#39;sha256-`)
		require.NotRegexp(t, `(?i)<(link|img|iframe|object|base)\b`, page)
		require.NotRegexp(t, `(?i)\s(src|href)="[^#]`, page)
		require.NotRegexp(t, `(?i)\s(style|on[a-z]+)=`, strings.SplitN(page, "<script", 2)[0], "%s: the policy forbids it", name)
		require.Equal(t, 2, strings.Count(page, "<script"), "%s: what is in texts is no markup", name)
		require.Equal(t, 2, strings.Count(page, "</script>"), name)
	}
	require.Less(t, len(write(t, "html", reporttest.Empty())), 150_000)
	require.Contains(t, write(t, "html", reporttest.Demo()), "All 5 URLs were answered both ways")
	require.Contains(t, write(t, "html", reporttest.Empty()), "Nothing was fetched")
}

// Large reports are written in a moment, too.
func TestALargeReportIsWrittenQuickly(t *testing.T) {
	t.Parallel()
	about := reporttest.Large(10_000)
	start := time.Now()
	page := write(t, "html", about)
	require.Less(t, time.Since(start), 20*time.Second)
	require.Less(t, len(page), 4_000_000)
}
