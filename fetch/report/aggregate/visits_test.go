package aggregate_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/reporttest"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
)

// visited collects so many visits of the storefront's page. In a bubble of synctest, times are the same every time.
func visited(t *testing.T, n int, ended time.Duration, paths ...string) (c *aggregate.Collector, runs []*fetch.Run) {
	t.Helper()
	c = aggregate.New(aggregate.DefaultLimits())
	synctest.Test(t, func(t *testing.T) {
		s := reporttest.NewStorefront()
		s.OnResult = c.Add
		defer s.Close()
		visit := func(path string) {
			ctx, cancel := context.WithTimeout(t.Context(), ended)
			defer cancel()
			run := s.Visit(ctx, reporttest.StorefrontURL+path)
			c.Ended("page", run)
			runs = append(runs, run)
		}
		for range n {
			visit("")
		}
		for _, path := range paths {
			visit(path)
		}
	})
	return c, runs
}

func TestPagesHaveTheTimesOfTheirVisits(t *testing.T) {
	t.Parallel()
	c, _ := visited(t, 2, time.Hour)
	pages := c.Summary().Pages
	require.Len(t, pages, 1)
	p := pages[0]
	require.Equal(t, "home", p.Name)
	require.Equal(t, []int{2, 2, 8, 2, 22}, []int{p.Visits, p.Whole, p.Hits, p.Validated, p.Misses})
	for m, want := range map[aggregate.Moment][2]time.Duration{
		aggregate.Document: {40 * ms, 40 * ms}, aggregate.Blocking: {40 * ms, 105 * ms}, aggregate.Load: {125 * ms, 125 * ms},
	} {
		require.Equal(t, 2, p.Times[m].Count())
		require.Equal(t, want, [2]time.Duration{p.Times[m].Min(), p.Times[m].Max()}, m)
	}
}

func TestVisitsThatAreNotWholeHaveNoTimes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		what  string
		ended time.Duration
		path  string
		whole int
	}{
		{"one that came to its end", time.Hour, "", 1},
		{"one that was ended while resources waited", 41 * ms, "", 0},
		{"one whose document failed", time.Hour, "images/gone.png", 0},
		{"one that was ended before its document came", 10 * ms, "", 0},
		{"one that never began", 0, "", 0},
	} {
		collected, _ := visited(t, 0, c.ended, c.path)
		p := collected.Summary().Pages[0]
		require.Equal(t, []int{1, c.whole}, []int{p.Visits, p.Whole}, c.what)
		for m := range p.Times {
			require.Equal(t, c.whole, p.Times[m].Count(), c.what)
		}
	}
}

func TestTooManyPagesAreCountedTogether(t *testing.T) {
	t.Parallel()
	paths := make([]string, 0, 203)
	for i := range 203 {
		paths = append(paths, fmt.Sprintf("many?i=%03d", i))
	}
	c, _ := visited(t, 0, time.Hour, append(paths, paths[0], paths[202])...)
	pages := c.Summary().Pages
	require.Len(t, pages, 201)
	require.Equal(t, reporttest.StorefrontURL+paths[0], pages[0].Name)
	require.Equal(t, 2, pages[0].Visits)
	rest := pages[200]
	require.Equal(t, aggregate.Other, rest.Name)
	require.True(t, rest.Rest)
	require.Equal(t, 4, rest.Visits)
}

func TestTypesAreCounted(t *testing.T) {
	t.Parallel()
	c, runs := visited(t, 2, time.Hour)
	types := c.Summary().Types
	told := make([]string, 0, len(types))
	var all aggregate.Counts
	for _, of := range types {
		told = append(told, fmt.Sprintf("%s %d: %d ok, %d failed, %d hits, %d requests, %d bytes", of.Type, of.Count, of.Ok,
			of.Failed, of.Hits, of.Requests, of.Bytes))
		all.Count += of.Count
		all.Bytes += of.Bytes
	}
	require.Equal(t, []string{
		"document 4: 4 ok, 0 failed, 0 hits, 4 requests, 1344 bytes",
		"style 4: 4 ok, 0 failed, 2 hits, 2 requests, 19154 bytes",
		"script 8: 8 ok, 0 failed, 1 hits, 9 requests, 328000 bytes",
		"font 4: 4 ok, 0 failed, 2 hits, 2 requests, 130000 bytes",
		"image 8: 6 ok, 2 failed, 3 hits, 5 requests, 206038 bytes",
		"media 2: 2 ok, 0 failed, 0 hits, 2 requests, 800000 bytes",
		"manifest 2: 2 ok, 0 failed, 0 hits, 2 requests, 400 bytes",
	}, told)
	require.Equal(t, runs[0].Count+runs[1].Count, all.Count)
	require.Equal(t, runs[0].Bytes+runs[1].Bytes, all.Bytes)
}

