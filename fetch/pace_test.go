package fetch_test

import (
	"context"
	"math"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
)

const ms = time.Millisecond

// paced yields targets at their starts. It does not have them in memory, as a list from a file.
type paced struct {
	targets fetch.TargetList
	starts  []time.Duration
	next    int
}

func (p *paced) Next() (fetch.Target, bool) {
	if p.next == len(p.targets) {
		return fetch.Target{}, false
	}
	p.next++
	return p.targets[p.next-1], true
}

func (p *paced) Len() int             { return len(p.targets) }
func (p *paced) Start() time.Duration { return p.starts[p.next-1] }

// pacedTargets are both kinds of paced iterators over URLs.
func pacedTargets(s *fetch.Spec, starts []time.Duration, urls ...string) map[string]fetch.Iterator {
	list := make(fetch.TargetList, len(urls))
	for i, url := range urls {
		list[i] = fetch.Target{URL: url, Spec: s}
	}
	return map[string]fetch.Iterator{
		"a list in memory": fetch.FromAt(list, starts), "an iterator": &paced{targets: list, starts: starts},
	}
}

// tardy is a limiter for which each start takes that long.
type tardy time.Duration

func (p tardy) Wait(context.Context) error {
	time.Sleep(time.Duration(p)) // of the bubble
	return nil
}

// moments are when a target was due, started and ended.
type moments struct{ due, started, ended time.Duration }

func momentsOf(run *fetch.Run) []moments {
	all := make([]moments, run.Results.Len())
	for i, r := range run.Results.All() {
		all[i] = moments{r.Due, r.Started(), r.Ended()}
	}
	return all
}

func TestTargetsStartWhenTheyAreDue(t *testing.T) {
	t.Parallel()
	const second, moment = "http://a/1s", "http://a/1ms"
	for name, test := range map[string]struct {
		starts []time.Duration
		urls   []string
		opts   fetch.Options
		want   []moments
	}{
		"each starts on time, whatever the others do": {
			[]time.Duration{0, 300 * ms, 2 * time.Second, 2 * time.Second},
			[]string{second, second, "http://b/1s", "http://b/5s"},
			fetch.Options{Concurrency: 4, PerHost: 4},
			[]moments{
				{0, 0, time.Second},
				{300 * ms, 300 * ms, 1300 * ms},
				{2 * time.Second, 2 * time.Second, 3 * time.Second},
				{2 * time.Second, 2 * time.Second, 7 * time.Second},
			},
		},
		"the run waits for the first": {
			[]time.Duration{time.Minute, time.Hour},
			[]string{second, second},
			fetch.Options{Concurrency: 1},
			[]moments{{time.Minute, time.Minute, time.Minute + time.Second}, {time.Hour, time.Hour, time.Hour + time.Second}},
		},
		"a late one starts as soon as a worker is free": {
			[]time.Duration{0, 100 * ms, 200 * ms, 5 * time.Second},
			[]string{second, "http://b/1s", "http://c/1s", "http://d/1s"},
			fetch.Options{Concurrency: 1},
			[]moments{
				{0, 0, time.Second},
				{100 * ms, time.Second, 2 * time.Second},
				{200 * ms, 2 * time.Second, 3 * time.Second},
				{5 * time.Second, 5 * time.Second, 6 * time.Second},
			},
		},
		"one whose host is busy lets another host's start on time": {
			[]time.Duration{0, 100 * ms, 200 * ms},
			[]string{second, second, "http://b/1s"},
			fetch.Options{Concurrency: 3, PerHost: 1},
			[]moments{{0, 0, time.Second}, {100 * ms, time.Second, 2 * time.Second}, {200 * ms, 200 * ms, 1200 * ms}},
		},
		"none starts before those in front of it": {
			[]time.Duration{time.Second, 0, -time.Second, 500 * ms, 2 * time.Second},
			[]string{moment, moment, moment, moment, moment},
			fetch.Options{Concurrency: 5},
			[]moments{
				{time.Second, time.Second, 1001 * ms},
				{0, time.Second, 1001 * ms},
				{0, time.Second, 1001 * ms},
				{500 * ms, time.Second, 1001 * ms},
				{2 * time.Second, 2 * time.Second, 2001 * ms},
			},
		},
		"waiting for the rate begins when they are due": {
			[]time.Duration{time.Second, time.Second, time.Second},
			[]string{moment, moment, moment},
			fetch.Options{Concurrency: 1, Limits: []fetch.Limiter{tardy(100 * ms)}},
			[]moments{
				{time.Second, 1100 * ms, 1101 * ms}, {time.Second, 1201 * ms, 1202 * ms}, {time.Second, 1302 * ms, 1303 * ms},
			},
		},
	} {
		for kind, list := range pacedTargets(spec(), test.starts, test.urls...) {
			t.Run(name+", of "+kind, func(t *testing.T) {
				t.Parallel()
				bubble(t, slow, func(t bubbled) {
					obs := &recorder{}
					run := t.client.Run(t.Context(), list, test.opts, obs)
					require.Equal(t, len(test.urls), run.Ok)
					got := momentsOf(run)
					for i := range got {
						require.Equal(t, test.want[i].due, got[i].due, i)
						require.InDelta(t, test.want[i].started, got[i].started, float64(ms)/10, i)
						require.InDelta(t, test.want[i].ended, got[i].ended, float64(ms)/10, i)
					}
					for _, r := range obs.finished { // as observers see it
						kept := run.Results.At(r.Index)
						require.Equal(t, moments{kept.Due, kept.Started(), kept.Ended()}, moments{r.Due, r.Started(), r.Ended()})
						require.Equal(t, r.Started()-r.Due, r.Queued)
						require.Equal(t, kept.Queued, r.Queued)
					}
				})
			})
		}
	}
}

