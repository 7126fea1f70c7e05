package discover_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover"
)

func TestWhatAResourceIs(t *testing.T) {
	t.Parallel()
	const url = "https://shop.example/x"
	for _, test := range []struct {
		title, document string
		want            discover.Resource
	}{
		{
			"a stylesheet blocks", `<link rel=stylesheet href=/x integrity=sha256-AA crossorigin=use-credentials referrerpolicy=origin>`,
			discover.Resource{
				Type: discover.Style, Blocking: true, CrossOrigin: discover.UseCredentials, Integrity: "sha256-AA",
				ReferrerPolicy: "origin", Priority: discover.Highest, Element: "link",
			},
		},
		{
			"a stylesheet whose media do not match is late", `<link rel=stylesheet href=/x media=print>`,
			discover.Resource{Type: discover.Style, Late: true, Priority: discover.Lowest, Element: "link"},
		},
		{
			"an alternate one is late", `<link rel="stylesheet alternate" href=/x>`,
			discover.Resource{Type: discover.Style, Late: true, Priority: discover.Lowest, Element: "link"},
		},
		{
			"a script blocks", `<script src=/x integrity=sha256-AA crossorigin=anonymous>`,
			discover.Resource{
				Type: discover.Script, Blocking: true, CrossOrigin: discover.Anonymous, Integrity: "sha256-AA",
				Priority: discover.High, Element: "script",
			},
		},
		{
			"an async one is late", `<script async src=/x>`,
			discover.Resource{Type: discover.Script, Late: true, Priority: discover.Low, Element: "script"},
		},
		{
			"a deferred one is late", `<script defer src=/x>`,
			discover.Resource{Type: discover.Script, Late: true, Priority: discover.Low, Element: "script"},
		},
		{
			"a module is late, by CORS", `<script type=module src=/x>`,
			discover.Resource{
				Type: discover.Script, Late: true, CrossOrigin: discover.Anonymous, Priority: discover.High, Element: "script",
			},
		},
		{
			"a module may have credentials", `<script type=module src=/x crossorigin=use-credentials>`,
			discover.Resource{
				Type: discover.Script, Late: true, CrossOrigin: discover.UseCredentials, Priority: discover.High, Element: "script",
			},
		},
		{
			"a preloaded module", `<link rel=modulepreload href=/x>`,
			discover.Resource{
				Type: discover.Script, Preload: true, CrossOrigin: discover.Anonymous, Priority: discover.High, Element: "link",
			},
		},
		{
			"a preloaded font", `<link rel=preload as=font href=/x crossorigin>`,
			discover.Resource{
				Type: discover.Font, Preload: true, CrossOrigin: discover.Anonymous, Priority: discover.High, Element: "link",
			},
		},
		{
			"a preload for fetch", `<link rel=preload as=fetch href=/x>`,
			discover.Resource{Type: discover.Other, Preload: true, Priority: discover.High, Element: "link"},
		},
		{
			"a preloaded image", `<link rel=preload as=image href=/x>`,
			discover.Resource{Type: discover.Image, Preload: true, Priority: discover.Low, Element: "link"},
		},
		{
			"a preloaded style", `<link rel=preload as=style href=/x>`,
			discover.Resource{Type: discover.Style, Preload: true, Priority: discover.Highest, Element: "link"},
		},
		{
			"a manifest, by CORS", `<link rel=manifest href=/x>`,
			discover.Resource{
				Type: discover.Manifest, Late: true, CrossOrigin: discover.Anonymous, Priority: discover.Medium, Element: "link",
			},
		},
		{
			"an icon", `<link rel=icon href=/x>`,
			discover.Resource{Type: discover.Image, Late: true, Priority: discover.High, Element: "link"},
		},
		{
			"one of the first images", `<img src=/x crossorigin referrerpolicy="NO-REFERRER">`,
			discover.Resource{
				Type: discover.Image, CrossOrigin: discover.Anonymous, ReferrerPolicy: "no-referrer",
				Priority: discover.Medium, Element: "img",
			},
		},
		{
			"a source of a video", `<video crossorigin=use-credentials><source src=/x>`,
			discover.Resource{
				Type: discover.Media, CrossOrigin: discover.UseCredentials, Priority: discover.Low, Element: "video",
			},
		},
		{"audio", `<audio src=/x>`, discover.Resource{Type: discover.Media, Priority: discover.Low, Element: "audio"}},
		{"a track", `<video crossorigin><track default src=/x>`, discover.Resource{
			Type: discover.Track, CrossOrigin: discover.Anonymous, Priority: discover.Low, Element: "track",
		}},
		{"a frame", `<iframe src=/x referrerpolicy=foo>`, discover.Resource{
			Type: discover.Document, Priority: discover.Highest, Element: "iframe",
		}},
		{"an embed", `<embed src=/x>`, discover.Resource{Type: discover.Embed, Priority: discover.Highest, Element: "embed"}},
		{"an object that is an image", `<object data=/x type=image/png>`, discover.Resource{
			Type: discover.Object, Priority: discover.Low, Element: "object",
		}},
		{"an import", `<style>@import "/x"`, discover.Resource{
			Type: discover.Style, Blocking: true, Priority: discover.Highest, Element: "css:@import",
		}},
		{"a font, by CORS", `<style>@font-face{font-family:a;src:url(/x)`, discover.Resource{
			Type: discover.Font, CrossOrigin: discover.Anonymous, Priority: discover.Highest, Element: "css:@font-face",
		}},
		{"an image of CSS", `<p style="background:url(/x)">`, discover.Resource{
			Type: discover.Image, Priority: discover.Low, Element: "css:url",
		}},
		{"a mask, by CORS", `<p style="-webkit-mask-image:url(/x)">`, discover.Resource{
			Type: discover.Image, CrossOrigin: discover.Anonymous, Priority: discover.Low, Element: "css:url",
		}},
		{"an image of SVG, never by CORS", `<svg><image crossorigin href=/x />`, discover.Resource{
			Type: discover.Image, Priority: discover.Medium, Element: "image",
		}},
		{"a preload of a module that is a preload as well", `<link rel="preload modulepreload" as=script href=/x>`, discover.Resource{
			Type: discover.Script, Preload: true, CrossOrigin: discover.Anonymous, Priority: discover.High, Element: "link",
		}},
		{"the document's referrer policy", `<meta name=Referrer content=never><body background=/x>`, discover.Resource{
			Type: discover.Image, ReferrerPolicy: "no-referrer", Priority: discover.Low, Element: "body",
		}},
		{"the element's policy counts more", `<meta name=referrer content=origin><iframe src=/x referrerpolicy=same-origin>`, discover.Resource{
			Type: discover.Document, ReferrerPolicy: "same-origin", Priority: discover.Highest, Element: "iframe",
		}},
	} {
		test.want.URL = url
		assert.Equal(t, []discover.Resource{test.want}, inHTML(t, test.document, discover.Options{CSS: discover.All}), test.title)
	}
}

