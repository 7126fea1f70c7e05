// Package report shows runs to people.
package report

import (
	"fmt"
	"math"
	"strings"
	"time"
	"unicode"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/collect"
)

// Widths of the text, in columns: a line fits a terminal of 80.
const (
	width      = 80
	barWidth   = 30
	minURL     = 16
	timeColumn = len("   0.00 s ")
)

// Run returns a line for each URL, its seconds and a bar, and a line with the total. The longest bar stands for the
// slowest URL.
func Run(mode string, run *fetch.Run) string {
	return strings.Join(append(lines(mode, run, slowest(run)), ""), "\n")
}

// Comparison returns both ways of a comparison under each other, their bars to one scale, and the speed-up.
func Comparison(sequential, concurrent *fetch.Run) string {
	longest := max(slowest(sequential), slowest(concurrent))
	out := lines("sequential", sequential, longest)
	out = append(out, "")
	out = append(out, lines("concurrent", concurrent, longest)...)
	out = append(out, "")
	if concurrent.Elapsed > 0 {
		out = append(out, fmt.Sprintf("concurrent is %.1f times as fast: %.2f s instead of %.2f s",
			float64(sequential.Elapsed)/float64(concurrent.Elapsed), concurrent.Elapsed.Seconds(), sequential.Elapsed.Seconds()))
	}
	return strings.Join(append(out, ""), "\n")
}

// lines are the report of one run, its bars scaled to the given longest time.
func lines(mode string, run *fetch.Run, longest time.Duration) []string {
	out := make([]string, 0, run.Results.Len()+3) //nolint:mnd // title, total, and perhaps one more
	out = append(out, title(mode, run))
	urlWidth := minURL
	for _, r := range run.Results.All() {
		urlWidth = max(urlWidth, columns(label(r)))
	}
	// Columns are given to URLs first, and taken from them where the bar would have none left.
	urlWidth = min(urlWidth, width-2-timeColumn-barWidth)
	for _, r := range run.Results.All() {
		out = append(out, line(r, urlWidth, longest))
	}
	if run.Ok+run.Failed == 0 {
		out = append(out, "  "+nothingFetched)
	}
	out = append(out, total(run, urlWidth))
	return append(out, budgetLines(collect.BudgetsOf(mode, run), painter(false))...)
}

func title(mode string, run *fetch.Run) string {
	if mode == "sequential" {
		return "sequential, one at a time"
	}
	return fmt.Sprintf("%s, %d at once", mode, run.Peak)
}

func line(r *fetch.Result, urlWidth int, longest time.Duration) string {
	name := fmt.Sprintf("  %s", fit(label(r), urlWidth))
	if r.State == fetch.StateNotRun {
		return name + "  not run"
	}
	text := fmt.Sprintf("%s %s ", name, seconds(r.Elapsed))
	if r.State == fetch.StateFailed {
		// Why it failed stands where the bar would: a line has no place for both.
		return text + strings.TrimRight(fit("failed: "+failureOf(r), width-columns(text)), " ")
	}
	return text + bar(r.Elapsed, longest)
}

// failureOf says why a result failed.
func failureOf(r *fetch.Result) string {
	if r.Error == "" {
		return fmt.Sprintf("status %d", r.Status)
	}
	return clean(r.Error)
}

func total(run *fetch.Run, urlWidth int) string {
	parts := []string{fmt.Sprintf("  %s %s", fit("total", urlWidth), seconds(run.Elapsed))}
	for _, part := range []struct {
		count int
		what  string
	}{{run.Failed, "failed"}, {run.NotRun, "not run"}} {
		if part.count > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", part.count, part.what))
		}
	}
	return strings.Join(parts, ", ")
}

// label is what a line calls a result.
func label(r *fetch.Result) string {
	if key := r.Key(); key != "" {
		return clean(key)
	}
	return clean(r.Name())
}

// fit makes a text exactly n columns wide.
func fit(s string, n int) string {
	if columns(s) <= n {
		return s + strings.Repeat(" ", n-columns(s))
	}
	used, end := 0, 0
	for i, r := range s {
		if used+runeColumns(r) > n-1 {
			end = i
			break
		}
		used += runeColumns(r)
	}
	return s[:end] + "…" + strings.Repeat(" ", n-1-used)
}

// columns is how many columns of a terminal a text takes.
func columns(s string) int {
	n := 0
	for _, r := range s {
		n += runeColumns(r)
	}
	return n
}

// runeColumns is 2 for what East Asian writing and emoji take, and 0 for marks on the letter before.
func runeColumns(r rune) int {
	switch {
	case r < 0x300:
		return 1
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	case r >= 0x1100 && r <= 0x115f, r >= 0x2e80 && r <= 0x303e, r >= 0x3041 && r <= 0xa4cf, r >= 0xac00 && r <= 0xd7a3,
		r >= 0xf900 && r <= 0xfaff, r >= 0xfe30 && r <= 0xfe6f, r >= 0xff00 && r <= 0xff60, r >= 0xffe0 && r <= 0xffe6,
		r >= 0x1f300 && r <= 0x1f64f, r >= 0x1f900 && r <= 0x1f9ff, r >= 0x20000 && r <= 0x3fffd:
		return 2 //nolint:mnd // wide
	default:
		return 1
	}
}

func seconds(d time.Duration) string { return fmt.Sprintf("%6.2f s", d.Seconds()) }

// bar is a row of asterisks, the longest time being the widest. Every time has at least one.
func bar(d, longest time.Duration) string {
	if longest <= 0 {
		return "*"
	}
	return strings.Repeat("*", max(1, int(math.Round(barWidth*float64(d)/float64(longest)))))
}

func slowest(run *fetch.Run) time.Duration {
	var longest time.Duration
	for _, r := range run.Results.All() {
		longest = max(longest, r.Elapsed)
	}
	return longest
}
