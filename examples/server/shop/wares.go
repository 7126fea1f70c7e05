package shop

import (
	"strings"

	"github.com/xk6-fetch/xk6-fetch/examples/server/shop/pictures"
)

// ware is something that the shop sells.
type ware struct {
	Slug, Name, Line string
	Price, Before    int // in pounds. Before is 0 for what is not reduced
	Rating, Ratings  int // stars of five, and how many gave some
	Badge            string
	Category         *category
	picture          pictures.Ware
}

// Path is where the page of a ware is.
func (w *ware) Path() string { return w.Category.Path() + "/" + w.Slug }

const mostStars = 5

// Stars are those that a ware has, and NoStars those that it has not.
func (w *ware) Stars() string { return strings.Repeat("★", w.Rating) }

// NoStars returns the stars that a ware has not.
func (w *ware) NoStars() string { return strings.Repeat("★", mostStars-w.Rating) }

// category is a list of wares.
type category struct {
	Slug, Name, Line string
	Wares            []*ware
}

// Path is where the page of a category is.
func (c *category) Path() string { return "/shop/" + c.Slug }

// catalogue returns all that the shop sells.
func catalogue() []*category {
	boots := &category{Slug: "boots", Name: "Boots", Line: "For paths, bogs and the way to work. All can be resoled."}
	boots.Wares = []*ware{
		{"scafell", "Scafell", "Leather boot for long days", 149, 0, 5, 214, "", boots, drawn("boot", "tan")},
		{"mire", "Mire", "Wellington of natural rubber", 69, 0, 4, 128, "", boots, drawn("wellington", "green")},
		{"ridge", "Ridge", "Light shoe for fast descents", 98, 115, 5, 86, "Sale", boots, drawn("trail", "teal")},
		{"drover", "Drover", "Chelsea boot, oiled by hand", 139, 0, 4, 173, "", boots, drawn("chelsea", "brown")},
		{"wether", "Wether", "Waterproof boot for all year", 165, 0, 5, 97, "New", boots, drawn("boot", "moss")},
		{"skiddaw", "Skiddaw", "Lined boot for snow", 185, 0, 5, 61, "", boots, drawn("boot", "slate")},
		{"puddle", "Puddle", "Wellington for short legs", 42, 0, 5, 302, "", boots, drawn("wellington", "yellow")},
		{"causey", "Causey", "Chelsea boot for town", 128, 145, 4, 54, "Sale", boots, drawn("chelsea", "red")},
		{"beck", "Beck", "Trail shoe that dries fast", 105, 0, 4, 70, "", boots, drawn("trail", "sand")},
	}
	camp := &category{Slug: "camp", Name: "Packs & camp", Line: "What keeps a night outside dry, warm and bright."}
	camp.Wares = []*ware{
		{"tarn", "Tarn 30", "Pack for a day and a night", 95, 0, 5, 141, "", camp, drawn("pack", "pine")},
		{"corrie", "Corrie", "Lamp that runs for a week", 45, 0, 4, 89, "New", camp, drawn("lamp", "rust")},
		{"fold", "Fold", "Hat of wool from the valley", 28, 0, 5, 233, "", camp, drawn("hat", "red")},
		{"hearth", "Hearth", "Mug of enamel, holds half a pint", 18, 0, 5, 412, "", camp, drawn("mug", "slate")},
	}
	return []*category{boots, camp}
}

// palettes have a color for the largest part of a ware, its shade, another color beside it, and the background.
//
//nolint:gochecknoglobals // a table
var palettes = map[string][4]string{
	"tan":    {"#b5693a", "#7d4425", "#d9a441", "#e3d9c8"},
	"green":  {"#3f6b4f", "#2c4d39", "#c9a05a", "#d9e1d2"},
	"teal":   {"#3e7c86", "#27545d", "#e0823d", "#d7e3e4"},
	"brown":  {"#6b4532", "#452b1e", "#c9a05a", "#e4d8c6"},
	"moss":   {"#5b7050", "#3c4c35", "#d08a3e", "#dee3d2"},
	"slate":  {"#4a5f7c", "#303f56", "#d7b06a", "#dbe1e8"},
	"yellow": {"#d9a02e", "#a97718", "#8c4a2c", "#efe4c8"},
	"red":    {"#8f3836", "#612326", "#d9a24e", "#ead9d2"},
	"sand":   {"#b0805a", "#7c5638", "#3e7c86", "#e8dccb"},
	"pine":   {"#2f5b52", "#1f3f39", "#d9a441", "#dbe4da"},
	"rust":   {"#b34a26", "#7d3219", "#f09a3e", "#e8dccf"},
}

// drawn returns the picture of a ware.
func drawn(art, palette string) pictures.Ware {
	p := palettes[palette]
	return pictures.Ware{
		Art: art, Background: p[3],
		Colors: pictures.Colors{"main": p[0], "deep": p[1], "accent": p[2], "light": "#f2e6cd", "sole": "#33302c"},
	}
}
