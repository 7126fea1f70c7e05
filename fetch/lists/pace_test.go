package lists_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/lists"
)

// recorded is an entry of a HAR that was recorded at a time, if it is not empty.
func recorded(url, at string) string {
	started := ""
	if at != "" {
		started = `"startedDateTime": ` + at + ", "
	}
	return "{" + started + fmt.Sprintf(`"request": {"url": %q}}`, url)
}

func harOf(entries ...string) []byte {
	return []byte("{\"log\": {\"entries\": [\n" + strings.Join(entries, ",\n") + "\n]}}")
}

func openPaced(t *testing.T, pace float64, entries ...string) *lists.List {
	t.Helper()
	l, err := lists.PacedHAR(lists.Bytes("list", harOf(entries...)), pace, lists.Fail)
	require.NoError(t, err)
	return l
}

// startsOf are the entries of a list with their starts.
func startsOf(t *testing.T, l *lists.List) []string {
	t.Helper()
	all := []string{}
	for _, e := range l.All(func(err error) { require.NoError(t, err) }) {
		all = append(all, strings.TrimPrefix(e.URL, "/")+" "+e.Start.String())
	}
	return all
}

func TestAPacedHARKeepsItsTargetsApart(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		pace    float64
		entries []string
		want    []string
	}{
		"the first starts at once, the others as long after it as they were recorded": {
			1,
			[]string{
				recorded("/a", `"2026-03-14T09:26:53.589Z"`), recorded("/b", `"2026-03-14T09:26:53.590Z"`),
				recorded("/c", `"2026-03-15T09:26:54.5897932Z"`),
			},
			[]string{"a 0s", "b 1ms", "c 24h0m1.0007932s"},
		},
		"twice as fast, gaps are half as long": {
			2, []string{recorded("/a", `"2026-03-14T09:00:00Z"`), recorded("/b", `"2026-03-14T09:00:03Z"`)}, []string{"a 0s", "b 1.5s"},
		},
		"half as fast, they are twice as long": {
			0.5, []string{recorded("/a", `"2026-03-14T09:00:00Z"`), recorded("/b", `"2026-03-14T09:00:03Z"`)}, []string{"a 0s", "b 6s"},
		},
		"no gap is too long": {
			math.SmallestNonzeroFloat64,
			[]string{recorded("/a", `"1970-01-01T00:00:00Z"`), recorded("/b", `"2261-12-31T23:59:59Z"`)},
			[]string{"a 0s", "b " + time.Duration(math.MaxInt64).String()},
		},
		"and none too short": {
			math.MaxFloat64,
			[]string{recorded("/a", `"1970-01-01T00:00:00Z"`), recorded("/b", `"2261-12-31T23:59:59Z"`)},
			[]string{"a 0s", "b 0s"},
		},
		"dates have any zone": {
			1,
			[]string{
				recorded("/a", `"2026-03-14T23:30:00+01:00"`), recorded("/b", `"2026-03-14T22:30:01Z"`),
				recorded("/c", `"2026-03-15T04:00:02.5+0530"`), recorded("/d", `"2026-03-14T12:30:03-10"`),
				recorded("/e", `"2026-03-14T22:30:04"`), recorded("/f", `"2026-03-14T22:30:05,5Z"`),
			},
			[]string{"a 0s", "b 1s", "c 2.5s", "d 3s", "e 4s", "f 5.5s"},
		},
		"entries are sorted, and those of the same time keep their order": {
			1,
			[]string{
				recorded("/c", `"2026-03-14T09:00:05Z"`), recorded("/a", `"2026-03-14T09:00:01Z"`), recorded("/d", `"2026-03-14T09:00:05Z"`),
				recorded("/b", `"2026-03-14T09:00:01Z"`), recorded("/e", `"2026-03-14T10:00:05+01:00"`),
			},
			[]string{"a 0s", "b 0s", "c 4s", "d 4s", "e 4s"},
		},
		"what is left out has no start": {
			1,
			[]string{
				recorded("data:,x", `"2026-03-14T09:00:00Z"`), recorded("wss://a.example/", ""),
				recorded("/a", `"2026-03-14T09:00:10Z"`), recorded("/b", `"2026-03-14T09:00:12Z"`),
			},
			[]string{"a 0s", "b 2s"},
		},
		"nothing has no starts": {1, nil, []string{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := openPaced(t, test.pace, test.entries...)
			require.True(t, l.Paced())
			require.Equal(t, test.want, startsOf(t, l))
		})
	}
}

