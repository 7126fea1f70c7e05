package pictures

import (
	"image"
	"image/color"
	"math"

	"github.com/xk6-fetch/xk6-fetch/examples/server/shop/draw"
)

// Ware is a picture of something that the shop sells.
type Ware struct {
	Art        string // the drawing
	Colors     Colors
	Background string    // the color of a wall behind it
	Outside    Landscape // where it stands, instead of before a wall
	Close      bool      // whether the picture shows a detail
}

// Draw draws it on a square with sides of so many pixels.
func (w Ware) Draw(width int) (*image.RGBA, error) {
	img, err := w.behind(width)
	if err != nil {
		return nil, err
	}
	size := float64(width)
	factor, corner := 0.86*size/side, draw.Point{X: 0.07 * size, Y: 0.075 * size}
	if w.Close {
		factor, corner = 1.7*size/side, draw.Point{X: -0.58 * size, Y: -0.55 * size}
	}
	drawn := factor * side
	shadow(img, draw.Point{X: corner.X + 0.55*drawn, Y: corner.Y + 0.882*drawn}, 0.34*drawn)
	if err := paintDrawing(img, w.Art, w.Colors, factor, corner); err != nil {
		return nil, err
	}
	grain(img, uint64(width)) // #nosec G115 -- any number
	return img, nil
}

// behind draws what is behind it: a landscape, or a wall and a floor.
func (w Ware) behind(width int) (*image.RGBA, error) {
	if w.Outside.Mood != "" {
		return w.Outside.Draw(width, width)
	}
	img, size, wall := draw.Blank(width, width), float64(width), hex(w.Background)
	floor := 0.8 * size
	paintAll(img, draw.Down(0, size, draw.Mix(wall, white, 0.4), wall))
	paintBelow(img, floor, draw.Down(floor, size, draw.Mix(wall, black, 0.07), draw.Mix(wall, black, 0.02)))
	return img, nil
}

// shadow paints a soft shadow around a point.
func shadow(img *image.RGBA, center draw.Point, radius float64) {
	const layers = 12
	tint := color.NRGBA{R: 0x1c, G: 0x24, B: 0x20, A: 9}
	for i := range layers {
		r := radius * (0.75 + 0.45*float64(i)/layers)
		ellipse := draw.Ellipse(center, r, math.Max(1, 0.1*r), 2)
		draw.Fill(img, []draw.Line{ellipse}, draw.Plain(tint))
	}
}
