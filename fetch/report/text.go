package report

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/phrase"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
)

const (
	timeColumn = len("   340 ms ")
	minBar     = 12
	// maxLines is how many results are shown one by one. Of more it is those that failed, and the slowest others.
	maxLines     = 50
	slowestLines = 20
)

// writeText writes a run or a comparison with its bars, and what was collected as a table of names.
func writeText(s *Subject, opts Options) (string, error) {
	l := layoutOf(opts)
	switch {
	case len(s.Runs) == 1:
		return l.run(s.Runs[0].Mode, s.Runs[0].Run) + below(l.against(s)), nil
	case len(s.Runs) > 1:
		return l.comparison(s.Runs) + below(l.against(s)), nil
	}
	out := l.summary(s)
	if text := phrase.Faster(s); text != "" {
		out = append(out, l.wrapped(text, 0)...)
	}
	out = append(out, l.pages(s)...)
	out = append(out, "")
	out = append(out, l.table(s)...)
	out = append(out, l.checks(s.Expected, s.Budgets)...)
	out = append(out, l.reasons(s)...)
	out = append(out, l.against(s)...)
	return strings.Join(append(out, ""), "\n"), nil
}

// withK6 puts k6's own summary above a text: it prints none where there is a handleSummary.
func withK6(write func(*Subject, Options) (string, error)) func(*Subject, Options) (string, error) {
	return func(s *Subject, opts Options) (string, error) {
		text, err := write(s, opts)
		if err == nil && s.K6 != nil {
			text = "\n" + s.K6.Text(layoutOf(opts).paint) + "\n" + text
		}
		return text, err
	}
}

func (l layout) summary(s *Subject) []string {
	text := phrase.Headline(s)
	if s.Count > 0 {
		text += " in " + phrase.Short(s.Spent())
	}
	text += phrase.Complaints(s)
	if s.Passed() {
		return l.painted(green, l.wrapped(text, 0))
	}
	return l.painted(red, l.wrapped(text, 0))
}

// below puts lines under a text that ends with a line.
func below(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	return strings.Join(append(lines, ""), "\n")
}

// Run returns a line for each URL, its time and a bar, and a line with the total. The longest bar stands for the
// slowest URL. Of more than 50 URLs it shows those that failed, in the order of the list, and then the 20 slowest
// others. Of a page it shows what that needs, in the order of its discovery and with bars where their times were, and a
// line with the times of the page.
func Run(mode string, run *fetch.Run) string { return layoutOf(Options{}).run(mode, run) }

// Comparison returns the ways of a comparison under each other, their bars to one scale, and which was the fastest.
func Comparison(ways []aggregate.FullRun) string { return layoutOf(Options{}).comparison(ways) }

func (l layout) run(mode string, run *fetch.Run) string {
	return strings.Join(append(l.lines(mode, run, slowest(run)), ""), "\n")
}

func (l layout) comparison(ways []aggregate.FullRun) string {
	var longest time.Duration
	for _, way := range ways {
		longest = max(longest, slowest(way.Run))
	}
	var out []string
	for _, way := range ways {
		out = append(out, l.lines(way.Mode, way.Run, longest)...)
		out = append(out, "")
	}
	if text := raced(ways); text != "" {
		out = append(out, l.wrapped(text, 0)...)
	}
	return strings.Join(append(out, ""), "\n")
}

// raced says which way was the fastest.
func raced(ways []aggregate.FullRun) string {
	finishes := phrase.Finishes(ways)
	if _, ok := phrase.Winner(finishes); !ok || !phrase.BothWays(finishes) {
		return phrase.Race(finishes)
	}
	then, now := ways[0].Elapsed, ways[1].Elapsed
	return fmt.Sprintf("concurrent is %.1f times as fast: %s instead of %s",
		aggregate.Speedup(then, now), phrase.Short(now), phrase.Short(then))
}

// lines are the report of one run, its bars scaled to the given longest time.
func (l layout) lines(mode string, run *fetch.Run, longest time.Duration) []string {
	if run.Page != nil {
		return l.visit(mode, run)
	}
	results, which := listedOf(run)
	names := make([]string, len(results))
	for i, r := range results {
		names[i] = label(r)
	}
	// Columns are given to names first, and taken from them where the bar would have hardly any left.
	column := nameColumn(l.width-indent-timeColumn-minBar, names)
	bars := scale{longest, min(l.width-indent-timeColumn-column, max(minBar, l.width/2-timeColumn))} //nolint:mnd // half
	out := []string{title(mode, run)}
	if which != "" {
		out = append(out, l.wrapped(which, indent)...)
	}
	for i, r := range results {
		out = append(out, l.line(r, names[i], column, bars)...)
	}
	if run.Ok+run.Failed == 0 {
		out = append(out, strings.Repeat(" ", indent)+phrase.NothingFetched)
	}
	out = append(out, l.total(run, column)...)
	return append(out, l.checks(aggregate.ChecksOf(mode, run))...)
}

