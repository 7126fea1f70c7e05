package k6summary

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// precision is how many digits there are after the point of what is no time and no size.
const precision = 6

// text returns one of a metric's values as k6 writes it.
func (s *Summary) text(m *Metric, what string, value float64) string {
	const percent = 100
	switch {
	case m.Type == "rate":
		return fixed(truncated(percent*value, 2), 2) + "%" //nolint:mnd // digits
	case what == "count" && m.Type == "trend":
		return plain(value, 0)
	case m.Contains == "data":
		return bytes(value)
	case m.Contains == "time":
		return s.duration(value)
	default:
		return plain(value, precision)
	}
}

// fixed writes so many digits after the point. Of a number in the middle between two it takes the larger, as JavaScript
// does.
func fixed(value float64, digits int) string {
	scale := math.Pow10(digits)
	scaled := value * scale
	if scaled-math.Floor(scaled) == 0.5 && math.FMA(value, scale, -scaled) == 0 {
		value = math.Ceil(scaled) / scale
	}
	return strconv.FormatFloat(value, 'f', digits, 64)
}

// plain rounds to so many digits after the point, and leaves out zeros at the end.
func plain(value float64, digits int) string {
	text := fixed(value, digits)
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return text
}

func truncated(value float64, digits int) float64 {
	scale := math.Pow10(digits)
	return math.Trunc(value*scale) / scale
}

func bytes(n float64) string {
	const base, few = 1000, 10
	if n < few {
		return plain(n, precision) + " B"
	}
	units := []string{"B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"}
	unit := 0
	for ; n >= base && unit < len(units)-1; unit++ {
		n /= base
	}
	n = math.Floor(n*10+0.5) / 10 //nolint:mnd // one digit
	digits := 0
	if n < few {
		digits = 1
	}
	return fixed(n, digits) + " " + units[unit]
}

// duration writes a time that is in milliseconds.
func (s *Summary) duration(ms float64) string {
	const second, minute, hour = 1e3, 60e3, 3600e3
	switch s.unit {
	case "s":
		return fixed(ms/second, 2) + "s"
	case "ms":
		return fixed(ms, 2) + "ms"
	case "us":
		return fixed(ms*second, 2) + "µs"
	}
	switch {
	case ms == 0:
		return "0s"
	case ms < 1/second: // less than a microsecond
		return fixed(math.Trunc(ms*float64(time.Millisecond)), 0) + "ns"
	case ms < 1:
		return plain(truncated(ms*second, 2), 2) + "µs"
	case ms < second:
		return plain(truncated(ms, 2), 2) + "ms"
	case ms <= minute:
		return s.minutes(ms, plain(truncated(math.Mod(ms, minute)/second, 2), 2)+"s")
	default:
		return s.minutes(ms, plain(truncated(math.Mod(ms, minute)/second, 0), 0)+"s")
	}
}

// minutes puts hours and minutes before the seconds of a time, if there are any.
func (s *Summary) minutes(ms float64, seconds string) string {
	const minute, minutes = 60e3, 60
	whole := int(ms / minute)
	switch {
	case whole < 1:
		return seconds
	case whole < minutes:
		return strconv.Itoa(whole) + "m" + seconds
	default:
		return strconv.Itoa(whole/minutes) + "h" + strconv.Itoa(whole%minutes) + "m" + seconds
	}
}
