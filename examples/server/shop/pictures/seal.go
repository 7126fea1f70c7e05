package pictures

import (
	"image"

	"github.com/xk6-fetch/xk6-fetch/examples/server/shop/draw"
)

// Seal returns the seal of what can be mended, as SVG.
func Seal() ([]byte, error) { return art.ReadFile("art/seal.svg") }

// SealImage draws the seal on the color of where it is shown.
func SealImage(width int) (*image.RGBA, error) {
	img := draw.Blank(width, width)
	paintAll(img, draw.Plain(hex("#16302c")))
	return img, paintDrawing(img, "seal", nil, float64(width)/side, draw.Point{})
}
