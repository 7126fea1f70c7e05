package phrase

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/certificate"
)

// Millis returns a time in milliseconds, to the microsecond.
func Millis(d time.Duration) float64 {
	return math.Round(float64(d)/float64(time.Microsecond)) / float64(time.Millisecond/time.Microsecond)
}

// Short returns a time in three digits or so: in milliseconds below a second.
func Short(d time.Duration) string {
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

// Number returns a count with its thousands apart.
func Number[T int | int64](n T) string {
	digits := fmt.Sprint(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// Size returns a number of bytes in three digits or so.
func Size(n int64) string {
	value, units := float64(n), []string{"B", "kB", "MB", "GB", "TB"}
	for value >= 1000 && len(units) > 1 {
		value, units = value/1000, units[1:]
	}
	if units[0] == "B" || value >= 100 {
		return fmt.Sprintf("%.0f %s", value, units[0])
	}
	return fmt.Sprintf("%.1f %s", value, units[0])
}

// Times is a factor to one digit after the point, as long as that digit says anything.
func Times(factor float64) string {
	if factor >= 100 { //nolint:mnd // three digits
		return fmt.Sprintf("%.0f", factor)
	}
	return fmt.Sprintf("%.1f", factor)
}

// Percentiles that reports have.
const (
	Median    = 50
	Upper     = 90
	NearlyAll = 95
	Outliers  = 99
)

// P95 is the time within which 95 % of the results of a name came.
func P95(n *aggregate.Name) time.Duration { return n.Times[aggregate.Elapsed].Percentile(NearlyAll) }

// ByFailure returns the names, those that failed most first, then those that took longest.
func ByFailure(names []*aggregate.Name) []*aggregate.Name {
	sorted := slices.Clone(names)
	slices.SortStableFunc(sorted, func(a, b *aggregate.Name) int {
		if a.Failed != b.Failed {
			return b.Failed - a.Failed
		}
		return int(P95(b) - P95(a))
	})
	return sorted
}

// Plural returns a count and what it counts, with an s unless it is one.
func Plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return Number(n) + " " + what + "s"
}

// DaysLeft says for how many days a certificate was still valid.
func DaysLeft(days int) string {
	switch {
	case days < 0:
		return "expired " + Plural(-days, "day") + " before"
	case days == 0:
		return "less than a day left"
	default:
		return Plural(days, "day") + " left"
	}
}

// Expiring reports whether a certificate should have been replaced: it has less than two weeks left, and less than a
// third of its lifetime, because those that last a week are replaced later.
func Expiring(c *certificate.Info, days int) bool {
	const soon, renewed = 14, 3
	return days < soon && days*renewed < certificate.DaysLeft(c.NotAfter, c.NotBefore)
}

// Decimal returns a number with the digits that it needs, and without an exponent.
func Decimal(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// InBytes is a size of a histogram in whole bytes.
func InBytes(d time.Duration) int64 { return int64(math.Round(float64(d) / float64(aggregate.Byte))) }

func counted(yes bool) int {
	if yes {
		return 1
	}
	return 0
}
