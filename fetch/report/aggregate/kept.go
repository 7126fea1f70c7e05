package aggregate

import (
	"slices"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch"
)

// Why a run is kept, of all runs of its mode.
const (
	Slowest      = "slowest"
	MostFailures = "most failures"
	Last         = "last"
	// Recent is one of the last, where runs are too many for each to be kept until the next has ended.
	Recent = "recent"
)

// Most runs are held as they are, and their rows copied when somebody wants a summary: copying costs as much as a tenth
// of fetching. Runs that would keep much in memory are copied at once.
const (
	maxHeldRows  = 5000
	maxHeldBytes = 4 << 20
)

// held is a run whose rows have not been copied, and how many are to be, some of them with details.
type held struct {
	run            *fetch.Run
	rows, detailed int
}

// holds reports whether a run is small enough to be held.
func holds(run *fetch.Run) bool {
	return run.Results.Len() <= maxHeldRows && run.Results.Weight() <= maxHeldBytes
}

// copyRows copies the rows of a run that is held.
func (t *Timeline) copyRows() {
	if h := t.held; h != nil {
		t.Rows, t.held = rowsOf(h.run, h.rows, h.detailed), nil
	}
}

// Runs that are not held are kept for being the last one as long as no more than so many rows are copied for it: a few
// at once, and then so many in a second, which costs less than a hundredth of it. All other runs are kept for a record
// that they set, which gets rarer and rarer.
const (
	rowsAtOnce    = 5000
	rowsPerSecond = 1000
)

// keptRuns are the runs of a mode that can be looked at one by one: the slowest, the one with the most failures if any
// has some, and the last. Each may be for several of these. Together they have no more rows than one alone may have.
type keptRuns struct {
	slowest, worst, last *Timeline

	copied float64 // rows, of late, for the last
	until  time.Time
}

// wants reports whether a run is to be kept, and among how many then. The lock of the collector is held.
func (k *keptRuns) wants(run *fetch.Run, number, limit int, hold bool) (share int, wanted bool) {
	if run.Results.Len() == 0 {
		return 0, false
	}
	line := &Timeline{Number: number, Totals: Totals{Counts: countsOf(run), Elapsed: run.Elapsed}}
	after := *k
	record := after.place(line)
	share = len(after.all())
	rows := min(limit/share, run.Results.Len())
	return share, record || after.last == line && (hold || k.affords(rows, run.Started.Add(run.Elapsed)))
}

// affords reports whether so many rows may be copied for the last run, and counts them.
func (k *keptRuns) affords(rows int, at time.Time) bool {
	if at.After(k.until) {
		k.copied = max(0, k.copied-at.Sub(k.until).Seconds()*rowsPerSecond)
		k.until = at
	}
	if k.copied+float64(rows) > rowsAtOnce {
		return false
	}
	k.copied += float64(rows)
	return true
}

// keep keeps a run, with up to so many rows of all of them.
func (k *keptRuns) keep(line *Timeline, limit int) {
	k.place(line)
	all := k.all()
	for _, t := range all {
		if short := t.shortened(limit/len(all), DetailedRows/len(all)); short != t {
			k.replace(t, short)
		}
	}
}

// place puts a run where it belongs, and reports whether it set a record.
func (k *keptRuns) place(line *Timeline) (record bool) {
	if k.slowest == nil || line.Elapsed > k.slowest.Elapsed {
		k.slowest, record = line, true
	}
	if line.Failed > 0 && (k.worst == nil || line.Failed > k.worst.Failed) {
		k.worst, record = line, true
	}
	if k.last == nil || line.Number > k.last.Number {
		k.last = line
	}
	return record
}

func (k *keptRuns) replace(old, by *Timeline) {
	for _, t := range []**Timeline{&k.slowest, &k.worst, &k.last} {
		if *t == old {
			*t = by
		}
	}
}

// all are the runs that are kept, the slowest first.
func (k *keptRuns) all() []*Timeline {
	var all []*Timeline
	for _, t := range []*Timeline{k.slowest, k.worst, k.last} {
		if t != nil && !slices.Contains(all, t) {
			all = append(all, t)
		}
	}
	return all
}

// list returns copies of the runs that are kept, which say why. There were so many.
func (k *keptRuns) list(runs, limit int) []*Timeline {
	list := k.all()
	for i, t := range list {
		line := *t
		if t.held != nil {
			line.held = &held{t.held.run, limit / len(list), DetailedRows / len(list)}
		}
		if t == k.slowest {
			line.Why = append(line.Why, Slowest)
		}
		if t == k.worst {
			line.Why = append(line.Why, MostFailures)
		}
		switch {
		case t != k.last:
		case t.Number == runs:
			line.Why = append(line.Why, Last)
		default:
			line.Why = append(line.Why, Recent)
		}
		list[i] = &line
	}
	return list
}

// shortened returns the timeline itself, or a copy if it has more rows, or more rows with details. Others may have the
// timeline, so that it must not be changed.
func (t *Timeline) shortened(rows, detailed int) *Timeline {
	if len(t.Rows) <= rows && (len(t.Rows) <= detailed || t.Rows[detailed].Detail == nil) {
		return t
	}
	short := *t
	short.Rows = slices.Clone(t.Rows[:min(rows, len(t.Rows))])
	for i := min(detailed, len(short.Rows)); i < len(short.Rows); i++ {
		short.Rows[i].Detail = nil
	}
	return &short
}
