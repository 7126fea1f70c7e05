package page

import (
	"cmp"
	"slices"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/phrase"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
)

// perStep is how many results a step of a chart has on average, at least: with fewer, a chart shows nothing but chance.
const perStep = 8

// coarse returns a series with steps so wide that they have enough results.
func coarse(s *aggregate.Series) *aggregate.Series {
	results := 0
	for i := range s.Steps {
		results += s.Steps[i].Count
	}
	wide := 1
	for wide*results < perStep*len(s.Steps) && len(s.Steps)/(2*wide) >= 2*fewestSteps {
		wide *= 2
	}
	if wide == 1 {
		return s
	}
	merged := *s
	merged.Width, merged.Steps = s.Width*time.Duration(wide), nil
	for steps := range slices.Chunk(s.Steps, wide) {
		merged.Steps = append(merged.Steps, mergedStep(steps, len(s.Reasons)))
	}
	return &merged
}

// mergedStep is several steps in one. Its percentiles are those of theirs, which is exact if each had one result.
func mergedStep(steps []aggregate.Step, reasons int) aggregate.Step {
	one := aggregate.Step{Failures: make([]int, reasons)}
	for i := range steps {
		s := &steps[i]
		one.Count += s.Count
		one.Failed += s.Failed
		for j, n := range s.Failures[:min(len(s.Failures), reasons)] {
			one.Failures[j] += n
		}
		one.InFlight += s.InFlight / float64(len(steps))
		one.VUs = max(one.VUs, s.VUs)
	}
	one.P50 = percentileOf(steps, phrase.Median, func(s *aggregate.Step) time.Duration { return s.P50 })
	one.P95 = percentileOf(steps, phrase.NearlyAll, func(s *aggregate.Step) time.Duration { return s.P95 })
	one.P99 = percentileOf(steps, phrase.Outliers, func(s *aggregate.Step) time.Duration { return s.P99 })
	return one
}

// percentileOf is a percentile of values of steps, each of which counts as often as the step has results.
func percentileOf(steps []aggregate.Step, percent int, value func(*aggregate.Step) time.Duration) time.Duration {
	sorted := slices.Clone(steps)
	slices.SortFunc(sorted, func(a, b aggregate.Step) int { return cmp.Compare(value(&a), value(&b)) })
	all, seen := 0, 0
	for i := range sorted {
		all += sorted[i].Count
	}
	for i := range sorted {
		seen += sorted[i].Count
		if seen > 0 && seen*100 >= all*percent {
			return value(&sorted[i])
		}
	}
	return 0
}
