package aggregate

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch"
)

// recorder gathers a series, in at most 2 MB however long a test is. Results are noted in the shards of the collector,
// and taken over from there several at once, because all of them end in the same step and would wait for one lock.
type recorder struct {
	begun atomic.Pointer[time.Time]
	// vus says how many VUs are active, nil if nobody knows. They are looked at from unseen on, which is where the first
	// step begins that they have not been looked at in.
	vus    func() int
	unseen atomic.Int64

	reasons reasons

	mu     sync.Mutex
	width  time.Duration
	steps  []step
	points reservoir
}

// step is a step that is being gathered.
type step struct {
	count, failed int
	// busy is the time that targets were in flight in it, added up; but without those that were in flight all through
	// it. Of these, there are through more than in the step before.
	busy    float64
	through int
	vus     int
	times   spread
	reasons []reasonCount
}

type reasonCount struct {
	reason int8
	count  uint32
}

// mark is what a series needs of a result.
type mark struct {
	ended, elapsed time.Duration // ended is from the beginning of the series
	reason         int8
}

// notes are the marks that a shard has not handed over yet.
type notes struct {
	marks [maxNotes]mark
	count int
}

const maxNotes = 64

// begin says when the series begins, the first time that it is called.
func (s *recorder) begin(at time.Time) {
	if s.begun.Load() == nil {
		first := at // so that only this one costs an allocation
		s.begun.CompareAndSwap(nil, &first)
	}
}

// markOf is the mark of a result that ran. What happened before the series began is not in it.
func (s *recorder) markOf(r *fetch.Result) mark {
	s.begin(r.RunStarted)
	m := mark{ended: max(0, later(r.RunStarted.Sub(*s.begun.Load()), r.Ended())), reason: notFailed}
	m.elapsed = min(max(0, r.Elapsed), m.ended)
	if r.State == fetch.StateFailed {
		m.reason = s.reasons.of(causeOf(r))
	}
	if int64(m.ended) >= s.unseen.Load() {
		s.lookAtVUs(m.ended)
	}
	return m
}

// later adds two durations, and stays in their range.
func later(a, b time.Duration) time.Duration {
	switch {
	case a > 0 && b > math.MaxInt64-a:
		return math.MaxInt64
	case a < 0 && b < math.MinInt64-a:
		return math.MinInt64
	default:
		return a + b
	}
}

// lookAtVUs keeps how many VUs are active in a step that nobody has looked at yet. Others who come meanwhile go on.
func (s *recorder) lookAtVUs(at time.Duration) {
	unseen := s.unseen.Load()
	if int64(at) < unseen || !s.unseen.CompareAndSwap(unseen, math.MaxInt64) {
		return
	}
	active := 0
	if s.vus != nil {
		active = s.vus()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	i := s.reach(at)
	s.steps[i].vus = max(s.steps[i].vus, active)
	s.unseen.Store(int64(later(at-at%s.width, s.width)))
}

// note keeps a mark in a shard, whose lock is held.
func (s *recorder) note(n *notes, m mark) {
	n.marks[n.count] = m
	if n.count++; n.count == maxNotes {
		s.take(n)
	}
}

// take takes over what a shard has, whose lock is held.
func (s *recorder) take(n *notes) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range n.marks[:n.count] {
		s.put(&n.marks[i])
	}
	n.count = 0
}

// put counts a mark. The lock is held.
func (s *recorder) put(m *mark) {
	i := s.reach(m.ended)
	end := &s.steps[i]
	end.count++
	end.times.add(m.elapsed)
	if m.reason != notFailed {
		end.failed++
		end.because(m.reason, 1)
	}
	s.points.add(m)

	begun := m.ended - m.elapsed
	first := int(begun / s.width)
	if first == i {
		end.busy += float64(m.elapsed)
		return
	}
	s.steps[first].busy += float64(s.width - begun%s.width)
	s.steps[first+1].through++
	end.through--
	end.busy += float64(m.ended % s.width)
}

// reach returns the step at a time: it makes those before as well, and widens them until there are not too many.
func (s *recorder) reach(at time.Duration) int {
	if s.width == 0 {
		s.width = MinWidth
	}
	for at/s.width >= MaxSteps {
		s.widen()
	}
	i := int(at / s.width)
	if n := i + 1 - len(s.steps); n > 0 {
		s.steps = append(s.steps, make([]step, n)...)
	}
	return i
}

