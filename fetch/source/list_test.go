package source_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/xk6-fetch/xk6-fetch/fetch/source"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// opener opens a list of what a file holds.
type opener func(f source.File, onError source.OnError) (*source.List, error)

func openCSV(f source.File, onError source.OnError) (*source.List, error) {
	return source.CSV(f, &source.Columns{URL: "url", Method: "method", Comma: ','}, onError)
}

func openSitemap(f source.File, onError source.OnError) (*source.List, error) {
	return source.Sitemap(f, func(string) (source.File, error) { return source.File{}, errors.New("no index") }, onError)
}

// kinds are the formats, and what a file of n entries looks like in them.
//
//nolint:gochecknoglobals // a table
var kinds = map[string]struct {
	open opener
	file func(n int) string
}{
	"lines": {source.Lines, func(n int) string {
		return "# a comment\n\n" + entries(n, "", func(i int) string { return fmt.Sprintf("%s # the %dth\r\n", urlOf(i), i) })
	}},
	"csv": {openCSV, func(n int) string {
		return "note,url,method\n" + entries(n, "", func(i int) string { return fmt.Sprintf("\"a\n%d\",%s,get\n", i, urlOf(i)) })
	}},
	"har": {source.HAR, func(n int) string {
		return `{"log": {"version": "1.2", "pages": [{"id": [1]}],` + "\n" + `"entries": [` +
			entries(n, ",\n", func(i int) string {
				return fmt.Sprintf(`{"request": {"method": "GET", "url": %q}, "response": {"status": 200}}`, urlOf(i))
			}) + "\n] } }"
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
func urls(t *testing.T, l *source.List) []string {
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
				l, err := k.open(source.Bytes("list", data), source.Fail)
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
				even, err := l.Filter(func(i int, _ *source.Entry) bool { return i%2 == 0 })
				require.NoError(t, err)
				require.Equal(t, []string{all[600], all[602]}, urls(t, even.Slice(300, 302)))
			})
		}
	}
}

