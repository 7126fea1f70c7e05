//nolint:goconst // a table of cases
package request_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover"
	"github.com/xk6-fetch/xk6-fetch/fetch/page/request"
)

// The pages below have one element for each case. A real Chromium has fetched them: testdata/chromium.txt is what it
// sent. TestChromium writes that file, and the other tests compare it with what this package says.

// page is a document, and what its elements refer to.
type page struct {
	name   string // the first part of the paths of its resources
	says   string
	url    string
	policy string // the field Referrer-Policy of its response
	target string // the origin of its resources
	has    []element
}

// element is a case: something that refers to a resource.
type element struct {
	says string // the rest of the path, with hyphens
	html string // or CSS, in a stylesheet. @ is the URL
	end  string // of the path

	policy string    // the field Referrer-Policy of the resource
	target string    // the origin of the resource, if it is another than that of the others
	has    []element // if the resource is a document or a stylesheet: what that refers to
	unsent bool      // a browser does not send the request
}

const (
	shop, static, cdn = "https://shop.example", "https://static.shop.example", "https://cdn.example"
	other             = "https://other.example"
	plainShop         = "http://shop.example"
	local, localPort  = "http://127.0.0.1:8080", "http://127.0.0.1:8081"
	localName         = "http://localhost:8080"
)

func pages() []page {
	long := "/long?" + strings.Repeat("a", 4096-len("https://shop.example/long?"))
	return append(policyPages(), []page{
		{name: "own", says: "Everything, of its own origin.", url: shop + "/own?q#f", target: shop, has: everyElement()},
		{name: "other", says: "Everything, of another site.", url: shop + "/other", target: cdn, has: everyElement()},
		{name: "sibling", says: "Of another origin of the same site.", url: shop + "/sibling", target: static, has: someElements()},
		{name: "port", says: "Another port is another origin, but the same site. Loopback is trustworthy.", url: local + "/port", target: localPort, has: someElements()},
		{name: "name", says: "An address and a name of it are two sites.", url: local + "/name", target: localName, has: someElements()},
		{name: "up", says: "A page in plain text is of another site than the same by TLS.", url: plainShop + "/up", target: shop, has: someElements()},
		{name: "plain", says: "In plain text, there is no Fetch Metadata.", url: plainShop + "/plain", target: plainShop, has: someElements()},
		{name: "down", says: "Loopback is no downgrade to Chromium.", url: local + "/down", target: plainShop, has: someElements()},
		{name: "loopback", says: "From TLS to loopback is one.", url: shop + "/loopback", target: local, has: someElements()},
		{name: "user", says: "User info and fragments do not belong to a referrer.", url: "https://me:secret@shop.example/user", target: shop, has: images()},
		{name: "longest", says: "A referrer of 4096 bytes is sent as it is.", url: shop + long, target: shop, has: images()},
		{name: "longer", says: "Of a longer one, the origin is sent.", url: shop + long + "a", target: shop, has: images()},
		{name: "frames", says: "Frames: whether one of another site is around decides on Sec-Fetch-Storage-Access.", url: shop + "/frames", target: cdn, has: frames()},
		{name: "sheets", says: "Stylesheets refer with a URL and a policy of their own.", url: shop + "/sheets", target: cdn, has: sheets()},
	}...)
}

// policyPages are pages with each referrer policy: to the same and to another origin, and to one in plain text.
func policyPages() []page {
	var all []page
	for _, policy := range []string{
		"no-referrer", "no-referrer-when-downgrade", "same-origin", "origin", "strict-origin", "origin-when-cross-origin",
		"strict-origin-when-cross-origin", "unsafe-url",
	} {
		all = append(all, page{name: policy, says: "The policy " + policy + ".", url: local + "/" + policy, policy: policy, target: local, has: []element{
			{says: "to the same origin", html: `<img src=@>`},
			{says: "to another", html: `<img src=@>`, target: localPort},
			{says: "to another in plain text", html: `<img src=@>`, target: plainShop},
			{says: "the element's policy wins", html: `<img src=@ referrerpolicy=origin>`},
		}})
	}
	return append(all, page{name: "meta", says: "A policy of the document.", url: shop + "/meta", policy: "no-referrer", target: cdn, has: []element{
		{says: "the meta element wins over the header", html: `<meta name=referrer content=unsafe-url><img src=@>`},
	}})
}

