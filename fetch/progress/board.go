// Package progress says from time to time how far runs are that take long.
package progress

import (
	"sync"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/report"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
)

// first is how long a run must have taken before anything is told of it. Most are done by then.
const first = 5 * time.Second

// gaps are the least times between one line and the next. The last one stays.
//
//nolint:gochecknoglobals,mnd // a constant list
var gaps = []time.Duration{10 * time.Second, 20 * time.Second, 30 * time.Second, time.Minute}

// Board says of all runs of an instance together, a line at a time: of a run that takes long after a few seconds, and
// then less and less often. It reads what runs count anyway, so a run pays for nothing but its beginning and its end.
// There is no goroutine but while a line is told, and none after the last run has ended. The zero value is ready, and
// safe for use by many goroutines.
type Board struct {
	// Glance returns what is known of all results of the instance. It is called once for each line, and may be nil.
	Glance func() aggregate.Glance

	mu    sync.Mutex
	runs  map[*watched]struct{}
	timer *time.Timer
	told  int       // lines
	last  time.Time // when the last line was told
}

// watched is a run under way.
type watched struct {
	begun    time.Time
	progress func() fetch.Progress
	say      func(line string)
}

// Watch returns what [fetch.Options.Watch] wants. Lines are said by the run that has taken longest.
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

// wait has the next line told when it is due. The lock is held.
func (b *Board) wait(oldest *watched) {
	wait := time.Until(b.due(oldest))
	if b.timer == nil {
		b.timer = time.AfterFunc(wait, b.tick)
		return
	}
	b.timer.Reset(wait)
}

// due is when the next line is.
func (b *Board) due(oldest *watched) time.Time {
	due := oldest.begun.Add(first)
	if b.told > 0 {
		if next := b.last.Add(gaps[min(b.told, len(gaps))-1]); next.After(due) {
			return next
		}
	}
	return due
}

// tick says how far it is, unless whoever it was about has ended meanwhile.
func (b *Board) tick() {
	b.mu.Lock()
	defer b.mu.Unlock()
	oldest := b.oldest()
	if oldest == nil {
		return
	}
	if now := time.Now(); !now.Before(b.due(oldest)) {
		oldest.say(report.Progress(b.sum(now)))
		b.told++
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

// sum adds the runs up that have taken long enough.
func (b *Board) sum(now time.Time) report.Underway {
	var all report.Underway
	if b.Glance != nil {
		all.SoFar = b.Glance() // before the runs, so that it has no result that they have not counted
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
