// Package progress reports the progress of long runs from time to time.
package progress

import (
	"sync"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/report"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
)

// first is how long a run must take before its first line. Most have ended by then.
const first = 5 * time.Second

// gaps are the minimum times between lines. The last one applies to all further lines.
//
//nolint:gochecknoglobals,mnd // a constant list
var gaps = []time.Duration{10 * time.Second, 20 * time.Second, 30 * time.Second, time.Minute}

// Board reports the progress of all runs of an instance together, in one line at a time. The first line comes after a
// few seconds, further ones less and less often. It reads counters that runs have anyway, so a run pays only at its
// beginning and its end. A goroutine exists only while a line is written, and none after the last run has ended. The
// zero value is ready, and safe for concurrent use.
type Board struct {
	// Glance returns what is known of all results of the instance. It is called once per line, and may be nil.
	Glance func() aggregate.Glance

	mu    sync.Mutex
	runs  map[*watched]struct{}
	timer *time.Timer
	lines int       // lines written
	last  time.Time // when the last line was written
}

// watched is a run under way.
type watched struct {
	begun    time.Time
	progress func() fetch.Progress
	say      func(line string)
}

// Watch returns a function for [fetch.Options.Watch]. The run that has taken longest writes the lines.
func (b *Board) Watch(say func(line string)) func(progress func() fetch.Progress) (ended func()) {
	return func(progress func() fetch.Progress) func() {
		run := &watched{time.Now(), progress, say}
		b.begin(run)
		return func() { b.end(run) }
	}
}

func (b *Board) begin(run *watched) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.runs == nil {
		b.runs = make(map[*watched]struct{})
	}
	b.runs[run] = struct{}{}
	if len(b.runs) == 1 {
		b.wait(run)
	}
}

func (b *Board) end(run *watched) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.runs, run)
	if len(b.runs) == 0 {
		b.timer.Stop()
	}
}

// wait sets the timer for the next line. The lock is held.
func (b *Board) wait(oldest *watched) {
	wait := time.Until(b.due(oldest))
	if b.timer == nil {
		b.timer = time.AfterFunc(wait, b.tick)
		return
	}
	b.timer.Reset(wait)
}

// due is when the next line is due.
func (b *Board) due(oldest *watched) time.Time {
	due := oldest.begun.Add(first)
	if b.lines > 0 {
		if next := b.last.Add(gaps[min(b.lines, len(gaps))-1]); next.After(due) {
			return next
		}
	}
	return due
}

// tick writes a line, unless the runs have ended meanwhile.
func (b *Board) tick() {
	b.mu.Lock()
	defer b.mu.Unlock()
	oldest := b.oldest()
	if oldest == nil {
		return
	}
	if now := time.Now(); !now.Before(b.due(oldest)) {
		oldest.say(report.Progress(b.sum(now)))
		b.lines++
		b.last = now
	}
	b.wait(oldest)
}

func (b *Board) oldest() *watched {
	var oldest *watched
	for run := range b.runs {
		if oldest == nil || run.begun.Before(oldest.begun) {
			oldest = run
		}
	}
	return oldest
}

// sum adds up the runs that have taken long enough.
func (b *Board) sum(now time.Time) report.Underway {
	var all report.Underway
	if b.Glance != nil {
		all.SoFar = b.Glance() // before the runs, so that it has no result that they have not counted yet
	}
	for run := range b.runs {
		took := now.Sub(run.begun)
		if took < first {
			continue
		}
		p := run.progress()
		all.Runs++
		all.Count += p.Count
		all.Finished += p.Finished
		all.Failed += p.Failed
		all.Open, all.Unknown = all.Open || p.Open, all.Unknown || p.Open
		rate := float64(p.Finished) / took.Seconds()
		all.Rate += rate
		if left := p.Count - p.Finished; rate > 0 {
			all.Left = max(all.Left, time.Duration(float64(left)/rate*float64(time.Second)))
		} else if left > 0 {
			all.Unknown = true
		}
	}
	return all
}
