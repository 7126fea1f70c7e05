package cache_test

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/page/cache"
)

// Whatever the field, the cache reads what a plain reader reads where no quotes are, and nothing hides a no-store.
func FuzzCacheControl(f *testing.F) {
	for _, line := range []string{
		"", ",", "=", "max-age=1", "max-age=1, max-age=2", `max-age="1"`, "max-age =1", "max-age= 1 ", "max-age=-1", "max-age=x",
		"max-age=9227000000", "max-age=99999999999999999999", "max-stale", "max-stale=", "max-stale=5", "no-cache", `no-cache="a, b"`, `no-cache=""`,
		"no-cache=a", `a="b\"c"`, `a="b`, `"`, `a="\`, "Private, PUBLIC;x", "immutable\t,\tmust-revalidate", "\xff=\x00", "=no-store",
		"stale-while-revalidate=10, must-understand, only-if-cached, min-fresh=3",
	} {
		f.Add(line, "max-age=3")
	}
	f.Fuzz(func(t *testing.T, first, second string) {
		got := cache.ParseDirectives([]string{first, second})
		for name, d := range got.Times {
			require.True(t, 0 <= d && d <= cache.Longest, "%s: %v", name, d)
		}
		require.Contains(t, cache.ParseDirectives([]string{first + ", no-store", second}).Flags, "no-store")
		if !strings.Contains(first+second, `"`) {
			require.Equal(t, plainDirectives(first+","+second), got)
			require.Equal(t, got, cache.ParseDirectives([]string{first + "," + second}), "lines are one list")
		}
	})
}

// plainDirectives reads a Cache-Control field without quotes.
func plainDirectives(line string) cache.Directives {
	d := cache.Directives{Times: map[string]time.Duration{}}
	plainNoCache := false
	for member := range strings.SplitSeq(line, ",") {
		name, value, has := strings.Cut(strings.Trim(member, " \t"), "=")
		spaced := strings.TrimRight(name, " \t") != name
		name, value = strings.ToLower(strings.Trim(name, " \t")), strings.Trim(value, " \t")
		switch {
		case name == "no-cache" && has && value != "" && !spaced:
			d.Fields = append(d.Fields, value)
		case name == "no-cache":
			plainNoCache = true
		case slices.Contains([]string{"no-store", "must-revalidate", "must-understand", "public", "private", "immutable", "only-if-cached"}, name):
			d.Flags = append(d.Flags, name)
		case slices.Contains([]string{"max-age", "min-fresh", "max-stale", "stale-while-revalidate"}, name):
			if t, ok := plainSeconds(name, value, has, spaced); ok {
				if _, there := d.Times[name]; !there {
					d.Times[name] = t
				}
			}
		}
	}
	if plainNoCache {
		d.Flags = append(d.Flags, "no-cache")
	}
	slices.Sort(d.Flags)
	d.Flags = slices.Compact(d.Flags)
	return d
}

func plainSeconds(name, value string, has, spaced bool) (time.Duration, bool) {
	if name == "max-stale" && !has {
		return cache.Longest, true
	}
	digits := value != "" && strings.Trim(value, "0123456789") == "" && has && !spaced
	n, err := strconv.ParseInt(value, 10, 64)
	switch {
	case digits && (err != nil || n > int64(cache.Longest/time.Second)):
		return cache.Longest, true
	case digits:
		return time.Duration(n) * time.Second, true
	default:
		return 0, name == "max-age" // malformed: stale
	}
}

// What the cache takes for a date, net/http takes for the same date, apart from the century of RFC 850 and leap seconds.
func FuzzDate(f *testing.F) {
	for _, date := range []string{
		"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "sUN, 06 nOV 1994 08:49:37 gmt",
		"Mon, 29 Feb 2100 00:00:00 GMT", "Tue, 31 Apr 2026 00:00:00 GMT", "Sun, 06 Nov 1994 23:59:60 GMT", "Sun, 06 Nov 0000 00:00:00 GMT",
		"Thu, 18 Aug 50 02:01:18 GMT", "0", "-1", "", ",", "Sun,", "Sunday, 06-Nov-76 08:49:37 GMT", "Sun Nov 16 08:49:37 1994",
	} {
		f.Add(date)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, ok := cache.ParseDate(text, noon())
		if !ok {
			require.True(t, got.IsZero() || got.Year() >= 0)
			return
		}
		text = strings.ToUpper(strings.Trim(text, " \t"))
		if strings.Contains(text, ":60") {
			return
		}
		want, err := http.ParseTime(text)
		require.NoError(t, err, text)
		if strings.Contains(text, "-") {
			require.Equal(t, want.Year()%100, got.Year()%100)
			require.True(t, !got.After(noon().AddDate(50, 0, 0)) && got.After(noon().AddDate(-50, 0, -1)), "%v is not within 50 years", got)
			return
		}
		require.True(t, want.Equal(got), "%s: %v, want %v", text, got, want)
	})
}

// Whatever a response says, its age and its lifetime are not negative and what is stale does not get fresh again.
func FuzzFreshness(f *testing.F) {
	for _, one := range [][4]string{
		{minute, "", "Wed, 04 Mar 2026 12:00:00 GMT", "0"},
		{"", "Wed, 04 Mar 2026 13:00:00 GMT", "", "30"},
		{"max-age=99999999999", "0", "x", "-1"},
		{"", "Fri, 31 Dec 9999 23:59:59 GMT", "Sat, 01 Jan 0001 00:00:00 GMT", "99999999999"},
		{"max-age=9227000000", "", "", ""},
		{"public", "", "Sat, 01 Jan 0001 00:00:00 GMT", "1, 2"},
		{"stale-while-revalidate=99999999999", "", "", ""},
	} {
		f.Add(one[0], one[1], one[2], one[3], "Wed, 01 Jan 2020 00:00:00 GMT", int64(1), int64(-5), uint16(200))
	}
	f.Fuzz(func(t *testing.T, control, expires, date, age, modified string, first, second int64, status uint16) {
		h := http.Header{
			cacheControl: {control}, "Date": {date}, "Age": {age}, "Last-Modified": {modified}, "Etag": {`"a"`},
		}
		if expires != "" {
			h["Expires"] = []string{expires}
		}
		c := cache.New(1 << 20)
		resp := &cache.Response{Status: int(status % 700), Header: h}
		if !c.Store(get("https://a.test/"), resp, noon().Add(time.Duration(second)), noon()) {
			require.Zero(t, c.Len())
			return
		}
		require.NoError(t, c.Verify())
		times := []time.Time{noon().Add(time.Duration(first)), noon().Add(time.Duration(second)), noon(), noon().AddDate(300, 0, 0)}
		slices.SortFunc(times, time.Time.Compare)
		ended, last := false, time.Duration(0)
		for _, now := range times {
			found := c.Look(get("https://a.test/"), now)
			if found.Entry == nil {
				require.NotEqual(t, http.StatusOK, resp.Status, "a 200 with a tag can be validated")
				ended = true
				continue
			}
			lifetime, revalidate := found.Entry.Lifetime()
			require.True(t, 0 <= lifetime && lifetime <= cache.Longest && 0 <= revalidate && revalidate <= cache.Longest)
			require.GreaterOrEqual(t, found.Age, last)
			require.False(t, ended && found.Fresh, "stale, and fresh again")
			require.False(t, found.Fresh && found.Age >= lifetime+revalidate)
			ended, last = !found.Fresh, found.Age
		}
	})
}
