package cssquery

import (
	"math"
	"strings"

	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover/csstoken"
)

// fontSize is what em and rem are in media queries and sizes: the initial font size of browsers. No style changes it
// there.
const fontSize = 16

// Length returns a length in CSS pixels. It may be negative. Zero needs no unit.
func (e Environment) Length(tokens []csstoken.Token) (px float64, ok bool) {
	tokens = trim(tokens)
	if len(tokens) == 0 || componentLength(tokens) != len(tokens) {
		return 0, false
	}
	switch tokens[0].Kind {
	case csstoken.Number:
		value, _ := tokens[0].Number()
		return 0, value == 0
	case csstoken.Dimension:
		return e.dimension(tokens[0])
	case csstoken.Function:
		result, ok := calculation{e}.function(tokens, 0)
		return result.value, ok && result.length && !math.IsNaN(result.value)
	default:
		return 0, false
	}
}

func (e Environment) dimension(token csstoken.Token) (px float64, ok bool) {
	value, unit := token.Number()
	per, ok := e.unit(unit)
	return value * per, ok
}

// unit returns how many pixels a unit has. That of ex and ch depends on the font; half of the font size is usual.
func (e Environment) unit(unit string) (px float64, ok bool) {
	switch unit {
	case "px":
		return 1, true
	case "em", "rem":
		return fontSize, true
	case "ex", "ch":
		return fontSize / 2, true
	case "in":
		return 96, true
	case "cm":
		return 96 / 2.54, true
	case "mm":
		return 96 / 25.4, true
	case "q":
		return 96 / 101.6, true
	case "pt":
		return 96.0 / 72, true
	case "pc":
		return 16, true
	}
	if len(unit) > 2 { // of the small, large or dynamic viewport, which are the same on a desktop
		unit = strings.TrimLeft(unit[:1], "sld") + unit[1:]
	}
	switch unit {
	case "vw", "vi":
		return e.Width / 100, true
	case "vh", "vb":
		return e.Height / 100, true
	case "vmin":
		return min(e.Width, e.Height) / 100, true
	case "vmax":
		return max(e.Width, e.Height) / 100, true
	default:
		return 0, false
	}
}

// Resolution returns a resolution in dots per CSS pixel.
func Resolution(tokens []csstoken.Token) (dppx float64, ok bool) {
	if len(tokens) != 1 || tokens[0].Kind != csstoken.Dimension {
		return 0, false
	}
	value, unit := tokens[0].Number()
	switch unit {
	case "dppx", "x":
		return value, true
	case "dpi":
		return value / 96, true
	case "dpcm":
		return value * 2.54 / 96, true
	default:
		return 0, false
	}
}
