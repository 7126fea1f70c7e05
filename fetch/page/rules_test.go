package page_test

import (
	"crypto/sha256"
	"encoding/base64"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
)

// elsewhere is the URL of a site by another name, which is another site to a browser.
func elsewhere(s *site) string { return strings.Replace(s.URL, "127.0.0.1", "localhost", 1) }

// Requests have the headers of a browser, unless the script has set them.
func TestRequestsLookLikeABrowsers(t *testing.T) {
	t.Parallel()
	const dest, mode = "Sec-Fetch-Dest", "Sec-Fetch-Mode"
	s := newSite(t, map[string]string{
		"/":         `<link rel=stylesheet href=/main.css><img src=/a.png>`,
		"/main.css": `@font-face { font-family: x; src: url(x.woff2) }`,
	})
	v := visitor(t, s)
	v.document.Header = http.Header{"Accept-Language": {"de"}}
	v.page.SpecOf = func(_, kind string) *fetch.Spec {
		sp := spec()
		if kind == "image" {
			sp.Header = http.Header{"Accept": {"image/png"}}
		}
		return sp
	}
	v.visit(s.URL + "/")
	for path, want := range map[string]map[string]string{
		"/": {
			"Accept-Language": "de", dest: "document", mode: "navigate", "Sec-Fetch-Site": "none",
			"Upgrade-Insecure-Requests": "1", "Referer": "", "Accept-Encoding": "gzip, deflate",
		},
		"/main.css": {"Accept": "text/css,*/*;q=0.1", dest: "style", "Referer": s.URL + "/"},
		"/a.png":    {"Accept": "image/png", dest: "image", mode: "no-cors", "Referer": s.URL + "/"},
		"/x.woff2":  {dest: "font", mode: "cors", "Origin": s.URL, "Referer": s.URL + "/main.css"},
	} {
		for name, value := range want {
			require.Equal(t, value, s.head(path).Get(name), "%s of %s", name, path)
		}
	}
}

// Secrets of the script go to the host of the page alone, and cookies where a browser sends them.
func TestSecretsStayWithTheHostOfThePage(t *testing.T) {
	t.Parallel()
	other := newSite(t, map[string]string{"/x.woff2": "+Access-Control-Allow-Origin: *\nfont"})
	s := newSite(t, map[string]string{
		"/": `<img src=/own.png><img src=` + elsewhere(other) + `/other.png><style>@font-face {
			font-family: x; src: url(` + elsewhere(other) + `/x.woff2) }</style>`,
	})
	secret := func(sp *fetch.Spec) *fetch.Spec {
		sp.Header = http.Header{"Authorization": {"Bearer secret"}, "X-Api-Key": {"secret"}, "X-Trace": {"1"}}
		sp.Cookies = []transport.Cookie{{Name: "mine", Value: "secret"}}
		return sp
	}
	v := visitor(t, s)
	secret(v.document)
	v.page.SpecOf = func(string, string) *fetch.Spec {
		sp := secret(spec())
		sp.Jar = v.document.Jar
		return sp
	}
	theirs, err := url.Parse(elsewhere(other))
	require.NoError(t, err)
	v.document.Jar.SetCookies(theirs, []*http.Cookie{{Name: "theirs", Value: "1"}})
	require.Equal(t, 3, v.visit(s.URL+"/").Count-1)
	require.Equal(t, "Bearer secret", s.head("/").Get("Authorization"))
	require.Equal(t, "Bearer secret", s.head("/own.png").Get("Authorization"))
	require.Equal(t, "mine=secret", s.head("/own.png").Get("Cookie"))
	for _, path := range []string{"/other.png", "/x.woff2"} {
		require.Empty(t, other.head(path).Get("Authorization"))
		require.Empty(t, other.head(path).Get("X-Api-Key"))
		require.Equal(t, "1", other.head(path).Get("X-Trace"))
	}
	require.Equal(t, "theirs=1", other.head("/other.png").Get("Cookie"))
	require.Empty(t, other.head("/x.woff2").Get("Cookie"), "fonts of other origins are asked for without credentials")
}