func TestTargetsWithoutAStartAreDueAtOnce(t *testing.T) {
	t.Parallel()
	bubble(t, slow, func(t bubbled) {
		list := fetch.TargetList{{URL: "http://a.test/1s", Spec: spec()}, {URL: "http://a.test/1s", Spec: spec()}}
		run := t.client.Run(t.Context(), fetch.FromAt(list, []time.Duration{time.Second}), fetch.Options{Concurrency: 2}, nobody{})
		require.Equal(t, []moments{
			{time.Second, time.Second, 2 * time.Second}, {0, time.Second, 2 * time.Second},
		}, momentsOf(run), "the second waited for the first")
		run = t.client.Run(t.Context(), fetch.FromAt(list, nil), fetch.Options{Concurrency: 2}, nobody{})
		require.Equal(t, []moments{{0, 0, time.Second}, {0, 0, time.Second}}, momentsOf(run))
	})
}

// What a run waits for ends with it, at once: nothing that was not due is run, and nothing is left behind.
func TestARunThatEndsWaitsForNothing(t *testing.T) {
	t.Parallel()
	starts := []time.Duration{0, 10 * time.Second, time.Hour, math.MaxInt64}
	for name, prepare := range map[string]func(opts *fetch.Options, cancel func()){
		"the caller goes":    func(_ *fetch.Options, cancel func()) { time.AfterFunc(12*time.Second, cancel) },
		"the deadline comes": func(opts *fetch.Options, _ func()) { opts.Deadline = 12 * time.Second },
		"it is drained": func(opts *fetch.Options, _ func()) {
			drain := make(chan struct{})
			opts.Drain = drain
			time.AfterFunc(12*time.Second, func() { close(drain) })
		},
	} {
		for _, streams := range []bool{false, true} {
			for _, concurrency := range []int{1, 4} {
				for kind, list := range pacedTargets(spec(), starts, "http://a.test/1s", "http://a.test/1s", "http://a.test/1s", "http://a.test/1s") {
					t.Run(name, func(t *testing.T) {
						t.Parallel()
						bubble(t, slow, func(t bubbled) {
							ctx, cancel := context.WithCancel(t.Context())
							defer cancel()
							opts := fetch.Options{Concurrency: concurrency}
							prepare(&opts, cancel)
							fetchAll := t.client.Run
							if streams {
								fetchAll = t.client.Stream
							}
							run := fetchAll(ctx, list, opts, nobody{})
							require.Equal(t, 12*time.Second, run.Elapsed, kind)
							require.Equal(t, []int{4, 2, 0, 2}, []int{run.Count, run.Ok, run.Failed, run.NotRun})
							if streams {
								return
							}
							for _, i := range []int{2, 3} {
								r := run.Results.At(i)
								require.Equal(t, fetch.StateNotRun, r.State)
								require.Equal(t, []time.Duration{12 * time.Second, 0}, []time.Duration{r.Started(), r.Queued},
									"what was not due was not queued either")
							}
						})
					})
				}
			}
		}
	}
}

