package fetch

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"
)

func urlsOf(hosts ...string) Iterator {
	list := make([]Target, len(hosts))
	for i, host := range hosts {
		list[i].URL = "http://" + host + "/"
	}
	return Targets(list)
}

// takeAll takes n jobs, as many as are free without a release.
func takeAll(t *testing.T, s *schedule, n int) []job {
	t.Helper()
	jobs := make([]job, 0, n)
	for range n {
		j, ok := s.take()
		require.True(t, ok)
		jobs = append(jobs, j)
	}
	return jobs
}

func indexes(jobs []job) []int {
	all := make([]int, len(jobs))
	for i, j := range jobs {
		all[i] = j.index
	}
	return all
}

func TestScheduleHandsOutInOrder(t *testing.T) {
	t.Parallel()
	for _, perHost := range []int{0, 1, 2, 5} {
		s := newSchedule(urlsOf("a", "b", "c", "d", "e"), perHost)
		require.Equal(t, []int{0, 1, 2, 3, 4}, indexes(takeAll(t, s, 5)))
		_, ok := s.take()
		require.False(t, ok, "there is no sixth")
	}
}

func TestSchedulePassesOverABusyHost(t *testing.T) {
	t.Parallel()
	s := newSchedule(urlsOf("slow", "slow", "slow", "fast", "SLOW", "me@fast"), 1)
	jobs := takeAll(t, s, 2)
	require.Equal(t, []int{0, 3}, indexes(jobs), "the second and third target wait for their host")
	s.release(jobs[1])
	fast := takeAll(t, s, 1)
	require.Equal(t, []int{5}, indexes(fast), "user info and capitals do not make another host")
	s.release(fast[0])
	last := jobs[0]
	for _, want := range []int{1, 2, 4} {
		s.release(last)
		last, _ = s.take()
		require.Equal(t, want, last.index, "targets of one host keep their order")
	}
	s.release(last)
	_, ok := s.take()
	require.False(t, ok)
}

func TestScheduleWakesWhoWaitsForAHost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSchedule(urlsOf("a", "a", "a", "a"), 2)
		first := takeAll(t, s, 2)
		var got atomic.Int64
		for range 3 {
			go func() {
				if _, ok := s.take(); ok {
					got.Add(1)
				}
			}()
		}
		synctest.Wait()
		require.Zero(t, got.Load(), "the host has no place")
		s.release(first[0])
		synctest.Wait()
		require.EqualValues(t, 1, got.Load(), "one place is for one")
		s.release(first[1])
		synctest.Wait()
		require.EqualValues(t, 2, got.Load(), "and the third is told that there is nothing left")
	})
}

func TestScheduleTellsThoseWhoWaitThatItIsClosed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSchedule(urlsOf("a", "a", "a"), 1)
		takeAll(t, s, 1)
		var told sync.WaitGroup
		for range 2 {
			told.Go(func() {
				_, ok := s.take()
				require.False(t, ok)
			})
		}
		synctest.Wait()
		s.close()
		told.Wait()
		var left []int
		s.rest(func(j job) { left = append(left, j.index) })
		require.ElementsMatch(t, []int{1, 2}, left)
	})
}

// endless yields targets for one host and counts how many it has yielded.
type endless struct{ read int }

func (e *endless) Next() (Target, bool) {
	e.read++
	return Target{URL: "http://a/"}, e.read <= e.Len()
}

func (e *endless) Len() int { return 3 * maxParked }

func TestScheduleLooksAheadOnlySoFar(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		iterator := &endless{}
		s := newSchedule(iterator, 1)
		j, _ := s.take()
		for range 3 {
			waiting := make(chan job)
			go func() {
				next, _ := s.take()
				waiting <- next
			}()
			synctest.Wait()
			require.InDelta(t, maxParkedIterator, s.readAhead(iterator), 4)
			s.release(j)
			j = <-waiting
		}
		s.close()
		rest := 0
		s.rest(func(job) { rest++ })
		require.Equal(t, iterator.Len()-4, rest)
	})
}

// readAhead is how many targets the iterator has yielded.
func (s *schedule) readAhead(iterator *endless) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return iterator.read
}

// TestScheduleUnderStress has workers take targets at random, with and without an early end.
func TestScheduleUnderStress(t *testing.T) {
	t.Parallel()
	rnd := random(t)
	for range 300 {
		stress(t, stressPlan{
			targets: rnd.IntN(400), hosts: 1 + rnd.IntN(12), perHost: rnd.IntN(5), workers: 1 + rnd.IntN(20),
			closeAfter: rnd.IntN(800), rnd: rnd,
		})
	}
}

type stressPlan struct {
	targets, hosts, perHost, workers int
	closeAfter                       int // jobs; never, if there are fewer
	rnd                              *rand.Rand
}

func stress(t *testing.T, plan stressPlan) {
	t.Helper()
	hosts := make([]string, plan.targets)
	number := make([]int, plan.targets)
	for i := range hosts {
		number[i] = plan.rnd.IntN(plan.hosts)
		hosts[i] = fmt.Sprintf("host%d:%d", number[i], number[i])
	}
	s := newSchedule(urlsOf(hosts...), plan.perHost)
	seen := make([]atomic.Int32, plan.targets)
	busy := make([]atomic.Int32, plan.hosts)
	var over, taken atomic.Int64

	var workers sync.WaitGroup
	for range plan.workers {
		workers.Go(func() {
			for {
				j, ok := s.take()
				if !ok {
					return
				}
				if int(taken.Add(1)) == plan.closeAfter {
					s.close()
				}
				seen[j.index].Add(1)
				if n := busy[number[j.index]].Add(1); plan.perHost > 0 && int(n) > plan.perHost {
					over.Add(1)
				}
				busy[number[j.index]].Add(-1)
				s.release(j)
			}
		})
	}
	workers.Wait()
	s.rest(func(j job) { seen[j.index].Add(1) })
	for i := range seen {
		require.EqualValues(t, 1, seen[i].Load(), "target %d of %+v", i, plan)
	}
	require.Zero(t, over.Load(), "more than perHost at once: %+v", plan)
	if plan.closeAfter > plan.targets {
		require.EqualValues(t, plan.targets, taken.Load(), "%+v", plan)
	}
}
