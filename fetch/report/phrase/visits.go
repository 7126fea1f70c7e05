package phrase

import (
	"fmt"
	"strings"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/urltext"
)

// VisitTimes says how long a page took, up to what became of it.
func VisitTimes(load *fetch.PageLoad) string {
	return fmt.Sprintf("document %s, blocking %s, load %s", Short(load.Document), Short(load.Blocking), Short(load.Load))
}

// FromCache says what of a page a cache had, empty if that was nothing.
func FromCache(load *fetch.PageLoad) string {
	var parts []string
	if load.Hits > 0 {
		parts = append(parts, Number(load.Hits)+" from cache")
	}
	if load.Validated > 0 {
		parts = append(parts, Number(load.Validated)+" validated")
	}
	return strings.Join(parts, ", ")
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
	var parts []string
	if run.Failed > 0 {
		parts = append(parts, Number(run.Failed)+" failed")
	}
	if run.NotRun > 0 {
		parts = append(parts, Number(run.NotRun)+" not run")
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
