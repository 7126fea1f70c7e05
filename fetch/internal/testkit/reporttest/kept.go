package reporttest

import (
	"slices"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
)

// fewRuns are the runs of a mode that a collector would keep.
type fewRuns struct {
	count                int
	slowest, worst, last *aggregate.Timeline
}

func (f *fewRuns) add(line *aggregate.Timeline) {
	f.count++
	line.Number = f.count
	if f.slowest == nil || line.Elapsed > f.slowest.Elapsed {
		f.slowest = line
	}
	if line.Failed > 0 && (f.worst == nil || line.Failed > f.worst.Failed) {
		f.worst = line
	}
	f.last = line
}

// KeepFew puts those runs of a mode into the report that a collector would keep.
func (s *Simulation) KeepFew(mode string) {
	f := s.few[mode]
	for _, kept := range []struct {
		line *aggregate.Timeline
		why  string
	}{{f.slowest, aggregate.Slowest}, {f.worst, aggregate.MostFailures}, {f.last, aggregate.Last}} {
		if kept.line == nil {
			continue
		}
		kept.line.Why = append(kept.line.Why, kept.why)
		if !slices.Contains(s.lines, kept.line) {
			s.Keep(kept.line)
		}
	}
}
