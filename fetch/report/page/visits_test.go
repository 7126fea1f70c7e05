package page

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/phrase"
)

// visited is a page that was visited so many times, each of which took as long.
func visited(name string, visits, whole int, blocking, load time.Duration) *aggregate.Page {
	p := &aggregate.Page{Name: name, Visits: visits, Whole: whole, Hits: 3 * visits, Misses: visits}
	for range whole {
		p.Times[aggregate.Document].Add(blocking / 2)
		p.Times[aggregate.Blocking].Add(blocking)
		p.Times[aggregate.Load].Add(load)
	}
	return p
}

func TestPagesAreInATable(t *testing.T) {
	t.Parallel()

	const ms = time.Millisecond
	s := &phrase.Subject{Summary: &aggregate.Summary{
		All: &aggregate.Name{}, Totals: aggregate.Totals{Runs: 15},
		Pages: []*aggregate.Page{visited("a", 10, 10, 100*ms, 200*ms), visited("b", 5, 0, 0, 0), visited("c", 2, 1, 50*ms, 400*ms)},
	}}
	v := pageVisitsOf(s)
	require.Len(t, v.Rows, 3)
	require.True(t, v.Cut, "some were not whole")
	a := v.Rows[0]
	require.Equal(t, []string{"a", "10", "0", "75 %", "50.0 ms", "100 ms", "100 ms", "200 ms", "200 ms", "200 ms"},
		[]string{a.Name, a.Visits, a.Cut, a.Cached, a.Document, a.Blocking, a.BlockingP95, a.Load, a.LoadP95, a.LoadMax})
	require.Equal(t, []pageStripe{
		{"to-document", "0.00", "12.50"}, {"to-blocking", "12.50", "12.50"}, {"to-load", "25.00", "25.00"},
	}, a.Strip, "on one scale with the slowest")
	require.Empty(t, v.Rows[1].Strip, "without times, there is no strip")
	require.Empty(t, v.Rows[1].Load)
	require.Equal(t, "1", v.Rows[2].Cut)
	require.Empty(t, v.More)

	s.Pages = nil
	for range maxVisited + 2 {
		s.Pages = append(s.Pages, visited("a", 1, 1, ms, ms))
	}
	v = pageVisitsOf(s)
	require.Len(t, v.Rows, maxVisited)
	require.Equal(t, "2 more pages", v.More)
	require.False(t, v.Cut)
	require.Nil(t, pageVisitsOf(&phrase.Subject{Summary: &aggregate.Summary{}}))
}

func TestTheTimesOfOneVisitAreTiles(t *testing.T) {
	t.Parallel()

	visit := &aggregate.Visit{PageLoad: fetch.PageLoad{
		Document: 9 * time.Millisecond, Blocking: 30 * time.Millisecond, Load: 31 * time.Millisecond, Hits: 3,
	}}
	s := &phrase.Subject{Summary: &aggregate.Summary{
		All: &aggregate.Name{}, Totals: aggregate.Totals{Runs: 1, Counts: aggregate.Counts{Count: 11, Requests: 8, NotRun: 2}},
		Timelines: []*aggregate.Timeline{{Mode: "page", Visit: visit}},
	}}
	told := make([]string, 0, 9)
	for _, tile := range tilesOf(s) {
		told = append(told, tile.What+" "+tile.Value)
	}
	require.Equal(t, []string{
		"load 31.0", "blocking 30.0", "document 9.00", "URLs 11", "requests 8", "failed 0", "from cache 3", "not run 2",
		"received 0",
	}, told)
	require.Nil(t, pageVisitsOf(s))
}

func TestRowsSayWhatTheyAreToTheirPage(t *testing.T) {
	t.Parallel()

	document := aggregate.Sample{
		URL: "https://a.example/", State: fetch.StateDone,
		Resource: &fetch.Resource{Type: "document", Priority: "highest", Initiator: -1, Blocking: true},
	}
	image := func(elapsed time.Duration) aggregate.Sample {
		return aggregate.Sample{
			URL: "https://a.example/x.png", State: fetch.StateDone, Elapsed: elapsed, FromCache: true,
			Resource: &fetch.Resource{
				Type: "image", Priority: "low", Initiator: 0, InitiatorURL: document.URL, Element: "\x1bimg",
			},
		}
	}
	d := pageDataOf(&phrase.Subject{Summary: &aggregate.Summary{
		All:            &aggregate.Name{},
		Timelines:      []*aggregate.Timeline{{Mode: "page", Visit: &aggregate.Visit{Name: "a"}, Rows: []aggregate.Sample{document, image(1)}}},
		SlowestResults: []aggregate.Sample{image(2), {URL: "https://b.example/", Elapsed: 3}},
	}}, "", nil)
	require.Equal(t, "a", d.Lines[0].Visit.Name)
	require.Len(t, d.Resources, 2, "those that are alike are there once")
	of := func(row int) int64 { return d.Rows[row][len(d.Rows[row])-1] }
	require.Equal(t, []int64{1, 2, 2, 0}, []int64{of(0), of(1), of(2), of(3)})
	r := d.Resources[1]
	text := func(i int) string { return d.Texts[r[i]] }
	require.Equal(t, []string{"image", "low", "\ufffdimg", "https://a.example/"}, []string{text(0), text(1), text(2), text(3)})
	require.Equal(t, []int64{0, 0, 1}, []int64{r[4], r[5], r[6]})
}