func TestAPacedHARWithoutItsDatesIsInvalid(t *testing.T) {
	t.Parallel()
	const missing, none = "startedDateTime is missing", "startedDateTime is no date with a time, from 1970 to 2261"
	for date, says := range map[string]string{
		"": missing, "1": none, "null": none, "[]": none, "{}": none, `""`: none, `"yesterday"`: none, `"2026-03-14"`: none,
		`"2026-02-30T00:00:00Z"`: none, `"2026-03-14 09:00:00Z"`: none, `"2026-03-14T09:00:60Z"`: none, `"2026-03-14T09:00Z"`: none,
		`"2026-03-14T09:00:00Z "`: none, `"0001-01-01T00:00:00Z"`: none, `"1969-12-31T23:59:59Z"`: none, `"2262-01-01T00:00:00Z"`: none,
		`"9999-12-31T23:59:59Z"`: none, `"` + strings.Repeat("2", 2000) + `"`: none,
	} {
		t.Run(date[:min(len(date), 30)], func(t *testing.T) {
			t.Parallel()
			data := harOf(recorded("/a", `"2026-03-14T09:00:00Z"`), recorded("/b", date), recorded("/c", `"2026-03-14T09:00:01Z"`))
			_, err := lists.PacedHAR(lists.Bytes("list", data), 1, lists.Fail)
			require.EqualError(t, err, "list:3: "+says)
			l, err := lists.PacedHAR(lists.Bytes("list", data), 1, lists.Skip)
			require.NoError(t, err)
			require.Equal(t, 1, l.Skipped())
			require.Equal(t, []string{"a 0s", "c 1s"}, startsOf(t, l))

			l, err = lists.HAR(lists.Bytes("list", data), lists.Fail)
			require.NoError(t, err, "nobody asked when they were recorded")
			require.False(t, l.Paced())
			require.Equal(t, []string{"a 0s", "b 0s", "c 0s"}, startsOf(t, l))
		})
	}
}

// Instances that fetch parts of a list replay it together. A selection for all of them begins with its first entry.
func TestPartsOfAPacedListKeepItsStarts(t *testing.T) {
	t.Parallel()
	const n = 700
	all := make([]string, n)
	for i := range all {
		all[i] = recorded(fmt.Sprint("/", i), time.Unix(int64(i), 0).UTC().Format(`"`+time.RFC3339+`"`))
	}
	l := openPaced(t, 1, all...)
	entry := func(i, seconds int) string { return fmt.Sprint(i, " ", time.Duration(seconds)*time.Second) }
	kept, err := l.Filter(func(i int, _ *lists.Entry) bool { return i >= 300 })
	require.NoError(t, err)
	for name, test := range map[string]struct {
		part *lists.List
		want []string
	}{
		"a part":                     {l.Slice(600, 602), []string{entry(600, 600), entry(601, 601)}},
		"some":                       {l.Pick([]int{3, 600}), []string{entry(3, 3), entry(600, 600)}},
		"a part of a part":           {l.Slice(256, 600).Pick([]int{0, 300}), []string{entry(256, 256), entry(556, 556)}},
		"a selection":                {kept.Anew().Slice(0, 2), []string{entry(300, 0), entry(301, 1)}},
		"a part of a selection":      {kept.Anew().Slice(300, 302), []string{entry(600, 300), entry(601, 301)}},
		"some of a selection":        {kept.Anew().Pick([]int{1, 399}), []string{entry(301, 1), entry(699, 399)}},
		"a selection of a selection": {kept.Anew().Slice(100, 102).Anew(), []string{entry(400, 0), entry(401, 1)}},
		"an empty part":              {l.Slice(5, 5).Anew(), []string{}},
		"the first of a part anew":   {l.Slice(5, 6).Anew(), []string{entry(5, 0)}},
		"all of it anew":             {l.Anew().Slice(0, 1), []string{entry(0, 0)}},
	} {
		require.Equal(t, test.want, startsOf(t, test.part), name)
	}
	one, err := l.Slice(600, 601).Read().Next()
	require.NoError(t, err)
	require.False(t, one.IsURL(), "it has a start as well")
}

