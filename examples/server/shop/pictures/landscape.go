package pictures

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"math/rand/v2"

	"github.com/xk6-fetch/xk6-fetch/examples/server/shop/draw"
)

// Landscape is a picture of hills.
type Landscape struct {
	Mood string // dawn, noon, dusk, night or mist
	Seed uint64 // which hills
	Tent bool   // whether somebody camps there
}

// Draw draws it. Pictures of one shape show the same landscape, whatever their size.
func (l Landscape) Draw(width, height int) (*image.RGBA, error) {
	m, ok := moods[l.Mood]
	if !ok {
		return nil, fmt.Errorf("no mood %q", l.Mood)
	}
	img := draw.Blank(width, height)
	s := scene{
		img: img, mood: m, w: float64(width), h: float64(height),
		random: rand.New(rand.NewPCG(l.Seed, 2)), //nolint:gosec // the same each time
	}
	s.sky()
	const ridges = 6
	for i := range ridges {
		s.ridge(float64(i) / (ridges - 1))
	}
	if l.Tent {
		s.tent()
	}
	grain(img, l.Seed)
	return img, nil
}

// scene is a landscape while it is drawn.
type scene struct {
	img    *image.RGBA
	mood   mood
	w, h   float64
	random *rand.Rand
	hill   func(x float64) float64 // the height of the nearest ridge, in pixels from the top
}

func (s *scene) sky() {
	m := s.mood
	horizon := 0.62 * s.h
	paintAll(s.img, draw.Down(0, 0.6*horizon, m.top, m.middle))
	paintBelow(s.img, 0.6*horizon, draw.Down(0.6*horizon, horizon, m.middle, m.low))
	if m.stars {
		for range 90 {
			x, y, r := s.random.Float64()*s.w, s.random.Float64()*0.5*s.h, (0.5+s.random.Float64())*s.h/500
			s.fill(draw.Plain(faded(white, 0.7)), draw.Ellipse(draw.Point{X: x, Y: y}, r, r, 2))
		}
	}
	sun := draw.Point{X: m.sunX * s.w, Y: m.sunY * s.h}
	s.glow(sun, 0.6*s.h, faded(m.sun, 0.55))
	s.fill(draw.Plain(m.sun), draw.Ellipse(sun, m.sunR*s.h, m.sunR*s.h, 1))
}

// ridge draws a ridge: the farthest for 0, the nearest for 1.
func (s *scene) ridge(near float64) {
	noise := newNoise(s.random)
	base := (0.5 + 0.4*near) * s.h
	high, steep := (0.3-0.18*near)*s.h, 2.2+0.8*near
	s.hill = func(x float64) float64 {
		at := x / s.h * steep
		if near < 0.5 { // mountains have peaks, hills do not
			return base - high*noise.peaks(at)
		}
		return base - high*noise.waves(at)
	}
	line := draw.Line{Closed: true}
	for x := -2.0; x <= s.w+2; x += 2 {
		line.Points = append(line.Points, draw.Point{X: x, Y: s.hill(x)})
	}
	line.Points = append(line.Points, draw.Point{X: s.w + 2, Y: s.h}, draw.Point{X: -2, Y: s.h})
	tint := draw.Mix(s.mood.far, s.mood.near, near)
	foot := draw.Mix(tint, s.mood.low, 0.55*(1-near)) // mist lies between the ridges
	s.fill(draw.Down(base-high, base+0.12*s.h, tint, foot), line)
	if near > 0.5 {
		s.forest(near, tint)
	}
}

// forest draws trees along the nearest ridge, in groups.
func (s *scene) forest(near float64, tint color.NRGBA) {
	noise := newNoise(s.random)
	dark := draw.Plain(draw.Mix(tint, black, 0.12))
	for x := 0.0; x < s.w; x += s.h * (0.008 + 0.012*s.random.Float64()) {
		size := s.h * (0.03 + 0.06*near*s.random.Float64())
		if noise.waves(x/s.h*2.5) < 0.5 {
			continue
		}
		foot := s.hill(x) + 0.01*s.h
		for part := range 3 {
			top, half := foot-size*(1-0.26*float64(part)), size*(0.13+0.06*float64(part))
			bottom := top + size*0.48
			s.fill(dark, polygon(x, top, x+half, bottom, x-half, bottom))
		}
	}
}

// tent draws a tent with light in it.
func (s *scene) tent() {
	x := 0.3 * s.w
	y, size := s.hill(x)+0.05*s.h, 0.15*s.h
	glow := draw.Point{X: x, Y: y - 0.3*size}
	s.glow(glow, 2.4*size, faded(s.mood.warm, 0.45))
	canvas := draw.Mix(s.mood.warm, s.mood.near, 0.35)
	s.fill(draw.Plain(canvas), polygon(x-size, y, x-0.1*size, y-0.85*size, x+0.5*size, y-0.8*size, x+1.1*size, y))
	s.fill(draw.Plain(s.mood.warm), polygon(x-size, y, x-0.1*size, y-0.85*size, x+0.4*size, y))
	s.fill(draw.Plain(draw.Mix(s.mood.warm, white, 0.5)), polygon(x-0.5*size, y, x-0.1*size, y-0.85*size, x+0.05*size, y))
	s.fill(draw.Plain(s.mood.near), polygon(x-0.28*size, y, x-0.1*size, y-0.5*size, x-0.05*size, y))
}

// glow draws light around a point.
func (s *scene) glow(center draw.Point, radius float64, light color.NRGBA) {
	s.fill(draw.Around(center, radius, light, faded(light, 0)), draw.Ellipse(center, radius, radius, 3))
}

func (s *scene) fill(paint draw.Paint, line draw.Line) { draw.Fill(s.img, []draw.Line{line}, paint) }

// noise is a smooth random function.
type noise [256]float64

func newNoise(random *rand.Rand) *noise {
	var n noise
	for i := range n {
		n[i] = random.Float64()
	}
	return &n
}

// at returns a value between 0 and 1.
func (n *noise) at(x float64) float64 {
	floor := math.Floor(x)
	t, i := x-floor, int(floor)
	t = t * t * (3 - 2*t)
	return n[i&255]*(1-t) + n[(i+1)&255]*t
}

func (n *noise) waves(x float64) float64 {
	return 0.6*n.at(x) + 0.28*n.at(2.3*x+17) + 0.12*n.at(5.1*x+41)
}

// peaks is like waves, with sharp maxima.
func (n *noise) peaks(x float64) float64 {
	sum, weight, scale := 0.0, 0.55, 1.0
	for octave := range 5 {
		sum += weight * (1 - math.Abs(2*n.at(scale*x+float64(31*octave))-1))
		weight, scale = weight*0.45, scale*2.1
	}
	return sum
}
