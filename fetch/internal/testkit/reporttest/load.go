package reporttest

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/report"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/failure"
)

// The simulated load test.
const (
	loadTime = 760 * time.Second
	loadVUs  = 60
	// loadPause is how long a VU pauses between two runs, on average.
	loadPause = 10 * time.Second
	loadRamp  = 3 // the part of the test in which they come
	perRun    = 20
	atOnce    = 6
)

// Load is a test of nearly 13 minutes, close to 600 steps, with about 70,000 results. Its VUs come and go, servers get
// slow under load, and fail twice for a while.
func Load() *report.Subject {
	s := NewSimulation(aggregate.DefaultLimits())
	s.collect.CountVUs(func() int { return loadedBy(s.now.Sub(begun)) })
	pages := loadPages()
	next := make([]time.Duration, loadVUs) // when each VU begins its next run
	for i := range next {
		next[i] = loadTime / loadRamp * time.Duration(i) / loadVUs
	}
	for turn := 0; ; turn++ {
		vu := 0
		for i := range next {
			if next[i] < next[vu] {
				vu = i
			}
		}
		at := next[vu]
		if at >= loadTime {
			break
		}
		if at > loadTime/2 && loadedBy(at) <= vu {
			next[vu] = loadTime // it has gone
			continue
		}
		run := slices.Clone(pages[turn%(len(pages)/perRun)*perRun:][:perRun])
		under(at, run)
		s.now = begun.Add(at)
		line := s.Run("concurrent", atOnce, run, false)
		next[vu] = at + line.Elapsed + loadPause/2 + time.Duration(s.random.Int64N(int64(loadPause)))
	}
	s.KeepFew("concurrent")
	return s.Subject()
}

// loadedBy is the number of VUs at a time. They come in the first third of the test, and go in its last tenth.
func loadedBy(at time.Duration) int {
	const end = loadTime / 10
	at = max(0, at)
	switch {
	case at < loadTime/loadRamp:
		return 1 + int(loadVUs*at/(loadTime/loadRamp))
	case at > loadTime-end:
		return max(1, int(loadVUs*(loadTime-at)/end))
	default:
		return loadVUs
	}
}

func loadPages() []Page {
	hosts := []string{"shop.example", "api.example", "cdn.example", "search.example"}
	const each = 15
	pages := make([]Page, 0, each*len(hosts))
	for i := range each {
		for j, host := range hosts {
			path := []string{"products/", "api/v2/orders/", "images/", "search?q="}[j] + fmt.Sprint(i)
			pages = append(pages, Page{
				URL: "https://" + host + "/" + path, Typical: time.Duration(20+30*j+4*i) * time.Millisecond,
			})
		}
	}
	return pages
}

// under changes pages to what they are at that time of the test.
func under(at time.Duration, pages []Page) {
	const ms = time.Millisecond
	busy := 1 + float64(loadedBy(at))/loadVUs
	for i := range pages {
		p := &pages[i]
		p.Typical = time.Duration(float64(p.Typical) * busy)
		p.Fails, p.Status, p.Code = 1, http.StatusNotFound, 1404
		switch {
		case 180*time.Second <= at && at < 215*time.Second && p.URL[8] != 'c':
			p.Fails, p.Status, p.Code = 45, http.StatusServiceUnavailable, 1503
			p.Typical = 2*p.Typical + 200*ms
		case 400*time.Second <= at && at < 420*time.Second && p.URL[8] == 'a':
			p.Fails, p.Status, p.Code, p.Error = 80, 0, failure.CodeReset, "connection reset by peer"
		case 405*time.Second <= at && at < 440*time.Second:
			p.Fails, p.Status, p.Code, p.Error = 12, 0, failure.CodeTimeout, "request timeout"
		}
	}
}
