package view

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/columns"
)

// scale is that of bars. It grows with the slowest result, in steps of 1, 2 and 5, and by more than it must, so that
// few lines are drawn to a scale that others are not. The first result to end is among the fastest.
type scale struct{ longest time.Duration }

const firstScale, laterScale = 3, 2 // times as long as the result

// fit makes the scale large enough for a time.
func (s *scale) fit(d time.Duration) {
	if d <= s.longest {
		return
	}
	enough := laterScale * d
	if s.longest == 0 {
		enough = firstScale * d
	}
	for s.longest < enough {
		switch {
		case s.longest == 0:
			s.longest = time.Millisecond
		case strings.HasPrefix(fmt.Sprint(int64(s.longest)), "2"):
			s.longest = s.longest / 2 * 5 //nolint:mnd // 2, 5
		default: // 1, 2 and 5, 10
			s.longest *= 2
		}
	}
}

// cells is how many of the cells of a bar stand for a time. Every time has at least one.
func (s *scale) cells(d time.Duration, width int) int {
	if s.longest == 0 {
		return 1
	}
	return max(1, min(width, int(math.Round(float64(width)*float64(d)/float64(s.longest)))))
}

// phase is a part of a bar in its colour.
type phase struct {
	name  string
	color int // as terminals number them
	of    func(r *fetch.Result) time.Duration
}

// phases are the parts of a time in their order. What none of them accounts for comes first: attempts and hops before
// the last request, and waiting for a connection.
//
//nolint:gochecknoglobals,mnd // a constant table of colours
var phases = []phase{
	{"before", 90, func(r *fetch.Result) time.Duration {
		t := &r.Timings
		known := t.LookingUp + fetch.Dialing(t) + t.TLSHandshaking + t.Sending + t.Waiting + t.Receiving
		return max(r.Elapsed-known, 0)
	}},
	{"DNS", 35, func(r *fetch.Result) time.Duration { return r.Timings.LookingUp }},
	{"connect", 33, func(r *fetch.Result) time.Duration { return fetch.Dialing(&r.Timings) }},
	{"TLS", 36, func(r *fetch.Result) time.Duration { return r.Timings.TLSHandshaking }},
	{"send", 31, func(r *fetch.Result) time.Duration { return r.Timings.Sending }},
	{"wait", 32, func(r *fetch.Result) time.Duration { return r.Timings.Waiting }},
	{"receive", 34, func(r *fetch.Result) time.Duration { return r.Timings.Receiving }},
}

const (
	plainCell   = "*"
	coloredCell = "█"
)

// bar is the bar of a result: asterisks, or a stack of its phases in their colours.
func (s *scale) bar(r *fetch.Result, width int, colors bool) string {
	n := s.cells(r.Elapsed, width)
	if !colors {
		return strings.Repeat(plainCell, n) + strings.Repeat(" ", width-n)
	}
	var out strings.Builder
	var sum time.Duration
	drawn := 0
	for i := range phases {
		p := &phases[i]
		sum += p.of(r)
		end := n
		if i < len(phases)-1 && r.Elapsed > 0 {
			end = min(n, int(math.Round(float64(n)*float64(sum)/float64(r.Elapsed))))
		}
		if end > drawn {
			out.WriteString(columns.Paint(p.color, strings.Repeat(coloredCell, end-drawn)))
			drawn = end
		}
	}
	return out.String() + strings.Repeat(" ", width-n)
}

// legend is a line that says which colour is which phase.
func legend() string {
	parts := make([]string, len(phases))
	for i := range phases {
		parts[i] = columns.Paint(phases[i].color, coloredCell) + " " + phases[i].name
	}
	return strings.Join(parts, "  ") + "\n"
}
