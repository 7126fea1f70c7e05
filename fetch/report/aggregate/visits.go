package aggregate

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/urltext"
)

// Moment is a time of a page that is worth a distribution. All are measured from the start of its visit.
type Moment int

// The moments, in the order in which they come.
const (
	Document Moment = iota
	Blocking
	Load
	Moments // how many there are
)

// String returns the moment as scripts call it.
func (m Moment) String() string { return [Moments]string{"document", "blocking", "load"}[m] }

// Visit is one visit of a page.
type Visit struct {
	fetch.PageLoad

	// Name is that of the page, URL where it was, user info masked.
	Name, URL string
	// Whole reports whether its times are those of the page: its document was answered, and nothing of it was left out
	// because the run ended.
	Whole bool
}

// visitOf returns what a run was as a visit, nil if it was none.
func visitOf(run *fetch.Run) *Visit {
	if run.Page == nil || run.Results.Len() == 0 {
		return nil
	}
	document := run.Results.At(0)
	return &Visit{
		PageLoad: *run.Page, Name: strings.Clone(cut(document.Name())), URL: kept(urltext.Mask(document.Target.URL)),
		Whole: run.Shown(),
	}
}

// Page is what is known of the visits of a page.
type Page struct {
	Name string
	// Rest reports whether these are visits of several pages, for which there was no place.
	Rest bool
	// Visits is how many there were, and Whole how many of them have times.
	Visits, Whole int
	Times         [Moments]Histogram
	// Hits, Validated and Misses are as those of [fetch.PageLoad], of all visits together.
	Hits, Validated, Misses int
}

func (p *Page) add(v *Visit) {
	p.Visits++
	p.Hits += v.Hits
	p.Validated += v.Validated
	p.Misses += v.Misses
	if !v.Whole {
		return
	}
	p.Whole++
	p.Times[Document].Add(v.Document)
	p.Times[Blocking].Add(v.Blocking)
	p.Times[Load].Add(v.Load)
}

// Type is what is known of the resources of one type.
type Type struct {
	Counts

	Type string
}

// maxPages bounds how many pages have figures of their own: their visits are under the names of their documents, each
// of which has histograms as a name has.
const maxPages = 200

// visits gathers what became of pages as a whole. The zero value is empty.
type visits struct {
	mu    sync.Mutex
	pages map[string]*Page
	rest  *Page
}

// add counts a visit, nil for a run that was none.
func (s *visits) add(v *Visit) {
	if v == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.page(v.Name).add(v)
}

func (s *visits) page(name string) *Page {
	p := s.pages[name]
	switch {
	case p != nil:
	case len(s.pages) < maxPages:
		p = &Page{Name: name}
		if s.pages == nil {
			s.pages = make(map[string]*Page)
		}
		s.pages[name] = p
	default:
		if s.rest == nil {
			s.rest = &Page{Name: Other, Rest: true}
		}
		p = s.rest
	}
	return p
}

// list returns copies of the pages in the order of their names, and then the rest.
func (s *visits) list() []*Page {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := slices.SortedFunc(maps.Values(s.pages), func(a, b *Page) int { return cmp.Compare(a.Name, b.Name) })
	if s.rest != nil {
		list = append(list, s.rest)
	}
	for i, p := range list {
		c := *p
		for m := range c.Times {
			c.Times[m] = *p.Times[m].clone()
		}
		list[i] = &c
	}
	return list
}

// types counts resources by their types.
type types map[string]*Type

// add counts a result under the type that it is of. Results of no page have none.
func (t *types) add(r *fetch.Result) {
	if r.Target.Spec == nil || r.Target.Spec.Page == nil {
		return
	}
	of := t.of(r.Target.Spec.Type)
	of.Count++
	switch r.State {
	case fetch.StateDone:
		of.Ok++
	case fetch.StateFailed:
		of.Failed++
	case fetch.StateNotRun:
		of.NotRun++
	}
	if r.OverBudget() {
		of.OverBudget++
	}
	if r.FromCache {
		of.Hits++
	}
	of.Requests += r.Requests
	of.Bytes += r.Bytes
}

func (t *types) of(name string) *Type {
	of := (*t)[name]
	if of == nil {
		of = &Type{Type: name}
		if *t == nil {
			*t = make(types)
		}
		(*t)[name] = of
	}
	return of
}

// join adds what others count.
func (t *types) join(other types) {
	for name, counts := range other {
		t.of(name).join(&counts.Counts)
	}
}

// list are the types, those first that a page begins with.
func (t *types) list() []Type {
	order := []string{"document", "style", "script", "font", "image", "media", "track", "manifest"}
	rank := func(name string) int {
		if i := slices.Index(order, name); i >= 0 {
			return i
		}
		return len(order)
	}
	list := make([]Type, 0, len(*t))
	for _, of := range *t {
		list = append(list, *of)
	}
	slices.SortFunc(list, func(a, b Type) int {
		return cmp.Or(cmp.Compare(rank(a.Type), rank(b.Type)), cmp.Compare(a.Type, b.Type))
	})
	return list
}