// Entries that are more than are sorted at once are merged.
func TestAPacedHARIsSortedAsAWhole(t *testing.T) {
	t.Parallel()
	const size = 256 << 10
	n := 80
	if raceEnabled {
		n = 40 // more takes long
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	all, want := make([]string, n), make([]int, n)
	for i := range all {
		at := rnd.IntN(n / 2) // most are equal to another
		want[i] = at*n + i
		all[i] = fmt.Sprintf(`{"startedDateTime": "2026-03-14T09:00:%02dZ", "request": {"method": "PUT", "url": "/%d", "postData": {"text": "%s"}}}`,
			at, i, strings.Repeat(string(rune('a'+i%26)), size))
	}
	slices.Sort(want)
	l := openPaced(t, 1, all...)
	require.Equal(t, n, l.Len())
	for k, e := range l.All(func(err error) { require.NoError(t, err) }) {
		i := want[k] % n
		require.Equal(t, fmt.Sprint("/", i), e.URL)
		require.Equal(t, time.Duration(want[k]/n-want[0]/n)*time.Second, e.Start)
		require.Equal(t, bytes.Repeat([]byte{byte('a' + i%26)}, size), e.Body)
	}
}

// Whatever the dates are, a list is sorted by them, loses none, and keeps equal ones in their order.
func FuzzPacedHAR(f *testing.F) {
	f.Add([]byte{}, 1.0)
	f.Add([]byte{3, 1, 2, 2, 1, 3}, 2.0)
	f.Add(bytes.Repeat([]byte{9, 0, 255}, 300), 0.001)
	f.Fuzz(func(t *testing.T, seconds []byte, pace float64) {
		if !(pace > 0) || math.IsInf(pace, 0) {
			return
		}
		all, order := make([]string, len(seconds)), make([]int, len(seconds))
		for i, s := range seconds {
			all[i], order[i] = recorded(fmt.Sprint("/", i), time.Unix(int64(s), int64(i%2)).UTC().Format(`"`+time.RFC3339Nano+`"`)), i
		}
		at := func(i int) int { return int(seconds[i])*int(time.Second) + i%2 }
		slices.SortStableFunc(order, func(a, b int) int { return at(a) - at(b) })
		l := openPaced(t, pace, all...)
		require.Equal(t, len(seconds), l.Len())
		for k, e := range l.All(func(err error) { require.NoError(t, err) }) {
			require.Equal(t, fmt.Sprint("/", order[k]), e.URL)
			want := time.Duration(math.MaxInt64)
			if exact := float64(at(order[k])-at(order[0])) / pace; exact < math.MaxInt64 {
				want = time.Duration(exact)
			}
			require.Equal(t, want, e.Start)
		}
	})
}

// A date is read as package time reads it, in any zone, or not at all.
func FuzzRecorded(f *testing.F) {
	for _, date := range []string{
		"", "2026-03-14T09:26:53Z", "2026-03-14T09:26:53.123456789+14:00", "2026-03-14T09:26:53,5-0330", "2026-03-14T09:26:53-11",
		"2026-03-14T09:26:53", "0001-01-01T00:00:00Z", "2261-12-31T23:59:59Z", "2262-01-01T00:00:00+01:00", "1970-01-01T00:00:00+00:01",
		"\\u0032026", "\xff", "\"",
	} {
		f.Add([]byte(date), int64(1_773_480_413_589_793_238), int16(330))
	}
	f.Fuzz(func(t *testing.T, text []byte, nanoseconds int64, minutes int16) {
		quoted, err := json.Marshal(string(text))
		require.NoError(t, err)
		for _, data := range [][]byte{text, quoted} {
			if at, wrong := lists.Recorded(data); wrong == "" {
				require.GreaterOrEqual(t, at, time.Duration(0))
			} else {
				require.Zero(t, at)
			}
		}
		const century = int64(200 * 365 * 24 * time.Hour)
		then := time.Unix(0, (nanoseconds%century+century)%century).In(time.FixedZone("", int(minutes%(14*60))*60))
		for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999Z0700"} {
			at, wrong := lists.Recorded([]byte(`"` + then.Format(layout) + `"`))
			require.Empty(t, wrong, then.Format(layout))
			require.Equal(t, then.UnixNano(), int64(at), then.Format(layout))
		}
	})
}
