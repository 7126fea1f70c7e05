package shop_test

import (
	"bytes"
	"image"
	_ "image/jpeg"
	_ "image/png"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover"
)

func TestPagesHaveAllThatTheyReferTo(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, page string
		width      int
		faults     []string
	}{
		{"the front page in a wide window", "/shop/", 1280, nil},
		{"the front page in a narrow one", "/shop/", 390, nil},
		{"a category", "/shop/boots", 1280, nil},
		{"a product", "/shop/boots/scafell", 1280, nil},
		{"a product of the other category", "/shop/camp/corrie", 390, nil},
		{"the page of what goes wrong", "/shop/broken", 1280, []string{
			"/cdn/assets/other.js: wrong integrity", "/cdn/private/letters.woff2: no CORS",
			"/shop/sold-out.jpg: Not Found",
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			base, client := open(t)
			v := visitPage(t, client, base+c.page, c.width)
			require.Greater(t, len(v.answers), 20)
			require.ElementsMatch(t, c.faults, withoutHashes(v.faults()))
		})
	}
}

// withoutHashes removes the hashes from the names of files.
func withoutHashes(faults []string) []string {
	hash := regexp.MustCompile(`\.[0-9a-f]{8}\.`)
	for i, fault := range faults {
		faults[i] = hash.ReplaceAllString(fault, ".")
	}
	return faults
}

func TestFrontPageIsLikeThatOfAShop(t *testing.T) {
	t.Parallel()
	base, client := open(t)
	v := visitPage(t, client, base+"/shop/", 1280)
	require.GreaterOrEqual(t, len(v.answers), 45)
	require.LessOrEqual(t, len(v.answers), 61) // with the page itself
	hosts, bytesOf := make(map[string]int), make(map[string]int)
	for target, a := range v.answers {
		u, err := url.Parse(target)
		require.NoError(t, err)
		hosts[u.Hostname()]++
		kind, _, _ := strings.Cut(a.header.Get("Content-Type"), ";")
		bytesOf[kind] += len(a.body)
		if kind == "image/jpeg" || kind == "image/png" {
			require.GreaterOrEqual(t, len(a.body), 2<<10, target)
			require.LessOrEqual(t, len(a.body), 60<<10, target)
			_, format, err := image.DecodeConfig(bytes.NewReader(a.body))
			require.NoError(t, err, target)
			require.Equal(t, kind, "image/"+format)
		}
	}
	require.Len(t, hosts, 2)
	require.Greater(t, hosts["127.0.0.1"], 15)
	require.Greater(t, hosts["localhost"], 25)
	require.Greater(t, bytesOf["image/jpeg"], 200<<10)
}

// Each case is a use of a resource that browsers treat in a way of its own.
func TestPagesHaveAllUses(t *testing.T) {
	t.Parallel()
	base, client := open(t)
	front := visitPage(t, client, base+"/shop/", 1280)
	product := visitPage(t, client, base+"/shop/boots/mire", 1280)
	cases := []struct {
		name string
		page *visit
		is   func(r reference) bool
	}{
		{"an import", front, func(r reference) bool { return r.Element == "css:@import" && r.Blocking }},
		{"a stylesheet that blocks", front, func(r reference) bool { return r.Type == discover.Style && r.Blocking }},
		{"a stylesheet for printers", front, func(r reference) bool { return r.Type == discover.Style && r.Late }},
		{"a font that is preloaded", front, func(r reference) bool { return r.Type == discover.Font && r.Preload }},
		{"one that is not", front, func(r reference) bool { return r.Type == discover.Font && !r.Preload }},
		{"a script that blocks", front, func(r reference) bool { return r.Type == discover.Script && r.Blocking }},
		{"one that does not", front, func(r reference) bool { return r.Type == discover.Script && r.Late && r.CrossOrigin == 0 }},
		{"one from the CDN with integrity", front, func(r reference) bool {
			return r.Type == discover.Script && r.Integrity != "" && strings.HasPrefix(r.URL, "http://localhost")
		}},
		{"a module", front, func(r reference) bool { return r.Element == "script" && r.CrossOrigin == discover.Anonymous }},
		{"a module that is preloaded", front, func(r reference) bool { return r.Type == discover.Script && r.Preload }},
		{"data that is preloaded", front, func(r reference) bool { return r.Type == discover.Other && r.Preload }},
		{"a picture that is preloaded", front, func(r reference) bool { return r.Type == discover.Image && r.Preload }},
		{"the icon", front, func(r reference) bool { return r.Element == "link" && r.Type == discover.Image && r.Late }},
		{"the manifest", front, func(r reference) bool { return r.Type == discover.Manifest }},
		{"a picture that matters", front, func(r reference) bool { return r.Element == "img" && r.Priority == discover.High }},
		{"a lazy one", front, func(r reference) bool { return r.Element == "img" && r.Late }},
		{"symbols of SVG", front, func(r reference) bool { return r.Element == "use" }},
		{"an image in SVG", front, func(r reference) bool { return r.Element == "image" }},
		{"a background", front, func(r reference) bool { return r.Element == "css:url" && strings.HasSuffix(r.URL, ".svg") }},
		{"a style attribute", front, func(r reference) bool { return r.Element == "css:url" && strings.HasSuffix(r.URL, ".jpg") }},
		{"a video", front, func(r reference) bool { return r.Type == discover.Media }},
		{"its poster", front, func(r reference) bool { return r.Element == "video" && r.Type == discover.Image }},
		{"its captions", front, func(r reference) bool { return r.Type == discover.Track }},
		{"a frame of the same host", front, func(r reference) bool {
			return r.Element == "iframe" && strings.HasPrefix(r.URL, "http://127.0.0.1")
		}},
		{"a frame of the CDN", product, func(r reference) bool {
			return r.Element == "iframe" && strings.HasPrefix(r.URL, "http://localhost")
		}},
		{"an object", front, func(r reference) bool { return r.Type == discover.Object }},
		{"an embed", product, func(r reference) bool { return r.Type == discover.Embed }},
		{"a redirect", front, func(r reference) bool { return front.answers[r.URL].status == http.StatusFound }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			found := 0
			for _, r := range c.page.found {
				if c.is(r) {
					found++
				}
			}
			require.Positive(t, found)
		})
	}
}