// What a browser would not let the page have has failed, although it came.
func TestWhatABrowserRefusesHasFailed(t *testing.T) {
	t.Parallel()
	digest := func(text string) string {
		sum := sha256.Sum256([]byte(text))
		return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
	}
	other := newSite(t, map[string]string{
		"/open": "+Access-Control-Allow-Origin: *\nfont", "/closed": "font", "/script.js": "1",
		"/own.png": "+Cross-Origin-Resource-Policy: same-origin\na", "/moved": "+Location: /own.png\n",
	})
	s := newSite(t, map[string]string{"/a.js": "1", "/b.css": "b {}", "/moved": "+Location: " + elsewhere(other) + "/own.png\n"})
	for name, c := range map[string]struct{ html, fault string }{
		"the right digest":        {`<script src=/a.js integrity="` + digest("1") + `"></script>`, ""},
		"the wrong digest":        {`<script src=/a.js integrity="` + digest("2") + `"></script>`, "integrity: "},
		"a stylesheet's digest":   {`<link rel=stylesheet href=/b.css integrity="` + digest("2") + `">`, "integrity: "},
		"a font that is open":     {`<style>@font-face {font-family: x; src: url(OTHER/open)}</style>`, ""},
		"a font that is not":      {`<style>@font-face {font-family: x; src: url(OTHER/closed)}</style>`, "blocked by CORS: "},
		"a script by crossorigin": {`<script src=OTHER/script.js crossorigin></script>`, "blocked by CORS: "},
		"a script without it":     {`<script src=OTHER/script.js></script>`, ""},
		"a digest of elsewhere":   {`<script src=OTHER/script.js integrity="` + digest("1") + `"></script>`, "integrity: "},
		"an image for its own":    {`<img src=OTHER/own.png>`, "blocked: Cross-Origin-Resource-Policy"},
		"a redirect to one":       {`<img src=/moved>`, "blocked: Cross-Origin-Resource-Policy"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			html := strings.ReplaceAll(c.html, "OTHER", elsewhere(other))
			own := newSite(t, map[string]string{"/": html})
			maps.Copy(own.files, s.files)
			v := visitor(t, own)
			v.run.Retries = 2
			run := v.visit(own.URL + "/")
			require.Equal(t, 2, run.Count)
			r := run.Results.At(1)
			require.Equal(t, http.StatusOK, r.Status, "it came")
			require.Equal(t, 1, r.Attempts, "and would come again as it is")
			require.Equal(t, c.fault == "", r.Ok(), r.Error)
			require.True(t, strings.HasPrefix(r.Error, c.fault), r.Error)
		})
	}
}

// What a stylesheet refers to that the page may not have, or that is not the one it expects, is not asked for.
func TestAStylesheetThatIsRefusedLeadsToNothing(t *testing.T) {
	t.Parallel()
	const styles = "@import 'a.css'"
	sum := sha256.Sum256([]byte(styles))
	right := "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
	other := newSite(t, map[string]string{"/main.css": styles, "/a.css": "a {}"})
	for name, c := range map[string]struct {
		link string
		want int
	}{
		"the right digest": {`href=/main.css integrity="` + right + `"`, 3},
		"the wrong digest": {`href=/main.css integrity="sha256-AAAA"`, 2},
		"of another host":  {`href=` + elsewhere(other) + `/main.css`, 3},
		"by CORS":          {`href=` + elsewhere(other) + `/main.css crossorigin`, 2},
	} {
		s := newSite(t, map[string]string{"/": `<link rel=stylesheet ` + c.link + `>`, "/main.css": styles, "/a.css": "a {}"})
		require.Equal(t, c.want, visitor(t, s).visit(s.URL+"/").Count, name)
	}
}

// Stylesheets for other media come last, unless they turn out to be for this one.
func TestStylesheetsForOtherMediaComeLast(t *testing.T) {
	t.Parallel()
	const late = `<link rel=stylesheet href=/late.css media=print>`
	for html, want := range map[string]string{
		late + `<img src=/a.png>`:                                     "/late.css",
		late + `<img src=/a.png><link rel=stylesheet href=/late.css>`: "/a.png",
	} {
		s := newSite(t, map[string]string{"/": html, "/late.css": "a {}"})
		h := newHeld()
		s.hold = h.hold
		ended := make(chan *fetch.Run)
		v := visitor(t, s)
		v.run.Concurrency = 1
		go func() { ended <- v.visit(s.URL + "/") }()
		last := ""
		for range 2 {
			last = <-h.arrived
			h.leave <- struct{}{}
		}
		require.Equal(t, want, last)
		require.Equal(t, 3, (<-ended).Count)
	}
}
