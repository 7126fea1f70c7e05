package pictures_test

import (
	"encoding/xml"
	"image"
	"image/color"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/examples/server/shop/pictures"
)

//nolint:gochecknoglobals // a constant
var colors = pictures.Colors{
	"main": "#b5693a", "deep": "#7d4425", "light": "#f0e3c8", "accent": "#d9a441", "sole": "#33302c",
}

func TestWares(t *testing.T) {
	t.Parallel()
	for _, art := range []string{"boot", "chelsea", "wellington", "trail", "pack", "lamp", "mug", "hat"} {
		t.Run(art, func(t *testing.T) {
			t.Parallel()
			ware := pictures.Ware{Art: art, Colors: colors, Background: "#dfe5dc"}
			img, err := ware.Draw(80)
			require.NoError(t, err)
			require.Equal(t, image.Rect(0, 0, 80, 80), img.Bounds())
			again, err := ware.Draw(80)
			require.NoError(t, err)
			require.Equal(t, img.Pix, again.Pix, "it is the same each time")
			wall := img.RGBAAt(2, 2)
			require.Greater(t, share(img, func(c color.RGBA) bool { return distance(c, wall) > 60 }), 0.12, "it is there")
			ware.Close = true
			near, err := ware.Draw(80)
			require.NoError(t, err)
			require.NotEqual(t, img.Pix, near.Pix)
		})
	}
}

func TestLandscapes(t *testing.T) {
	t.Parallel()
	for _, mood := range []string{"dawn", "noon", "dusk", "night", "mist"} {
		t.Run(mood, func(t *testing.T) {
			t.Parallel()
			land := pictures.Landscape{Mood: mood, Seed: 3}
			img, err := land.Draw(160, 90)
			require.NoError(t, err)
			require.Equal(t, image.Rect(0, 0, 160, 90), img.Bounds())
			again, err := land.Draw(160, 90)
			require.NoError(t, err)
			require.Equal(t, img.Pix, again.Pix, "it is the same each time")
			require.Greater(t, brightness(img, 30), brightness(img, 88)+20, "the sky is brighter than the ground")
			others, err := pictures.Landscape{Mood: mood, Seed: 4}.Draw(160, 90)
			require.NoError(t, err)
			require.NotEqual(t, img.Pix, others.Pix, "another seed is another landscape")
			land.Tent = true
			camp, err := land.Draw(160, 90)
			require.NoError(t, err)
			require.NotEqual(t, img.Pix, camp.Pix)
		})
	}
}

func TestWaresOutside(t *testing.T) {
	t.Parallel()
	land := pictures.Landscape{Mood: "noon", Seed: 5}
	img, err := pictures.Ware{Art: "mug", Colors: colors, Outside: land}.Draw(80)
	require.NoError(t, err)
	behind, err := land.Draw(80, 80)
	require.NoError(t, err)
	require.Less(t, distance(img.RGBAAt(2, 2), behind.RGBAAt(2, 2)), 24, "the landscape is behind it")
	require.Greater(t, distance(img.RGBAAt(40, 60), behind.RGBAAt(40, 60)), 24, "it stands before the landscape")
}

func TestWhatCannotBeDrawn(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		draw func() (*image.RGBA, error)
	}{
		{"a ware without a drawing", func() (*image.RGBA, error) { return pictures.Ware{Art: "car"}.Draw(8) }},
		{"a mood that is unknown", func() (*image.RGBA, error) { return pictures.Landscape{Mood: "odd"}.Draw(8, 8) }},
		{"a ware in such a mood", func() (*image.RGBA, error) {
			return pictures.Ware{Art: "mug", Outside: pictures.Landscape{Mood: "odd"}}.Draw(8)
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := c.draw()
			require.Error(t, err)
		})
	}
}

func TestTown(t *testing.T) {
	t.Parallel()
	img, err := pictures.Town()
	require.NoError(t, err)
	require.Equal(t, pictures.TilesAcross*pictures.TileSize, img.Bounds().Dx())
	require.Equal(t, pictures.TilesDown*pictures.TileSize, img.Bounds().Dy())
	for name, c := range map[string]color.RGBA{
		"roads": {0xff, 0xfd, 0xf6, 0xff}, "parks": {0xcf, 0xe0, 0xc3, 0xff}, "a river": {0xa9, 0xcb, 0xd3, 0xff},
	} {
		require.Greater(t, share(img, func(pixel color.RGBA) bool { return pixel == c }), 0.02, name)
	}
}

// The seal is drawn by us for who cannot show SVG, therefore both must be the same.
func TestSeal(t *testing.T) {
	t.Parallel()
	text, err := pictures.Seal()
	require.NoError(t, err)
	require.NoError(t, xml.Unmarshal(text, new(struct{})))
	require.Contains(t, string(text), "#24463f")
	img, err := pictures.SealImage(96)
	require.NoError(t, err)
	green := color.RGBA{0x24, 0x46, 0x3f, 0xff}
	require.Greater(t, share(img, func(pixel color.RGBA) bool { return pixel == green }), 0.4)
}

// share returns how much of an image has such colors.
func share(img *image.RGBA, has func(color.RGBA) bool) float64 {
	found := 0
	b := img.Bounds()
	for y := range b.Dy() {
		for x := range b.Dx() {
			if has(img.RGBAAt(x, y)) {
				found++
			}
		}
	}
	return float64(found) / float64(b.Dx()*b.Dy())
}

func brightness(img *image.RGBA, y int) float64 {
	sum := 0
	for x := range img.Bounds().Dx() {
		c := img.RGBAAt(x, y)
		sum += int(c.R) + int(c.G) + int(c.B)
	}
	return float64(sum) / float64(3*img.Bounds().Dx())
}

func distance(a, b color.RGBA) int {
	abs := func(d int) int { return max(d, -d) }
	return abs(int(a.R)-int(b.R)) + abs(int(a.G)-int(b.G)) + abs(int(a.B)-int(b.B))
}
