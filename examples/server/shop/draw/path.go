// Package draw draws shapes on images: paths as SVG writes them, filled or as lines of a width.
package draw

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Point is a place in a drawing.
type Point struct{ X, Y float64 }

// Line is a polyline. A closed one has a last side back to its first point.
type Line struct {
	Points []Point
	Closed bool
}

// Parse reads a path as the attribute d of SVG has it. It knows the absolute commands M, L, C and Z, each written out.
// Curves become polylines whose sides are about as long as step.
func Parse(d string, step float64) ([]Line, error) {
	p := parser{step: step}
	for field := range strings.FieldsSeq(spaced.Replace(d)) {
		if err := p.take(field); err != nil {
			return nil, fmt.Errorf("path %q: %w", d, err)
		}
	}
	return p.lines, p.end()
}

// spaced separates commands from numbers.
//
//nolint:gochecknoglobals // a constant
var spaced = strings.NewReplacer("M", " M ", "L", " L ", "C", " C ", "Z", " Z ", ",", " ")

type parser struct {
	step    float64
	lines   []Line
	command string
	numbers []float64 // of the command, so far
}

// take takes a command or a number.
func (p *parser) take(field string) error {
	switch field {
	case "M", "L", "C":
		if err := p.end(); err != nil {
			return err
		}
		p.command = field
		return nil
	case "Z":
		if len(p.lines) == 0 {
			return errors.New("an end where a line begins")
		}
		p.lines[len(p.lines)-1].Closed = true
		err := p.end()
		p.command = field
		return err
	}
	number, err := strconv.ParseFloat(field, 64)
	if err != nil || math.IsNaN(number) || math.IsInf(number, 0) {
		return fmt.Errorf("%q is no number", field)
	}
	p.numbers = append(p.numbers, number)
	return p.draw()
}

// draw adds the next point or curve, once its numbers are complete.
func (p *parser) draw() error {
	points := make([]Point, len(p.numbers)/2)
	for i := range points {
		points[i] = Point{p.numbers[2*i], p.numbers[2*i+1]}
	}
	const point, curve = 2, 6
	needed := point
	if p.command == "C" {
		needed = curve
	}
	if len(p.numbers) < needed {
		return nil
	}
	p.numbers = p.numbers[:0]
	switch {
	case p.command == "M":
		p.lines = append(p.lines, Line{Points: points})
		p.command = "L" // as SVG has it, further points are joined
	case len(p.lines) == 0 || p.command == "Z":
		return errors.New("a number where a line begins")
	case p.command == "L":
		last := &p.lines[len(p.lines)-1]
		last.Points = append(last.Points, points[0])
	default:
		last := &p.lines[len(p.lines)-1]
		last.Points = appendCurve(last.Points, points, p.step)
	}
	return nil
}

// end reports an error if the last command lacks numbers.
func (p *parser) end() error {
	if len(p.numbers) > 0 {
		return fmt.Errorf("%s lacks numbers", p.command)
	}
	return nil
}

// appendCurve appends a cubic Bézier curve, from the last point on.
func appendCurve(line, control []Point, step float64) []Point {
	a, b, c, d := line[len(line)-1], control[0], control[1], control[2]
	length := distance(a, b) + distance(b, c) + distance(c, d)
	const least, most = 2, 256
	sides := math.Min(most, math.Ceil(math.Max(least, length/step)))
	for i := 1.0; i <= sides; i++ {
		t := i / sides
		u := 1 - t
		line = append(line, Point{
			u*u*u*a.X + 3*u*u*t*b.X + 3*u*t*t*c.X + t*t*t*d.X,
			u*u*u*a.Y + 3*u*u*t*b.Y + 3*u*t*t*c.Y + t*t*t*d.Y,
		})
	}
	return line
}

func distance(a, b Point) float64 { return math.Hypot(b.X-a.X, b.Y-a.Y) }

// Ellipse returns an ellipse with sides about as long as step.
func Ellipse(center Point, rx, ry, step float64) Line {
	sides := math.Ceil(math.Max(12, 2*math.Pi*math.Max(rx, ry)/step))
	line := Line{Closed: true}
	for i := range int(sides) {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / sides)
		line.Points = append(line.Points, Point{center.X + rx*cos, center.Y + ry*sin})
	}
	return line
}

// Scaled returns lines whose points are multiplied by a factor and then moved.
func Scaled(lines []Line, factor float64, by Point) []Line {
	scaled := make([]Line, len(lines))
	for i, line := range lines {
		scaled[i] = Line{make([]Point, len(line.Points)), line.Closed}
		for j, p := range line.Points {
			scaled[i].Points[j] = Point{p.X*factor + by.X, p.Y*factor + by.Y}
		}
	}
	return scaled
}