// widen makes one step of two.
func (s *recorder) widen() {
	through := 0
	for i := range s.steps {
		through += s.steps[i].through
		s.steps[i].busy += float64(through) * float64(s.width)
		s.steps[i].through = 0
	}
	half := (len(s.steps) + 1) / 2 //nolint:mnd // what it is called
	for i := range half {
		s.steps[i] = s.steps[2*i]
		if 2*i+1 < len(s.steps) {
			s.steps[i].merge(&s.steps[2*i+1])
		}
	}
	clear(s.steps[half:])
	s.steps = s.steps[:half]
	s.width *= 2
}

func (s *step) merge(next *step) {
	s.count += next.count
	s.failed += next.failed
	s.busy += next.busy
	s.vus = max(s.vus, next.vus)
	s.times.merge(&next.times)
	for _, r := range next.reasons {
		s.because(r.reason, r.count)
	}
}

// because counts failures of a reason.
func (s *step) because(reason int8, count uint32) {
	if reason == otherReason {
		return
	}
	for i := range s.reasons {
		if r := &s.reasons[i]; r.reason == reason {
			r.count += min(count, math.MaxUint32-r.count)
			return
		}
	}
	s.reasons = append(s.reasons, reasonCount{reason, count})
}

// series returns what has been taken over until now, nil if that is nothing.
func (s *recorder) series() *Series {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.points.seen == 0 {
		return nil
	}
	series := &Series{Begun: *s.begun.Load(), Width: s.width, Steps: make([]Step, len(s.steps))}
	var places map[int8]int
	series.Reasons, places = s.reasons.mostFrequent(s.steps)
	through, vus := 0, 0
	for i := range s.steps {
		from, to := &s.steps[i], &series.Steps[i]
		through += from.through
		if from.count > 0 {
			vus = from.vus
		}
		p := from.times.percentiles(50, 95, 99) //nolint:mnd // as their names are
		*to = Step{
			Count: from.count, Failed: from.failed, P50: p[0], P95: p[1], P99: p[2],
			InFlight: from.busy/float64(s.width) + float64(through), VUs: vus,
			Failures: make([]int, len(series.Reasons)),
		}
		for _, r := range from.reasons {
			if place, shown := places[r.reason]; shown {
				to.Failures[place] = int(r.count)
			}
		}
	}
	series.Points = s.points.list()
	for i := range series.Points {
		p := &series.Points[i]
		p.InFlight = series.Steps[p.Ended/s.width].InFlight
	}
	return series
}

// reasons numbers the reasons of failure: as many as are told apart.
type reasons struct {
	mu      sync.Mutex
	numbers map[Cause]int8
	causes  []Cause
}

const (
	maxReasons   = 64 // told apart: those that came first
	shownReasons = 8  // the most frequent of them

	notFailed   int8 = -1
	otherReason int8 = -2
)

// of returns the number of a reason.
func (r *reasons) of(cause Cause) int8 {
	r.mu.Lock()
	defer r.mu.Unlock()
	if number, known := r.numbers[cause]; known {
		return number
	}
	if len(r.causes) == maxReasons {
		return otherReason
	}
	if r.numbers == nil {
		r.numbers = make(map[Cause]int8)
	}
	number := int8(len(r.causes)) // #nosec G115 -- bounded
	cause.Error = strings.Clone(cause.Error)
	r.numbers[cause] = number
	r.causes = append(r.causes, cause)
	return number
}

// mostFrequent returns the most frequent reasons, and the places of their numbers.
func (r *reasons) mostFrequent(steps []step) ([]Cause, map[int8]int) {
	var counts [maxReasons]int
	var numbers []int8
	for i := range steps {
		for _, c := range steps[i].reasons {
			if counts[c.reason] == 0 {
				numbers = append(numbers, c.reason)
			}
			counts[c.reason] += int(c.count)
		}
	}
	slices.SortFunc(numbers, func(a, b int8) int { return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b)) })
	numbers = numbers[:min(len(numbers), shownReasons)]
	r.mu.Lock()
	defer r.mu.Unlock()
	causes, places := make([]Cause, len(numbers)), make(map[int8]int, len(numbers))
	for place, number := range numbers {
		causes[place], places[number] = r.causes[number], place
	}
	return causes, places
}
