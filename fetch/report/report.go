package report

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/baseline"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/k6summary"
)

// Subject is what a report is about: a run, both ways of a comparison, or all that was collected in a test.
type Subject struct {
	*aggregate.Summary

	// Runs are there in full where the report is about a run or a comparison.
	Runs []FullRun

	// against is nil unless there is a baseline.
	against *baseline.Comparison
	// k6 is nil unless the report was handed what k6 says of the test.
	k6 *k6summary.Summary
}

// FullRun is a run with all its results.
type FullRun struct {
	*fetch.Run

	Mode string
}

// runLimits bound a report of a single run, which has its results in memory anyway.
func runLimits() aggregate.Limits {
	return aggregate.Limits{Names: 5000, Slowest: 50, Failed: 1000, Rows: 20_000} //nolint:mnd // here is where they are
}

// OfRun is a report about one run.
func OfRun(mode string, run *fetch.Run) *Subject {
	return &Subject{Summary: aggregate.OfRun(mode, run, runLimits()), Runs: []FullRun{{run, mode}}}
}

// OfComparison is a report about both ways.
func OfComparison(sequential, concurrent *fetch.Run) *Subject {
	return &Subject{
		Summary: aggregate.OfComparison(sequential, concurrent, runLimits()),
		Runs:    []FullRun{{sequential, "sequential"}, {concurrent, "concurrent"}},
	}
}

// OfSummary is a report about what was collected.
func OfSummary(s *aggregate.Summary) *Subject { return &Subject{Summary: s} }

// Options say how a report is written.
type Options struct {
	// Title is what the report is called. There is always one.
	Title string
	// Colors marks good and bad in a text, for a terminal.
	Colors bool
	// Baseline is an earlier report to compare with, nil if there is none. Against says what counts as a difference.
	Baseline *baseline.Report
	Against  baseline.Options
	// K6 is what k6 says of the test, nil if it is not known. The verdict of the report is then that of its thresholds.
	K6 *k6summary.Summary
	// Width is how many columns a text may take, 0 for the usual 80. Less than 40 is taken as 40, more than 500 as 500.
	Width int
}

// DefaultTitle is what a report is called that has no title.
const DefaultTitle = "Fetch report"

// writers are the formats.
//
//nolint:gochecknoglobals // a constant table
var writers = map[string]func(*Subject, Options) (string, error){
	"text":     withK6(writeText),
	"json":     writeJSON,
	"markdown": writeMarkdown,
	"csv":      writeCSV,
	"junit":    writeJUnit,
	"tap":      writeTAP,
	"har":      writeHAR,
	"html":     writeHTML,
	"baseline": writeBaseline,
}

// Formats are the names of the formats.
func Formats() []string {
	return []string{"text", "html", "json", "markdown", "csv", "junit", "tap", "har", "baseline"}
}

// Write returns a report in one of the formats.
func Write(format string, about *Subject, opts Options) (string, error) {
	write, ok := writers[format]
	if !ok {
		return "", fmt.Errorf("there is no report format %q", format)
	}
	if opts.Title == "" {
		opts.Title = DefaultTitle
	}
	if opts.Baseline != nil {
		about = about.comparedWith(opts.Baseline, opts.Against)
	}
	if opts.K6 != nil {
		about = about.judgedBy(opts.K6)
	}
	return write(about.dated(time.Now()), opts)
}

// clean keeps out of a line of text what is not part of one: control characters, and with them escape sequences, line
// breaks of any kind, and what changes the direction of the text around it.
func clean(s string) string {
	if !strings.ContainsFunc(s, unclean) && strings.ToValidUTF8(s, "") == s {
		return s
	}
	return strings.Map(func(r rune) rune {
		if unclean(r) {
			return '\ufffd'
		}
		return r
	}, s)
}

func unclean(r rune) bool {
	switch {
	case r < ' ', r >= 0x7f && r < 0xa0: // controls
	case r >= '\u2028' && r <= '\u202e', r >= '\u2066' && r <= '\u2069', r == '\u200e', r == '\u200f': // lines, directions
	case r == '\ufeff', r >= '\ufff9' && r <= '\ufffb', r == '\ufffe', r == '\uffff':
	default:
		return false
	}
	return true
}

// shown is a name that can be seen.
func shown(name string) string {
	if name = clean(name); strings.TrimSpace(name) == "" {
		return "(no name)"
	}
	return name
}

// ms returns a time in milliseconds, to the microsecond.
func ms(d time.Duration) float64 {
	return math.Round(float64(d)/float64(time.Microsecond)) / float64(time.Millisecond/time.Microsecond)
}

// short returns a time in three digits or so: in milliseconds below a second.
func short(d time.Duration) string {
	millis := float64(d) / float64(time.Millisecond)
	switch { // by what is shown, not to round 999.7 to 1000 ms
	case d == 0:
		return "0"
	case d < 10*time.Microsecond:
		return "<0.01 ms"
	case millis < 9.995: //nolint:mnd // rounds to 9.99
		return fmt.Sprintf("%.2f ms", millis)
	case millis < 99.95: //nolint:mnd // rounds to 99.9
		return fmt.Sprintf("%.1f ms", millis)
	case millis < 999.5: //nolint:mnd // rounds to 999
		return fmt.Sprintf("%.0f ms", millis)
	case d.Seconds() < 99.995: //nolint:mnd // rounds to 99.99
		return fmt.Sprintf("%.2f s", d.Seconds())
	default:
		return fmt.Sprintf("%.0f s", d.Seconds())
	}
}

