package budget

import (
	"iter"
	"math"
	"time"
)

// Verdict is the outcome of a check.
type Verdict struct {
	*Check

	Ok bool
	// Value is the value that was judged, in the unit of the bound. HasValue is false if there was none, because the
	// target, or no target of the run, was answered, or because the target has no such figure.
	// Of what is Expected, the value means nothing.
	Value    float64
	HasValue bool
}

// Record is a verdict in the form of scripts and reports.
type Record struct {
	Check string   `json:"check"`
	Ok    bool     `json:"ok"`
	Value *float64 `json:"value"` // null without a value
}

// Record returns the verdict as a record.
func (v Verdict) Record() Record {
	record := Record{Check: v.Name, Ok: v.Ok}
	if v.HasValue && v.Key != Expected {
		record.Value = &v.Value
	}
	return record
}

// Records returns verdicts as records. It never returns nil, so that scripts and JSON have an empty array.
func Records(verdicts iter.Seq[Verdict]) []Record {
	records := []Record{}
	for v := range verdicts {
		records = append(records, v.Record())
	}
	return records
}

// Judge yields the verdicts on a target that ran. A target that was not answered breaks every check that needs an
// answer: a connection that is refused at once keeps no time budget. If value returns not a number, the target does not
// have the figure, and breaks the check as well.
func (c Checks) Judge(answered bool, value func(Key) float64) iter.Seq[Verdict] {
	return func(yield func(Verdict) bool) {
		for _, check := range c {
			v := Verdict{Check: check}
			if answered || check.Key.early() {
				if figure := value(check.Key); !math.IsNaN(figure) {
					v.Value, v.HasValue, v.Ok = figure, true, check.Holds(figure)
				}
			}
			if !yield(v) {
				return
			}
		}
	}
}

// Run has the figures of a run.
type Run struct {
	Elapsed                         time.Duration
	Speedup                         float64
	Requests, Count, Failed, NotRun int
	Answered                        int // with a whole response, whatever its status
	Times                           func(Key) Times
	// Page is set if the run was a page's.
	Page *Page
}

// Page has the figures of a page.
type Page struct {
	Load, Blocking time.Duration
	// Whole reports whether the document was answered, and all that was found of the page was run. Otherwise, nobody knows
	// what the page costs, and it breaks every check.
	Whole bool
	// Of returns how many resources of a type there are, and how many bytes they have.
	Of func(kind string) (count int, bytes int64)
}

// Times is a distribution of times of the results that ran.
type Times interface {
	Min() time.Duration
	Max() time.Duration
	Mean() time.Duration
	Percentile(p float64) time.Duration
}

// JudgeRun returns the verdicts on a run. If nothing ran, it gives none on aggregates of results. If nothing was
// answered, every check of a time is broken. Of a run that was no page's, checks of pages are not judged.
func (c Checks) JudgeRun(run *Run) []Verdict {
	verdicts := make([]Verdict, 0, len(c))
	ran := run.Count - run.NotRun
	for _, check := range c {
		v := Verdict{Check: check, HasValue: true}
		switch {
		case check.Key.ofPage():
			if run.Page == nil || ran == 0 {
				continue
			}
			if v.HasValue = run.Page.Whole; v.HasValue {
				v.Value = run.Page.figure(check.Key)
			}
		case check.Key.IsTime():
			if ran == 0 {
				continue
			}
			if v.HasValue = run.Answered > 0; v.HasValue {
				v.Value = check.of(run.Times(check.Key))
			}
		case check.Aggregate == Rate:
			var of int
			if v.Value, of = run.rate(check.Key); of == 0 {
				continue
			}
		case check.Key == Speedup:
			if ran == 0 {
				continue
			}
			v.Value = run.Speedup
		default:
			v.Value = run.count(check.Key)
		}
		v.Ok = v.HasValue && check.Holds(v.Value)
		verdicts = append(verdicts, v)
	}
	return verdicts
}

// of is the check's aggregate of times, in milliseconds.
func (c *Check) of(times Times) float64 {
	var d time.Duration
	switch c.Aggregate {
	case Avg:
		d = times.Mean()
	case Min:
		d = times.Min()
	case Max:
		d = times.Max()
	case Med:
		d = times.Percentile(50) //nolint:mnd // the median
	default:
		d = times.Percentile(c.Percentile)
	}
	return Milliseconds(d)
}

func (p *Page) figure(k Key) float64 {
	count, bytes := 0, int64(0)
	if kind := k.Of(); kind != "" {
		count, bytes = p.Of(kind)
	}
	switch k.general() {
	case PageLoad:
		return Milliseconds(p.Load)
	case PageBlocking:
		return Milliseconds(p.Blocking)
	case bytesOf:
		return float64(bytes)
	default:
		return float64(count)
	}
}

// rate is a share, and the number that it is a share of. That of failures is among results that ran, as in the metric
// fetch_failed.
func (r *Run) rate(k Key) (share float64, of int) {
	n, of := r.NotRun, r.Count
	if k == Failed {
		n, of = r.Failed, r.Count-r.NotRun
	}
	if of == 0 {
		return 0, 0
	}
	return float64(n) / float64(of), of
}

func (r *Run) count(k Key) float64 {
	switch k {
	case Failed:
		return float64(r.Failed)
	case NotRun:
		return float64(r.NotRun)
	case RunElapsed:
		return Milliseconds(r.Elapsed)
	default:
		return float64(r.Requests)
	}
}

// Milliseconds is a time in the unit of budgets.
func Milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
