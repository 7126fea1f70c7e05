package view

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/columns"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/phrase"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/urltext"
)

// style is how lines are written.
type style struct {
	// width is how many columns a line may take; 0 for any number: URLs are whole then.
	width  int
	colors bool
}

const (
	usualWidth = 80
	timeWidth  = 8
	// A bar takes a fifth of the line, within bounds.
	barShare, leastBar, mostBar = 5, 6, 30
)

// line is the line of a result: what came of it, its time, its bar and its URL, and the reason for which it failed.
// What can be of any length comes last, so that the rest stands in columns.
func (st style) line(r *fetch.Result, s *scale) string {
	begin := fmt.Sprintf("%s %*s ", outcome(r), timeWidth, elapsed(r))
	room := st.columns() - columns.Of(begin)
	bar := min(max(st.columns()/barShare, leastBar), mostBar)
	if bar > room/2 { //nolint:mnd // there is more to say
		bar = 0
	}
	room -= bar + 1
	url, why := phrase.Clean(urltext.Mask(r.Target.URL)), reason(r)
	if method := r.Method(); method != "GET" {
		url = phrase.Clean(method) + " " + url
	}
	if key := r.Key(); url == "" && key != "" {
		url = phrase.Clean(key)
	}
	if st.width > 0 {
		url, why = shared(url, why, room)
	}
	drawn := strings.Repeat(" ", bar)
	if r.State != fetch.StateNotRun && !r.FromCache && bar > 0 {
		s.fit(r.Elapsed)
		drawn = s.bar(r, bar, st.colors)
	}
	if st.colors && r.State == fetch.StateFailed {
		begin, url, why = columns.Paint(columns.Red, begin), columns.Paint(columns.Red, url), columns.Paint(columns.Red, why)
	}
	return strings.TrimRight(begin+drawn+" "+url+why, " ") + "\n"
}

func (st style) columns() int {
	if st.width == 0 {
		return usualWidth
	}
	return st.width
}

// outcome is a mark and the status.
func outcome(r *fetch.Result) string {
	status := "   "
	if r.Status > 0 {
		status = fmt.Sprintf("%3d", r.Status)
	}
	switch r.State {
	case fetch.StateDone:
		return "✓ " + status
	case fetch.StateFailed:
		return "✗ " + status
	default:
		return "-    "
	}
}

func elapsed(r *fetch.Result) string {
	switch {
	case r.State == fetch.StateNotRun:
		return "not run"
	case r.FromCache:
		return "cache"
	}
	return phrase.Short(r.Elapsed)
}

// reason says why a result failed or is over its budget, if the status does not.
func reason(r *fetch.Result) string {
	text := ""
	if r.State == fetch.StateFailed && r.Error != "" {
		text = "  " + phrase.Clean(r.Error)
	}
	if broken := phrase.BrokenChecks(r); broken != "" {
		text += "  over budget: " + broken
	}
	if r.Attempts > 1 {
		text += "  (" + strconv.Itoa(r.Attempts) + " attempts)"
	}
	return text
}

// shared divides the rest of a line between the URL and the reason: each has half of it, and what the other leaves.
func shared(url, why string, room int) (string, string) {
	half := room / 2 //nolint:mnd // each
	forURL := max(half, room-columns.Of(why))
	url = columns.ShortenMiddle(url, forURL)
	return url, columns.Shorten(why, room-columns.Of(url))
}
