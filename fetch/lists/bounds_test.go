package lists_test

import (
	"compress/gzip"
	"context"
	"errors"
	"io"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/lists"
)

const mega = 1 << 20

// large is the size of a large file in bytes. The race detector makes reading ten times slower.
func large() int64 {
	if raceEnabled {
		return 2 * mega
	}
	return 32 * mega
}

// giant is a file that is never in memory as a whole: a beginning, a repeated middle, and an end. It measures the
// memory in use while it is read.
type giant struct {
	head, middle, tail string
	size               int64 // of all middles

	read atomic.Int64 // bytes, of all readers
	peak atomic.Int64 // of the memory in use
}

func (g *giant) file() lists.File {
	return lists.File{Name: "list", Open: func() (io.ReadSeekCloser, error) { return &giantReader{giant: g}, nil }}
}

// zipped returns the compressed text.
func (g *giant) zipped(t *testing.T) []byte {
	t.Helper()
	var b strings.Builder
	w := gzip.NewWriter(&b)
	_, err := io.Copy(w, &giantReader{giant: &giant{head: g.head, middle: g.middle, tail: g.tail, size: g.size}})
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return []byte(b.String())
}

func (g *giant) length() int64 { return int64(len(g.head)) + g.size + int64(len(g.tail)) }

type giantReader struct {
	*giant

	at, looked int64
}

