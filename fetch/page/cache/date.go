package cache

import (
	"net/http"
	"strings"
	"time"
)

// dateField reads a field with a date. Of several lines, the first one counts (section 4.2.1).
func dateField(h http.Header, name string, now time.Time) (date time.Time, valid bool) {
	if lines := h[name]; len(lines) > 0 {
		return parseDate(lines[0], now)
	}
	return time.Time{}, false
}

// parseDate reads an HTTP-date in each of its three forms (RFC 9110, section 5.6.7), whatever the case of its letters
// (RFC 9111, section 4.2). Unlike net/http, it accepts no other time zone than GMT and no number with fewer digits.
// Whether the day of the week is right does not matter.
func parseDate(s string, now time.Time) (time.Time, bool) {
	s = strings.Trim(s, ows)
	day, rest, comma := strings.Cut(s, ",")
	switch {
	case comma && len(day) == 3:
		return parseFixed(day, rest)
	case comma:
		return parseRFC850(day, rest, now)
	default:
		return parseAsctime(s)
	}
}

// parseFixed reads what follows the day of " 06 Nov 1994 08:49:37 GMT".
func parseFixed(day, s string) (time.Time, bool) {
	if len(s) != len(" 06 Nov 1994 08:49:37 GMT") || !isDay(day, 3) ||
		s[0] != ' ' || s[3] != ' ' || s[7] != ' ' || s[12] != ' ' || !strings.EqualFold(s[21:], " GMT") {
		return time.Time{}, false
	}
	return assemble(number(s[8:12]), s[4:7], number(s[1:3]), s[13:21])
}

// parseRFC850 reads what follows the day of "Sunday, 06-Nov-94 08:49:37 GMT". A year that seems to be more than 50
// years in the future is one of the past.
func parseRFC850(day, s string, now time.Time) (time.Time, bool) {
	if len(s) != len(" 06-Nov-94 08:49:37 GMT") || !isDay(day, 0) ||
		s[0] != ' ' || s[3] != '-' || s[7] != '-' || s[10] != ' ' || !strings.EqualFold(s[19:], " GMT") {
		return time.Time{}, false
	}
	year := number(s[8:10])
	if year < 0 {
		return time.Time{}, false
	}
	now = now.UTC()
	year += now.Year() / 100 * 100
	date, ok := assemble(year, s[4:7], number(s[1:3]), s[11:19])
	switch latest := now.AddDate(50, 0, 0); {
	case ok && date.After(latest):
		return assemble(year-100, s[4:7], number(s[1:3]), s[11:19])
	case ok && !date.AddDate(100, 0, 0).After(latest):
		return assemble(year+100, s[4:7], number(s[1:3]), s[11:19])
	}
	return date, ok
}

// parseAsctime reads "Sun Nov  6 08:49:37 1994", which is in UTC.
func parseAsctime(s string) (time.Time, bool) {
	if len(s) != len("Sun Nov  6 08:49:37 1994") || !isDay(s[:3], 3) ||
		s[3] != ' ' || s[7] != ' ' || s[10] != ' ' || s[19] != ' ' {
		return time.Time{}, false
	}
	day := s[8:10]
	if day[0] == ' ' {
		day = day[1:]
	}
	return assemble(number(s[20:]), s[4:7], number(day), s[11:19])
}

// assemble makes a time of its parts, or reports that they are no time.
func assemble(year int, monthName string, day int, clock string) (time.Time, bool) {
	month := time.January
	for ; month <= time.December; month++ {
		if strings.EqualFold(month.String()[:3], monthName) {
			break
		}
	}
	hour, minute, second := number(clock[:2]), number(clock[3:5]), number(clock[6:])
	if year < 0 || month > time.December || day < 1 || clock[2] != ':' || clock[5] != ':' ||
		hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60 { // 60: a leap second
		return time.Time{}, false
	}
	date := time.Date(year, month, day, hour, minute, second, 0, time.UTC)
	return date, time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Day() == day // no 31st of February
}

// isDay reports whether s names a day of the week, by that many letters, or in full if there is no number.
func isDay(s string, letters int) bool {
	for day := time.Sunday; day <= time.Saturday; day++ {
		name := day.String()
		if letters > 0 {
			name = name[:letters]
		}
		if strings.EqualFold(s, name) {
			return true
		}
	}
	return false
}

// number reads digits, and is negative if there is anything else.
func number(s string) int {
	n := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return -1
		}
		n = n*10 + int(s[i]-'0')
	}
	return n
}
