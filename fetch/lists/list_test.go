package lists_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/xk6-fetch/xk6-fetch/fetch/lists"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// opener opens a list of what a file holds.
type opener func(f lists.File, onError lists.OnError) (*lists.List, error)

func openCSV(f lists.File, onError lists.OnError) (*lists.List, error) {
	return lists.CSV(f, &lists.Columns{URL: "url", Method: "method", Comma: ','}, onError)
}

func openCSVBodies(f lists.File, onError lists.OnError) (*lists.List, error) {
	return lists.CSV(f, &lists.Columns{URL: "url", Method: "method", Body: "body", Comma: ','}, onError)
}

func openPacedHAR(f lists.File, onError lists.OnError) (*lists.List, error) {
	return lists.PacedHAR(f, 1, onError)
}

func openSitemap(f lists.File, onError lists.OnError) (*lists.List, error) {
	return lists.Sitemap(f, func(string) (lists.File, error) { return lists.File{}, errors.New("no index") }, onError)
}

// kinds are the formats, and what a file of n entries looks like in them.
//
//nolint:gochecknoglobals // a table
var kinds = map[string]struct {
	open opener
	file func(n int) string
}{
	"lines": {lists.Lines, func(n int) string {
		return "# a comment\n\n" + entries(n, "", func(i int) string { return fmt.Sprintf("%s # the %dth\r\n", urlOf(i), i) })
	}},
	"csv": {openCSV, func(n int) string {
		return "note,url,method\n" + entries(n, "", func(i int) string { return fmt.Sprintf("\"a\n%d\",%s,get\n", i, urlOf(i)) })
	}},
	"har": {lists.HAR, func(n int) string {
		return `{"log": {"version": "1.2", "pages": [{"id": [1]}],` + "\n" + `"entries": [` +
			entries(n, ",\n", func(i int) string {
				return fmt.Sprintf(`{"request": {"method": "GET", "url": %q}, "response": {"status": 200}}`, urlOf(i))
			}) + "\n] } }"
	}},
	"paced har": {openPacedHAR, func(n int) string {
		return `{"log": {"entries": [` + entries(n, ",\n", func(i int) string {
			return fmt.Sprintf(`{"startedDateTime": %q, "request": {"url": %q}}`, recordedAt(i), urlOf(i))
		}) + "]}}"
	}},
	"sitemap": {openSitemap, func(n int) string {
		return `<?xml version="1.0" encoding="ISO-8859-1"?>` + "\n" +
			`<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://example.com/image">` + "\n" +
			entries(n, "", func(i int) string {
				return "<url>\n<image:image><image:loc>https://image.example/</image:loc></image:image><loc>\n" + urlOf(i) +
					"&amp;x</loc><lastmod>2026</lastmod>\n</url>\n"
			}) + "</urlset>"
	}},
}

// recordedAt is when the i-th entry of a recording was requested.
func recordedAt(i int) string { return time.Unix(int64(i), 0).UTC().Format(time.RFC3339) }

func urlOf(i int) string { return fmt.Sprintf("https://host%d.example/%d?q", i%7, i) }

func entries(n int, between string, one func(i int) string) string {
	all := make([]string, n)
	for i := range all {
		all[i] = one(i)
	}
	return strings.Join(all, between)
}

func zip(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write([]byte(text))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.Bytes()
}

// urls are those of a list, read one after another.
func urls(t *testing.T, l *lists.List) []string {
	t.Helper()
	all := []string{}
	for i, e := range l.All(func(err error) { require.NoError(t, err) }) {
		require.Len(t, all, i)
		all = append(all, e.URL)
	}
	require.Len(t, all, l.Len())
	return all
}

func TestListsReadFromAnywhereWhatTheyReadFromTheBeginning(t *testing.T) {
	t.Parallel()
	const n = 2000
	for kind, k := range kinds {
		text := k.file(n)
		for name, data := range map[string][]byte{"plain": []byte(text), "gzip": zip(t, text)} {
			t.Run(kind+", "+name, func(t *testing.T) {
				t.Parallel()
				l, err := k.open(lists.Bytes("list", data), lists.Fail)
				require.NoError(t, err)
				require.Equal(t, n, l.Len())
				all := urls(t, l)
				for i, u := range all {
					require.Equal(t, urlOf(i), strings.TrimSuffix(u, "&x"))
				}
				for _, part := range [][2]int{{0, 0}, {0, 1}, {255, 257}, {256, 256}, {512, 1025}, {1999, 2000}, {7, 1900}} {
					require.Equal(t, all[part[0]:part[1]], urls(t, l.Slice(part[0], part[1])), part)
				}
				require.Equal(t, []string{all[3], all[4], all[700], all[1999]}, urls(t, l.Pick([]int{3, 4, 700, 1999})))
				require.Equal(t, []string{all[13], all[1500]}, urls(t, l.Slice(10, 1600).Pick([]int{3, 1490})))
				even, err := l.Filter(func(i int, _ *lists.Entry) bool { return i%2 == 0 })
				require.NoError(t, err)
				require.Equal(t, []string{all[600], all[602]}, urls(t, even.Slice(300, 302)))
			})
		}
	}
}

func TestSampleIsOfTheListAndTheSameForASeed(t *testing.T) {
	t.Parallel()
	l, err := lists.Lines(lists.Bytes("list", []byte(kinds["lines"].file(1000))), lists.Fail)
	require.NoError(t, err)
	all, some := urls(t, l), urls(t, l.Sample(100, 1))
	require.Len(t, some, 100)
	require.Equal(t, some, urls(t, l.Sample(100, 1)))
	require.NotEqual(t, some, urls(t, l.Sample(100, 2)))
	last := -1
	for _, u := range some {
		i := slices.Index(all, u)
		require.Greater(t, i, last, "in the order of the list, and once")
		last = i
	}
	require.Equal(t, all, urls(t, l.Sample(1000, 1)))
	require.Equal(t, all, urls(t, l.Sample(5000, 1)))
	require.Empty(t, urls(t, l.Sample(0, 1)))
	require.Len(t, urls(t, l.Sample(100, 1).Sample(10, 3)), 10)
}

// Of its file, a list keeps only a mark for every so many entries.
func TestReadingTakesNoMemory(t *testing.T) { //nolint:paralleltest // it counts allocations
	l, err := lists.Lines(lists.Bytes("list", []byte(kinds["lines"].file(20_000))), lists.Fail)
	require.NoError(t, err)
	perList := testing.AllocsPerRun(1, func() {
		for range l.All(func(err error) { require.NoError(t, err) }) {
			continue
		}
	})
	require.Less(t, perList, float64(l.Len())+100, "the URL of each entry, and nothing else")
}