func (r *giantReader) Read(p []byte) (int, error) {
	const often = 8 * mega
	if r.at >= r.looked {
		r.looked = r.at + often
		if now := inUse(); now > r.peak.Load() {
			r.peak.Store(now)
		}
	}
	head, n := int64(len(r.head)), 0
	for n < len(p) && r.at < r.length() {
		var rest string
		switch {
		case r.at < head:
			rest = r.head[r.at:]
		case r.at < head+r.size:
			rest = r.middle[(r.at-head)%int64(len(r.middle)):]
			rest = rest[:min(int64(len(rest)), head+r.size-r.at)]
		default:
			rest = r.tail[r.at-head-r.size:]
		}
		c := copy(p[n:], rest)
		n += c
		r.at += int64(c)
	}
	r.read.Add(int64(n))
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

func (r *giantReader) Seek(offset int64, _ int) (int64, error) {
	r.at, r.looked = offset, offset
	return offset, nil
}

func (r *giantReader) Close() error { return nil }

// shortEntry is one of a HAR that says when it was recorded.
const shortEntry = `{"startedDateTime": "2026-03-14T09:26:53Z", "request": {"url": "/"}}`

func openURLs(f lists.File, onError lists.OnError) (*lists.List, error) {
	return lists.SitemapURLs(context.Background(), f, nil, onError)
}

// Reading a file never takes more memory than its format needs, whatever the file holds, and reads it only a few times.
//
//nolint:paralleltest // it looks at all of the memory
func TestReadingIsBounded(t *testing.T) {
	size := large()
	for name, c := range map[string]struct {
		open   opener
		giant  *giant
		says   string // empty if the list can be opened
		most   int64  // of memory in use
		passes int64  // how many times all of it may be read
		slow   bool   // needs a file that is too large for the race detector
	}{
		"a sitemap with one tag of attributes": {
			open: openURLs, giant: &giant{head: "<urlset><url ", middle: "a=''\n", tail: "></url></urlset>"},
			says: "a tag, text or comment has more than 256 KiB", most: 32 * mega,
		},
		"a sitemap with many tags of attributes": {
			open: openURLs,
			giant: &giant{
				head: "<urlset>", tail: "</urlset>",
				middle: "<url><loc>/</loc><x a" + strings.Repeat(" a=''", 1000) + "/></url>",
			},
			most: 32 * mega, passes: 1,
		},
		"a sitemap with nothing but spaces":      {open: openURLs, giant: &giant{head: "<urlset>", middle: " \n", tail: "</urlset>"}, says: "a tag, text or comment", most: 8 * mega},
		"a sitemap with one comment":             {open: openURLs, giant: &giant{head: "<urlset><!--", middle: "x", tail: "--></urlset>"}, says: "a tag, text or comment", most: 8 * mega},
		"a sitemap with a document type":         {open: openURLs, giant: &giant{head: "<!DOCTYPE x [", middle: "<!ENTITY a 'b'>", tail: "]><urlset></urlset>"}, says: "a tag, text or comment", most: 8 * mega},
		"a sitemap that nests elements":          {open: openURLs, giant: &giant{head: "<urlset>", middle: "<a>"}, says: "there is a <a> in the <urlset>", most: 8 * mega},
		"a sitemap that nests others' elements":  {open: openURLs, giant: &giant{head: "<urlset>", middle: "<a xmlns='b'>"}, says: "more than 100 elements are nested", most: 8 * mega},
		"a sitemap with a namespace in each tag": {open: openURLs, giant: &giant{head: "<urlset>", middle: "<a:b xmlns:a='x'/>", tail: "</urlset>"}, most: 8 * mega, passes: 1},
		"a sitemap with a URL without an end":    {open: openURLs, giant: &giant{head: "<urlset><url><loc>https://a.example/", middle: "x<!-- -->", tail: "</loc></url></urlset>"}, says: "the URL is too long", most: 8 * mega},
		"an index of nothing":                    {open: openURLs, giant: &giant{head: "<sitemapindex>", middle: "<sitemap/>", tail: "</sitemapindex>"}, says: "has no <loc>", most: 8 * mega},
		"a sitemap of short URLs":                {open: openURLs, giant: &giant{head: "<urlset>", middle: "<url><loc>/a</loc></url>", tail: "</urlset>"}, most: 32 * mega, passes: 1},
		"a sitemap of long URLs": {
			open:  openURLs,
			giant: &giant{head: "<urlset>", middle: "<url><loc>/" + strings.Repeat("x", 60_000) + "</loc></url>", tail: "</urlset>"},
			most:  (64 + 8) * mega, passes: 1,
		},
		"a HAR of spaces":                       {open: lists.HAR, giant: &giant{head: "{", middle: "\n", tail: `"log": {"entries": []}}`}, most: 8 * mega, passes: 1},
		"a HAR with one giant response":         {open: lists.HAR, giant: &giant{head: `{"log": {"entries": [{"response": {"content": "`, middle: "x", tail: `"}, "request": {"url": "/"}}]}}`}, most: 8 * mega, passes: 1},
		"a HAR with spaces in a request":        {open: lists.HAR, giant: &giant{head: `{"log": {"entries": [{"request": {`, middle: "\n", tail: `"url": "/"}}]}}`}, most: 8 * mega, passes: 1},
		"a HAR with spaces between entries":     {open: lists.HAR, giant: &giant{head: `{"log": {"entries": [{"request": {"url": "/"}}`, middle: "\n", tail: `, {"request": {"url": "/"}}]}}`}, most: 8 * mega, passes: 1},
		"a HAR with a giant page":               {open: lists.HAR, giant: &giant{head: `{"log": {"pages": [`, middle: "{}, ", tail: `1], "entries": []}}`}, most: 8 * mega, passes: 1},
		"a HAR with a giant end":                {open: lists.HAR, giant: &giant{head: `{"log": {"entries": [], "x": [`, middle: "[],\n", tail: `1]}}`}, most: 8 * mega, passes: 1},
		"a HAR with a giant key":                {open: lists.HAR, giant: &giant{head: `{"log": {"entries": [{"`, middle: "x", tail: `": 1, "request": {"url": "/"}}]}}`}, most: 8 * mega, passes: 1},
		"a HAR that nests arrays":               {open: lists.HAR, giant: &giant{head: `{"a": `, middle: "["}, says: "more than 10000 arrays and objects are nested", most: 8 * mega},
		"a HAR that nests objects in a request": {open: lists.HAR, giant: &giant{head: `{"log": {"entries": [{"request": `, middle: `{"a":`}, says: "more than 10000 arrays and objects are nested", most: 8 * mega},
		"a HAR with a number without an end":    {open: lists.HAR, giant: &giant{head: `{"a": `, middle: "1"}, says: "a number has more than 1000 digits", most: 8 * mega},
		"a HAR with a giant type":               {open: lists.HAR, giant: &giant{head: `{"log": {"entries": [{"_resourceType": "`, middle: "x", tail: `", "request": {"url": "/"}}]}}`}, most: 8 * mega, passes: 1},
		"a HAR with many headers": {
			open: lists.HAR, giant: &giant{head: `{"log": {"entries": [{"request": {"headers": [`, middle: "{},", tail: `{}]}}]}}`},
			says: "the request has more than 16 MiB, or more than 131072 values", most: 32 * mega, slow: true,
		},
		"a HAR with a giant body": {
			open: lists.HAR, giant: &giant{head: `{"log": {"entries": [{"request": {"url": "/", "postData": {"text": "`, middle: "x", tail: `"}}}]}}`},
			says: "the request has more than 16 MiB, or more than 131072 values", most: 64 * mega, slow: true,
		},
		"a HAR of short entries": {open: lists.HAR, giant: &giant{head: `{"log": {"entries": [`, middle: `{"request": {"url": "/"}},`, tail: `{"request": {"url": "/"}}]}}`}, most: 8 * mega, passes: 1},
		"a paced HAR of short entries": {
			open: openPacedHAR, giant: &giant{head: `{"log": {"entries": [`, middle: shortEntry + ",", tail: shortEntry + "]}}"},
			most: 64 * mega, passes: 1,
		},
		"a CSV with a quote that is not closed": {open: openCSV, giant: &giant{head: "url,method\n\"", middle: "x\n"}, says: "list:2: the row has more than 16 MiB: perhaps a quote is not closed", most: 64 * mega, slow: true},
		"a CSV with a row of commas":            {open: openCSV, giant: &giant{head: "url,method\n", middle: ","}, says: "the row has more than 65536 columns", most: 8 * mega},
		"a CSV with names without an end":       {open: openCSV, giant: &giant{head: "url,", middle: "x,"}, says: "the row has more than 65536 columns", most: 16 * mega},
		"a CSV of empty lines":                  {open: openCSV, giant: &giant{head: "url,method", middle: "\r\n"}, most: 8 * mega, passes: 1},
		"a CSV of short rows":                   {open: openCSV, giant: &giant{head: "method,url", middle: "\r\nget,/"}, most: 8 * mega, passes: 1},
		"a CSV with a long comment": {
			open: func(f lists.File, onError lists.OnError) (*lists.List, error) {
				return lists.CSV(f, &lists.Columns{URL: "url", Comma: ',', Comment: '#'}, onError)
			},
			giant: &giant{head: "url\n#", middle: "x"}, most: 8 * mega, passes: 1,
		},
		"lines without an end":    {open: lists.Lines, giant: &giant{middle: "x"}, says: "the line is too long", most: 8 * mega},
		"lines of nothing":        {open: lists.Lines, giant: &giant{middle: "\n"}, most: 8 * mega, passes: 1},
		"lines that are short":    {open: lists.Lines, giant: &giant{middle: "/\n"}, most: 16 * mega, passes: 1},
		"lines that are comments": {open: lists.Lines, giant: &giant{head: "#", middle: "x"}, most: 8 * mega, passes: 1},
	} {
		t.Run(name, func(t *testing.T) {
			if c.slow && raceEnabled {
				t.Skip("takes long")
			}
			g := c.giant
			g.middle = strings.Repeat(g.middle, 1+1000/len(g.middle)) // otherwise reading it takes long
			g.size = size / int64(len(g.middle)) * int64(len(g.middle))
			before := inUse()
			l, err := c.open(g.file(), lists.Fail)
			if c.says == "" {
				require.NoError(t, err)
				const first = 8 // bytes that identify the kind of file
				require.LessOrEqual(t, g.read.Load(), c.passes*g.length()+mega+first)
				require.Less(t, inUse()-before, c.most, "the list itself")
			} else {
				require.ErrorContains(t, err, c.says)
			}
			require.Less(t, g.peak.Load()-before, c.most)
			runtime.KeepAlive(l)
		})
	}
}

// Nobody waits for the end of a file after the iteration has ended.
func TestSitemapsAreGivenUpWithTheirContext(t *testing.T) {
	t.Parallel()
	errEnded := errors.New("the iteration has ended")
	for _, onError := range []lists.OnError{lists.Fail, lists.Skip} {
		ctx, cancel := context.WithCancelCause(t.Context())
		g := &giant{head: "<urlset>", middle: "<url><loc>/a</loc></url>", size: 1 << 50}
		f := g.file()
		open := f.Open
		f.Open = func() (io.ReadSeekCloser, error) {
			r, err := open()
			return &endsInTheMiddle{ReadSeekCloser: r, end: func() { cancel(errEnded) }}, err
		}
		_, err := lists.SitemapURLs(ctx, f, nil, onError)
		require.ErrorContains(t, err, errEnded.Error())
		require.Less(t, g.read.Load(), int64(2*mega))
		// And nothing more is fetched.
		_, err = lists.SitemapURLs(ctx, lists.Bytes("list", index("https://x/1", "https://x/2")),
			func(context.Context, string) (lists.File, error) { panic("not asked for") }, onError)
		require.ErrorContains(t, err, errEnded.Error())
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	asked := 0
	_, err := lists.SitemapURLs(ctx, lists.Bytes("list", index("https://x/1", "https://x/2")),
		func(context.Context, string) (lists.File, error) {
			asked++
			cancel(errEnded)
			return lists.File{}, errors.New("nothing was fetched")
		}, lists.Skip)
	require.ErrorIs(t, err, errEnded)
	require.Equal(t, 1, asked)
}

// Much of a compressed file may decompress to nothing, so that the reader gets no bytes.
func TestCompressedSitemapsAreGivenUpWithTheirContext(t *testing.T) {
	t.Parallel()
	errEnded := errors.New("the iteration has ended")
	nothing, begun := string(zip(t, "")), string(zip(t, "<urlset>"))
	for name, text := range map[string]string{
		"nothing at all": strings.Repeat(nothing, 4*mega/len(nothing)),
		"a beginning":    begun + strings.Repeat(nothing, 4*mega/len(nothing)),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancelCause(t.Context())
			read := 0
			f := lists.Bytes("list", []byte(text))
			open := f.Open
			f.Open = func() (io.ReadSeekCloser, error) {
				r, err := open()
				return &endsInTheMiddle{ReadSeekCloser: r, end: func() { cancel(errEnded) }, all: &read}, err
			}
			_, err := lists.SitemapURLs(ctx, f, nil, lists.Skip)
			require.ErrorContains(t, err, errEnded.Error())
			require.Less(t, read, 2*mega)
		})
	}
}

