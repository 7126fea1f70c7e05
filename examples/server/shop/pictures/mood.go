package pictures

import "image/color"

// mood is the light of a landscape.
type mood struct {
	top, middle, low color.NRGBA // of the sky
	sun              color.NRGBA
	sunX, sunY, sunR float64 // in heights of the picture; X is a share of its width
	far, near        color.NRGBA
	warm             color.NRGBA // what shines in a window or a tent
	stars            bool
}

//nolint:gochecknoglobals // a table
var moods = map[string]mood{
	"dawn": {
		hex("#5f8f9b"), hex("#e9c9a3"), hex("#f6dfc0"), hex("#fff1cf"), 0.68, 0.36, 0.075,
		hex("#b9b7ab"), hex("#1f3a37"), hex("#f2b35a"), false,
	},
	"noon": {
		hex("#7fb0c4"), hex("#cfe3e2"), hex("#eef0e2"), hex("#fffbe8"), 0.25, 0.22, 0.06,
		hex("#a9c3c0"), hex("#2c5145"), hex("#f4d58a"), false,
	},
	"dusk": {
		hex("#3d4a6b"), hex("#c9787a"), hex("#f3b184"), hex("#ffd9a0"), 0.35, 0.5, 0.085,
		hex("#9a7484"), hex("#23263a"), hex("#ffb74a"), false,
	},
	"night": {
		hex("#0f1d33"), hex("#21405a"), hex("#456f7c"), hex("#f3efdc"), 0.78, 0.2, 0.045,
		hex("#35586a"), hex("#0c1a22"), hex("#ffb445"), true,
	},
	"mist": {
		hex("#b7c6c4"), hex("#d9dfd8"), hex("#ecebe2"), hex("#fbf8ec"), 0.55, 0.3, 0.07,
		hex("#c3cbc6"), hex("#3d5a50"), hex("#e9c98f"), false,
	},
}
