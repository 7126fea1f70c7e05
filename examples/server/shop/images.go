package shop

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"path"
	"sync"

	"github.com/xk6-fetch/xk6-fetch/examples/server/shop/pictures"
)

// landscapes are the pictures of hills, each with its height as a share of its width.
//
//nolint:gochecknoglobals // a table
var landscapes = []struct {
	name, kind string
	of         pictures.Landscape
	height     float64
	widths     []int
}{
	{"hero", "hero.jpg", pictures.Landscape{Mood: "dawn", Seed: 3}, 0.44, []int{768, 1152, 1536}},
	{"hero-tall", "hero.jpg", pictures.Landscape{Mood: "dawn", Seed: 9}, 1.2, []int{480, 800}},
	{"autumn", "photo.jpg", pictures.Landscape{Mood: "dusk", Seed: 17, Tent: true}, 0.34, []int{1200}},
	{"night", "photo.jpg", pictures.Landscape{Mood: "night", Seed: 6, Tent: true}, 9.0 / 16, []int{960}},
	{"wool", "photo.jpg", pictures.Landscape{Mood: "mist", Seed: 21}, 2.0 / 3, []int{400, 800}},
	{"resole", "photo.jpg", pictures.Landscape{Mood: "noon", Seed: 12}, 2.0 / 3, []int{400, 800}},
	{"tarn-walk", "photo.jpg", pictures.Landscape{Mood: "night", Seed: 31, Tent: true}, 2.0 / 3, []int{400, 800}},
	{"ann", "photo.jpg", pictures.Landscape{Mood: "dawn", Seed: 44}, 1, []int{200}},
	{"joe", "photo.jpg", pictures.Landscape{Mood: "dusk", Seed: 45}, 1, []int{200}},
	{"mo", "photo.jpg", pictures.Landscape{Mood: "noon", Seed: 46}, 1, []int{200}},
}

// addImages adds all pictures. Each is drawn when somebody first asks for it.
func (s *Shop) addImages() {
	for _, l := range landscapes {
		s.addImage(l.name, l.kind, func(width int) (*image.RGBA, error) {
			return l.of.Draw(width, int(l.height*float64(width)))
		}, l.widths...)
	}
	for _, c := range s.categories {
		for i, w := range c.Wares {
			s.addWare(w, i)
		}
	}
	s.addImage("seal", "seal.png", pictures.SealImage, 96)
	s.addMap()
}

// addWare adds the pictures of a ware: before a wall, near, and outside.
func (s *Shop) addWare(w *ware, number int) {
	near, outside := w.picture, w.picture
	near.Close = true
	moods := []string{"noon", "mist", "dusk", "dawn"}
	seed := uint64(50 + number) // #nosec G115 -- a few wares
	outside.Outside = pictures.Landscape{Mood: moods[number%len(moods)], Seed: seed}
	for name, picture := range map[string]pictures.Ware{
		w.Slug: w.picture, w.Slug + "-near": near, w.Slug + "-outside": outside,
	} {
		s.addImage(name, "photo.jpg", picture.Draw, 320, 640, 960)
	}
}

// addImage adds a picture in several widths. Its delay and its type depend on the kind.
func (s *Shop) addImage(name, kind string, draw func(width int) (*image.RGBA, error), widths ...int) {
	for _, width := range widths {
		s.addPicture(imagePath(name, width, path.Ext(kind)), kind, func() (image.Image, error) { return draw(width) })
	}
}

// addMap adds the tiles of the map.
func (s *Shop) addMap() {
	town := sync.OnceValues(pictures.Town)
	for row := range pictures.TilesDown {
		for column := range pictures.TilesAcross {
			s.addPicture(tilePath(row, column), "tile.png", func() (image.Image, error) {
				img, err := town()
				if err != nil {
					return nil, err
				}
				x, y := column*pictures.TileSize, row*pictures.TileSize
				return img.SubImage(image.Rect(x, y, x+pictures.TileSize, y+pictures.TileSize)), nil
			})
		}
	}
}

func (s *Shop) addPicture(at, kind string, draw func() (image.Image, error)) {
	r := &resource{path: at, name: kind, caching: daily}
	r.body = sync.OnceValues(func() ([]byte, error) {
		img, err := draw()
		if err != nil {
			return nil, err
		}
		return encode(img, kind)
	})
	s.resources[r.path] = r
}

func imagePath(name string, width int, extension string) string {
	return fmt.Sprintf("/cdn/images/%s-%d%s", name, width, extension)
}

func tilePath(row, column int) string {
	return fmt.Sprintf("/cdn/images/map-%d-%d.png", row, column)
}

// encode encodes an image. Its quality is such that no file is larger than 60 KB.
func encode(img image.Image, kind string) ([]byte, error) {
	var out bytes.Buffer
	if path.Ext(kind) == ".png" {
		err := png.Encode(&out, img)
		return out.Bytes(), err
	}
	const large = 900
	quality := 80
	if img.Bounds().Dx() > large {
		quality = 68
	}
	err := jpeg.Encode(&out, img, &jpeg.Options{Quality: quality})
	return out.Bytes(), err
}