// endsInTheMiddle ends the iteration after a megabyte.
type endsInTheMiddle struct {
	io.ReadSeekCloser

	end  func()
	read int
	all  *int // bytes, of all readers of a file, unless it is nil
}

func (e *endsInTheMiddle) Read(p []byte) (int, error) {
	n, err := e.ReadSeekCloser.Read(p)
	if e.all != nil {
		*e.all += n
	}
	if e.read += n; e.read > mega {
		e.end()
	}
	return n, err
}

// Only one sitemap of a site is in memory at a time.
//
//nolint:paralleltest // it looks at all of the memory
func TestSitemapsAreReadOneAfterAnother(t *testing.T) {
	const size, n = 8 * mega, 4
	before, most, asked := inUse(), int64(0), 0
	file := func(head, tail string) lists.File {
		return lists.Bytes("list", []byte(head+strings.Repeat("<!-- "+strings.Repeat("x", 1000)+" -->", size/1000)+tail))
	}
	child := func(_ context.Context, loc string) (lists.File, error) {
		most = max(most, inUse()-before)
		asked++
		if asked < n {
			return file("<sitemapindex><sitemap><loc>"+loc+"x</loc></sitemap>", "</sitemapindex>"), nil
		}
		return file("<urlset><url><loc>https://last.example/</loc></url>", "</urlset>"), nil
	}
	l, err := lists.SitemapURLs(t.Context(),
		file("<sitemapindex><sitemap><loc>https://a.example/</loc></sitemap>", "</sitemapindex>"), child, lists.Fail)
	require.NoError(t, err)
	require.Equal(t, []string{"https://last.example/"}, urls(t, l))
	require.Equal(t, n, asked)
	require.Less(t, most, int64(size/2))
}

