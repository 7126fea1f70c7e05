package page

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/phrase"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
)

// say says since when it was worse, for those who do not look at charts.
func (p *pageTime) say(series *aggregate.Series) {
	p.sayFailures(series)
	p.saySlower(series)
	busiest := slices.MaxFunc(series.Steps, func(a, b aggregate.Step) int { return cmp.Compare(a.Count, b.Count) })
	p.tellf("At most %s URLs per second.", rate(float64(busiest.Count)/series.Width.Seconds()))
}

// tellf adds a sentence. What belongs together stays on one line.
func (p *pageTime) tellf(format string, args ...any) {
	for i, arg := range args {
		if text, ok := arg.(string); ok {
			args[i] = nbsp(text)
		}
	}
	p.Said = append(p.Said, fmt.Sprintf(format, args...))
}

func (p *pageTime) sayFailures(series *aggregate.Series) {
	steps := series.Steps
	const much, least, ofWorst = 2, 0.02, 0.25
	var shares []float64
	failed, count := 0, 0
	for i := range steps {
		s := &steps[i]
		if s.Count > 0 {
			shares = append(shares, float64(s.Failed)/float64(s.Count))
		}
		failed, count = failed+s.Failed, count+s.Count
	}
	if failed == 0 {
		return
	}
	slices.Sort(shares)
	usual := max(least, much*middle(shares), ofWorst*shares[len(shares)*phrase.Outliers/100]) //nolint:mnd // percent
	found := stretches(len(steps), noChance(failed), func(i int) float64 {
		return float64(steps[i].Failed) - usual*float64(steps[i].Count)
	})
	if len(found) == 0 || everything(steps, found) {
		first := slices.IndexFunc(steps, func(s aggregate.Step) bool { return s.Failed > 0 })
		if first == 0 {
			p.tellf("%s failed, from the beginning on.", share(failed, count))
		} else {
			p.tellf("%s failed, the first %s in.", share(failed, count), stepAt(series, first))
		}
		return
	}
	said := make([]string, len(found))
	for i, f := range found {
		bad, all := 0, 0
		for j := f.from; j < f.to; j++ {
			bad, all = bad+steps[j].Failed, all+steps[j].Count
		}
		failed, count = failed-bad, count-all
		said[i] = nbsp(share(bad, all)) + " failed " + f.when(series)
	}
	p.tellf("%s; %s at other times.", plain(strings.Join(said, ", ")), share(failed, count))
	p.mark("failures", found)
}

// noChance is how many of so many failures are together by more than chance.
func noChance(failed int) float64 {
	const few, spread, least, most = 5, 3, 3, 0.6
	return min(few+spread*math.Sqrt(float64(failed)), max(least, most*float64(failed)))
}

func (p *pageTime) saySlower(series *aggregate.Series) {
	steps := series.Steps
	const sure, much = 3, 1.5
	logs, all := make([]float64, len(steps)), make([]float64, 0, len(steps)) // what matters is how many times as slow
	for i := range steps {
		if steps[i].Count > 0 {
			logs[i] = math.Log(max(1, float64(steps[i].P95.Microseconds())))
			all = append(all, logs[i])
		}
	}
	usual := middle(all) + math.Log(much)
	found := stretches(len(steps), sure, func(i int) float64 {
		if steps[i].Count == 0 {
			return 0
		}
		return logs[i] - usual
	})
	slow := make([]bool, len(steps))
	median := func(in func(int) bool) string {
		var of []float64
		for i := range steps {
			if steps[i].Count > 0 && in(i) {
				of = append(of, logs[i])
			}
		}
		return phrase.Short(time.Duration(math.Exp(middle(of))) * time.Microsecond)
	}
	said := make([]string, len(found))
	for i, f := range found {
		for j := f.from; j < f.to; j++ {
			slow[j] = true
		}
		said[i] = nbsp(median(func(i int) bool { return f.from <= i && i < f.to })) + " " + f.when(series)
	}
	if len(found) == 0 || everything(steps, found) {
		p.tellf("p95 was about %s all the time.", median(func(int) bool { return true }))
		return
	}
	otherwise := median(func(i int) bool { return !slow[i] })
	p.tellf("p95 was about %s; %s at other times.", plain(strings.Join(said, ", ")), otherwise)
	p.mark("latency", found)
}

// mark shades the time in which it was worse, in the chart that shows it.
func (p *pageTime) mark(chart string, found []stretch) {
	for i := range p.Charts {
		if c := &p.Charts[i]; c.ID == chart {
			c.stretches = found
			for _, f := range found {
				all := float64(p.Wide / 2) //nolint:mnd // see Wide
				c.Worse = append(c.Worse, axisSpan{percentOf(float64(f.from), all), percentOf(float64(f.to-f.from), all)})
			}
		}
	}
}

// plain is a text whose spaces may break a line.
type plain string

func nbsp(s string) string { return strings.ReplaceAll(s, " ", "\u00a0") }

// stretch is a part of the time in which it was worse than usual.
type stretch struct{ from, to int }

func (f stretch) when(series *aggregate.Series) string {
	from, to := nbsp(stepAt(series, f.from)), nbsp(stepAt(series, f.to))
	switch {
	case f.from == 0 && f.to == len(series.Steps):
		return "all the time"
	case f.to == len(series.Steps):
		return "from " + from + " on"
	case f.to == f.from+1:
		return "at " + from
	default:
		return "from " + from + " to " + to
	}
}

// stretches finds up to two parts of the time, in order, in which the sum of what is over the usual is greatest. A part
// counts if its sum is large enough to be sure of it, and not small next to the other.
func stretches(steps int, sure float64, over func(int) float64) []stretch {
	const most, next = 2, 0.1
	var found []stretch
	taken := make([]bool, steps)
	first := 0.0
	for len(found) < most {
		best, sum, from := stretch{}, 0.0, 0
		highest := 0.0
		for i := range steps {
			if sum <= 0 || taken[i] {
				sum, from = 0, i
			}
			if taken[i] {
				from = i + 1
				continue
			}
			sum += over(i)
			if sum > highest {
				highest, best = sum, stretch{from, i + 1}
			}
		}
		if highest < sure || highest < first*next {
			break
		}
		first = max(first, highest)
		found = append(found, best)
		for i := best.from; i < best.to; i++ {
			taken[i] = true
		}
	}
	slices.SortFunc(found, func(a, b stretch) int { return a.from - b.from })
	return found
}

// everything reports whether all results ended in these parts of the time, so that there are no other times.
func everything(steps []aggregate.Step, found []stretch) bool {
	for i := range steps {
		within := func(f stretch) bool { return f.from <= i && i < f.to }
		if steps[i].Count > 0 && !slices.ContainsFunc(found, within) {
			return false
		}
	}
	return true
}

// middle is the median.
func middle(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}