func TestSampleIsOfTheListAndTheSameForASeed(t *testing.T) {
	t.Parallel()
	l, err := source.Lines(source.Bytes("list", []byte(kinds["lines"].file(1000))), source.Fail)
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

func TestMalformedEntriesAreErrorsWithFileAndLineOrSkipped(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		open  opener
		text  string
		says  string
		left  []string
		stays bool // also when malformed entries are skipped
	}{
		"a line without a scheme": {
			open: source.Lines, text: "https://a.example/\n\nexample.com\nhttps://b.example/\n",
			says: "list:3: the URL does not begin with http:// or https://",
			left: []string{"https://a.example/", "https://b.example/"}, //nolint:goconst // as in the text
		},
		"a line with a space": {
			open: source.Lines, text: "https://a.example/ https://b.example/\n", says: "list:1: there is a space in the URL",
		},
		"a line without a host": {open: source.Lines, text: "http:///x", says: "list:1: there is no host in the URL"},
		"a line with a bad port": {
			open: source.Lines, text: "/x\nhttp://me:secret@h:port/", says: "list:2: the URL cannot be parsed", left: []string{"/x"},
		},
		"a line that is too long": {
			open: source.Lines, text: "https://a.example/\nhttps://b.example/" + strings.Repeat("b", 200_000) + "\nhttps://c.example/",
			says: "list:2: the line is too long", left: []string{"https://a.example/", "https://c.example/"},
		},
		"a row without a URL": {
			open: openCSV, text: "url,method\nhttps://a.example/,\n\"\",GET\nhttps://b.example/,PUT\n",
			says: "list:3: there is no URL", left: []string{"https://a.example/", "https://b.example/"},
		},
		"a row with a stray quote": {
			open: openCSV, text: "url,method\nhttps://a.example/,\nhttps://\"b\".example/,GET\nhttps://c.example/,PUT\n",
			says: `list:3: bare " in non-quoted-field`, left: []string{"https://a.example/", "https://c.example/"},
		},
		"no such column": {
			open: openCSV, text: "uri,method\n", says: `list:1: there is no column "url"; there are uri, method`, stays: true,
		},
		"an empty CSV": {open: openCSV, text: "", says: "list:1: the file is empty", stays: true},
		"a sitemap's entry without a URL": {
			open: openSitemap, text: "<urlset>\n<url><loc>https://a.example/</loc></url>\n<url>\n</url><url><loc>https://b.example/</loc></url></urlset>",
			says: "list:4: there is no <loc> in the <url>", left: []string{"https://a.example/", "https://b.example/"},
		},
		"a sitemap that is cut off": {
			open: openSitemap, text: "<urlset>\n<url><loc>https://a.example/</loc></url>\n<url>",
			says: "list:3: the file is no XML: unexpected EOF", left: []string{"https://a.example/"},
		},
		"no sitemap": {
			open: openSitemap, text: "\n<html></html>", says: "list:2: the file is no sitemap: its root is <html>", stays: true,
		},
		"a HAR's entry with a URL of its own": {
			open: source.HAR, text: "{\"log\": {\"entries\": [\n{\"request\": {\"url\": \"data:x\"}},\n{\"request\": {\"url\": 1}}, {\"request\": {\"url\": \"https://a.example/\"}}]}}",
			says: "list:2: the URL does not begin with http:// or https://", left: []string{"https://a.example/"},
		},
		"a HAR without entries": {
			open: source.HAR, text: "{\n\"log\": {}}", says: "list:2: the file is no HAR: there is no entries in it",
		},
		"no HAR": {open: source.HAR, text: "https://a.example/", says: "list:1: the file is no JSON"},
		"a HAR that is cut off": {
			open: source.HAR, text: "{\"log\": {\"entries\": [{\"request\": {\"url\": \"https://a.example/\"}},\n",
			says: "list:2: the file ends in the middle", left: []string{"https://a.example/"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := c.open(source.Bytes("list", []byte(c.text)), source.Fail)
			require.ErrorContains(t, err, c.says)
			require.NotContains(t, err.Error(), "secret")
			malformed := &source.MalformedError{}
			require.ErrorAs(t, err, &malformed)

			l, err := c.open(source.Bytes("list", []byte(c.text)), source.Skip)
			if c.stays {
				require.ErrorContains(t, err, c.says)
				return
			}
			require.NoError(t, err)
			require.Positive(t, l.Skipped())
			require.Equal(t, append([]string{}, c.left...), urls(t, l))
		})
	}
}

func TestCSVReadsAllItsColumns(t *testing.T) {
	t.Parallel()
	text := "\ufeffaddress;what;name;accept;body\n" +
		"# a comment\n" +
		"https://a.example/; post ;login;text/html;\"{\"\"a\"\": 1}\"\n" +
		"/b\n"
	l, err := source.CSV(source.Bytes("list", []byte(text)), &source.Columns{
		URL: "address", Method: "what", Name: "name", Body: "body", Header: map[string]string{"Accept": "accept"},
		Comma: ';', Comment: '#',
	}, source.Fail)
	require.NoError(t, err)
	r := l.Read()
	e, err := r.Next()
	require.NoError(t, err)
	require.Equal(t, &source.Entry{
		URL: "https://a.example/", Method: "POST", Name: "login", Body: []byte(`{"a": 1}`),
		Header: http.Header{"Accept": {"text/html"}},
	}, e)
	e, err = r.Next()
	require.NoError(t, err)
	require.Equal(t, &source.Entry{URL: "/b"}, e)
	require.True(t, e.IsURL())
	_, err = r.Next()
	require.ErrorIs(t, err, io.EOF)

	l, err = source.CSV(source.Bytes("list", []byte("1,https://a.example/\n2,https://b.example/\n")),
		&source.Columns{URL: "1", Numbered: true, Comma: ','}, source.Fail)
	require.NoError(t, err)
	require.Equal(t, []string{"https://a.example/", "https://b.example/"}, urls(t, l))
}

