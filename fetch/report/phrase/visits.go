package phrase

import (
	"fmt"
	"strings"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/urltext"
)

// VisitTimes says how long a page took, up to what became of it.
func VisitTimes(load *fetch.PageLoad) string {
	return fmt.Sprintf("document %s, blocking %s, load %s", Short(load.Document), Short(load.Blocking), Short(load.Load))
}

// FromCache says what of a page a cache had, empty if that was nothing.
func FromCache(load *fetch.PageLoad) string {
	return counts(count{load.Hits, "from cache"}, count{load.Validated, "validated"})
}

// VisitSum is what became of a page: its times, what it cost, what of it a cache had, and what failed.
func VisitSum(run *fetch.Run) string {
	parts := []string{
		VisitTimes(run.Page), Plural(run.Requests, "request") + ", " + Size(run.Bytes), FromCache(run.Page), lost(run),
	}
	kept := parts[:0]
	for _, part := range parts {
		if part != "" {
			kept = append(kept, part)
		}
	}
	return strings.Join(kept, "; ")
}

// lost says how many failed, or were not run, empty if none did.
func lost(run *fetch.Run) string {
	return counts(count{run.Failed, "failed"}, count{run.NotRun, "not run"})
}

// count is how many there are of what.
type count struct {
	number int
	what   string
}

// counts lists those that are not 0.
func counts(all ...count) string {
	var parts []string
	for _, c := range all {
		if c.number > 0 {
			parts = append(parts, Number(c.number)+" "+c.what)
		}
	}
	return strings.Join(parts, ", ")
}

// VisitName is what a page is called: its name, and its URL if that is another.
func VisitName(document *fetch.Result) string {
	name, url := Clean(document.Name()), Clean(urltext.Mask(document.Target.URL))
	if name == url {
		return url
	}
	return name + " (" + url + ")"
}

// PageSum says how often a page was visited, and what of it came from a cache.
func PageSum(p *aggregate.Page) string {
	text := Shown(p.Name) + ": " + Plural(p.Visits, "visit")
	if n := p.Visits - p.Whole; n > 0 {
		text += ", " + Number(n) + " not whole"
	}
	if cached := FromCache(&fetch.PageLoad{Hits: p.Hits, Validated: p.Validated}); cached != "" {
		text += "; " + cached
	}
	return text
}

// PageTimes says how long a page took, in the words of a log.
func PageTimes(p *aggregate.Page) string {
	if p.Whole == 0 {
		return PageSum(p)
	}
	parts := make([]string, aggregate.Moments)
	for m := range p.Times {
		h := &p.Times[m]
		parts[m] = fmt.Sprintf("%s p50 %s, p95 %s", aggregate.Moment(m), Short(h.Percentile(Median)),
			Short(h.Percentile(NearlyAll)))
	}
	return PageSum(p) + "; " + strings.Join(parts, "; ")
}

// PageOf is the page whose document has a name, nil if there is none.
func (s *Subject) PageOf(n *aggregate.Name) *aggregate.Page {
	for _, p := range s.Pages {
		if p.Name == n.Name && !p.Rest && !n.Rest {
			return p
		}
	}
	return nil
}
