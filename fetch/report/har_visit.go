package report

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/phrase"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/urltext"
)

// What entries of a page have besides, as Chromium's developer tools export it, and what a cache had before a request.
type (
	harResource struct {
		Initiator harInitiator `json:"_initiator"`
		Priority  string       `json:"_priority"`
		Type      string       `json:"_resourceType"`
		// FromCache is memory for what was not requested. Chromium has a disk as well.
		FromCache string `json:"_fromCache,omitempty"`
	}
	harInitiator struct {
		Type string `json:"type"`
		URL  string `json:"url,omitempty"`
	}
	harCache struct {
		Before *harCacheEntry `json:"beforeRequest,omitempty"`
	}
	harCacheEntry struct {
		Expires    string `json:"expires,omitempty"`
		LastAccess string `json:"lastAccess"`
		ETag       string `json:"eTag"`
		HitCount   int    `json:"hitCount"`
	}
)

// visitPage adds a page with its times. What blocks a page has come when browsers parse it to its end, so that is the
// nearest to DOMContentLoaded. A visit that was ended early has no times.
func (l *harLog) visitPage(line *aggregate.Timeline, title string) (id string) {
	id = l.page(title, line.Started)
	blocking, load := float64(unknown), float64(unknown)
	if v := line.Visit; line.NotRun == 0 {
		blocking, load = phrase.Millis(v.Blocking), phrase.Millis(v.Load)
	}
	l.Pages[len(l.Pages)-1].Timings = map[string]any{"onContentLoad": blocking, "onLoad": load}
	return id
}

// sortVisit sorts the entries of a visit by their starts: viewers draw them in their order, and the first is the
// document.
func (l *harLog) sortVisit(line *aggregate.Timeline, first int) {
	if line.Visit != nil {
		slices.SortStableFunc(l.Entries[first:], func(a, b harEntry) int { return strings.Compare(a.Started, b.Started) })
	}
}

// harResourceOf is nil for what belongs to no page.
func harResourceOf(r *fetch.Result) *harResource {
	about := r.Resource()
	if about == nil {
		return nil
	}
	resource := &harResource{Initiator: harInitiator{Type: "other"}, Type: harType(about.Type)}
	if about.Initiator >= 0 {
		resource.Initiator = harInitiator{"parser", validURI(phrase.Clean(urltext.Mask(about.InitiatorURL)))}
	}
	resource.Priority = map[string]string{
		"highest": "VeryHigh", "high": "High", "medium": "Medium", "low": "Low", "lowest": "VeryLow",
	}[about.Priority]
	if r.FromCache {
		resource.FromCache = "memory"
	}
	return resource
}

// harType is what Chromium's developer tools call a type.
func harType(kind string) string {
	switch kind {
	case "document", "script", "font", "image", "media", "manifest":
		return kind
	case "style":
		return "stylesheet"
	case "track":
		return "texttrack"
	default: // what plugins would show
		return "other"
	}
}

// setHit says of an entry that a cache had the response, used once at that time.
func (e *harEntry) setHit(r *fetch.Result, header http.Header, used time.Time) {
	if !r.FromCache {
		return
	}
	entry := &harCacheEntry{LastAccess: used.UTC().Format(harTime), ETag: phrase.Clean(header.Get("ETag")), HitCount: 1}
	if expires, err := http.ParseTime(header.Get("Expires")); err == nil {
		entry.Expires = expires.UTC().Format(harTime)
	}
	e.Cache.Before = entry
	if size, err := strconv.ParseInt(header.Get("Content-Length"), 10, 64); err == nil && size > 0 {
		e.Response.Content.Size = size // of what the page got; nothing was transferred
	}
}
