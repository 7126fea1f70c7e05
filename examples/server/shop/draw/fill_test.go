package draw_test

import (
	"image"
	"image/color"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/examples/server/shop/draw"
)

//nolint:gochecknoglobals // constants
var (
	white = color.NRGBA{0xff, 0xff, 0xff, 0xff}
	red   = color.NRGBA{0xff, 0, 0, 0xff}
)

// covered is how many pixels a shape covers, parts of pixels included.
func covered(img *image.RGBA) float64 {
	sum := 0.0
	for i := 0; i < len(img.Pix); i += 4 {
		sum += float64(img.Pix[i]) / 255
	}
	return sum
}

func TestFill(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, path string
		want       float64 // pixels
	}{
		{"a square", "M10 10L20 10L20 20L10 20Z", 100},
		{"the other way round", "M10 10L10 20L20 20L20 10Z", 100},
		{"between pixels", "M10.5 10.5L12.5 10.5L12.5 12.5L10.5 12.5Z", 4},
		{"a triangle", "M0 0L40 0L0 40Z", 800},
		{"a steep triangle", "M0 0L0.5 40L0 40Z", 10},
		{"a hole", "M10 10L30 10L30 30L10 30ZM15 15L15 25L25 25L25 15Z", 300},
		{"two that overlap", "M10 10L30 10L30 30L10 30ZM20 10L40 10L40 30L20 30Z", 600},
		{"one that leaves the image", "M-20 -20L10 -20L10 10L-20 10Z", 100},
		{"on the right as well", "M30 30L90 30L90 90L30 90Z", 400},
		{"around the image", "M-90 -90L90 -90L90 90L-90 90Z", 2500},
		{"outside", "M60 60L70 60L70 70L60 70Z", 0},
		{"nothing", "", 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			lines, err := draw.Parse(c.path, 1)
			require.NoError(t, err)
			img := draw.Blank(50, 50)
			draw.Fill(img, lines, draw.Plain(white))
			require.InDelta(t, c.want, covered(img), 0.2)
		})
	}
}

func TestFillCircle(t *testing.T) {
	t.Parallel()
	img := draw.Blank(50, 50)
	draw.Fill(img, []draw.Line{draw.Ellipse(draw.Point{X: 25.3, Y: 24.8}, 20, 20, 0.5)}, draw.Plain(white))
	require.InDelta(t, math.Pi*400, covered(img), 2)
}

func TestFillIsOpaqueAndMixes(t *testing.T) {
	t.Parallel()
	img := draw.Blank(2, 1)
	half := color.NRGBA{0xff, 0xff, 0xff, 0x80}
	lines, err := draw.Parse("M0 0L1 0L1 1L0 1Z", 1)
	require.NoError(t, err)
	draw.Fill(img, lines, draw.Plain(half))
	require.Equal(t, []uint8{0x80, 0x80, 0x80, 0xff, 0, 0, 0, 0xff}, img.Pix)
}

func TestPaints(t *testing.T) {
	t.Parallel()
	gone := color.NRGBA{0xff, 0, 0, 0}
	down := draw.Down(10, 20, red, gone)
	around := draw.Around(draw.Point{X: 0.5, Y: 0.5}, 10, red, gone)
	cases := []struct {
		name string
		got  color.NRGBA
		want uint8 // its alpha
	}{
		{"above a gradient", down(0, 5), 0xff},
		{"in its middle", down(0, 15), 0x80},
		{"in its middle again", down(7, 15), 0x80},
		{"below it", down(0, 25), 0},
		{"at the center of a light", around(0, 0), 0xff},
		{"half way, a quarter is left", around(5, 0), 0x40},
		{"beyond it", around(0, 11), 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, color.NRGBA{0xff, 0, 0, c.want}, c.got)
		})
	}
}
