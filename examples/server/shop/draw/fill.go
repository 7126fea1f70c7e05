package draw

import (
	"image"
	"image/color"
	"math"
)

// Blank returns a black image.
func Blank(width, height int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for i := 3; i < len(img.Pix); i += 4 {
		img.Pix[i] = math.MaxUint8
	}
	return img
}

// Paint is the color of a pixel of a shape. Its alpha is how much it covers of what is below; it is not premultiplied.
type Paint func(x, y int) color.NRGBA

// Plain paints all pixels alike.
func Plain(c color.NRGBA) Paint { return func(int, int) color.NRGBA { return c } }

// Down paints from one color at the top to another at the bottom.
func Down(top, bottom float64, from, to color.NRGBA) Paint {
	row, mixed := -1, from // a row has one color
	return func(_, y int) color.NRGBA {
		if y != row {
			row, mixed = y, Mix(from, to, (float64(y)-top)/(bottom-top))
		}
		return mixed
	}
}

// Around paints from one color at a point to another at a distance from it, ever slower.
func Around(center Point, radius float64, from, to color.NRGBA) Paint {
	return func(x, y int) color.NRGBA {
		left := math.Max(0, 1-distance(center, Point{float64(x) + 0.5, float64(y) + 0.5})/radius)
		return Mix(to, from, left*left)
	}
}

// Mix returns a color between two: the first one for 0 or less, the second for 1 or more.
func Mix(a, b color.NRGBA, share float64) color.NRGBA {
	part := uint32(whole * math.Min(1, math.Max(0, share)))
	return color.NRGBA{mix(a.R, b.R, part), mix(a.G, b.G, part), mix(a.B, b.B, part), mix(a.A, b.A, part)}
}

// whole is all of what mix takes parts of.
const whole = 1 << 16

// mix returns a value between two.
func mix(a, b uint8, part uint32) uint8 {
	return uint8((uint32(a)*(whole-part) + uint32(b)*part + whole/2) / whole) // #nosec G115 -- between both
}

// Fill fills closed lines, with smooth edges. Lines that turn the same way cover what any of them covers; a line that
// turns the other way is a hole.
func Fill(img *image.RGBA, lines []Line, paint Paint) {
	c := newCoverage(lines, img.Bounds())
	for _, line := range lines {
		for i, p := range line.Points {
			c.add(p, line.Points[(i+1)%len(line.Points)])
		}
	}
	c.paint(img, paint)
}

// coverage is how much of each pixel a shape covers. A side adds its area in each pixel that it crosses, and its height
// to all pixels on its right; the sum from the left is what is covered.
type coverage struct {
	area   []float64
	bounds image.Rectangle
	stride int
}

// newCoverage returns what holds lines within an image.
func newCoverage(lines []Line, within image.Rectangle) *coverage {
	low, high := Point{math.Inf(1), math.Inf(1)}, Point{math.Inf(-1), math.Inf(-1)}
	for _, line := range lines {
		for _, p := range line.Points {
			low = Point{math.Min(low.X, p.X), math.Min(low.Y, p.Y)}
			high = Point{math.Max(high.X, p.X), math.Max(high.Y, p.Y)}
		}
	}
	bounds := image.Rectangle{}
	if low.X <= high.X {
		bounds = image.Rect(int(math.Floor(low.X)), int(math.Floor(low.Y)), int(math.Ceil(high.X)), int(math.Ceil(high.Y)))
	}
	bounds = bounds.Intersect(within)
	stride := bounds.Dx() + 2 // what is right of the last pixel does not count
	return &coverage{make([]float64, stride*bounds.Dy()), bounds, stride}
}

// add adds a side, row by row.
func (c *coverage) add(from, to Point) {
	sign := 1.0
	if from.Y > to.Y {
		from, to, sign = to, from, -1
	}
	if from.Y == to.Y || c.bounds.Empty() {
		return
	}
	slope := (to.X - from.X) / (to.Y - from.Y)
	low, high := float64(c.bounds.Min.Y), float64(c.bounds.Max.Y)
	for y := math.Floor(math.Max(from.Y, low)); y < math.Min(to.Y, high); y++ {
		top, bottom := math.Max(y, from.Y), math.Min(y+1, to.Y)
		a, b := from.X+(top-from.Y)*slope, from.X+(bottom-from.Y)*slope
		row := c.area[(int(y)-c.bounds.Min.Y)*c.stride:][:c.stride]
		c.addRow(row, math.Min(a, b), math.Max(a, b), sign*(bottom-top))
	}
}

// addRow adds a side from left to right in a row, of such a height.
func (c *coverage) addRow(row []float64, left, right, height float64) {
	minX, width := float64(c.bounds.Min.X), float64(c.bounds.Dx())
	left, right = math.Min(math.Max(left-minX, 0), width), math.Min(math.Max(right-minX, 0), width)
	first, last := int(left), int(right)
	if first == last {
		middle := (left+right)/2 - float64(first)
		row[first] += height * (1 - middle)
		row[first+1] += height * middle
		return
	}
	perPixel := height / (right - left)
	for x := first; x <= last; x++ {
		a, b := math.Max(left, float64(x)), math.Min(right, float64(x+1))
		middle := (a+b)/2 - float64(x)
		row[x] += perPixel * (b - a) * (1 - middle)
		row[x+1] += perPixel * (b - a) * middle
	}
}

func (c *coverage) paint(img *image.RGBA, paint Paint) {
	for y := c.bounds.Min.Y; y < c.bounds.Max.Y; y++ {
		row := c.area[(y-c.bounds.Min.Y)*c.stride:]
		sum := 0.0
		for x := c.bounds.Min.X; x < c.bounds.Max.X; x++ {
			sum += row[x-c.bounds.Min.X]
			if covered := math.Min(1, math.Abs(sum)); covered > 1.0/512 {
				blend(img.Pix[img.PixOffset(x, y):], paint(x, y), covered)
			}
		}
	}
}

// blend puts a color on an opaque pixel.
func blend(pixel []uint8, c color.NRGBA, covered float64) {
	part := uint32(covered * float64(c.A) * (whole / 255.0))
	if part == whole {
		pixel[0], pixel[1], pixel[2] = c.R, c.G, c.B
		return
	}
	pixel[0], pixel[1], pixel[2] = mix(pixel[0], c.R, part), mix(pixel[1], c.G, part), mix(pixel[2], c.B, part)
}
