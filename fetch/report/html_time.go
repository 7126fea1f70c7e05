package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/collect"
)

// tall is how many units a chart is high. Its paths are in whole units.
const tall = 10_000

// What a test must have for a chart to show more than its figures do: steps in which something ended, and results.
const (
	fewestSteps   = 4
	fewestResults = 50
)

// How a test went over time, as the page shows it.
type (
	pageTime struct {
		Said    []string
		Charts  []pageChart
		Scatter *pageScatter
		Wide    int // of a chart: two units a step

		series *collect.Series // with the steps of the charts
	}
	// pageChart is a chart over time. Its paths are drawn one over the other.
	pageChart struct {
		ID, Title, Label string
		Lines            []chartLine
		X, Y             []axisTick
		Worse            []axisSpan

		unit      string
		stretches []stretch
		max       float64
		stacked   bool
	}
	chartLine struct {
		Name, Class, Path string

		values []float64
	}
	pageScatter struct {
		Label, Answered, Failed string
		X, Y                    []axisTick
		Worse                   []axisSpan // none

		low, high, most float64
		log             bool
	}
	// axisTick stands at a percentage of an axis.
	axisTick struct{ At, Text string }
	// axisSpan is a part of an axis, in percent.
	axisSpan struct{ At, Long string }
)

func pageTimeOf(s *Source) *pageTime {
	series := s.Series
	if _, compared := s.bothWays(); compared || series == nil {
		return nil // a comparison has its own pictures
	}
	steps, results := 0, 0
	for i := range series.Steps {
		if n := series.Steps[i].Count; n > 0 {
			steps, results = steps+1, results+n
		}
	}
	if steps < fewestSteps || results < fewestResults {
		return nil
	}
	series = coarse(series)
	p := &pageTime{Wide: 2 * len(series.Steps), series: series} //nolint:mnd // see Wide
	p.Charts = chartsOf(series)
	p.Scatter = scatterOf(series)
	p.say(series)
	return p
}

func inSeconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// moment is a time of a test that takes as long as whole, in a few letters.
func moment(d, whole time.Duration) string {
	switch {
	case d == 0:
		return "0 s"
	case whole < 2*time.Minute:
		return strconv.FormatFloat(math.Round(d.Seconds()*1000)/1000, 'f', -1, 64) + " s" //nolint:mnd // ms
	case whole < time.Hour:
		return fmt.Sprintf("%d:%02d min", int(d.Minutes()), int(d.Seconds())%60) //nolint:mnd // a minute's
	default:
		return fmt.Sprintf("%d:%02d h", int(d.Hours()), int(d.Minutes())%60) //nolint:mnd // an hour's
	}
}

// length is how long the test took, and at when one of its steps began.
func length(s *collect.Series) time.Duration { return s.Width * time.Duration(len(s.Steps)) }

func stepAt(s *collect.Series, i int) string { return moment(s.Width*time.Duration(i), length(s)) }

// timeTicks are round times of a test.
func timeTicks(whole time.Duration, wanted int) []float64 {
	for _, step := range []float64{30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400} {
		if n := whole.Seconds() / step; whole >= 2*time.Minute && n <= float64(wanted) {
			var ticks []float64
			for at := 0.0; at <= whole.Seconds(); at += step {
				ticks = append(ticks, at)
			}
			return ticks
		}
	}
	return niceTicks(whole.Seconds(), wanted)
}

func percentOf(part, whole float64) string {
	const hundred, digits = 100, 2
	return strconv.FormatFloat(part/whole*hundred, 'f', digits, 64)
}

// niceTicks are round numbers from 0 to the most, about as many as wanted.
func niceTicks(most float64, wanted int) []float64 {
	if !(most > 0) {
		return []float64{0}
	}
	rough := most / float64(wanted)
	power := math.Pow(10, math.Floor(math.Log10(rough))) //nolint:mnd // decades
	step := 10 * power                                   //nolint:mnd // a decade
	for _, n := range []float64{1, 2, 5} {
		if n*power >= rough {
			step = n * power
			break
		}
	}
	var ticks []float64
	for i := 0; float64(i)*step <= most*(1+1e-9); i++ {
		ticks = append(ticks, float64(i)*step)
	}
	return ticks
}

