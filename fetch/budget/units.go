package budget

import (
	"errors"
	"math"
	"strconv"
	"time"
)

// Units read numbers with units, in the way of whoever writes them.
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

// maxNumber is the largest whole number that JavaScript can tell from its neighbours.
const maxNumber = 1<<53 - 1

var errNumber = errors.New("not a number of at least 0")

// number checks what a bound can be.
func number(n float64) (float64, error) {
	if math.IsNaN(n) || n < 0 || n > maxNumber {
		return 0, errNumber
	}
	return n + 0, nil // without the sign of -0
}

// parse reads a number as k6's thresholds have it, or with a unit.
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

// text is a number with its unit. Two numbers that differ have different texts.
func (u unit) text(n float64) string {
	const tenth = 100
	scaled := func(n float64, units ...string) string {
		for len(units) > 1 && n >= 1000 && math.Mod(n, tenth) == 0 {
			n, units = n/1000, units[1:]
		}
		return decimal(n) + " " + units[0]
	}
	switch u {
	case unitTime:
		return scaled(n, "ms", "s")
	case unitSize:
		return scaled(n, "B", "kB", "MB", "GB")
	default:
		return decimal(n)
	}
}

// decimal writes a number as people do, unless that had no end.
func decimal(n float64) string {
	if n != 0 && math.Abs(n) < 1e-6 {
		return strconv.FormatFloat(n, 'g', -1, 64)
	}
	return strconv.FormatFloat(n, 'f', -1, 64)
}
