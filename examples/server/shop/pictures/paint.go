package pictures

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"math/rand/v2"

	"github.com/xk6-fetch/xk6-fetch/examples/server/shop/draw"
)

//nolint:gochecknoglobals // constants
var white, black = color.NRGBA{0xff, 0xff, 0xff, 0xff}, color.NRGBA{A: 0xff}

// hex returns the color of a text such as #24463f. A text that is none is gray.
func hex(text string) color.NRGBA {
	c := color.NRGBA{0x80, 0x80, 0x80, 0xff}
	_, _ = fmt.Sscanf(text, "#%02x%02x%02x", &c.R, &c.G, &c.B)
	return c
}

// faded returns a color that covers less of what is below it.
func faded(c color.NRGBA, opacity float64) color.NRGBA {
	c.A = uint8(math.Round(float64(c.A) * opacity))
	return c
}

// paintAll paints a whole image.
func paintAll(img *image.RGBA, paint draw.Paint) { paintBelow(img, 0, paint) }

// paintBelow paints an image from a height down.
func paintBelow(img *image.RGBA, top float64, paint draw.Paint) {
	w, h := float64(img.Bounds().Dx()), float64(img.Bounds().Dy())
	draw.Fill(img, []draw.Line{polygon(0, top, w, top, w, h, 0, h)}, paint)
}

// polygon returns a closed line. The coordinates are x and y in turn.
func polygon(coordinates ...float64) draw.Line {
	line := draw.Line{Closed: true}
	for i := 1; i < len(coordinates); i += 2 {
		line.Points = append(line.Points, draw.Point{X: coordinates[i-1], Y: coordinates[i]})
	}
	return line
}

// grain roughens an image as paper does, which gives its file the size of a photograph.
func grain(img *image.RGBA, seed uint64) {
	const strongest, bits, pixels = 3, 3, 21 // a random number has bits for so many pixels
	random := rand.NewPCG(seed, 1)
	var number uint64
	for i := 0; i < len(img.Pix); i += 4 {
		if i%(4*pixels) == 0 {
			number = random.Uint64()
		}
		by := int(number&(1<<bits-1)) - strongest // #nosec G115 -- three bits
		number >>= bits
		for j := i; j < i+3; j++ {
			img.Pix[j] = uint8(min(255, max(0, int(img.Pix[j])+by))) // #nosec G115 -- between both
		}
	}
}