// listedOf returns the results that are shown one by one, and which these are if they are not all.
func listedOf(run *fetch.Run) (results []*fetch.Result, which string) {
	if run.Results.Len() <= maxLines {
		for _, r := range run.Results.All() {
			results = append(results, r)
		}
		return results, ""
	}
	var failed, others []*fetch.Result
	for _, r := range run.Results.All() { // there may be a million
		switch r.State {
		case fetch.StateFailed:
			failed = append(failed, r)
		case fetch.StateDone:
			others = withSlowest(others, r)
		case fetch.StateNotRun:
		}
	}
	var parts []string
	switch n := len(failed); n {
	case 0:
	case 1:
		parts = append(parts, "the one that failed")
	default:
		parts = append(parts, "all "+phrase.Number(n)+" that failed")
	}
	switch n := len(others); {
	case n > 0 && len(failed) > 0:
		parts = append(parts, "the "+phrase.Number(n)+" slowest of the others")
	case n > 0:
		parts = append(parts, "the "+phrase.Number(n)+" slowest")
	}
	if len(parts) == 0 {
		return nil, "" // nothing was fetched
	}
	return append(failed, others...), strings.Join(parts, " and ") + ", of " + phrase.Number(run.Results.Len()) + " URLs"
}

// withSlowest puts a result among the slowest, if it is one of them. Of equal ones, the first of the list comes first.
func withSlowest(slowest []*fetch.Result, r *fetch.Result) []*fetch.Result {
	place, _ := slices.BinarySearchFunc(slowest, r.Elapsed, func(other *fetch.Result, elapsed time.Duration) int {
		if other.Elapsed >= elapsed {
			return -1
		}
		return 1
	})
	if place == slowestLines {
		return slowest
	}
	slowest = slices.Insert(slowest, place, r)
	return slowest[:min(len(slowest), slowestLines)]
}

func title(mode string, run *fetch.Run) string {
	if phrase.OneByOne(mode, run.Concurrency) {
		return "sequential, one at a time"
	}
	return fmt.Sprintf("%s, %d at once", mode, run.Peak)
}

func (l layout) line(r *fetch.Result, name string, column int, bars scale) []string {
	if r.State == fetch.StateNotRun {
		return l.row(name, column, "  not run")
	}
	elapsed := fmt.Sprintf(" %8s ", phrase.Short(r.Elapsed))
	if r.State != fetch.StateFailed {
		return l.row(name, column, elapsed+bars.bar(r.Elapsed))
	}
	return l.failed(r, name, column, elapsed)
}

// failed are the lines of a result that failed. Why it did stands where the bar would: a line has no place for both.
func (l layout) failed(r *fetch.Result, name string, column int, elapsed string) []string {
	why := "failed: " + failureOf(r)
	lines := l.row(name, column, elapsed+why)
	if last := len(lines) - 1; !l.fits(lines[last]) {
		lines = l.row(name, column, strings.TrimRight(elapsed, " "))
		lines = append(lines, l.wrapped(why, 2*indent)...)
	}
	return lines
}

// failureOf says why a result failed.
func failureOf(r *fetch.Result) string {
	if r.Error == "" {
		return fmt.Sprintf("status %d", r.Status)
	}
	return phrase.Clean(r.Error)
}

func (l layout) total(run *fetch.Run, column int) []string {
	lines := l.row("total", column, fmt.Sprintf(" %8s", phrase.Short(run.Elapsed)))
	for _, part := range []struct {
		count int
		what  string
	}{{run.Failed, "failed"}, {run.NotRun, "not run"}} {
		if part.count == 0 {
			continue
		}
		last := &lines[len(lines)-1]
		if text := fmt.Sprintf("%s, %s %s", *last, phrase.Number(part.count), part.what); l.fits(text) {
			*last = text
		} else {
			lines = append(lines, fmt.Sprintf("%*s%s %s", 2*indent, "", phrase.Number(part.count), part.what))
		}
	}
	return lines
}

// label is what a line calls a result.
func label(r *fetch.Result) string {
	if key := r.Key(); key != "" {
		return phrase.Clean(key)
	}
	return phrase.Clean(r.Name())
}

// scale is that of bars: the longest time is the widest bar.
type scale struct {
	longest time.Duration
	width   int
}

// bar is a row of asterisks. Every time has at least one.
func (s scale) bar(d time.Duration) string {
	if s.longest <= 0 {
		return "*"
	}
	return strings.Repeat("*", max(1, int(math.Round(float64(s.width)*float64(d)/float64(s.longest)))))
}

func slowest(run *fetch.Run) time.Duration {
	var longest time.Duration
	for _, r := range run.Results.All() {
		longest = max(longest, r.Elapsed)
	}
	return longest
}