func TestHARKeepsWhatWasAskedForAndHow(t *testing.T) {
	t.Parallel()
	entry := func(postData string) map[string]any {
		var post any
		require.NoError(t, json.Unmarshal([]byte(postData), &post))
		return map[string]any{"request": map[string]any{
			"method": "POST", "url": "https://a.example/",
			"headers": []map[string]string{
				{"name": ":authority", "value": "a.example"},
				{"name": "Host", "value": "a.example"},
				{"name": "Content-Length", "value": "3"},
				{"name": "Connection", "value": "keep-alive"},
				{"name": "accept", "value": "text/html"},
				{"name": "Cookie", "value": "a=b"},
			},
			"postData": post,
		}}
	}
	data, err := json.Marshal(map[string]any{"log": map[string]any{"entries": []any{
		entry(`{"mimeType": "text/plain", "text": "abc"}`),
		entry(`{"mimeType": "application/x-www-form-urlencoded", "params": [{"name": "a b", "value": "c&d"}]}`),
		entry(`null`),
	}}})
	require.NoError(t, err)
	l, err := source.HAR(source.Bytes("list", data), source.Fail)
	require.NoError(t, err)
	bodies := []string{}
	for _, e := range l.All(func(err error) { require.NoError(t, err) }) {
		require.Equal(t, http.Header{"Accept": {"text/html"}, "Cookie": {"a=b"}}, e.Header)
		bodies = append(bodies, string(e.Body))
	}
	require.Equal(t, []string{"abc", "a+b=c%26d", ""}, bodies)
}

func TestSitemapIndexesLeadToSitemaps(t *testing.T) {
	t.Parallel()
	index := func(locs ...string) []byte {
		return []byte("<sitemapindex>" + entries(len(locs), "\n", func(i int) string {
			return "<sitemap><loc>" + locs[i] + "</loc></sitemap>"
		}) + "</sitemapindex>")
	}
	files := map[string][]byte{
		"https://x/index.xml": index("https://x/a.xml.gz", "https://x/inner.xml", "https://x/a.xml.gz", "https://x/index.xml"),
		"https://x/inner.xml": index("https://x/b.xml", "https://x/none.xml"),
		"https://x/a.xml.gz":  zip(t, kinds["sitemap"].file(700)),
		"https://x/b.xml":     []byte(kinds["sitemap"].file(300)),
	}
	child := func(loc string) (source.File, error) {
		data, ok := files[loc]
		if !ok {
			return source.File{}, errors.New("no such file: " + loc)
		}
		return source.Bytes(loc, data), nil
	}
	first, err := child("https://x/index.xml")
	require.NoError(t, err)
	_, err = source.Sitemap(first, child, source.Fail)
	require.EqualError(t, err, "https://x/inner.xml: no such file: https://x/none.xml")

	l, err := source.Sitemap(first, child, source.Skip)
	require.NoError(t, err)
	require.Equal(t, 1, l.Skipped())
	all := urls(t, l)
	require.Len(t, all, 1000)
	require.Equal(t, urlOf(0)+"&x", all[700])
	require.Equal(t, all[650:750], urls(t, l.Slice(650, 750)))
	require.Equal(t, all[999:], urls(t, l.Slice(999, 1000)))
}

// A list holds nothing of its file but a mark for every so many entries.
func TestReadingTakesNoMemory(t *testing.T) { //nolint:paralleltest // it counts allocations
	l, err := source.Lines(source.Bytes("list", []byte(kinds["lines"].file(20_000))), source.Fail)
	require.NoError(t, err)
	perList := testing.AllocsPerRun(1, func() {
		for range l.All(func(err error) { require.NoError(t, err) }) {
			continue
		}
	})
	require.Less(t, perList, float64(l.Len())+100, "the URL of each entry, and nothing else")
}