// A frame of the CDN has what it needs on the CDN, like that of somebody else.
func TestFramesOfTheCDNStayThere(t *testing.T) {
	t.Parallel()
	base, client := open(t)
	frame := strings.Replace(base, "127.0.0.1", "localhost", 1) + "/cdn/pay"
	v := visitPage(t, client, frame, 420)
	require.Len(t, v.answers, 4, "itself, a stylesheet, a script and a picture")
	for target, a := range v.answers {
		require.Equal(t, http.StatusOK, a.status, target)
		require.True(t, strings.HasPrefix(target, "http://localhost:"), target)
	}
}

// What browsers must leave out is there as well.
func TestFrontPageHasWhatIsNotFetched(t *testing.T) {
	t.Parallel()
	base, client := open(t)
	v := visitPage(t, client, base+"/shop/", 1280)
	page := string(v.answers[base+"/shop/"].body)
	for text, not := range map[string]string{
		"<script nomodule":                    "legacy",
		"<noscript><img":                      "visit=noscript",
		`<source media="(max-width: 640px)"`:  "hero-tall",
		`.mp4" type="video/mp4"`:              ".mp4",
		`srcset="http://localhost`:            "-640.jpg 640w",
		`<source type="image/svg+xml" srcset`: "seal-96.png",
	} {
		require.Contains(t, page, text)
		for target := range v.answers {
			require.NotContains(t, target, not)
		}
	}
}

func TestAllWaresHaveAPage(t *testing.T) {
	t.Parallel()
	base, client := open(t)
	wares := 0
	for _, category := range []string{"/shop/boots", "/shop/camp"} {
		list := string(get(t, client, base+category).body)
		for part := range strings.SplitSeq(list, `<li class="ware">`) {
			_, rest, ok := strings.Cut(part, `<a href="`)
			path, _, _ := strings.Cut(rest, `"`)
			if !ok || !strings.HasPrefix(path, category+"/") {
				continue
			}
			wares++
			page := get(t, client, base+path)
			require.Equal(t, http.StatusOK, page.status, path)
			require.Contains(t, string(page.body), "Into the basket", path)
			require.Contains(t, string(page.body), "</html>", path)
		}
	}
	require.Equal(t, 13, wares)
}

func TestWhatIsNotThere(t *testing.T) {
	t.Parallel()
	base, client := open(t)
	for _, path := range []string{
		"/shop/hats", "/shop/boots/flipflop", "/shop/assets/base.css", "/cdn/images/scafell-321.jpg", "/cdn/", "/shop/assets/",
	} {
		require.Equal(t, http.StatusNotFound, get(t, client, base+path).status, path)
	}
	require.Equal(t, "/shop/", get(t, client, base+"/shop").header.Get("Location"))
}

// The page names the other name of loopback as its CDN, whichever a visitor used.
func TestHosts(t *testing.T) {
	t.Parallel()
	base, client := open(t)
	_, port, _ := strings.Cut(strings.TrimPrefix(base, "http://"), ":")
	cases := []struct{ name, host, cdn string }{
		{"an address", "127.0.0.1:" + port, "http://localhost:" + port + "/cdn/"},
		{"a name", "localhost:" + port, "http://127.0.0.1:" + port + "/cdn/"},
		{"a name without a port", "localhost", "http://127.0.0.1/cdn/"},
		{"another name", "shop.example:" + port, "http://shop.example:" + port + "/cdn/"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			page := string(get(t, client, "http://"+c.host+"/shop/").body)
			require.Contains(t, page, `href="`+c.cdn+`assets/letters.`)
			for part := range strings.SplitSeq(page, "/cdn/") {
				host := part[strings.LastIndexAny(part, `"' `)+1:]
				require.True(t, strings.HasSuffix(part, "</html>\n") || host+"/cdn/" == c.cdn, host)
			}
		})
	}
}