func images() []element {
	return []element{{says: "image", html: `<img src=@>`}, {says: "to another", html: `<img src=@>`, target: cdn}}
}

// someElements are one of each mode and destination. Those come first that count in the head of a document only.
func someElements() []element {
	return []element{
		{says: "manifest", html: `<link rel=manifest href=@>`},
		{says: "stylesheet", html: `<link rel=stylesheet href=@>`},
		{says: "script", html: `<script src=@></script>`},
		{says: "module", html: `<script type=module src=@></script>`},
		{says: "module with credentials", html: `<script type=module crossorigin=use-credentials src=@></script>`},
		{says: "image", html: `<img src=@>`},
		{says: "font", html: `<style>@font-face{font-family:a;src:url(@)}p{font-family:a}</style><p>text</p>`},
		{says: "video", html: `<video src=@></video>`},
		{says: "video by cors", html: `<video crossorigin src=@></video>`},
		{says: "track by cors", html: `<video crossorigin src=data:,><track default src=@></video>`},
		{says: "preload for fetch", html: `<link rel=preload as=fetch href=@>`},
		{says: "iframe", html: `<iframe src=@></iframe>`},
	}
}

func everyElement() []element {
	head := element{says: "icon", html: `<link rel=icon href=@>`}
	return append(append([]element{head}, someElements()...), []element{
		{says: "stylesheet by cors", html: `<link rel=stylesheet crossorigin href=@>`},
		{says: "stylesheet with credentials", html: `<link rel=stylesheet crossorigin=use-credentials href=@>`},
		{says: "stylesheet of another medium", html: `<link rel=stylesheet media=print href=@>`},
		{says: "import", html: `<style>@import "@";</style>`},
		{says: "script by cors", html: `<script crossorigin src=@></script>`},
		{says: "script with credentials", html: `<script crossorigin=use-credentials src=@></script>`},
		{says: "async script", html: `<script async src=@></script>`},
		{says: "deferred script", html: `<script defer src=@></script>`},
		{says: "svg script", html: `<svg><script href=@></script></svg>`},
		{says: "image by cors", html: `<img crossorigin src=@>`},
		{says: "image with credentials", html: `<img crossorigin=use-credentials src=@>`},
		{says: "image without referrer", html: `<img referrerpolicy=no-referrer src=@>`},
		{says: "image with the whole url", html: `<img referrerpolicy=unsafe-url src=@>`},
		{says: "picture", html: `<picture><source srcset=@><img src=data:,></picture>`},
		{says: "input", html: `<input type=image src=@>`},
		{says: "poster", html: `<video poster=@></video>`},
		{says: "background", html: `<table background=@><tr><td>text</table>`},
		{says: "style attribute", html: `<div style="background:url(@)">text</div>`},
		{says: "svg image", html: `<svg><image href=@ /></svg>`},
		{says: "filter", html: `<svg><filter id=f><feImage href=@ /></filter><rect width=9 height=9 filter=url(#f) /></svg>`},
		{says: "video with credentials", html: `<video crossorigin=use-credentials src=@></video>`},
		{says: "audio", html: `<audio src=@></audio>`},
		{says: "track with credentials", html: `<video crossorigin=use-credentials src=data:,><track default src=@></video>`},
		{says: "embed", html: `<embed src=@>`},
		{says: "embed of an image", html: `<embed src=@>`, end: ".png"},
		{says: "object", html: `<object data=@></object>`},
		{says: "object of an image", html: `<object data=@ type=image/png></object>`},
		{says: "preloaded stylesheet", html: `<link rel=preload as=style href=@>`},
		{says: "preloaded script", html: `<link rel=preload as=script href=@>`},
		{says: "preloaded module", html: `<link rel=modulepreload href=@>`},
		{says: "preloaded image", html: `<link rel=preload as=image href=@>`},
		{says: "preloaded font", html: `<link rel=preload as=font crossorigin href=@>`},
		{says: "preloaded font without cors", html: `<link rel=preload as=font href=@>`},
		{says: "preloaded track", html: `<link rel=preload as=track href=@>`},
		{says: "preloaded track by cors", html: `<link rel=preload as=track crossorigin href=@>`},
		{says: "preload for fetch by cors", html: `<link rel=preload as=fetch crossorigin href=@>`},
		{says: "preload for fetch with credentials", html: `<link rel=preload as=fetch crossorigin=use-credentials href=@>`},
		{says: "track", html: `<video src=data:,><track default src=@></video>`, target: shop},
		{says: "svg use", html: `<svg><use href=@#a /></svg>`, target: shop},
		{says: "track of another origin", html: `<video src=data:,><track default src=@></video>`, target: static, unsent: true},
	}...)
}

