package progress_test

import (
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/progress"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// told are lines, with the times when they came.
type told struct {
	mu    sync.Mutex
	begun time.Time
	lines []string
}

func (t *told) say(line string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.lines = append(t.lines, fmt.Sprintf("%v %s", time.Since(t.begun), line))
}

// at is the progress of a run that finishes ten targets a second, one of which fails.
func at(count int) func() fetch.Progress {
	begun := time.Now()
	return func() fetch.Progress {
		seconds := int(time.Since(begun).Seconds())
		return fetch.Progress{Count: count, Finished: 10 * seconds, Failed: seconds}
	}
}

// In a bubble of synctest time passes when all goroutines wait.
func inBubble(t *testing.T, test func(board *progress.Board, lines *told)) {
	t.Helper()
	synctest.Test(t, func(*testing.T) { test(&progress.Board{}, &told{begun: time.Now()}) })
}

func TestALongRunIsToldOfLessAndLessOften(t *testing.T) {
	t.Parallel()
	inBubble(t, func(board *progress.Board, lines *told) {
		ended := board.Watch(lines.say)(at(3000))
		time.Sleep(4 * time.Minute)
		ended()
		time.Sleep(time.Hour)
		require.Equal(t, []string{
			"5s fetch: 50 of 3,000 URLs (1 %), 5 failed, 10/s, about 4m55s left",
			"15s fetch: 150 of 3,000 URLs (5 %), 15 failed, 10/s, about 4m45s left",
			"35s fetch: 350 of 3,000 URLs (11 %), 35 failed, 10/s, about 4m25s left",
			"1m5s fetch: 650 of 3,000 URLs (21 %), 65 failed, 10/s, about 3m55s left",
			"2m5s fetch: 1,250 of 3,000 URLs (41 %), 125 failed, 10/s, about 2m55s left",
			"3m5s fetch: 1,850 of 3,000 URLs (61 %), 185 failed, 10/s, about 1m55s left",
		}, lines.lines)
	})
}

// Glance is called only for a line.
func TestALineHasWhatWasCollected(t *testing.T) {
	t.Parallel()
	inBubble(t, func(board *progress.Board, lines *told) {
		var glances int
		board.Glance = func() aggregate.Glance {
			glances++
			return aggregate.Glance{
				Runs: glances - 1, Ran: 50, Failed: 5, P95: 212 * time.Millisecond, Reason: aggregate.Cause{Status: 404}, Times: 4,
			}
		}
		board.Watch(lines.say)(at(3000))() // has ended before there is a line
		ended := board.Watch(lines.say)(at(3000))
		time.Sleep(20 * time.Second)
		ended()
		time.Sleep(time.Hour)
		require.Equal(t, []string{
			"5s fetch: 50 of 3,000 URLs (1 %), 5 failed (4 × 404), 10/s, p95 212 ms, about 4m55s left",
			"15s fetch: 150 of 3,000 URLs (5 %), 15 failed, 10/s, about 4m45s left; so far p95 212 ms, 4 × 404",
		}, lines.lines)
		require.Equal(t, 2, glances)
	})
}

func TestARunWithoutAnEndInSightHasNone(t *testing.T) {
	t.Parallel()
	inBubble(t, func(board *progress.Board, lines *told) {
		progress := at(3000)
		ended := board.Watch(lines.say)(func() fetch.Progress {
			p := progress()
			p.Open = true
			return p
		})
		time.Sleep(6 * time.Second)
		ended()
		require.Equal(t, []string{"5s fetch: 50 URLs so far, 5 failed, 10/s"}, lines.lines)
	})
}

func TestShortRunsAreNotToldOf(t *testing.T) {
	t.Parallel()
	inBubble(t, func(board *progress.Board, lines *told) {
		for range 100 { // one after another, without a moment between them
			ended := board.Watch(lines.say)(at(10))
			time.Sleep(4900 * time.Millisecond)
			ended()
		}
		for range 20 { // and overlapping
			endings := make([]func(), 0, 3)
			for range 3 {
				endings = append(endings, board.Watch(lines.say)(at(10)))
				time.Sleep(time.Second)
			}
			for _, ended := range endings {
				ended()
			}
		}
		require.Empty(t, lines.lines)
	})
}

// Many long runs, one after another, cause no more lines than a single one.
func TestLinesGetFewerFromRunToRun(t *testing.T) {
	t.Parallel()
	inBubble(t, func(board *progress.Board, lines *told) {
		for range 100 {
			ended := board.Watch(lines.say)(at(70))
			time.Sleep(6 * time.Second)
			ended()
		}
		require.NotEmpty(t, lines.lines)
		require.LessOrEqual(t, len(lines.lines), 13, "in ten minutes")
	})
}

func TestManyRunsAreToldOfTogether(t *testing.T) {
	t.Parallel()
	inBubble(t, func(board *progress.Board, lines *told) {
		one := board.Watch(lines.say)(at(100))
		two := board.Watch(lines.say)(at(1000))
		stuck := board.Watch(lines.say)(func() fetch.Progress { return fetch.Progress{Count: 5} })
		time.Sleep(2 * time.Second)
		late := board.Watch(lines.say)(at(7))
		time.Sleep(4 * time.Second)
		stuck()
		one()
		time.Sleep(time.Minute)
		late()
		two()
		require.Equal(t, []string{
			"5s fetch: 100 of 1,105 URLs (9 %) of 3 runs, 10 failed, 20/s",
			"15s fetch: 280 of 1,007 URLs (27 %) of 2 runs, 28 failed, 20/s, about 1m25s left",
		}, lines.lines[:2])
	})
}

// Whenever runs begin and end, lines are at least ten seconds apart, and none comes after the last run.
func TestLinesAreFarApart(t *testing.T) {
	t.Parallel()
	inBubble(t, func(board *progress.Board, _ *told) {
		var mu sync.Mutex
		var times []time.Time
		say := func(string) {
			mu.Lock()
			defer mu.Unlock()
			times = append(times, time.Now())
		}
		var workers sync.WaitGroup
		for worker := range 8 {
			workers.Go(func() {
				for i := range 50 {
					ended := board.Watch(say)(at(10))
					time.Sleep(time.Duration((worker*7+i*13)%23) * time.Second)
					ended()
				}
			})
		}
		workers.Wait()
		count := len(times)
		time.Sleep(time.Hour)
		require.Len(t, times, count)
		require.NotEmpty(t, times)
		for i := range times[1:] {
			require.GreaterOrEqual(t, times[i+1].Sub(times[i]), 10*time.Second)
		}
	})
}