// number returns a count with its thousands apart.
func number[T int | int64](n T) string {
	digits := fmt.Sprint(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// size returns a number of bytes in three digits or so.
func size(n int64) string {
	value, units := float64(n), []string{"B", "kB", "MB", "GB", "TB"}
	for value >= 1000 && len(units) > 1 {
		value, units = value/1000, units[1:]
	}
	if units[0] == "B" || value >= 100 {
		return fmt.Sprintf("%.0f %s", value, units[0])
	}
	return fmt.Sprintf("%.1f %s", value, units[0])
}

// reason says in a few words why something failed.
func reason(c aggregate.Cause) string {
	switch {
	case c.Error != "":
		return clean(c.Error)
	case c.Status != 0:
		return fmt.Sprintf("unexpected status %d", c.Status)
	default:
		return "failed"
	}
}

// verdict is the first thing to know: the thresholds of k6 if they are known, and what became of the URLs.
func verdict(s *Subject) string { return thresholdVerdict(s) + outcome(s) + complaints(s) }

// complaints are what there is to add where all URLs may have been answered, and not as they should have been.
func complaints(s *Subject) string { return budgetVerdict(s) + gotWorse(s) }

// outcome is what became of the URLs.
func outcome(s *Subject) string {
	if n, ok := s.bothWays(); ok && s.answered() {
		return fmt.Sprintf("All %s URLs were answered both ways", number(n))
	}
	switch {
	case s.Count == 0:
		return nothingFetched
	case s.nothing():
		return fmt.Sprintf("%s: %s of %s URLs %s not run", nothingFetched, number(s.NotRun), number(s.Count), were(s.NotRun))
	case s.Failed == 0 && s.NotRun == 0 && s.Count == 1:
		return "The only URL was answered"
	case s.Failed == 0 && s.NotRun == 0:
		return fmt.Sprintf("All %s URLs were answered", number(s.Count))
	case s.Failed == 0:
		return fmt.Sprintf("%s of %s URLs %s not run", number(s.NotRun), number(s.Count), were(s.NotRun))
	case s.NotRun == 0:
		return fmt.Sprintf("%s of %s URLs failed", number(s.Failed), number(s.Count))
	default:
		return fmt.Sprintf("%s of %s URLs failed, and %s %s not run", number(s.Failed), number(s.Count), number(s.NotRun),
			were(s.NotRun))
	}
}

func were(n int) string {
	if n == 1 {
		return "was"
	}
	return "were"
}

// bothWays tells how many URLs there were if the report is about nothing but a comparison of them.
func (s *Subject) bothWays() (int, bool) {
	c := s.Comparison
	if c == nil || c.Count != 1 || s.Totals.Runs != 2 || c.Sequential.Count != c.Concurrent.Count {
		return 0, false
	}
	return c.Sequential.Count, c.Sequential.Count > 1
}

// passed reports whether the test passed: by k6's thresholds if there are any, else because all URLs were answered as
// budgets and baseline want it. A test that fetched nothing did not pass.
func (s *Subject) passed() bool {
	if s.hasThresholds() {
		return !s.nothing() && s.k6.Passed()
	}
	return s.answered() && s.brokenBudgets() == 0 && s.worse() == 0
}

// answered tells whether there was something to fetch, and all of it was answered.
func (s *Subject) answered() bool { return s.Count > 0 && s.Failed == 0 && s.NotRun == 0 }

// spent is how long it all took: the time of the run, or from the first run's start to the last one's end.
func (s *Subject) spent() time.Duration {
	if len(s.Runs) == 1 {
		return s.Elapsed
	}
	return s.Wall
}

// faster says how much faster it was than something else, in words; empty if there is nothing to say.
func faster(s *Subject) string {
	if c := s.Comparison; c != nil && c.Speedup() > 0 {
		return fmt.Sprintf("concurrent was %s times as fast as one at a time: %s instead of %s", times(c.Speedup()),
			short(c.Concurrent.Elapsed), short(c.Sequential.Elapsed))
	}
	if speedup := s.Speedup(); speedup >= 1.05 { //nolint:mnd // 1.1 when it is rounded
		return fmt.Sprintf("%s times as fast as one after another", times(speedup))
	}
	return ""
}

// times is a factor to one digit after the point, as long as that tells anything.
func times(factor float64) string {
	if factor >= 100 { //nolint:mnd // three digits
		return fmt.Sprintf("%.0f", factor)
	}
	return fmt.Sprintf("%.1f", factor)
}

// byFailure returns the names, those that failed most first, then those that took longest.
func byFailure(names []*aggregate.Name) []*aggregate.Name {
	sorted := slices.Clone(names)
	slices.SortStableFunc(sorted, func(a, b *aggregate.Name) int {
		if a.Failed != b.Failed {
			return b.Failed - a.Failed
		}
		return int(p95(b) - p95(a))
	})
	return sorted
}

const (
	median    = 50
	upper     = 90
	nearlyAll = 95
	outliers  = 99
)

func p95(n *aggregate.Name) time.Duration { return n.Times[aggregate.Elapsed].Percentile(nearlyAll) }
