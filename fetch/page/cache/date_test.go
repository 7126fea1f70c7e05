package cache_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/page/cache"
)

// The year of RFC 850 is at most 50 years in the future, whatever the century.
func TestCenturies(t *testing.T) {
	t.Parallel()
	const early, late = "2026-03-04", "2080-03-04"
	for _, c := range []struct {
		now, digits, want string
	}{
		{early, "26", "2026"},
		{early, "75", "2075"},
		{early, "76", "1976"},
		{"2026-12-04", "76", "2076"},
		{early, "99", "1999"},
		{late, "10", "2110"},
		{late, "99", "2099"},
		{late, "29", "2129"},
		{late, "30", "2030"},
		{late, "31", "2031"},
	} {
		t.Run(c.now+" "+c.digits, func(t *testing.T) {
			t.Parallel()
			now, err := time.Parse(time.DateOnly, c.now)
			require.NoError(t, err)
			got, ok := cache.ParseDate("Sunday, 06-Nov-"+c.digits+" 08:49:37 GMT", now)
			require.True(t, ok)
			require.Equal(t, c.want+"-11-06 08:49:37", got.Format(time.DateTime))
		})
	}
}

func TestImpossibleDates(t *testing.T) {
	t.Parallel()
	for _, date := range []string{
		"Mon, 29 Feb 2100 00:00:00 GMT", "Tue, 31 Apr 2026 00:00:00 GMT", "Tue, 00 Apr 2026 00:00:00 GMT",
		"Tue, 01 Apr 2026 24:00:00 GMT", "Tue, 01 Apr 2026 00:60:00 GMT", "Tue, 01 Apr 2026 00:00:61 GMT",
		"Tue, 01 Avr 2026 00:00:00 GMT", "Xue, 01 Apr 2026 00:00:00 GMT", "Tue, 01 Apr 2026 00:00:00 +00",
		"Tue, -1 Apr 2026 00:00:00 GMT", "Tue, 01 Apr 2026 00:00:00",
	} {
		_, ok := cache.ParseDate(date, noon())
		require.False(t, ok, date)
	}
	leap, ok := cache.ParseDate("Sat, 31 Dec 2016 23:59:60 GMT", noon())
	require.True(t, ok, "a leap second")
	require.Equal(t, "2017-01-01 00:00:00", leap.Format(time.DateTime))
}
