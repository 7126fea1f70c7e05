package page

import (
	"cmp"
	"fmt"
	"strconv"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/phrase"
)

// maxVisited is how many pages the page has in its table.
const maxVisited = 50

type (
	// pageVisits are the pages that were visited, and how long they took.
	pageVisits struct {
		Rows []pageVisited
		More string
		// Cut reports whether some visits were not whole.
		Cut bool
	}
	// pageVisited is a row of their table. It has many fields because the table has as many columns.
	pageVisited struct {
		Name, Visits, Cut, Cached string
		Document                  string
		Blocking, BlockingP95     string
		Load, LoadP95, LoadMax    string
		Strip                     []pageStripe
		Told                      string
		Bad                       bool
	}
	// pageStripe is a part of a strip, in percent.
	pageStripe struct{ Class, At, Long string }

	// pageType is a row of the table of types.
	pageType struct {
		Type, Count, Failed, Cached, Requests, Bytes, Share string
		Bad                                                 bool
	}
)

// visitOf is the visit that the report is about, if it is about one alone.
func visitOf(s *phrase.Subject) *aggregate.Visit {
	if s.Totals.Runs != 1 || len(s.Timelines) != 1 {
		return nil
	}
	return s.Timelines[0].Visit
}

// pageVisitsOf is nil where the times of one visit are all that there is: those are on the first screen.
func pageVisitsOf(s *phrase.Subject) *pageVisits {
	if len(s.Pages) == 0 || visitOf(s) != nil {
		return nil
	}
	v, longest := &pageVisits{}, time.Duration(1)
	shown := s.Pages[:min(len(s.Pages), maxVisited)]
	for _, p := range shown {
		v.Cut = v.Cut || p.Whole < p.Visits
		longest = max(longest, p.Times[aggregate.Load].Percentile(phrase.NearlyAll))
	}
	for _, p := range shown {
		v.Rows = append(v.Rows, visitedOf(p, longest))
	}
	if more := len(s.Pages) - len(shown); more > 0 {
		v.More = phrase.Plural(more, "more page")
	}
	return v
}

func visitedOf(p *aggregate.Page, longest time.Duration) pageVisited {
	at := func(m aggregate.Moment, percentile float64) time.Duration { return p.Times[m].Percentile(percentile) }
	row := pageVisited{
		Name: phrase.Shown(p.Name), Visits: phrase.Number(p.Visits), Cut: phrase.Number(p.Visits - p.Whole),
		Cached: share(p.Hits, p.Hits+p.Validated+p.Misses), Bad: p.Whole < p.Visits,
	}
	if p.Whole == 0 {
		return row
	}
	document, blocking, load := at(aggregate.Document, phrase.Median), at(aggregate.Blocking, phrase.Median),
		at(aggregate.Load, phrase.Median)
	row.Document, row.Blocking, row.Load = phrase.Short(document), phrase.Short(blocking), phrase.Short(load)
	row.BlockingP95 = phrase.Short(at(aggregate.Blocking, phrase.NearlyAll))
	row.LoadP95 = phrase.Short(at(aggregate.Load, phrase.NearlyAll))
	row.LoadMax = phrase.Short(p.Times[aggregate.Load].Max())
	row.Told = fmt.Sprintf("median: document %s, blocking %s, load %s; p95 of load %s",
		row.Document, row.Blocking, row.Load, row.LoadP95)
	begin := time.Duration(0)
	for _, part := range []struct {
		class string
		end   time.Duration
	}{
		{"to-document", document},
		{"to-blocking", blocking},
		{"to-load", load},
		{"to-p95", at(aggregate.Load, phrase.NearlyAll)},
	} {
		if part.end > begin {
			row.Strip = append(row.Strip, pageStripe{part.class, percent(begin, longest), percent(part.end-begin, longest)})
			begin = part.end
		}
	}
	return row
}

// percent is a share of a time in percent.
func percent(d, of time.Duration) string {
	const hundred, digits = 100, 2
	return strconv.FormatFloat(hundred*float64(d)/float64(of), 'f', digits, 64)
}

func pageTypesOf(s *phrase.Subject) []pageType {
	var most int64 = 1
	for i := range s.Types {
		most = max(most, s.Types[i].Bytes)
	}
	rows := make([]pageType, len(s.Types))
	for i := range s.Types {
		t := &s.Types[i]
		rows[i] = pageType{
			t.Type, phrase.Number(t.Count), phrase.Number(t.Failed), phrase.Number(t.Hits), phrase.Number(t.Requests),
			phrase.Size(t.Bytes), percent(time.Duration(t.Bytes), time.Duration(most)), t.Failed > 0,
		}
	}
	return rows
}

// visitTiles are those of a visit.
func visitTiles(s *phrase.Subject, v *aggregate.Visit) []tile {
	tiles := []tile{
		tileOf("load", phrase.Short(v.Load), "star"), tileOf("blocking", phrase.Short(v.Blocking), ""),
		tileOf("document", phrase.Short(v.Document), ""),
		{What: "URLs", Value: phrase.Number(s.Count)},
		{What: "requests", Value: phrase.Number(s.Requests)},
		{"failed", phrase.Number(s.Failed), "", badIf(s.Failed)},
	}
	if v.Hits > 0 {
		tiles = append(tiles, tile{What: "from cache", Value: phrase.Number(v.Hits)})
	}
	if v.Validated > 0 {
		tiles = append(tiles, tile{What: "validated", Value: phrase.Number(v.Validated)})
	}
	return tiles
}

// The data of the page's script.
type (
	// visitData is the page of a run. Times are from its start.
	visitData struct {
		Name      string `json:"name"`
		URL       string `json:"url"`
		Document  int64  `json:"document"`
		Blocking  int64  `json:"blocking"`
		Load      int64  `json:"load"`
		Hits      int    `json:"hits"`
		Validated int    `json:"validated"`
	}
	// resourceData are texts: the type, the priority, the element that refers to it, and the URL of what has that; then
	// the place of that among the rows of its run, -1 for the page itself, and whether it blocks and came from a cache.
	resourceData [7]int64
)

func visitDataOf(v *aggregate.Visit) *visitData {
	if v == nil {
		return nil
	}
	return &visitData{
		phrase.Shown(v.Name), phrase.Clean(v.URL), v.Document.Microseconds(), v.Blocking.Microseconds(),
		v.Load.Microseconds(), v.Hits, v.Validated,
	}
}

// pageResources gives what results are to their pages its places, which count from 1.
type pageResources struct {
	data   *pageData
	texts  *pageTexts
	places map[resourceData]int64
}

func (p *pageResources) place(r *aggregate.Sample) int64 {
	about := r.Resource
	if about == nil {
		return 0
	}
	data := resourceDataOf(about, r.FromCache, p.texts.place)
	place := p.places[data]
	if place == 0 {
		p.data.Resources = append(p.data.Resources, data)
		place = int64(len(p.data.Resources))
		p.places[data] = place
	}
	return place
}

func resourceDataOf(r *fetch.Resource, cached bool, text func(string) int64) resourceData {
	flag := func(is bool) int64 {
		if is {
			return 1
		}
		return 0
	}
	return resourceData{
		text(cmp.Or(r.Type, "other")), text(r.Priority), text(r.Element), text(r.InitiatorURL), int64(r.Initiator),
		flag(r.Blocking), flag(cached),
	}
}
