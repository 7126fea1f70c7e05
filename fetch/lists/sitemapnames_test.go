package lists_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/lists"
)

// A misplaced or misspelled element is an error, or counted. A sitemap that is not empty never becomes an empty list.
func TestSitemapElementsWhereTheyDoNotBelong(t *testing.T) {
	t.Parallel()
	const (
		ns  = `xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"`
		a   = "<url><loc>https://a.example/</loc></url>"
		b   = "<url><loc>https://b.example/</loc></url>"
		atA = "https://a.example/"
		atB = "https://b.example/"
		// The error of an entry without a loc.
		noLoc = "the <url> has no <loc>"
		sub   = "<sitemap><loc>https://b.example/</loc></sitemap>"
	)
	for name, c := range map[string]struct {
		text    string
		says    string
		skipped int
		left    int // a.example, once or not at all
	}{
		"a set in a set":           {"<urlset>" + a + "\n<urlset>" + b + "</urlset></urlset>", "list:2: there is a <urlset> in the <urlset>, which is for <url>", 2, 1},
		"a set in a URL":           {"<urlset>" + a + "<url><urlset>" + b + "</urlset></url></urlset>", "list:1: there is a <urlset> in a <url>", 2, 1},
		"a sitemap in a set":       {"<urlset>" + a + sub + "</urlset>", "there is a <sitemap> in the <urlset>, which is for <url>", 1, 1},
		"a wrong case":             {"<urlset>" + a + strings.ToUpper(b) + "</urlset>", "there is a <URL> in the <urlset>, which is for <url>", 1, 1},
		"a LOC":                    {"<urlset>" + a + "<url><LOC>https://b.example/</LOC></url></urlset>", noLoc, 1, 1},
		"a list around the URLs":   {"<urlset><urls>" + a + b + "</urls></urlset>", "there is a <urls> in the <urlset>", 3, 0},
		"no namespace for a URL":   {"<urlset " + ns + ">" + a + strings.Replace(b, "url", "url xmlns=''", 1) + "</urlset>", "the <url> is not in the namespace of the <urlset>", 1, 1},
		"no prefix for a URL":      {"<s:urlset xmlns:s='x'>" + b + "</s:urlset>", "the <url> is not in the namespace of the <s:urlset>", 1, 0},
		"a foreign list of URLs":   {"<urlset>" + a + "<x:all xmlns:x='y'>" + b + "</x:all></urlset>", "there is a <url> in a <all>", 1, 1},
		"URLs that are only text":  {"<urlset>" + a + "https://b.example/</urlset>", "there is text between the elements of the <urlset>", 1, 1},
		"an element in a URL":      {"<urlset>" + a + "<url><loc>https://b.example/<b>x</b>y</loc></url></urlset>", "the <loc> contains an element", 1, 1},
		"a loc that is far off":    {"<urlset>" + a + "<url><x><loc>https://b.example/</loc></x></url></urlset>", noLoc, 1, 1},
		"a loc of images":          {"<urlset>" + a + "<url><i:loc xmlns:i='y'>https://b.example/</i:loc></url></urlset>", noLoc, 1, 1},
		"a loc that changes names": {"<urlset>" + a + "<url><loc xmlns='y'>https://b.example/</loc></url></urlset>", noLoc, 1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := openSitemap(lists.Bytes("list", []byte(c.text)), lists.Fail)
			require.ErrorContains(t, err, c.says)
			l, err := openSitemap(lists.Bytes("list", []byte(c.text)), lists.Skip)
			require.NoError(t, err)
			require.Equal(t, c.skipped, l.Skipped())
			require.Equal(t, []string{atA}[:c.left], urls(t, l))
		})
	}
	t.Run("a URL in an index", func(t *testing.T) {
		t.Parallel()
		first := lists.Bytes("list", []byte("<sitemapindex>"+sub+a+"</sitemapindex>"))
		child := func(string) (lists.File, error) { return lists.Bytes("b", []byte("<urlset>"+b+"</urlset>")), nil }
		_, err := lists.Sitemap(first, child, lists.Fail)
		require.EqualError(t, err, "list:1: there is a <url> in the <sitemapindex>, which is for <sitemap>")
		l, err := lists.Sitemap(first, child, lists.Skip)
		require.NoError(t, err)
		require.Equal(t, 1, l.Skipped())
		require.Equal(t, []string{atB}, urls(t, l))
	})
}

// The namespace counts, not the prefix, and it does so from anywhere in the file.
func TestSitemapNamespaces(t *testing.T) {
	t.Parallel()
	for name, root := range map[string]string{
		"of today":            `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">`,
		"with https":          `<urlset xmlns='https://www.sitemaps.org/schemas/sitemap/0.9'>`,
		"of 2005":             `<urlset xmlns="http://www.google.com/schemas/sitemap/0.84">`,
		"with a line end":     "<urlset xmlns=\"\nhttp://www.sitemaps.org/schemas/sitemap/0.9\">",
		"with an & and a <":   `<urlset xmlns="http://a/?b&amp;c&lt;&quot;">`,
		"without one":         `<urlset>`,
		"with a prefix":       `<s:urlset xmlns:s="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns="http://other.example/">`,
		"with an unknown one": `<s:urlset>`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := ""
			if strings.HasPrefix(root, "<s:") {
				s = "s:"
			}
			const n = 600
			text := `<?xml version="1.0"?>` + "\n" + root + entries(n, "\n", func(i int) string {
				return strings.ReplaceAll(`<Surl><Sloc>`+urlOf(i)+`</Sloc><i:loc xmlns:i="http://www.google.com/schemas/sitemap-image/1.1">x</i:loc>`+
					`<x:url>y</x:url></Surl><video xmlns="http://www.google.com/schemas/sitemap-video/1.1"><url><loc>z</loc></url></video>`+
					`<x:url xmlns:x="z"><x:loc>x</x:loc></x:url>`, "S", s)
			}) + "</" + s + "urlset>"
			l, err := openSitemap(lists.Bytes("list", []byte(text)), lists.Fail)
			require.NoError(t, err)
			require.Zero(t, l.Skipped())
			all := urls(t, l)
			require.Len(t, all, n)
			require.Equal(t, urlOf(n-1), all[n-1])
			require.Equal(t, all[257:300], urls(t, l.Slice(257, 300)))
			require.Equal(t, all[512:], urls(t, l.Slice(512, n)))
		})
	}
}