// A list keeps a compressed copy of a compressed file, to begin in its middle.
//
//nolint:paralleltest // it looks at all of the memory
func TestCompressedFilesAreKeptCompressed(t *testing.T) {
	g := &giant{head: "/first\n", middle: "\n", tail: "/last", size: large()}
	l, err := lists.Lines(lists.File{Name: "list", Open: lists.Bytes("", g.zipped(t)).Open}, lists.Fail)
	require.NoError(t, err)
	require.Equal(t, []string{"/first", "/last"}, urls(t, l))

	g = &giant{middle: "/a\n", size: 3 * (large() / 4)}
	l, err = lists.Lines(lists.Bytes("list", g.zipped(t)), lists.Fail)
	require.NoError(t, err)
	before := inUse()
	require.Equal(t, []string{"/a"}, urls(t, l.Slice(l.Len()-1, l.Len())))
	require.Less(t, inUse()-before, int64(4*mega))
	require.Equal(t, []string{"/a", "/a"}, urls(t, l.Slice(500_000, 500_002)))
	runtime.KeepAlive(l)
}

// A list of a HAR holds its requests compressed, and nothing else of the file.
//
//nolint:paralleltest // it looks at all of the memory
func TestHARsAreKeptCompressed(t *testing.T) {
	body := strings.Repeat("abcdefgh", mega) // less than a request may have
	before := inUse()
	l, err := lists.HAR(lists.Bytes("list", []byte(`{"log": {"entries": [{"request": {"method": "PUT", "url": "/", "postData": {"text": "`+
		body+`"}}}]}}`)), lists.Fail)
	require.NoError(t, err)
	require.Less(t, inUse()-before, int64(mega))
	e, err := l.Read().Next()
	require.NoError(t, err)
	require.Equal(t, body, string(e.Body))
	runtime.KeepAlive(l)
}
