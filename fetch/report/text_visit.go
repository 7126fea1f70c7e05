package report

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/columns"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/phrase"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/urltext"
)

// How a visit of a page is laid out: the type of a resource, where it is, its time, its status, and a bar.
const (
	gap           = 2
	statusColumn  = len("cache  ")
	minVisitBar   = 14
	visitBarShare = 3 // bars have a third of what types, times and statuses leave
)

// visit are the lines of a page and of what it needs, in the order of its discovery. A bar stands where its time was in
// that of the page.
func (l layout) visit(mode string, run *fetch.Run) []string {
	results, which := listedOf(run)
	slices.SortFunc(results, func(a, b *fetch.Result) int { return a.Index - b.Index })
	out := l.wrapped(fmt.Sprintf("%s %s, %d at once", mode, phrase.VisitName(run.Results.At(0)), run.Peak), 0)
	if which != "" {
		out = append(out, l.wrapped(which, indent)...)
	}
	kinds := kindColumn(results)
	left := l.width - indent - kinds - gap - timeColumn - statusColumn
	names := l.names(results, run, kinds, left-max(minVisitBar, left/visitBarShare))
	column := nameColumn(kinds+gap+left-minVisitBar, names)
	bars := scale{run.Page.Load, kinds + gap + left - column}
	for i, r := range results {
		out = append(out, l.resource(r, names[i], column, bars)...)
	}
	if run.Ok+run.Failed == 0 {
		out = append(out, strings.Repeat(" ", indent)+phrase.NothingFetched)
	}
	out = append(out, l.wrapped(phrase.VisitSum(run), indent)...)
	return append(out, l.checks(aggregate.ChecksOf(mode, run))...)
}

// kindColumn is as wide as the longest type.
func kindColumn(results []*fetch.Result) (width int) {
	for _, r := range results {
		width = max(width, columns.Of(r.Resource().Type))
	}
	return width
}

// names are what lines begin with: types, and URLs in up to so many columns. Where these are too few, a URL has a line
// of its own. What would look like another is whole.
func (l layout) names(results []*fetch.Result, run *fetch.Run, kinds, most int) []string {
	if most < minName {
		most = l.width - indent - kinds - gap
	}
	origin := originOf(urltext.Mask(run.Results.At(0).Target.URL))
	whole, short, alike := make([]string, len(results)), make([]string, len(results)), make(map[string]int)
	for i, r := range results {
		whole[i] = phrase.Clean(behind(origin, urltext.Mask(r.Target.URL)))
		short[i] = columns.ShortenURL(whole[i], most)
		alike[short[i]]++
	}
	names := make([]string, len(results))
	for i, r := range results {
		if alike[short[i]] > 1 {
			short[i] = whole[i]
		}
		names[i] = columns.Fit(r.Resource().Type, kinds+gap) + short[i]
	}
	return names
}

// originOf is scheme and host of a URL.
func originOf(url string) string {
	scheme, rest, _ := strings.Cut(url, "://")
	host, _, _ := strings.Cut(rest, "/")
	return scheme + "://" + host
}

// behind shortens a URL of a page: it returns the path of one with the page's origin, and drops the scheme of any other
// unless it is less secure than the page's.
func behind(origin, url string) string {
	if path, ok := strings.CutPrefix(url, origin); ok && strings.HasPrefix(path, "/") {
		return path
	}
	scheme, _, _ := strings.Cut(origin, "://")
	return strings.TrimPrefix(strings.TrimPrefix(url, "https://"), scheme+"://")
}

func (l layout) resource(r *fetch.Result, name string, column int, bars scale) []string {
	switch r.State {
	case fetch.StateNotRun:
		return l.painted(faint, l.row(name, column, "  not run"))
	case fetch.StateFailed:
		return l.painted(red, l.failed(r, name, column, fmt.Sprintf(" %8s  ", shortUnlessHit(r))))
	case fetch.StateDone:
	}
	status, bar := strconv.Itoa(r.Status), bars.barFrom(r.Started(), r.Elapsed)
	if r.FromCache {
		status, bar = "cache", ""
	}
	line := fmt.Sprintf(" %8s  %-*s", shortUnlessHit(r), statusColumn-1, status) + bar
	lines := l.row(name, column, strings.TrimRight(line, " "))
	if r.FromCache {
		return l.painted(faint, lines)
	}
	return lines
}

// shortUnlessHit is the time of a result. What a cache had took none that is worth a look.
func shortUnlessHit(r *fetch.Result) string {
	if r.FromCache {
		return ""
	}
	return phrase.Short(r.Elapsed)
}

// barFrom is a bar that begins where its time did.
func (s scale) barFrom(start, d time.Duration) string {
	if s.longest <= 0 {
		return "*"
	}
	at := func(d time.Duration) int { return int(math.Round(float64(s.width) * float64(d) / float64(s.longest))) }
	first := min(at(start), s.width-1)
	return strings.Repeat(" ", max(0, first)) + strings.Repeat("*", min(max(1, at(d)), s.width-first))
}

// pages are the times of each page that was visited, over all of its visits.
func (l layout) pages(s *Subject) []string {
	if len(s.Pages) == 0 {
		return nil
	}
	const time, column = 9, len("  document")
	bars := scale{width: min(max(0, l.width-indent-column-3*time-1), widestBar)} //nolint:mnd // p50, p95 and max
	for _, p := range s.Pages {
		bars.longest = max(bars.longest, p.Times[aggregate.Load].Percentile(phrase.NearlyAll))
	}
	heading := fmt.Sprintf("%*s%*s%*s", time, "p50", time, "p95", time, "max")
	out := append([]string{""}, l.painted(faint, l.row("page", column, heading))...)
	for _, p := range s.Pages[:min(len(s.Pages), maxText)] {
		out = append(out, l.wrapped(phrase.PageSum(p), indent)...)
		for m := range p.Times {
			h := &p.Times[m]
			if h.Count() == 0 {
				continue
			}
			nearlyAll := h.Percentile(phrase.NearlyAll)
			figures := fmt.Sprintf("%*s%*s%*s", time, phrase.Short(h.Percentile(phrase.Median)), time, phrase.Short(nearlyAll),
				time, phrase.Short(h.Max()))
			if bars.width > 0 {
				figures += " " + bars.bar(nearlyAll)
			}
			out = append(out, l.row(strings.Repeat(" ", indent)+aggregate.Moment(m).String(), column, figures)...)
		}
	}
	return andMore(out, len(s.Pages)-maxText, "page")
}
