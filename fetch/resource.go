package fetch

import (
	"net/http"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
)

// Page knows what the targets of one run are to the page that needs them. Workers call it concurrently.
type Page interface {
	// Resource describes the target with an index.
	Resource(index int) *Resource
	// Stored returns the response that a cache has for a target, nil if it must be requested.
	Stored(index int) *Stored
	// Judge is called with each result that ran, before anybody else gets it. It may make it a failed one. It returns the
	// response from a cache that the result stands for, nil if it stands for what was received.
	Judge(r *Result) *Stored
}

// Resource is what a target is to a page.
type Resource struct {
	// Type is what it is for, by the destinations of the Fetch standard: document, style, script, font, image, media,
	// track, manifest, embed, object or other.
	Type string
	// Priority is Chromium's: highest, high, medium, low or lowest.
	Priority string
	// Initiator is the index of the document or stylesheet that refers to it, -1 for the page itself, and InitiatorURL
	// is the URL of that one. Element is what refers to it there: the name of an element, or css:@import,
	// css:@font-face and css:url.
	Initiator    int
	InitiatorURL string
	Element      string
	// Blocking reports whether the page cannot be shown before it has come.
	Blocking bool
}

// Stored is a response from a cache.
type Stored struct {
	// Refused is why there is none and no request may be made. The target has failed then.
	Refused string

	Status     int
	StatusText string
	Proto      string
	Header     http.Header
	Body       []byte
}

// PageLoad is how long the page of a run took.
type PageLoad struct {
	// Document is when its document had come, measured from the start of the run; Blocking is when stylesheets and
	// scripts that keep it from being shown had come as well, and Load is when everything had.
	Document, Blocking, Load time.Duration
	// Hits counts results from a cache, Validated those that their server had not changed since, and Misses all others.
	Hits, Validated, Misses int
	// Skipped counts resources that were not fetched, because the page has more than it may have.
	Skipped int
}

// Shown reports whether the times of Page are those of the page: its document could be shown, and nothing of it is
// missing because the run ended. It is false for runs of other targets.
func (r *Run) Shown() bool { return r.Page != nil && r.NotRun == 0 && r.Results.At(0).Ok() }

// Resource describes what the target is to its page, nil if it belongs to none.
func (r *Result) Resource() *Resource {
	if r.Target.Spec == nil || r.Target.Spec.Page == nil {
		return nil
	}
	return r.Target.Spec.Page.Resource(r.Index)
}

// stored returns the response that a cache has for a target.
func (w *worker) stored(j job) *Stored {
	if j.target.Spec == nil || j.target.Spec.Page == nil {
		return nil
	}
	return j.target.Spec.Page.Stored(j.index)
}

// recall makes the result of a response from a cache.
func (w *worker) recall(r *Result, s *Stored) {
	r.FromCache, r.Status, r.State, r.Error = s.Refused == "", s.Status, StateFailed, s.Refused
	w.response = Response{
		URL: r.URL(), SentHeader: r.Target.Spec.Header, StatusText: s.StatusText, Proto: s.Proto, header: s.Header,
		Conn: &transport.ConnInfo{},
	}
	if r.Target.Spec.ResponseType != transport.ResponseNone {
		w.response.Body = s.Body
	}
	r.Response = &w.response
	if r.FromCache {
		r.State = r.Target.Spec.StateOf(s.Status)
	}
}
