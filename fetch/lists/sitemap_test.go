package lists_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/lists"
)

const indexURL = "https://x/index.xml"

func index(locs ...string) []byte {
	return []byte("<sitemapindex>" + entries(len(locs), "\n", func(i int) string {
		return "<sitemap><loc>" + locs[i] + "</loc></sitemap>"
	}) + "</sitemapindex>")
}

// site is the sitemaps of one, by their URLs, and how often each was asked for.
type site struct {
	files map[string][]byte
	asked map[string]int
}

func newSite(files map[string][]byte) *site { return &site{files, map[string]int{}} }

func (s *site) child(_ context.Context, loc string) (lists.File, error) {
	s.asked[loc]++
	data, ok := s.files[loc]
	if !ok {
		return lists.File{}, errors.New("no such file: " + loc)
	}
	f := lists.Bytes(loc, data)
	f.URL = loc
	return f, nil
}

func (s *site) first() lists.File {
	f, _ := s.child(context.Background(), indexURL)
	return f
}

// ways are the ways of opening a sitemap that leads to others.
//
//nolint:gochecknoglobals // a table
var ways = map[string]func(*site, lists.OnError) (*lists.List, error){
	"files": func(s *site, onError lists.OnError) (*lists.List, error) {
		child := func(loc string) (lists.File, error) { return s.child(context.Background(), loc) }
		return lists.Sitemap(s.first(), child, onError)
	},
	"URLs": func(s *site, onError lists.OnError) (*lists.List, error) {
		return lists.SitemapURLs(context.Background(), s.first(), s.child, onError)
	},
}

func TestSitemapIndexesLeadToSitemaps(t *testing.T) {
	t.Parallel()
	prefixed := strings.NewReplacer("</", "</s:", "<?", "<?", "<", "<s:", "xmlns=", "xmlns:s=").
		Replace(strings.ReplaceAll(kinds["sitemap"].file(700), "image:", ""))
	for name, open := range ways {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(map[string][]byte{
				indexURL:              index("https://x/a.xml.gz", "https://x/inner.xml", "https://x/a.xml.gz", indexURL),
				"https://x/inner.xml": index("https://x/b.xml", "https://x/none.xml", "https://x/inner.xml"),
				"https://x/a.xml.gz":  zip(t, prefixed),
				"https://x/b.xml":     []byte(kinds["sitemap"].file(300)),
			})
			_, err := open(s, lists.Fail)
			require.EqualError(t, err, "https://x/inner.xml: no such file: https://x/none.xml")

			clear(s.asked)
			l, err := open(s, lists.Skip)
			require.NoError(t, err)
			require.Equal(t, 1, l.Skipped())
			for loc, n := range s.asked {
				require.Equal(t, 1, n, loc)
			}
			all := urls(t, l)
			require.Len(t, all, 1000)
			require.Equal(t, urlOf(0)+"&x", all[700])
			require.Equal(t, all[650:750], urls(t, l.Slice(650, 750)))
			require.Equal(t, all[999:], urls(t, l.Slice(999, 1000)))
		})
	}
}

func TestSitemapsThatCannotBeReadOnAreSkippedAmongOthers(t *testing.T) {
	t.Parallel()
	whole := zip(t, kinds["sitemap"].file(1500))
	for name, open := range ways {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(map[string][]byte{
				indexURL:             append(index("https://x/a.xml.gz", "ftp://x/", "https://x/html", "https://x/b.xml"), '\n'),
				"https://x/a.xml.gz": whole[:len(whole)/2],
				"https://x/html":     []byte("<html></html>"),
				"https://x/b.xml":    []byte(kinds["sitemap"].file(2)),
			})
			l, err := open(s, lists.Skip)
			require.NoError(t, err)
			require.Equal(t, 3, l.Skipped(), "the URL in the index, what is no sitemap, and the rest of what is cut off")
			all := urls(t, l)
			require.Greater(t, len(all), 602)
			require.Equal(t, urlOf(1)+"&x", all[len(all)-1])
			require.Equal(t, all[600:], urls(t, l.Slice(600, len(all))))
		})
	}
}

func TestSitemapIndexesThatLeadTwiceToAFile(t *testing.T) {
	t.Parallel()
	one := lists.Bytes("sitemap.php", []byte(kinds["sitemap"].file(1)))
	first := lists.Bytes("index.xml", index("https://x/sitemap.php?page=1", "https://x/sitemap.php?page=2"))
	_, err := lists.Sitemap(first, func(string) (lists.File, error) { return one, nil }, lists.Fail)
	require.EqualError(t, err, "sitemap.php:1: more than one URL of the index leads to this file")
}

func TestSitemapsOfSitesMayHaveURLsWithoutHost(t *testing.T) {
	t.Parallel()
	s := newSite(map[string][]byte{
		indexURL:          index("/a.xml"),
		"https://x/a.xml": []byte("<urlset><url><loc>/page</loc></url></urlset>"),
	})
	l, err := ways["URLs"](s, lists.Fail)
	require.NoError(t, err)
	require.Equal(t, []string{"https://x/page"}, urls(t, l))
}

func TestSitemapsInOtherEncodings(t *testing.T) {
	t.Parallel()
	text := `<?xml version="1.0" encoding="ISO-8859-1"?>` + "\n<urlset>" + entries(1000, "\n", func(i int) string {
		return "<url><loc>" + urlOf(i) + "</loc><title>caf\xe9</title></url>"
	}) + "<url><loc>https://a.example/\xe9</loc></url></urlset>"
	l, err := lists.Sitemap(lists.Bytes("list", []byte(text)), nil, lists.Skip)
	require.NoError(t, err)
	require.Equal(t, 1, l.Skipped(), "the URL that is not of ASCII")
	require.Len(t, urls(t, l), 1000)
	require.Equal(t, []string{urlOf(998), urlOf(999)}, urls(t, l.Slice(998, 1000)))
}

// A small file may decompress to a large one.
func TestFilesMayHaveALimit(t *testing.T) {
	t.Parallel()
	f := lists.Bytes("list", zip(t, kinds["sitemap"].file(3000)))
	f.Limit = 50_000
	for name, open := range map[string]func() (*lists.List, error){
		"file": func() (*lists.List, error) { return lists.Sitemap(f, nil, lists.Skip) },
		"URLs": func() (*lists.List, error) {
			return lists.SitemapURLs(context.Background(), f, nil, lists.Skip)
		},
	} {
		_, err := open()
		require.ErrorContains(t, err, ": the decompressed file is too large", name)
	}
}
