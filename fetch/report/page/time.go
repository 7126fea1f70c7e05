package page

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/phrase"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
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

		series *aggregate.Series // with the steps of the charts
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

func pageTimeOf(s *phrase.Subject) *pageTime {
	series := s.Series
	if _, _, compared := s.Compared(); compared || series == nil {
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
		return phrase.Decimal(math.Round(d.Seconds()*1000)/1000) + " s" //nolint:mnd // ms
	case whole < time.Hour:
		return fmt.Sprintf("%d:%02d min", int(d.Minutes()), int(d.Seconds())%60) //nolint:mnd // a minute's
	default:
		return fmt.Sprintf("%d:%02d h", int(d.Hours()), int(d.Minutes())%60) //nolint:mnd // an hour's
	}
}

// length is how long the test took, and at when one of its steps began.
func length(s *aggregate.Series) time.Duration { return s.Width * time.Duration(len(s.Steps)) }

func stepAt(s *aggregate.Series, i int) string { return moment(s.Width*time.Duration(i), length(s)) }

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
func chartsOf(series *aggregate.Series) []pageChart {
	of := func(value func(*aggregate.Step) float64) []float64 {
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
			Lines: []chartLine{{Name: "ended", Class: "rate", values: of(func(s *aggregate.Step) float64 {
				return rounded(float64(s.Count) / width)
			})}},
		},
		{
			ID: "latency", Title: "Time per URL", unit: "time",
			Lines: []chartLine{
				{Name: "p99", Class: "p99", values: of(func(s *aggregate.Step) float64 { return micro(s.P99) })},
				{Name: "p95", Class: "p95", values: of(func(s *aggregate.Step) float64 { return micro(s.P95) })},
				{Name: "p50", Class: "p50", values: of(func(s *aggregate.Step) float64 { return micro(s.P50) })},
			},
		},
		{ID: "failures", Title: "Failures", unit: "count", stacked: true, Lines: failureLines(series, of)},
		{
			ID: "flight", Title: "In flight", unit: "count",
			Lines: []chartLine{
				{Name: "in flight", Class: "flying", values: of(func(s *aggregate.Step) float64 { return rounded(s.InFlight) })},
				{Name: "VUs", Class: "vus", values: of(func(s *aggregate.Step) float64 { return float64(s.VUs) })},
			},
		},
	}
	charts = slices.DeleteFunc(charts, func(c pageChart) bool { return len(c.Lines) == 0 })
	whole := length(series)
	const few = 5
	round := timeTicks(whole, few)
	ticks := make([]axisTick, 0, len(round))
	for _, at := range round {
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
func failureLines(series *aggregate.Series, of func(func(*aggregate.Step) float64) []float64) []chartLine {
	var lines []chartLine
	for i, cause := range series.Reasons {
		line := chartLine{Name: phrase.Briefly(cause), Class: "reason" + strconv.Itoa(i%maxReasonColors)}
		line.values = of(func(s *aggregate.Step) float64 {
			if i >= len(s.Failures) {
				return 0
			}
			return float64(s.Failures[i])
		})
		if slices.Max(line.values) > 0 {
			lines = append(lines, line)
		}
	}
	others := of(func(s *aggregate.Step) float64 {
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
func (c *pageChart) draw(series *aggregate.Series) {
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
		return phrase.Short(time.Duration(v) * time.Microsecond)
	case "rate":
		return rate(v) + "/s"
	default:
		return phrase.Decimal(v)
	}
}

// tick is a value on the axis.
func (c *pageChart) tick(v float64) string {
	if c.unit != "time" {
		return phrase.Decimal(rounded(v))
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