// frames are documents in documents.
func frames() []element {
	inner := func(origin string) []element {
		return []element{
			{says: "image of the frame's origin", html: `<img src=@>`, target: origin},
			{says: "image of the page's origin", html: `<img src=@>`, target: shop},
			{says: "image of a third", html: `<img src=@>`, target: other},
			{says: "image by cors", html: `<img crossorigin src=@>`, target: cdn},
			{says: "image by cors of the page's origin", html: `<img crossorigin src=@>`, target: shop},
			{says: "font", html: `<style>@font-face{font-family:a;src:url(@)}p{font-family:a}</style><p>text</p>`},
			{says: "track", html: `<video src=data:,><track default src=@></video>`, target: origin},
			{says: "svg use", html: `<svg><use href=@#a /></svg>`, target: origin},
			{says: "video", html: `<video src=@></video>`},
		}
	}
	deeper := []element{
		{says: "frame of its own origin", html: `<iframe src=@></iframe>`},
		{says: "frame of the page's origin", html: `<iframe src=@></iframe>`, target: shop, has: inner(shop)},
	}
	return []element{
		{says: "frame", html: `<iframe src=@></iframe>`, has: append(inner(cdn), deeper...)},
		{says: "sibling", html: `<iframe src=@></iframe>`, target: static, has: []element{
			{says: "image of the frame's origin", html: `<img src=@>`},
			{says: "image of the page's origin", html: `<img src=@>`, target: shop},
			{says: "image of a third", html: `<img src=@>`, target: other},
		}},
		{says: "without a referrer", html: `<iframe referrerpolicy=no-referrer src=@></iframe>`},
		{says: "of a document", html: `<iframe srcdoc='<img src=@>'></iframe>`},
	}
}

// sheets are stylesheets, whose URL and policy count for what they refer to.
func sheets() []element {
	inner := []element{
		{says: "import", html: `@import "@";`},
		{says: "font", html: `@font-face{font-family:a;src:url(@)}p{font-family:a}`},
		{says: "image", html: `b{background:url(@)}`},
		{says: "image of the page's origin", html: `i{background:url(@)}`, target: shop},
	}
	alone := func(policy, tag string) element {
		return element{says: "with " + policy, html: `<link rel=stylesheet href=@>`, policy: policy, has: []element{
			{says: "import", html: `@import "@";`},
			{says: "image", html: tag + `{background:url(@)}`},
			{says: "image of the page's origin", html: tag + ` i{background:url(@)}`, target: shop},
		}}
	}
	const text = `<p>text<b>text</b><i>text</i><u>text<i>text</i></u><s>text<i>text</i></s>`
	return []element{
		{says: "icon", html: `<link rel=icon href=@>` + text},
		{says: "sheet", html: `<link rel=stylesheet href=@>`, has: inner},
		alone("unsafe-url", "u"), alone("no-referrer", "s"),
	}
}