// A root that is too long to be repeated for reading from the middle is an error at once, not later.
func TestSitemapNamespacesThatAreTooLong(t *testing.T) {
	t.Parallel()
	for quotes, says := range map[int]string{
		40_000: "", 200_000: "list:1: the namespaces of the <urlset> have more than 256 KiB",
	} {
		const n = 600
		text := "<urlset xmlns='" + strings.Repeat(`"`, quotes) + "'>" + entries(n, "\n", func(i int) string {
			return "<url><loc>" + urlOf(i) + "</loc></url>"
		}) + "</urlset>"
		l, err := openSitemap(lists.Bytes("list", []byte(text)), lists.Fail)
		if says != "" {
			require.EqualError(t, err, says)
			continue
		}
		require.NoError(t, err)
		require.Equal(t, []string{urlOf(300)}, urls(t, l.Slice(300, 301)))
	}
}

// An element in the older namespace inside a current set is still a sitemap's.
func TestSitemapNamespacesOfSeveralYears(t *testing.T) {
	t.Parallel()
	l, err := openSitemap(lists.Bytes("list", []byte(`<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">`+
		`<url xmlns="http://www.google.com/schemas/sitemap/0.84"><loc>https://old.example/</loc></url></urlset>`)), lists.Fail)
	require.NoError(t, err)
	require.Equal(t, []string{"https://old.example/"}, urls(t, l))
}

// A relative URL is resolved against the URL of its file, after redirects.
func TestRelativeURLsGoByTheirSitemap(t *testing.T) {
	t.Parallel()
	files := map[string]struct{ at, text string }{
		indexURL:                     {"https://www.x/maps/index.xml", string(index("/a.xml", "./b.xml", "https://cdn/c.xml", "//other/d.xml"))},
		"https://www.x/a.xml":        {"https://www.x/a.xml", "<urlset><url><loc>/a</loc></url><url><loc>../up</loc></url></urlset>"},
		"https://www.x/maps/b.xml":   {"https://www.x/moved/b.xml", "<urlset><url><loc>./b?c=1&amp;d=2</loc></url></urlset>"},
		"https://cdn/c.xml":          {"http://me:pw@cdn2:8080/deep/er/c.xml", "<urlset><url><loc>/c</loc></url><url><loc>//h/c</loc></url></urlset>"},
		"https://other/d.xml":        {"https://other/d.xml", string(index("/e.xml"))},
		"https://other/e.xml":        {"https://other/e.xml", "<urlset><url><loc>e.example/page</loc></url><url><loc>/e</loc></url></urlset>"},
		"https://never.asked/for.xm": {},
	}
	child := func(_ context.Context, loc string) (lists.File, error) {
		file, ok := files[loc]
		if !ok {
			return lists.File{}, errors.New("no such file: " + loc)
		}
		f := lists.Bytes(loc, []byte(file.text))
		f.URL = file.at
		return f, nil
	}
	first, err := child(t.Context(), indexURL)
	require.NoError(t, err)
	_, err = lists.SitemapURLs(t.Context(), first, child, lists.Fail)
	require.EqualError(t, err, "https://other/e.xml:1: the URL does not begin with http:// or https://", "it may be a host")
	l, err := lists.SitemapURLs(t.Context(), first, child, lists.Skip)
	require.NoError(t, err)
	require.Equal(t, 1, l.Skipped())
	require.Equal(t, []string{
		"https://www.x/a", "https://www.x/up", "https://www.x/moved/b?c=1&d=2", "http://me:pw@cdn2:8080/c", "http://h/c",
		"https://other/e",
	}, urls(t, l))
}

// Indexes that lead to further indexes without end are bounded.
func TestSitemapIndexesWithoutEnd(t *testing.T) {
	t.Parallel()
	asked := 0
	child := func(context.Context, string) (lists.File, error) {
		asked++
		return lists.Bytes("again", index(fmt.Sprintf("https://x/%d", asked), "https://x/0")), nil
	}
	_, err := lists.SitemapURLs(t.Context(), lists.Bytes("first", index("https://x/0")), child, lists.Skip)
	require.ErrorContains(t, err, "leads to more than 50000 sitemaps")
	require.Less(t, asked, 50_010)

	long := strings.Repeat("x", 60_000)
	locs := make([]string, 300)
	for i := range locs {
		locs[i] = fmt.Sprintf("https://x/%d%s", i, long)
	}
	_, err = lists.SitemapURLs(t.Context(), lists.Bytes("first", index(locs...)), child, lists.Skip)
	require.ErrorContains(t, err, "their URLs have more than 16 MiB")
}
