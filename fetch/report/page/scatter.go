package page

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/phrase"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
)

// scatterOf draws how long results took against how many were in flight.
func scatterOf(series *aggregate.Series) *pageScatter {
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
		share := p.place(float64(point.Elapsed.Microseconds()))
		fmt.Fprintf(out, "M%d %sh0", int(point.InFlight/p.most*tall), height(share, 1))
	}
	p.Answered, p.Failed = answered.String(), bad.String()
	const few = 5
	for _, at := range niceTicks(p.most, few) {
		p.X = append(p.X, axisTick{percentOf(at, p.most), phrase.Decimal(rounded(at))})
	}
	for _, at := range p.ticks() {
		p.Y = append(p.Y, axisTick{percentOf(1-p.place(at), 1), timeTick(at, at)})
	}
	p.Label = fmt.Sprintf("Time by how many were in flight: %s results, of which %s failed; up to %s in flight, and %s",
		phrase.Number(len(series.Points)), phrase.Number(failed), phrase.Decimal(rounded(p.most)),
		phrase.Short(time.Duration(p.high)*time.Microsecond))
	return p
}

// inFlightOf is how many were in flight, in ascending order.
func inFlightOf(points []aggregate.Point) []float64 {
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