// resource is a page, or what it refers to, with its content and the request that a browser makes for it.
type resource struct {
	url, content, contentType, policy string
	unsent                            bool
	request                           request.Request
}

// resources returns what a browser fetches for a page, as package discover finds it.
func (p *page) resources(t *testing.T) []resource {
	t.Helper()
	top := resource{url: p.url, policy: p.policy, content: "<!DOCTYPE html><link rel=icon href=data:,>" + p.html("", p.has), contentType: "text/html"}
	top.request = request.Request{Resource: discover.Resource{URL: p.url, Type: discover.Document}}
	if slices.ContainsFunc(p.has, func(e element) bool { return e.says == "icon" }) {
		top.content = strings.Replace(top.content, "<link rel=icon href=data:,>", "", 1)
	}
	return append([]resource{top}, p.below(t, "", p.has, &top)...)
}

// below returns what a resource refers to, in the order of its elements.
func (p *page) below(t *testing.T, path string, elements []element, from *resource) []resource {
	t.Helper()
	found := make(map[string]discover.Resource)
	for _, one := range discovered(t, from) {
		require.NotContains(t, found, one.URL)
		found[one.URL] = one
	}
	var all []resource
	for i := range elements {
		e := &elements[i]
		r := resource{url: p.urlOf(path, e), policy: e.policy, unsent: e.unsent, contentType: "text/html"}
		require.Contains(t, found, r.url)
		r.request = request.Request{Resource: found[r.url], Policy: from.policy, ThirdParty: from.request.ThirdParty}
		if from.contentType == "text/css" {
			r.request.Document, r.request.Referrer = from.request.Document, from.url
		} else {
			r.request.Document = from.url
			r.request.ThirdParty = from.request.ThirdParty ||
				from.request.Document != "" && request.Site(from.url) != request.Site(from.request.Document)
		}
		r.content, r.contentType = p.html(path+slug(e)+"/", e.has), contentTypeOf(r.request.Resource.Type)
		all = append(append(all, r), p.below(t, path+slug(e)+"/", e.has, &r)...)
	}
	return all
}

func discovered(t *testing.T, from *resource) []discover.Resource {
	t.Helper()
	base, err := url.Parse(from.url)
	require.NoError(t, err)
	var all []discover.Resource
	found := func(r discover.Resource) { all = append(all, r) }
	options := discover.Options{CSS: discover.All}
	if from.contentType == "text/css" {
		scanner := discover.NewCSS(base, from.contentType, options, found)
		_, err = scanner.Write([]byte(from.content))
		scanner.Close()
	} else {
		scanner := discover.NewHTML(base, from.contentType, options, found)
		_, err = scanner.Write([]byte(from.content))
		scanner.Close()
	}
	require.NoError(t, err)
	return all
}

// html is the content of a document or stylesheet.
func (p *page) html(path string, elements []element) string {
	var text strings.Builder
	for i := range elements {
		html := strings.NewReplacer("@font-face", "@font-face", "@import", "@import", "@", p.urlOf(path, &elements[i]))
		text.WriteString(html.Replace(elements[i].html) + "\n")
	}
	return text.String()
}

func (p *page) urlOf(path string, e *element) string {
	target := e.target
	if target == "" {
		target = p.target
	}
	return target + "/" + p.name + "/" + path + slug(e) + e.end
}

func slug(e *element) string {
	return strings.NewReplacer(" ", "-", "'", "").Replace(e.says)
}

func contentTypeOf(kind discover.Type) string {
	switch kind {
	case discover.Style:
		return "text/css"
	case discover.Script:
		return "text/javascript"
	case discover.Image:
		return "image/svg+xml"
	default:
		return "text/html"
	}
}
