package columns

import (
	"fmt"
	"strings"
)

// Colours, as terminals number them.
const (
	Faint = 2
	Red   = 31
	Green = 32
)

const escape = "\x1b["

// Paint puts a colour around a text.
func Paint(color int, s string) string { return fmt.Sprintf(escape+"%dm%s"+escape+"0m", color, s) }

// Plain is a text without its colours.
func Plain(s string) string {
	var out strings.Builder
	for {
		before, after, found := strings.Cut(s, escape)
		out.WriteString(before)
		if !found {
			return out.String()
		}
		_, s, _ = strings.Cut(after, "m")
	}
}