// What came from a cache took no time. It is counted, but no time is that of a request that was not made.
func TestHitsHaveNoTimes(t *testing.T) {
	t.Parallel()
	c, runs := visited(t, 2, time.Hour)
	s := c.Summary()
	require.Equal(t, 8, s.Hits)
	require.Equal(t, 8, s.Modes[0].Hits)
	require.Equal(t, 8, s.All.Hits)
	ran := runs[0].Count + runs[1].Count - 8
	for phase := range s.All.Times {
		require.Equal(t, ran, s.All.Times[phase].Count(), aggregate.Phase(phase))
	}
	for _, n := range s.Names {
		if n.Name == "cdn.example font" {
			require.Equal(t, []int{4, 4, 2}, []int{n.Count, n.Ok, n.Hits})
			require.Equal(t, 20*ms, n.Times[aggregate.Elapsed].Min(), "that of a request")
			require.Equal(t, 2, n.Sizes.Count())
		}
	}
	ended := 0
	for i := range s.Series.Steps {
		ended += s.Series.Steps[i].Count
	}
	require.Equal(t, ran, ended, "what was requested, over time")
	require.Equal(t, s.All.Times[aggregate.Elapsed].Percentile(95), c.Glance().P95)
}

func TestKeptVisitsSayWhatTheyNeeded(t *testing.T) {
	t.Parallel()
	c, _ := visited(t, 2, time.Hour)
	lines := c.Summary().Timelines
	require.Len(t, lines, 2, "the slowest, and the last")
	last := lines[1]
	require.Equal(t, "home", last.Visit.Name)
	require.Equal(t, reporttest.StorefrontURL, last.Visit.URL)
	require.Equal(t, 125*ms, last.Visit.Load)
	require.True(t, last.Visit.Whole)
	for i := range last.Rows {
		row := &last.Rows[i]
		require.NotNil(t, row.Resource)
		require.Equal(t, row.Resource, row.Result().Resource(), "the result of a sample knows it as well")
		require.Equal(t, row.FromCache, row.Result().FromCache)
		if row.Resource.Initiator < 0 {
			require.Zero(t, i)
			continue
		}
		by := &last.Rows[row.Resource.Initiator]
		require.Equal(t, by.URL, row.Resource.InitiatorURL)
		require.Less(t, row.Resource.Initiator, i, "it was found in what came before")
	}
	c, _ = visited(t, 0, time.Hour, "images/gone.png")
	require.Equal(t, "document", c.Summary().FailedResults[0].Resource.Type)
}

func TestOtherRunsAreNoVisits(t *testing.T) {
	t.Parallel()
	c, run := aggregate.New(aggregate.DefaultLimits()), runs(t)(2, time.Second, 5*ms, 0)
	for _, r := range run.Results.All() {
		c.Add(r)
	}
	c.Ended(many, run)
	s := c.Summary()
	require.Empty(t, s.Pages)
	require.Empty(t, s.Types)
	require.Nil(t, s.Timelines[0].Visit)
	require.Nil(t, s.Timelines[0].Rows[0].Resource)
}

// VUs visit pages at the same time, and somebody may want a summary meanwhile.
func TestVisitsAreCollectedConcurrently(t *testing.T) {
	t.Parallel()
	c := aggregate.New(aggregate.DefaultLimits())
	var vus sync.WaitGroup
	for range 4 {
		vus.Go(func() {
			s := reporttest.NewStorefront()
			s.OnResult = c.Add
			defer s.Close()
			for range 3 {
				c.Ended("page", s.Visit(t.Context(), reporttest.StorefrontURL+"many?n=50"))
				c.Summary()
			}
		})
	}
	vus.Wait()
	s := c.Summary()
	require.Equal(t, 12, s.Pages[0].Visits)
	require.True(t, strings.HasSuffix(s.Pages[0].Name, "many?n=50"))
	require.Equal(t, 12*50, s.Types[1].Count)
}
