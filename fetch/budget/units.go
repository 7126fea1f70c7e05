package budget

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"time"
)

// Units parse numbers with units, in the syntax of the caller.
type Units struct {
	Duration func(string) (time.Duration, error)
	Size     func(string) (int64, error)
}

// unit is what a number counts.
type unit int

const (
	unitNone unit = iota
	unitTime      // milliseconds
	unitSize      // bytes
)

// maxNumber is the largest whole number that JavaScript represents exactly.
const maxNumber = 1<<53 - 1

var errNumber = errors.New("not a number of at least 0")

// number returns a bound, or an error for an invalid one.
func number(n float64) (float64, error) {
	if math.IsNaN(n) || n < 0 || n > maxNumber {
		return 0, errNumber
	}
	return n + 0, nil // without the sign of -0
}

// parse reads a number in the syntax of k6's thresholds, or with a unit.
func (u unit) parse(text string, units Units) (float64, error) {
	if n, err := strconv.ParseFloat(text, 64); err == nil {
		return number(n)
	}
	switch u {
	case unitTime:
		d, err := units.Duration(text)
		if err != nil {
			return 0, err
		}
		return number(float64(d) / float64(time.Millisecond))
	case unitSize:
		n, err := units.Size(text)
		if err != nil {
			return 0, err
		}
		return number(float64(n))
	default:
		return 0, errNumber
	}
}

// names are the names of the unit, each a thousand times the one before.
func (u unit) names() []string {
	switch u {
	case unitTime:
		return []string{"ms", "s"}
	case unitSize:
		return []string{"B", "kB", "MB", "GB"}
	default:
		return []string{""}
	}
}

const thousand = 1000

// text is a number with its unit. Different numbers have different texts.
func (u unit) text(n float64) string {
	names := u.names()
	for ; len(names) > 1 && n >= thousand && math.Mod(n, thousand/10) == 0; names = names[1:] { //nolint:mnd // one digit
		n /= thousand
	}
	return strings.TrimSpace(decimal(n) + " " + names[0])
}

// short is a number with its unit, rounded for display.
func (u unit) short(n float64) string {
	const digits = 4
	names := u.names()
	for ; len(names) > 1 && n >= thousand; names = names[1:] {
		n /= thousand
	}
	if n != math.Trunc(n) {
		n, _ = strconv.ParseFloat(strconv.FormatFloat(n, 'g', digits, 64), 64) // what was written can be read
	}
	return strings.TrimSpace(decimal(n) + " " + names[0])
}

// decimal writes a number in decimal notation, unless that would be very long.
func decimal(n float64) string {
	if n != 0 && math.Abs(n) < 1e-6 {
		return strconv.FormatFloat(n, 'g', -1, 64)
	}
	return strconv.FormatFloat(n, 'f', -1, 64)
}
