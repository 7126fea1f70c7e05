package typeface

import (
	"bytes"
	"math"

	"github.com/xk6-fetch/xk6-fetch/examples/server/shop/draw"
)

// add adds a glyph. One without contours is a space.
func (f *font) add(advance int, lines []draw.Line) {
	f.loca = u32(f.loca, len(f.glyf))
	f.hmtx = u16(f.hmtx, advance)
	if len(lines) == 0 {
		f.hmtx = u16(f.hmtx, 0)
		return
	}
	low, high := [2]int{math.MaxInt16, math.MaxInt16}, [2]int{math.MinInt16, math.MinInt16}
	var points [][2]int
	var ends []byte
	for _, line := range lines {
		for _, p := range line.Points {
			point := [2]int{int(math.Round(p.X)), int(math.Round(p.Y))}
			for i := range point {
				low[i], high[i] = min(low[i], point[i]), max(high[i], point[i])
			}
			points = append(points, point)
		}
		ends = u16(ends, len(points)-1)
	}
	for i := range low {
		f.low[i], f.high[i] = min(f.low[i], low[i]), max(f.high[i], high[i])
	}
	f.points, f.corners = max(f.points, len(points)), max(f.corners, len(lines))
	f.hmtx = u16(f.hmtx, low[0])
	f.glyf = u16(f.glyf, len(lines), low[0], low[1], high[0], high[1])
	f.glyf = append(f.glyf, ends...)
	f.glyf = u16(f.glyf, 0) // no instructions
	f.glyf = appendPoints(f.glyf, points)
	for len(f.glyf)%4 != 0 {
		f.glyf = append(f.glyf, 0)
	}
}

// appendPoints appends points, each as the difference to the one before: their flags, then all x, then all y.
func appendPoints(out []byte, points [][2]int) []byte {
	const onCurve, overlaps = 1, 1 << 6
	flags, coordinates := bytes.Repeat([]byte{onCurve}, len(points)), []byte(nil)
	flags[0] |= overlaps
	for axis := range 2 {
		before := 0
		for i, p := range points {
			flag, encoded := difference(p[axis] - before)
			before = p[axis]
			flags[i] |= flag << axis
			coordinates = append(coordinates, encoded...)
		}
	}
	return append(append(out, flags...), coordinates...)
}

// difference encodes a coordinate, and returns its flags for x. Those for y are one bit higher.
func difference(by int) (flag byte, encoded []byte) {
	const short, sameOrPositive = 1 << 1, 1 << 4
	switch {
	case by == 0:
		return sameOrPositive, nil
	case by > 0 && by <= math.MaxUint8:
		return short | sameOrPositive, []byte{byte(by)}
	case by < 0 && by >= -math.MaxUint8:
		return short, []byte{byte(-by)}
	default:
		return 0, u16(nil, by)
	}
}