// A target that is tried again does not hold up those that are due meanwhile, and is not due again.
func TestRetriesAreNotPaced(t *testing.T) {
	t.Parallel()
	bubble(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Host == "busy.test" {
			w.Header().Set("Retry-After", "5")
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}, func(t bubbled) {
		starts := []time.Duration{time.Second, 2 * time.Second}
		run := t.client.Run(t.Context(), pacedTargets(spec(), starts, "http://busy.test/", "http://a.test/")["an iterator"],
			fetch.Options{Concurrency: 2, Retries: 1}, nobody{})
		busy, other := run.Results.At(0), run.Results.At(1)
		require.Equal(t, 2, busy.Attempts)
		require.InDelta(t, 6*time.Second, busy.Ended(), float64(10*ms))
		require.Equal(t, 2*time.Second, other.Started())
	})
}

// pacedTap is a feed whose targets have starts.
type pacedTap struct {
	*tap

	starts []time.Duration
}

func (p pacedTap) Start() time.Duration { return p.starts[p.yielded-1] }

func TestAFeedMayBePaced(t *testing.T) {
	t.Parallel()
	bubble(t, slow, func(t bubbled) {
		p := pacedTap{newTap(), []time.Duration{time.Second, 3 * time.Second, 3 * time.Second, time.Hour}}
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		results := make(chan fetch.Result, 4)
		var run *fetch.Run
		var running sync.WaitGroup
		running.Go(func() {
			run = t.client.Stream(ctx, p, fetch.Options{
				Concurrency: 3, OnResult: func(r *fetch.Result) { results <- *r },
			}, nobody{})
		})
		for range 3 {
			p.send(t.T, spec(), "http://a.test/1s")
		}
		for _, want := range []time.Duration{time.Second, 3 * time.Second, 3 * time.Second} {
			r := <-results
			require.Equal(t, want, r.Started())
		}
		p.send(t.T, spec(), "http://a.test/1s")
		synctest.Wait()
		cancel()
		running.Wait()
		require.Equal(t, []int{4, 3, 1}, []int{run.Count, run.Ok, run.NotRun})
	})
}

// brokenPace panics instead of saying when its second target is due.
type brokenPace struct{ *paced }

func (b brokenPace) Start() time.Duration {
	if b.next == 2 {
		panic("nobody knows")
	}
	return b.paced.Start()
}

func TestAPaceThatPanicsFailsItsTarget(t *testing.T) {
	t.Parallel()
	bubble(t, slow, func(t bubbled) {
		starts := []time.Duration{0, 0, 5 * time.Second}
		list, _ := pacedTargets(spec(), starts, "http://a.test/1s", "http://a.test/1s", "http://a.test/1s")["an iterator"].(*paced)
		run := t.client.Run(t.Context(), brokenPace{list}, fetch.Options{Concurrency: 2}, nobody{})
		require.Equal(t, []int{3, 2, 1}, []int{run.Count, run.Ok, run.Failed})
		require.Equal(t, fetch.StateFailed, run.Results.At(1).State)
		require.Equal(t, 5*time.Second, run.Results.At(2).Started())
	})
}
