package pictures

import (
	"image"
	"math/rand/v2"

	"github.com/xk6-fetch/xk6-fetch/examples/server/shop/draw"
)

// The map of a town has TilesAcross times TilesDown tiles. Their sides have TileSize pixels.
const (
	TileSize    = 256
	TilesAcross = 3
	TilesDown   = 2
)

// way is what a map shows as a line or an area.
type way struct {
	color string
	width float64 // of a line; an area has none
	path  string
}

const road, park, water, rails = "#fffdf6", "#cfe0c3", "#a9cbd3", "#b9a98c"

//nolint:gochecknoglobals // a table
var ways = []way{
	{park, 0, "M0 0 L210 0 C190 60 210 90 160 130 C110 170 60 150 0 190 Z"},
	{park, 0, "M520 300 L700 280 L768 330 L768 512 L560 512 C540 440 500 380 520 300 Z"},
	{park, 0, "M300 190 L392 176 L408 250 L318 262 Z"},
	{water, 34, "M-10 410 C120 380 180 440 280 400 C380 360 420 300 480 220 C520 160 600 140 780 90"},
	{water, 0, "M0 470 C60 440 120 470 150 530 L-10 530 Z"},
	{road, 12, "M250 -10 C250 120 262 200 270 300 C274 360 300 430 330 530"},
	{road, 12, "M-10 270 C120 262 220 256 330 262 C460 270 600 230 780 236"},
	{road, 9, "M560 -10 C556 90 570 170 560 250 C552 330 500 420 470 530"},
	{road, 6, "M90 -10 C110 80 130 160 140 262"},
	{road, 6, "M-10 120 C90 110 180 100 255 96 C360 90 460 70 558 60"},
	{road, 6, "M400 84 C402 130 404 180 410 262"},
	{road, 6, "M262 180 C330 172 420 168 470 160"},
	{road, 6, "M660 -10 C664 80 680 160 684 234 C690 330 660 420 640 530"},
	{road, 6, "M40 268 C60 330 120 350 150 398"},
	{road, 6, "M290 372 C360 400 430 430 500 440 C600 450 700 430 780 440"},
	{rails, 2.5, "M-10 330 C200 320 500 350 780 180"},
}

// Town draws the map of a town, of which the tiles are parts.
func Town() (*image.RGBA, error) {
	img := draw.Blank(TilesAcross*TileSize, TilesDown*TileSize)
	paintAll(img, draw.Plain(hex("#efe8d8")))
	houses(img)
	const border = 4
	for _, w := range ways { // before all roads, so that they cross without borders between them
		if w.color == road {
			if err := w.paint(img, "#d9ccb2", border); err != nil {
				return nil, err
			}
		}
	}
	for _, w := range ways {
		if err := w.paint(img, w.color, 0); err != nil {
			return nil, err
		}
	}
	return img, nil
}

// paint paints a way in a color, wider than it is.
func (w *way) paint(img *image.RGBA, color string, wider float64) error {
	const step = 4
	lines, err := draw.Parse(w.path, step)
	if w.width > 0 {
		lines = draw.Stroke(lines, w.width+wider)
	}
	draw.Fill(img, lines, draw.Plain(hex(color)))
	return err
}

// houses draws blocks of houses, which streets and parks then cover in part.
func houses(img *image.RGBA) {
	random := rand.New(rand.NewPCG(7, 3)) //nolint:gosec // the same each time
	paint := draw.Plain(hex("#e2d7c1"))
	for y := 14.0; y < TilesDown*TileSize; y += 24 {
		for x := 14.0; x < TilesAcross*TileSize; x += 26 {
			w, h := 9+9*random.Float64(), 8+8*random.Float64()
			if random.IntN(4) > 0 {
				draw.Fill(img, []draw.Line{polygon(x, y, x+w, y, x+w, y+h, x, y+h)}, paint)
			}
		}
	}
}