// chartsOf are the charts over time: each that has something to show.
func chartsOf(series *collect.Series) []pageChart {
	of := func(value func(*collect.Step) float64) []float64 {
		values := make([]float64, len(series.Steps))
		for i := range series.Steps {
			values[i] = value(&series.Steps[i])
		}
		return values
	}
	width := series.Width.Seconds()
	micro := func(d time.Duration) float64 { return float64(d.Microseconds()) }
	charts := []pageChart{
		{
			ID: "rate", Title: "URLs per second", unit: "rate",
			Lines: []chartLine{{Name: "ended", Class: "rate", values: of(func(s *collect.Step) float64 {
				return rounded(float64(s.Count) / width)
			})}},
		},
		{
			ID: "latency", Title: "Time", unit: "time",
			Lines: []chartLine{
				{Name: "p99", Class: "p99", values: of(func(s *collect.Step) float64 { return micro(s.P99) })},
				{Name: "p95", Class: "p95", values: of(func(s *collect.Step) float64 { return micro(s.P95) })},
				{Name: "p50", Class: "p50", values: of(func(s *collect.Step) float64 { return micro(s.P50) })},
			},
		},
		{ID: "failures", Title: "Failures", unit: "count", stacked: true, Lines: failureLines(series, of)},
		{
			ID: "flight", Title: "In flight", unit: "count",
			Lines: []chartLine{
				{Name: "in flight", Class: "flying", values: of(func(s *collect.Step) float64 { return rounded(s.InFlight) })},
				{Name: "VUs", Class: "vus", values: of(func(s *collect.Step) float64 { return float64(s.VUs) })},
			},
		},
	}
	charts = slices.DeleteFunc(charts, func(c pageChart) bool { return len(c.Lines) == 0 })
	whole := length(series)
	var ticks []axisTick
	const few = 5
	for _, at := range timeTicks(whole, few) {
		ticks = append(ticks, axisTick{percentOf(at, whole.Seconds()), moment(inSeconds(at), whole)})
	}
	for i := range charts {
		charts[i].X = ticks
		charts[i].draw(series)
	}
	return slices.DeleteFunc(charts, func(c pageChart) bool { return c.max == 0 })
}

// rounded keeps three digits or so, which is what a chart can show.
func rounded(v float64) float64 {
	const tenths, many = 10, 100
	if v >= many {
		return math.Round(v)
	}
	return math.Round(v*tenths) / tenths
}

// failureLines are the failures by reason, the others behind them.
func failureLines(series *collect.Series, of func(func(*collect.Step) float64) []float64) []chartLine {
	var lines []chartLine
	for i, cause := range series.Reasons {
		line := chartLine{Name: briefly(cause), Class: "reason" + strconv.Itoa(i%maxReasonColors)}
		line.values = of(func(s *collect.Step) float64 {
			if i >= len(s.Failures) {
				return 0
			}
			return float64(s.Failures[i])
		})
		if slices.Max(line.values) > 0 {
			lines = append(lines, line)
		}
	}
	others := of(func(s *collect.Step) float64 {
		n := s.Failed
		for _, failures := range s.Failures {
			n -= failures
		}
		return float64(max(0, n))
	})
	if slices.Max(others) > 0 {
		lines = append(lines, chartLine{Name: "others", Class: "others", values: others})
	}
	return lines
}

// maxReasonColors is how many the style has for reasons of failure.
const maxReasonColors = 6

// draw draws the lines of a chart, and says in words what they show.
func (c *pageChart) draw(series *collect.Series) {
	c.Lines = slices.DeleteFunc(c.Lines, func(l chartLine) bool { return slices.Max(l.values) == 0 && c.unit == "count" })
	sum := make([]float64, len(series.Steps))
	heights := make([][]float64, len(c.Lines))
	for i := range c.Lines {
		heights[i] = c.Lines[i].values
		if c.stacked {
			heights[i] = make([]float64, len(sum))
			for j, v := range c.Lines[i].values {
				sum[j] += v
				heights[i][j] = sum[j]
			}
		}
		if len(heights[i]) > 0 {
			c.max = max(c.max, slices.Max(heights[i]))
		}
	}
	if c.max == 0 {
		return
	}
	said := make([]string, len(c.Lines))
	for i := range c.Lines {
		l := &c.Lines[i]
		worst := slices.Index(l.values, slices.Max(l.values))
		said[i] = fmt.Sprintf("%s at most %s, %s in", l.Name, c.text(l.values[worst]),
			stepAt(series, worst))
		switch {
		case c.unit == "time":
			l.Path = linePath(heights[i], c.max)
		case l.Class == "vus":
			l.Path = stepPath(heights[i], c.max)
		default:
			l.Path = areaPath(heights[i], c.max)
		}
	}
	if c.stacked {
		slices.Reverse(c.Lines) // the tallest is drawn first, and the others over it
	}
	c.Label = c.Title + " over the time of the test: " + strings.Join(said, "; ")
	const few = 3
	for _, at := range niceTicks(c.max, few) {
		c.Y = append(c.Y, axisTick{percentOf(c.max-at, c.max), c.tick(at)})
	}
}

