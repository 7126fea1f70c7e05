package draw

import "math"

// Stroke returns the outlines of lines with a width and round ends. Corners are pointed, and cut off if they are sharp.
func Stroke(lines []Line, width float64) []Line {
	var outlines []Line
	for _, line := range lines {
		points := distinct(line)
		switch {
		case len(points) < 2: // a point has no direction
		case line.Closed:
			outlines = append(outlines,
				Line{side(points, width/2, true), true},
				Line{side(reversed(points), width/2, true), true})
		default:
			back := reversed(points)
			outline := append(side(points, width/2, false), end(points, width/2)...)
			outline = append(append(outline, side(back, width/2, false)...), end(back, width/2)...)
			outlines = append(outlines, Line{outline, true})
		}
	}
	return outlines
}

// distinct returns the points of a line but for repeated ones, which have no direction.
func distinct(line Line) []Point {
	var points []Point
	for _, p := range line.Points {
		if len(points) == 0 || distance(points[len(points)-1], p) > 1e-6 {
			points = append(points, p)
		}
	}
	for line.Closed && len(points) > 1 && distance(points[0], points[len(points)-1]) < 1e-6 {
		points = points[:len(points)-1]
	}
	return points
}

// side returns the left side of a line, at a distance.
func side(points []Point, off float64, closed bool) []Point {
	var out []Point
	n := len(points)
	for i, p := range points {
		switch {
		case closed:
			out = appendCorner(out, points[(i+n-1)%n], p, points[(i+1)%n], off)
		case i == 0:
			out = append(out, beside(p, normal(p, points[1]), off))
		case i == n-1:
			out = append(out, beside(p, normal(points[i-1], p), off))
		default:
			out = appendCorner(out, points[i-1], p, points[i+1], off)
		}
	}
	return out
}

// appendCorner appends where the left sides of two segments meet, or the two ends of a cut.
func appendCorner(out []Point, before, p, after Point, off float64) []Point {
	const longest = 2 // times the width, for a corner
	a, b := normal(before, p), normal(p, after)
	middle := Point{a.X + b.X, a.Y + b.Y}
	length := math.Hypot(middle.X, middle.Y)
	if length < 2.0/longest {
		return append(out, beside(p, a, off), beside(p, b, off))
	}
	return append(out, beside(p, middle, off*2/(length*length)))
}

// end returns a half circle at the last point of a line, but for its ends.
func end(points []Point, off float64) []Point {
	const parts = 6
	last := points[len(points)-1]
	n := normal(points[len(points)-2], last)
	out := make([]Point, 0, parts-1)
	for i := 1; i < parts; i++ {
		sin, cos := math.Sincos(math.Pi * float64(i) / parts)
		out = append(out, beside(last, Point{n.X*cos + n.Y*sin, n.Y*cos - n.X*sin}, off))
	}
	return out
}

// normal returns the direction to the left of a segment, where y grows upwards. Its length is 1.
func normal(a, b Point) Point {
	length := distance(a, b)
	return Point{-(b.Y - a.Y) / length, (b.X - a.X) / length}
}

func beside(p, direction Point, off float64) Point {
	return Point{p.X + direction.X*off, p.Y + direction.Y*off}
}

func reversed(points []Point) []Point {
	out := make([]Point, len(points))
	for i, p := range points {
		out[len(points)-1-i] = p
	}
	return out
}
