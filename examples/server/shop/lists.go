package shop

import (
	"slices"

	"github.com/xk6-fetch/xk6-fetch/examples/server/shop/pictures"
)

// card is a ware in a list.
type card struct {
	view *view
	Ware *ware
	Late bool // whether it is so far down that its picture can wait
}

// Image returns the URL of its picture of a width.
func (c card) Image(width int) (string, error) { return c.view.Image(c.Ware.Slug, width) }

// Srcset returns its picture in several widths.
func (c card) Srcset(widths ...int) (string, error) { return c.view.Srcset(c.Ware.Slug, widths...) }

// cards returns wares as a list. Most windows show the first row of it at once.
func (v *view) cards(wares []*ware) []card {
	const row = 4
	cards := make([]card, len(wares))
	for i, w := range wares {
		cards[i] = card{v, w, i >= row}
	}
	return cards
}

// Categories returns all categories.
func (v *view) Categories() []*category { return v.shop.categories }

// Wares returns those of the category that the page is about.
func (v *view) Wares() []card {
	c, _ := v.Subject.(*category)
	return v.cards(c.Wares)
}

// Season returns the wares of the front page: the first four of each category.
func (v *view) Season() []card {
	const each = 4
	wares := make([]*ware, 0, each*len(v.shop.categories))
	for _, c := range v.shop.categories {
		wares = append(wares, c.Wares[:each]...)
	}
	return v.cards(wares)
}

// Others returns other wares than the one that the page is about, as many as fit in a row.
func (v *view) Others() []card {
	own, _ := v.Subject.(*ware)
	wares := slices.Clone(own.Category.Wares)
	wares = slices.DeleteFunc(wares, func(w *ware) bool { return w == own })
	cards := v.cards(wares[:min(4, len(wares))])
	for i := range cards {
		cards[i].Late = true
	}
	return cards
}

// Views returns the pictures of the ware that the page is about.
func (v *view) Views() []string {
	own, _ := v.Subject.(*ware)
	return []string{own.Slug, own.Slug + "-near", own.Slug + "-outside"}
}

// Sizes returns the sizes of boots.
func (v *view) Sizes() []int { return []int{6, 7, 8, 9, 10, 11, 12} }

// item is a text with a picture.
type item struct{ Picture, Name, Text string }

// Voices returns what visitors said.
func (v *view) Voices() []item {
	return []item{
		{"ann", "Ann, Keswick", "Four days of rain, and the only dry thing I had were my feet."},
		{"joe", "Joe, Hawes", "Resoled twice now. They know the way to the pub by themselves."},
		{"mo", "Mo, Leeds", "The lamp outlasted the batteries of everyone else, and the talk."},
	}
}

// Journal returns the newest entries of the journal.
func (v *view) Journal() []item {
	return []item{
		{"wool", "Why wool works", "It warms when it is wet, and a sheep needs no instructions."},
		{"resole", "A day with the cobblers", "Two hundred stitches, by hand, for one pair of soles."},
		{"tarn-walk", "Round the tarn at night", "Six miles with a lamp, and whom we met there."},
	}
}

// Tiles returns the URLs of the map's tiles, row by row.
func (v *view) Tiles() []string {
	tiles := make([]string, 0, pictures.TilesDown*pictures.TilesAcross)
	for row := range pictures.TilesDown {
		for column := range pictures.TilesAcross {
			tiles = append(tiles, v.CDN(tilePath(row, column)))
		}
	}
	return tiles
}
