package fetch

import (
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// Workers that wait for a target to be due take parked targets meanwhile, and nobody forgets the one that is due.
func TestScheduleHandsOutParkedTargetsBeforeTheNextIsDue(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		list, _ := listOf(urlsOf("a", "a", "a", "b"))
		s := newSchedule(FromAt(list, []time.Duration{0, 0, 0, time.Minute}), 1)
		begun := time.Now()
		defer s.pace.begin(begun)()
		first := takeAll(t, s, 1)[0]
		jobs := make(chan job)
		for range 3 {
			go func() {
				j, _ := s.take()
				jobs <- j
			}()
		}
		s.release(first)
		second := <-jobs
		require.Equal(t, 1, second.index)
		s.release(second)
		require.Equal(t, 2, (<-jobs).index)
		require.Zero(t, time.Since(begun), "none of them waited for the minute to pass")
		last := <-jobs
		require.Equal(t, []any{3, time.Minute, time.Minute}, []any{last.index, last.due, time.Since(begun)})
	})
}

// A run that ends while a target is not due leaves no timer behind.
func TestScheduleLeavesNoTimerBehind(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		list, _ := listOf(urlsOf("a"))
		s := newSchedule(FromAt(list, []time.Duration{time.Minute}), 0)
		end := s.pace.begin(time.Now())
		var waiting sync.WaitGroup
		waiting.Go(func() {
			_, ok := s.take()
			require.False(t, ok)
		})
		synctest.Wait()
		require.True(t, s.pace.ticking)
		s.close()
		waiting.Wait()
		end()
		require.False(t, s.pace.timer.Stop(), "it has been stopped")
		var left []int
		s.rest(func(j job) { left = append(left, j.index) })
		require.Equal(t, []int{0}, left)
	})
}

// TestPacedScheduleUnderStress has workers take targets with random starts and hosts, with and without an early end.
func TestPacedScheduleUnderStress(t *testing.T) {
	t.Parallel()
	rnd := random(t)
	for range 200 {
		synctest.Test(t, func(t *testing.T) { stressPaced(t, rnd) })
	}
}

func stressPaced(t *testing.T, rnd *rand.Rand) {
	t.Helper()
	n, hosts, perHost, workers := rnd.IntN(200), 1+rnd.IntN(6), rnd.IntN(3), 1+rnd.IntN(10)
	names, starts := make([]string, n), make([]time.Duration, n)
	for i := range names {
		names[i] = string(rune('a' + rnd.IntN(hosts)))
		starts[i] = time.Duration(rnd.IntN(1000)) * time.Millisecond
	}
	if rnd.IntN(2) == 0 {
		slices.Sort(starts)
	}
	took := make([]time.Duration, n) // each of a different length, so that workers are free at all times
	for i := range took {
		took[i] = time.Duration(rnd.IntN(50_000)) * time.Microsecond
	}
	list, _ := listOf(urlsOf(names...))
	s := newSchedule(FromAt(list, starts), perHost)
	begun := time.Now()
	end := s.pace.begin(begun)
	closes := rnd.IntN(2) == 0
	if closes {
		time.AfterFunc(time.Duration(rnd.IntN(1000))*time.Millisecond, s.close)
	}
	seen := make([]atomic.Int32, n)
	var early, taken atomic.Int64
	var running sync.WaitGroup
	for range workers {
		running.Go(func() {
			for {
				j, ok := s.take()
				if !ok {
					return
				}
				taken.Add(1)
				seen[j.index].Add(1)
				if time.Since(begun) < starts[j.index] {
					early.Add(1)
				}
				time.Sleep(took[j.index])
				s.release(j)
			}
		})
	}
	running.Wait()
	end()
	s.rest(func(j job) { seen[j.index].Add(1) })
	for i := range seen {
		require.EqualValues(t, 1, seen[i].Load(), "target %d", i)
	}
	require.Zero(t, early.Load(), "targets that were not due")
	if !closes {
		require.EqualValues(t, n, taken.Load())
	}
}
