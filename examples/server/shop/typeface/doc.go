// Package typeface makes the fonts of the shop, as WOFF2: its letters, which are lines of one width, and its icons.
package typeface

import _ "embed"

//go:embed letters.txt
var letters string

//go:embed icons.txt
var icons string

// Letters returns the font of headings, prices and labels. It has capital letters, digits, and some marks.
func Letters() ([]byte, error) {
	const margin, line = 84, 82
	return pack("Northfell", letters, margin, line)
}

// Icons returns the font of icons.
func Icons() ([]byte, error) {
	const margin, line = 0, 74
	return pack("Northfell Icons", icons, margin, line)
}