func TestPriorities(t *testing.T) {
	t.Parallel()
	priorities := func(document string) string {
		found := inHTML(t, document, discover.Options{CSS: discover.All})
		all := make([]string, 0, len(found))
		for _, resource := range found {
			all = append(all, resource.Priority.String())
		}
		return strings.Join(all, ",")
	}
	for _, test := range []struct{ title, document, want string }{
		{"scripts and styles behind the first image are late", `<script src=/a></script><img src=/b><script src=/c></script><link rel=stylesheet href=/d>`, "high,medium,medium,medium"},
		{"modules are not", `<img src=/a><script type=module src=/b></script>`, "medium,high"},
		{"preloads of images make nothing late", `<link rel=preload as=image href=/a><script src=/b></script>`, "low,high"},
		{"five images are preferred", strings.Join([]string{`<img src=/1>`, `<img src=/2>`, `<img src=/3>`, `<img src=/4>`, `<img src=/5>`, `<img src=/6>`}, ""), "medium,medium,medium,medium,medium,low"},
		{"small ones are not", `<img src=/a width=100 height=100><img src=/b width=101 height=100px><img src=/c width=0>`, "low,medium,low"},
		{"a height without a width is not small", `<img src=/a height=10>`, "medium"},
		{"the hint raises an image", `<img src=/a fetchpriority=high>`, "high"},
		{"the hint lowers an image", `<img src=/a fetchpriority=LOW>`, "low"},
		{"an image with a hint counts as one of the five", strings.Repeat(`<img src=/a fetchpriority=low>`, 5) + `<img src=/b>`, "low,low"},
		{"an unknown hint is none", `<img src=/a fetchpriority=urgent>`, "medium"},
		{"the hint raises an async script", `<script async fetchpriority=high src=/a></script>`, "high"},
		{"the hint lowers a deferred one no further", `<script defer fetchpriority=low src=/a></script>`, "low"},
		{"what blocks rendering stays high", `<script fetchpriority=low src=/a></script>`, "high"},
		{"what only blocks parsing does not", `<body><script fetchpriority=low src=/a></script>`, "low"},
		{"the hint lowers a stylesheet to high", `<body><link rel=stylesheet fetchpriority=low href=/a>`, "high"},
		{"the hint raises a stylesheet no further", `<link rel=stylesheet fetchpriority=high href=/a>`, "highest"},
		{"the hint lowers a preload", `<link rel=preload as=fetch fetchpriority=low href=/a>`, "low"},
		{"a frame by srcdoc has priorities of its own", `<img src=/a><iframe srcdoc="<link rel=stylesheet href=/b><img src=/c>"></iframe><script src=/d></script>`, "medium,highest,medium,medium"},
		{"images of SVG are among the five, however small", `<svg><image href=/1 width=1 height=1 /><image href=/2 /></svg><img src=/3><img src=/4><img src=/5><img src=/6>`, "medium,medium,medium,medium,medium,low"},
		{"backgrounds are not, and make nothing late", `<body background=/a><table background=/b><style>p{background:url(/c)}</style><link rel=stylesheet href=/d><script src=/e></script>`, "low,low,low,highest,high"},
		{"an import in a style element behind the first image is late", `<style>@import "/a"</style><img src=/b><style>@import "/c"</style>`, "highest,medium,medium"},
		{"a poster counts as an image", `<video poster=/a></video>`, "medium"},
	} {
		assert.Equal(t, test.want, priorities(test.document), test.title)
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	var types []string
	for kind := discover.Document; kind <= discover.Other; kind++ {
		types = append(types, kind.String())
	}
	assert.Equal(t, "document style script font image media track manifest embed object other", strings.Join(types, " "))
	var priorities []string
	for priority := discover.Lowest; priority <= discover.Highest; priority++ {
		priorities = append(priorities, priority.String())
	}
	assert.Equal(t, "lowest low medium high highest", strings.Join(priorities, " "))
}

func TestASecondUseSaysMore(t *testing.T) {
	t.Parallel()
	found := inHTML(t, `<link rel=preload as=style href=/a><link rel=stylesheet href=/a><link rel=stylesheet href=/a>`,
		discover.Options{})
	require.Len(t, found, 2)
	assert.True(t, found[0].Preload && !found[0].Blocking)
	assert.True(t, !found[1].Preload && found[1].Blocking)
	found = inHTML(t, "<script async src=/a></script>\n<script src=/a></script>\n<script defer src=/a></script>",
		discover.Options{})
	require.Len(t, found, 2)
	assert.True(t, !found[0].Blocking && found[1].Blocking)
}

func TestBaseIsKnownToTheCaller(t *testing.T) {
	t.Parallel()
	scanner := discover.NewHTML(parse(t, page), "", discover.Options{}, func(discover.Resource) {})
	assert.Equal(t, page, scanner.Base().String())
	_, err := fmt.Fprint(scanner, `<base href="/x/">`)
	require.NoError(t, err)
	assert.Equal(t, "https://shop.example/x/", scanner.Base().String())
}

func TestReferrerPolicies(t *testing.T) {
	t.Parallel()
	const document = `<style>@import "/import"; p { background: url(/css) } @font-face { font-family: a; src: url(/font) }</style>` +
		`<img src=/image><iframe srcdoc="<img src=/nested>"></iframe>`
	for _, test := range []struct{ title, header, meta, want string }{
		{"none", "", "", ""},
		{"of the header", "origin", "", "origin"},
		{"the last of the header that is valid", "no-referrer, Origin, foo", "", "origin"},
		{"of the document, which counts more", "origin", "<meta name=referrer content=same-origin>", "same-origin"},
		{"an invalid one of the document does not", "origin", "<meta name=referrer content=foo>", "origin"},
	} {
		got := make(map[string]string)
		options := discover.Options{CSS: discover.All, ReferrerPolicy: test.header}
		scanner := discover.NewHTML(parse(t, page), "", options, func(r discover.Resource) { got[r.Type.String()+r.Element] = r.ReferrerPolicy })
		_, err := fmt.Fprint(scanner, test.meta, document)
		require.NoError(t, err)
		scanner.Close()
		assert.Equal(t, map[string]string{
			"stylecss:@import": test.want, "imageimg": test.want, "imagecss:url": "", "fontcss:@font-face": "",
		}, got, "%s: images and fonts of CSS have no policy in Chromium", test.title)
		assert.Equal(t, test.want, scanner.ReferrerPolicy(), test.title)
	}
	imported := inCSS(t, `@import "a"; @font-face { font-family: a; src: url(a.ttf) }`, discover.Options{ReferrerPolicy: "origin"})
	require.Len(t, imported, 2)
	assert.Equal(t, "origin", imported[0].ReferrerPolicy, "a stylesheet has the policy of its document")
	assert.Empty(t, imported[1].ReferrerPolicy)
}
