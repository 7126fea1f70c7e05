package report

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
)

// ms returns a time in milliseconds, to the microsecond.
func ms(d time.Duration) float64 {
	return math.Round(float64(d)/float64(time.Microsecond)) / float64(time.Millisecond/time.Microsecond)
}

// short returns a time in three digits or so: in milliseconds below a second.
func short(d time.Duration) string {
	millis := float64(d) / float64(time.Millisecond)
	switch { // by what is shown, not to round 999.7 to 1000 ms
	case d == 0:
		return "0"
	case d < 10*time.Microsecond:
		return "<0.01 ms"
	case millis < 9.995: //nolint:mnd // rounds to 9.99
		return fmt.Sprintf("%.2f ms", millis)
	case millis < 99.95: //nolint:mnd // rounds to 99.9
		return fmt.Sprintf("%.1f ms", millis)
	case millis < 999.5: //nolint:mnd // rounds to 999
		return fmt.Sprintf("%.0f ms", millis)
	case d.Seconds() < 99.995: //nolint:mnd // rounds to 99.99
		return fmt.Sprintf("%.2f s", d.Seconds())
	default:
		return fmt.Sprintf("%.0f s", d.Seconds())
	}
}

// number returns a count with its thousands apart.
func number[T int | int64](n T) string {
	digits := fmt.Sprint(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// size returns a number of bytes in three digits or so.
func size(n int64) string {
	value, units := float64(n), []string{"B", "kB", "MB", "GB", "TB"}
	for value >= 1000 && len(units) > 1 {
		value, units = value/1000, units[1:]
	}
	if units[0] == "B" || value >= 100 {
		return fmt.Sprintf("%.0f %s", value, units[0])
	}
	return fmt.Sprintf("%.1f %s", value, units[0])
}

// times is a factor to one digit after the point, as long as that digit says anything.
func times(factor float64) string {
	if factor >= 100 { //nolint:mnd // three digits
		return fmt.Sprintf("%.0f", factor)
	}
	return fmt.Sprintf("%.1f", factor)
}

const (
	median    = 50
	upper     = 90
	nearlyAll = 95
	outliers  = 99
)

func p95(n *aggregate.Name) time.Duration { return n.Times[aggregate.Elapsed].Percentile(nearlyAll) }

// byFailure returns the names, those that failed most first, then those that took longest.
func byFailure(names []*aggregate.Name) []*aggregate.Name {
	sorted := slices.Clone(names)
	slices.SortStableFunc(sorted, func(a, b *aggregate.Name) int {
		if a.Failed != b.Failed {
			return b.Failed - a.Failed
		}
		return int(p95(b) - p95(a))
	})
	return sorted
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return number(n) + " " + what + "s"
}

// decimal returns a number with the digits that it needs, and without an exponent.
func decimal(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// inBytes is a size of a histogram in whole bytes.
func inBytes(d time.Duration) int64 { return int64(math.Round(float64(d) / float64(aggregate.Byte))) }

func counted(yes bool) int {
	if yes {
		return 1
	}
	return 0
}
