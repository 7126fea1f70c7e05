package aggregate

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// maxPoints is how many results a series has as points.
const maxPoints = 1000

// reservoir keeps some of the results that come, each with the same probability. It is Algorithm L of Kim-Hung Li,
// which says at once how many results to let pass. The zero value is empty.
type reservoir struct {
	points []Point
	seen   int // how many have come
	next   int // the next that is kept
	weight float64
	random *rand.Rand
}

func (s *reservoir) add(m *mark) {
	s.seen++
	switch {
	case len(s.points) < maxPoints:
		s.points = append(s.points, m.point())
		if len(s.points) == maxPoints {
			// The same results give the same points, so that a report can be written again.
			s.random = rand.New(rand.NewPCG(maxPoints, maxPoints)) // #nosec G404 -- a sample
			s.weight, s.next = 1, s.seen
			s.skip()
		}
	case s.seen == s.next:
		s.points[s.random.IntN(maxPoints)] = m.point()
		s.skip()
	}
}

// skip says which result is kept next.
func (s *reservoir) skip() {
	const farthest = 1 << 40 // which nobody fetches
	above0 := func() float64 { return 1 - s.random.Float64() }
	s.weight *= math.Exp(math.Log(above0()) / maxPoints)
	s.next += 1 + int(min(math.Log(above0())/math.Log1p(-s.weight), farthest))
}

func (m *mark) point() Point {
	return Point{Ended: m.ended, Elapsed: m.elapsed, Failed: m.reason != notFailed}
}

// list returns a copy in the order of the ends.
func (s *reservoir) list() []Point {
	points := slices.Clone(s.points)
	slices.SortStableFunc(points, func(a, b Point) int { return cmp.Compare(a.Ended, b.Ended) })
	return points
}