// text is a value of the chart in words.
func (c *pageChart) text(v float64) string {
	switch c.unit {
	case "time":
		return short(time.Duration(v) * time.Microsecond)
	case "rate":
		return rate(v) + "/s"
	default:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
}

// tick is a value on the axis.
func (c *pageChart) tick(v float64) string {
	if c.unit != "time" {
		return strconv.FormatFloat(rounded(v), 'f', -1, 64)
	}
	return timeTick(v, c.max)
}

// timeTick is a time in microseconds on an axis, in the unit of the longest.
func timeTick(us, longest float64) string {
	const ms, s = 1e3, 1e6
	switch {
	case us == 0:
		return "0"
	case longest >= s:
		return strconv.FormatFloat(us/s, 'g', 4, 64) + " s"
	case longest >= ms:
		return strconv.FormatFloat(us/ms, 'g', 4, 64) + " ms"
	default:
		return strconv.FormatFloat(us, 'g', 4, 64) + " µs"
	}
}

func height(v, most float64) string { return strconv.Itoa(tall - int(math.Round(v/most*tall))) }

// areaPath goes along the tops of the steps, and back along the ground.
func areaPath(values []float64, most float64) string {
	return fmt.Sprintf("M0 %dL%sV%dZ", tall, strings.TrimPrefix(stepPath(values, most), "M"), tall)
}

// stepPath goes along the tops of the steps.
func stepPath(values []float64, most float64) string {
	var out strings.Builder
	last := ""
	for i, v := range values {
		switch h := height(v, most); {
		case i == 0:
			out.WriteString("M0 " + h)
			last = h
		case h != last:
			fmt.Fprintf(&out, "H%dV%s", 2*i, h)
			last = h
		}
	}
	fmt.Fprintf(&out, "H%d", 2*len(values))
	return out.String()
}

// linePath goes through the middles of the steps, and stops where nothing ended.
func linePath(values []float64, most float64) string {
	var out strings.Builder
	pen := "M"
	for i, v := range values {
		if v == 0 {
			pen = "M"
			continue
		}
		fmt.Fprintf(&out, "%s%d %s", pen, 2*i+1, height(v, most))
		if pen == "M" {
			out.WriteString("h0") // a dot, if nothing follows
		}
		pen = "L"
	}
	return out.String()
}

// scatterOf draws how long results took against how many were in flight.
func scatterOf(series *collect.Series) *pageScatter {
	const fewest = 20
	if len(series.Points) < fewest {
		return nil
	}
	if flying := inFlightOf(series.Points); flying[len(flying)/4] > 0.9*flying[len(flying)-1] { //nolint:mnd // nearly all
		return nil // a pool that is always full has nothing to compare
	}
	p := &pageScatter{low: math.Inf(1)}
	failed := 0
	for i := range series.Points {
		point := &series.Points[i]
		us := max(1, float64(point.Elapsed.Microseconds()))
		p.low, p.high, p.most = min(p.low, us), max(p.high, us), max(p.most, point.InFlight)
		if point.Failed {
			failed++
		}
	}
	const wide = 20
	p.most, p.log = max(p.most, 1), p.high/p.low > wide
	if !p.log {
		p.low = 0
	}
	var answered, bad strings.Builder
	for i := range series.Points {
		point := &series.Points[i]
		out := &answered
		if point.Failed {
			out = &bad
		}
		fmt.Fprintf(out, "M%d %sh0", int(point.InFlight/p.most*tall), height(p.place(float64(point.Elapsed.Microseconds())), 1))
	}
	p.Answered, p.Failed = answered.String(), bad.String()
	const few = 5
	for _, at := range niceTicks(p.most, few) {
		p.X = append(p.X, axisTick{percentOf(at, p.most), strconv.FormatFloat(rounded(at), 'f', -1, 64)})
	}
	for _, at := range p.ticks() {
		p.Y = append(p.Y, axisTick{percentOf(1-p.place(at), 1), timeTick(at, at)})
	}
	p.Label = fmt.Sprintf("Time against targets in flight: %s of the results, up to %s in flight and %s; %s of them failed",
		number(len(series.Points)), strconv.FormatFloat(rounded(p.most), 'f', -1, 64),
		short(time.Duration(p.high)*time.Microsecond), number(failed))
	return p
}

// inFlightOf is how many were in flight, in ascending order.
func inFlightOf(points []collect.Point) []float64 {
	flying := make([]float64, len(points))
	for i := range points {
		flying[i] = points[i].InFlight
	}
	slices.Sort(flying)
	return flying
}

// place is where a time in microseconds stands on the axis, from 0 to 1.
func (p *pageScatter) place(us float64) float64 {
	if p.log {
		return math.Log(max(us, p.low)/p.low) / math.Log(p.high/p.low)
	}
	return us / p.high
}

func (p *pageScatter) ticks() []float64 {
	const few, decade, many = 4, 10, 300
	if !p.log {
		return niceTicks(p.high, few)
	}
	steps := []float64{1, 2, 5}
	if p.high/p.low > many {
		steps = steps[:1]
	}
	var ticks []float64
	for power := math.Pow(decade, math.Floor(math.Log10(p.low))); power <= p.high; power *= decade {
		for _, n := range steps {
			if at := n * power; at >= p.low && at <= p.high {
				ticks = append(ticks, at)
			}
		}
	}
	return ticks
}

// say says since when it was worse, for those who do not look at charts.
func (p *pageTime) say(series *collect.Series) {
	p.sayFailures(series)
	p.saySlower(series)
	busiest := slices.MaxFunc(series.Steps, func(a, b collect.Step) int { return cmp.Compare(a.Count, b.Count) })
	p.tell("At most %s URLs per second.", rate(float64(busiest.Count)/series.Width.Seconds()))
}

// tell adds a sentence. What belongs together stays on one line.
func (p *pageTime) tell(format string, args ...any) {
	for i, arg := range args {
		if text, ok := arg.(string); ok {
			args[i] = nbsp(text)
		}
	}
	p.Said = append(p.Said, fmt.Sprintf(format, args...))
}

func (p *pageTime) sayFailures(series *collect.Series) {
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
	usual := max(least, much*middle(shares), ofWorst*shares[len(shares)*outliers/100]) //nolint:mnd // percent
	found := stretches(len(steps), noChance(failed), func(i int) float64 { return float64(steps[i].Failed) - usual*float64(steps[i].Count) })
	if len(found) == 0 {
		first := slices.IndexFunc(steps, func(s collect.Step) bool { return s.Failed > 0 })
		if first == 0 {
			p.tell("%s failed, from the beginning on.", share(failed, count))
		} else {
			p.tell("%s failed, the first %s in.", share(failed, count), stepAt(series, first))
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
	p.tell("%s; %s at other times.", plain(strings.Join(said, ", ")), share(failed, count))
	p.mark("failures", found)
}

// noChance is how many of so many failures are together by more than chance.
func noChance(failed int) float64 {
	const few, spread, least, most = 5, 3, 3, 0.6
	return min(few+spread*math.Sqrt(float64(failed)), max(least, most*float64(failed)))
}

func (p *pageTime) saySlower(series *collect.Series) {
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
		return short(time.Duration(math.Exp(middle(of))) * time.Microsecond)
	}
	said := make([]string, len(found))
	for i, f := range found {
		for j := f.from; j < f.to; j++ {
			slow[j] = true
		}
		said[i] = nbsp(median(func(i int) bool { return f.from <= i && i < f.to })) + " " + f.when(series)
	}
	if len(found) == 0 {
		p.tell("p95 was about %s all the time.", median(func(int) bool { return true }))
		return
	}
	p.tell("p95 was about %s; %s at other times.", plain(strings.Join(said, ", ")), median(func(i int) bool { return !slow[i] }))
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

func (f stretch) when(series *collect.Series) string {
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

// middle is the median.
func middle(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}
