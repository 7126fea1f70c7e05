package discover_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover"
)

// documents are what a document has, and the URLs that a browser fetches for it. Those that have no options are as on a
// desktop of 1280×720.
type documents []struct {
	title, document string
	want            []string
}

func (d documents) check(t *testing.T, options discover.Options) {
	t.Helper()
	for _, test := range d {
		if test.want == nil {
			test.want = []string{}
		}
		assert.Equal(t, test.want, urls(inHTML(t, test.document, options)), "%s: %s", test.title, test.document)
	}
}

func TestURLs(t *testing.T) {
	t.Parallel()
	documents{
		{"a relative one", `<img src=a.png>`, []string{"/d/a.png"}},
		{"one from the root", `<img src=/a.png>`, []string{"/a.png"}},
		{"one that goes up", `<img src=../../a.png>`, []string{"/a.png"}},
		{"one without a scheme", `<img src="//cdn.example/a.png">`, []string{"https://cdn.example/a.png"}},
		{"an absolute one", `<img src="http://cdn.example/a.png">`, []string{"http://cdn.example/a.png"}},
		{"a host alone has a path", `<img src="http://cdn.example">`, []string{"http://cdn.example/"}},
		{"a query alone", `<img src="?a=b">`, []string{"/d/page.html?a=b"}},
		{"a fragment is dropped", `<img src="/a.svg#b">`, []string{"/a.svg"}},
		{"a fragment alone is the document", `<img src="#b">`, []string{"/d/page.html"}},
		{"an entity", `<img src="/a?b=1&amp;c=2">`, []string{"/a?b=1&c=2"}},
		{"spaces around it", "<img src=' /a.png\n'>", []string{"/a.png"}},
		{"a newline within", "<img src='/a\n\tb.png'>", []string{"/ab.png"}},
		{"a space within", "<img src='/a b.png?c d'>", []string{"/a%20b.png?c%20d"}},
		{"backslashes are slashes", `<img src="\a\b.png">`, []string{"/a/b.png"}},
		{"another script", `<img src="/ä?ö">`, []string{"/%C3%A4?%C3%B6"}},
		{"a host in another script", `<img src="//bücher.example/a">`, []string{"https://xn--bcher-kva.example/a"}},
		{
			"characters as Chromium sends them", "<img src=\"/a|b^c[d]e{f}g`h%20.png?q=a|b^c[d]{e}`'%zz\">",
			[]string{"/a%7Cb%5Ec[d]e%7Bf%7Dg%60h%20.png?q=a|b^c[d]{e}`%27%zz"},
		},
		{"a stray percent sign in a path", `<img src="/50%.png">`, []string{"/50%25.png"}},
		{"a scheme without a host is relative", `<img src="https:a.png">`, []string{"/d/a.png"}},
		{"another scheme without slashes has a host", `<img src="http:cdn.example/a">`, []string{"http://cdn.example/a"}},
		{"too many slashes", `<img src="///cdn.example/a">`, []string{"https://cdn.example/a"}},
		{"the port that the scheme has anyway", `<img src="https://cdn.example:443/a"><img src="http://cdn.example:80/a"><img src="http://cdn.example:443/a">`, []string{"https://cdn.example/a", "http://cdn.example/a", "http://cdn.example:443/a"}},
		{"an empty port", `<img src="https://cdn.example:/a">`, []string{"https://cdn.example/a"}},
		{"encoded dots go up as well", `<img src="/a/b/%2e%2E/.%2e/%2e/c.png"><img src="%2e%2e?a=/%2e/b"><img src="/a%2e/b">`, []string{"/c.png", "/?a=/%2e/b", "/a%2e/b"}},
		{"a colon in a name", `<img src="1:2.png">`, []string{"/d/1:2.png"}},
		{"an empty one is none", `<img src=""><img src=" "><script src=""></script><link rel=stylesheet href="">`, nil},
		{"data is none", `<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">`, nil},
		{"other schemes are none", `<img src=blob:a><iframe src=javascript:1></iframe><iframe src=about:blank></iframe>`, nil},
		{"nor are these", `<img src=mailto:a><img src=ftp://a/b><img src=file:///etc/passwd><img src=JavaScript:1>`, nil},
		{"nor is one with a password, unless it is of audio or video", `<img src="https://a:b@shop.example/a.png"><iframe src="//a@shop.example/b"></iframe><video src="https://a:b@shop.example/c.mp4"></video>`, []string{"https://a:b@shop.example/c.mp4"}},
		{"an empty password is none", `<img src="https://:@cdn.example/a.png"><img src="https://@cdn.example/b.png">`, []string{"https://cdn.example/a.png", "https://cdn.example/b.png"}},
		{"nor is an invalid host", `<img src="http://[::1"><img src="http://:80/a"><img src="http://::80/a">`, nil},
		{"each one once", `<img src=a.png><img src=/d/a.png><img src=a.png#b>`, []string{"/d/a.png"}},
		{"a use of another kind is another", `<img src=a.svg><iframe src=a.svg></iframe>`, []string{"/d/a.svg", "/d/a.svg"}},
	}.check(t, discover.Options{})
}

func TestLinks(t *testing.T) {
	t.Parallel()
	documents{
		{"a stylesheet", `<link rel=stylesheet href=/a.css>`, []string{"/a.css"}},
		{"case does not matter", `<LINK REL=StyleSheet HREF=/a.css>`, []string{"/a.css"}},
		{"a stylesheet of type CSS", `<link rel=stylesheet type="text/css; charset=utf-8" href=/a.css>`, []string{"/a.css"}},
		{"one of another type is not", `<link rel=stylesheet type=text/less href=/a.less>`, nil},
		{"a disabled one is not", `<link rel=stylesheet disabled href=/a.css>`, nil},
		{"one for print comes late", `<link rel=stylesheet media=print href=/a.css>`, []string{"/a.css"}},
		{"an alternate one comes late", `<link rel="alternate stylesheet" title=x href=/a.css>`, []string{"/a.css"}},
		{"an alternate that is no stylesheet is not", `<link rel=alternate type=application/rss+xml href=/a.xml>`, nil},
		{"a canonical one is not", `<link rel=canonical href=/a>`, nil},
		{
			"hints are not", `<link rel=prefetch href=/a.js><link rel=dns-prefetch href=//b><link rel=preconnect href=//c>` +
				`<link rel=prerender href=/d><link rel=next href=/e>`, nil,
		},
		{"a manifest", `<link rel=manifest href=/a.webmanifest>`, []string{"/a.webmanifest"}},
		{"the first of two manifests", `<link rel=manifest href=/a.webmanifest><link rel=manifest href=/b.webmanifest>`, []string{"/a.webmanifest"}},
		{"the first one, even if it is empty", `<link rel=manifest href=""><link rel=manifest href=/b.webmanifest>`, nil},
		{"a manifest in the body is not", `<p><link rel=manifest href=/a.webmanifest>`, nil},

		{"a preload of a script", `<link rel=preload as=script href=/a.js>`, []string{"/a.js"}},
		{"a preload of a style", `<link rel=preload as=style href=/a.css>`, []string{"/a.css"}},
		{"a preload of a font", `<link rel=preload as=font type=font/woff2 href=/a.woff2 crossorigin>`, []string{"/a.woff2"}},
		{"a preload of an image", `<link rel=preload as=image href=/a.png>`, []string{"/a.png"}},
		{"a preload of a track", `<link rel=preload as=track href=/a.vtt>`, []string{"/a.vtt"}},
		{"a preload for fetch", `<link rel=preload as=fetch href=/a.json>`, []string{"/a.json"}},
		{"a preload needs a type that browsers know", `<link rel=preload href=/a><link rel=preload as=foo href=/b>`, nil},
		{"video is none of these", `<link rel=preload as=video href=/a.mp4><link rel=preload as=document href=/b.html>`, nil},
		{"a preload of a format that is unknown is not", `<link rel=preload as=image type=image/heic href=/a.heic><link rel=preload as=font type=a/b href=/a><link rel=preload as=style type=text/less href=/a>`, nil},
		{"a preload of a script or a track, whatever its type", `<link rel=preload as=script type=module href=/a.js><link rel=preload as=track type=a/b href=/b>`, []string{"/a.js", "/b"}},
		{"a preload whose media match", `<link rel=preload as=style media=screen href=/a.css>`, []string{"/a.css"}},
		{"a preload whose media do not match is not", `<link rel=preload as=style media=print href=/a.css>`, nil},
		{
			"a preload of an image by density", `<link rel=preload as=image href=/a.png imagesrcset="/b.png 1x, /c.png 2x">`,
			[]string{"/b.png"},
		},
		{
			"a preload of an image by width",
			`<link rel=preload as=image imagesrcset="/b.png 100w, /c.png 700w, /d.png 2000w" imagesizes=50vw>`,
			[]string{"/c.png"},
		},
		{
			"a preload that is a stylesheet as well is two uses", `<link rel="preload stylesheet" as=style href=/a.css>`,
			[]string{"/a.css", "/a.css"},
		},
		{"a preload of a module", `<link rel=modulepreload href=/a.mjs>`, []string{"/a.mjs"}},
		{"a preload of a worker", `<link rel=modulepreload as=worker href=/a.mjs>`, []string{"/a.mjs"}},
		{"a preload of a module, whatever for", `<link rel=modulepreload as=style href=/a.mjs><link rel=modulepreload as=foo href=/b.mjs>`, []string{"/a.mjs", "/b.mjs"}},
		{"a preload of a module whose media do not match is not", `<link rel=modulepreload media=print href=/a.mjs>`, nil},
	}.check(t, discover.Options{})
}

func TestIcons(t *testing.T) {
	t.Parallel()
	documents{
		{"an icon comes last", `<link rel=icon href=/a.png><img src=/b.png>`, []string{"/b.png", "/a.png"}},
		{"its old name", `<link rel="shortcut icon" href=/favicon.ico>`, []string{"/favicon.ico"}},
		{"one of two, the last", `<link rel=icon href=/a.png><link rel=icon href=/b.png>`, []string{"/b.png"}},
		{"32 pixels rather than 16", `<link rel=icon sizes=32x32 href=/a><link rel=icon sizes=16x16 href=/b>`, []string{"/a"}},
		{"16 pixels rather than 48", `<link rel=icon sizes=16x16 href=/a><link rel=icon sizes=48x48 href=/b>`, []string{"/a"}},
		{"48 pixels rather than 180", `<link rel=icon sizes=180x180 href=/a><link rel=icon sizes=48X48 href=/b>`, []string{"/b"}},
		{"any size rather than 32 pixels", `<link rel=icon sizes=any href=/a.svg><link rel=icon sizes=32x32 href=/b>`, []string{"/a.svg"}},
		{"both rather than 32 pixels", `<link rel=icon sizes="16x16 32x32" href=/a><link rel=icon sizes=32x32 href=/b>`, []string{"/a"}},
		{"16 pixels rather than 8", `<link rel=icon sizes=16x16 href=/a><link rel=icon sizes=8x8 href=/b>`, []string{"/a"}},
		{"whatever its type", `<link rel=icon type=image/heic href=/a>`, []string{"/a"}},
		{"one in the body is not", `<link rel=icon href=/a.png><p><link rel=icon href=/b.png>`, []string{"/a.png"}},
		{"nor one behind the tag of the body", `<body><link rel=icon href=/b.png>`, nil},
		{"those of phones are not", `<link rel=apple-touch-icon href=/a.png><link rel=mask-icon href=/b.svg>`, nil},
		{"the base is the one of its place", `<link rel=icon href=a.png><base href=/b/>`, []string{"/d/a.png"}},
	}.check(t, discover.Options{})
	inFrame := inHTML(t, `<link rel=icon href=/a.png><link rel=manifest href=/b>`, discover.Options{Frame: true})
	assert.Empty(t, inFrame, "frames have neither icons nor manifests")
}

func TestScripts(t *testing.T) {
	t.Parallel()
	documents{
		{"a script", `<script src=/a.js></script>`, []string{"/a.js"}},
		{"one of type JavaScript", `<script type=" Text/JavaScript " src=/a.js></script>`, []string{"/a.js"}},
		{"one of an old type", `<script type=application/x-javascript src=/a.js></script>`, []string{"/a.js"}},
		{"one of an empty type", `<script type="" src=/a.js></script>`, []string{"/a.js"}},
		{"one with a language", `<script language=JavaScript1.2 src=/a.js></script>`, []string{"/a.js"}},
		{"one with another language is not", `<script language=VBScript src=/a.vbs></script>`, nil},
		{"the type counts more than the language", `<script type=text/plain language=JavaScript src=/a></script>`, nil},
		{"data is not", `<script type=application/json src=/a.json></script><script type=text/template src=/b></script>`, nil},
		{"a type with parameters is not", `<script type="text/javascript;charset=utf-8" src=/a.js></script>`, nil},
		{"an import map is not", `<script type=importmap src=/a.json></script><script type=speculationrules src=/b></script>`, nil},
		{"a module", `<script type=module src=/a.mjs></script>`, []string{"/a.mjs"}},
		{"what is for browsers without modules is not", `<script nomodule src=/a.js></script>`, nil},
		{"a module may say that", `<script type=module nomodule src=/a.mjs></script>`, []string{"/a.mjs"}},
		{"a handler of an event is not", `<script for=document event=onclick src=/a.js></script>`, nil},
		{"that of the window's load is", `<script for=window event="onload()" src=/a.js></script>`, []string{"/a.js"}},
		{"one in SVG", `<svg><script href=/a.js></script></svg>`, []string{"/a.js"}},
		{"one of HTML in SVG", `<svg><foreignObject><script src=/a.js></script></foreignObject><script src=/no.js></script></svg>`, []string{"/a.js"}},
		{"one in SVG without an end tag", `<svg><script xlink:href=/a.js /><image href=/b.png /></svg>`, []string{"/a.js", "/b.png"}},
	}.check(t, discover.Options{})
}

func TestImages(t *testing.T) {
	t.Parallel()
	documents{
		{"an image", `<img src=/a.png>`, []string{"/a.png"}},
		{"its other name", `<image src=/a.png>`, []string{"/a.png"}},
		{"a lazy one is not", `<img loading=LAZY src=/a.png>`, nil},
		{"an eager one is", `<img loading=eager src=/a.png>`, []string{"/a.png"}},
		{"one of a srcset by density", `<img src=/a.png srcset="/b.png 2x">`, []string{"/a.png"}},
		{"one of a srcset by width", `<img src=/a.png srcset="/b.png 400w, /c.png 800w" sizes=300px>`, []string{"/b.png"}},
		{"the viewport without sizes", `<img src=/a.png srcset="/b.png 400w, /c.png 1400w, /d.png 2000w">`, []string{"/c.png"}},
		{"a size by condition", `<img srcset="/b.png 400w, /c.png 800w" sizes="(max-width: 600px) 100vw, 350px">`, []string{"/b.png"}},
		{"a size that is automatic, which is for lazy images", `<img srcset="/b.png 400w, /c.png 1400w" sizes="auto, 300px">`, []string{"/c.png"}},
		{"a srcset of data is none", `<img src=/a.png srcset="data:image/gif;base64,R0lGOD 1x">`, nil},

		{"the image of a picture", `<picture><img src=/a.png></picture>`, []string{"/a.png"}},
		{"the first source of a picture", `<picture><source srcset=/a.png><source srcset=/b.png><img src=/c.png></picture>`, []string{"/a.png"}},
		{"one whose media match", `<picture><source media="(max-width:600px)" srcset=/a.png><source media="(min-width:601px)" srcset=/b.png><img src=/c.png></picture>`, []string{"/b.png"}},
		{"the image if none matches", `<picture><source media=print srcset=/a.png><img src=/b.png></picture>`, []string{"/b.png"}},
		{"one of a type that browsers know", `<picture><source type=image/heic srcset=/a.heic><source type=image/avif srcset=/b.avif><img src=/c.png></picture>`, []string{"/b.avif"}},
		{"one by width", `<picture><source srcset="/a.png 100w, /b.png 700w" sizes=50vw><img src=/c.png></picture>`, []string{"/b.png"}},
		{"one without a valid candidate is not", `<picture><source srcset="/a.png 1q"><source src=/b.png><img src=/c.png></picture>`, []string{"/c.png"}},
		{"one of data is chosen, and nothing is fetched", `<picture><source srcset="data:image/png;base64,AA"><img src=/a.png></picture>`, nil},
		{"a source behind the image is not", `<picture><img src=/a.png><source srcset=/b.png></picture>`, []string{"/a.png"}},
		{"a source within another element is not", `<picture><div><source srcset=/a.png></div><img src=/b.png></picture>`, []string{"/b.png"}},
		{"an image within another element has no sources", `<picture><source srcset=/a.png><p><img src=/b.png></p><img src=/c.png></picture>`, []string{"/b.png", "/a.png"}},
		{"the image behind a picture is its own", `<picture><source srcset=/a.png></picture><img src=/b.png>`, []string{"/b.png"}},
		{"a lazy image of a picture is not", `<picture><source srcset=/a.png><img loading=lazy src=/b.png></picture>`, nil},

		{"a button", `<input type=IMAGE src=/a.png>`, []string{"/a.png"}},
		{"another input is not", `<input src=/a.png><input type=text src=/b.png>`, nil},
		{"backgrounds of attributes", `<body background=/a.png><table background=/b.png><tr><td background=/c.png>`, []string{"/a.png", "/b.png", "/c.png"}},
		{"a background of another element is not", `<p background=/a.png>`, nil},
		{"an image in SVG", `<svg><image href=/a.png></svg>`, []string{"/a.png"}},
		{"an image in SVG by the old name", `<svg><image xlink:href=/a.png /></svg>`, []string{"/a.png"}},
		{"the new name counts more", `<svg><image xlink:href=/a.png href=/b.png /></svg>`, []string{"/b.png"}},
		{"an image of a filter", `<svg><filter><feImage href=/a.png /></filter></svg>`, []string{"/a.png"}},
		{"a part of another document", `<svg><use href="/a.svg#b"/></svg>`, []string{"/a.svg"}},
		{"parts of it are one", `<svg><use href="/a.svg#b"/><use xlink:href="/a.svg#c"/></svg>`, []string{"/a.svg"}},
		{"a part of the document itself is not", `<svg><use href="#b"/><use href="page.html#b"/></svg>`, nil},
		{"a part of another origin is not", `<svg><use href="https://cdn.example/a.svg#b"/></svg>`, nil},
	}.check(t, discover.Options{})
}

func TestImagesForOtherScreens(t *testing.T) {
	t.Parallel()
	document := `<img src=/1.png srcset="/2.png 2x, /3.png 3x">` +
		`<picture><source media="(max-width:600px)" srcset="/narrow.png"><img src=/wide.png></picture>` +
		`<picture><source media="(prefers-color-scheme:dark)" srcset="/dark.png"><img src=/light.png></picture>`
	assert.Equal(t, []string{"/1.png", "/wide.png", "/light.png"}, urls(inHTML(t, document, discover.Options{})))
	phone := discover.Options{Width: 390, Height: 844, DPR: 3, PrefersDark: true}
	assert.Equal(t, []string{"/3.png", "/narrow.png", "/dark.png"}, urls(inHTML(t, document, phone)))
	lazy := inHTML(t, `<img loading=lazy src=/a.png><iframe loading=lazy src=/b></iframe>`, discover.Options{Lazy: true})
	assert.Equal(t, []string{"/a.png", "/b"}, urls(lazy))
	automatic := inHTML(t, `<img loading=lazy srcset="/b.png 400w, /c.png 1400w" sizes="auto, 300px">`, discover.Options{Lazy: true})
	assert.Equal(t, []string{"/b.png"}, urls(automatic), "layout decides; what the author thinks is next is nearest to that")
	assert.True(t, lazy[0].Late && lazy[1].Late)
}

func TestAudioAndVideo(t *testing.T) {
	t.Parallel()
	documents{
		{"a video", `<video src=/a.mp4></video>`, []string{"/a.mp4"}},
		{"its poster", `<video poster=/a.png></video>`, []string{"/a.png"}},
		{"the poster of one that is not loaded", `<video preload=none poster=/a.png src=/b.mp4></video>`, []string{"/a.png"}},
		{"one that is not loaded before it plays is not", `<video preload=none src=/a.mp4></video>`, nil},
		{"one that plays by itself is", `<video preload=none autoplay muted src=/a.mp4></video>`, []string{"/a.mp4"}},
		{"one with a sound does not play by itself", `<video preload=none autoplay src=/a.mp4></video>`, nil},
		{"only what is needed to begin with", `<video preload=metadata src=/a.mp4></video>`, []string{"/a.mp4"}},
		{"the first source that is playable", `<video><source src=/a.mov type=video/quicktime><source src=/b.webm type=video/webm><source src=/c.mp4></video>`, []string{"/b.webm"}},
		{"a source without a type", `<video><source src=/a><source src=/b.webm type=video/webm></video>`, []string{"/a"}},
		{"a source of an unknown codec is not", `<video><source src=/a.mp4 type='video/mp4; codecs="hvc1.1.6"'><source src=/b.webm type='video/webm; codecs="vp9, opus"'></video>`, []string{"/b.webm"}},
		{"a codec in a container that does not hold it is not", `<video><source src=/a.webm type='video/webm; codecs="avc1.42E01E"'><source src=/b.mp4 type='video/mp4; codecs="avc1.42E01E"'></video>`, []string{"/b.mp4"}},
		{"containers of other names", `<video><source src=/a.mkv type=video/x-matroska></video><video><source src=/b.3gp type=video/3gpp></video>`, []string{"/a.mkv", "/b.3gp"}},
		{"a source whose media do not match is not", `<video><source media=print src=/a.mp4><source src=/b.mp4></video>`, []string{"/b.mp4"}},
		{"an empty source is not", `<video><source src=""><source src=/b.mp4></video>`, []string{"/b.mp4"}},
		{"sources do not count next to src", `<video src=/a.mp4><source src=/b.mp4></video>`, []string{"/a.mp4"}},
		{"nor next to an empty one", `<video src=""><source src=/b.mp4></video>`, nil},
		{"sources of one that is not loaded are not", `<video preload=none><source src=/a.mp4></video>`, nil},
		{"a source outside is not", `<video></video><source src=/a.mp4>`, nil},
		{"audio", `<audio src=/a.mp3></audio>`, []string{"/a.mp3"}},
		{"audio that is not loaded is not", `<audio preload=none src=/a.mp3></audio>`, nil},
		{"audio does not play by itself, even without a sound", `<audio preload=none autoplay muted src=/a.mp3></audio>`, nil},
		{"the first source of audio", `<audio><source src=/a.caf type=audio/x-caf><source src=/b.ogg type=audio/ogg></audio>`, []string{"/b.ogg"}},
		{"a default track", `<video src=/a.mp4><track default src=/a.vtt></video>`, []string{"/a.mp4", "/a.vtt"}},
		{"other tracks are not", `<video src=/a.mp4><track src=/a.vtt></video>`, []string{"/a.mp4"}},
		{"the first of default subtitles and captions", `<video><track default kind=captions src=/a.vtt><track default src=/b.vtt></video>`, []string{"/a.vtt"}},
		{"one of each kind", `<video><track default src=/a.vtt><track default kind=chapters src=/b.vtt></video>`, []string{"/a.vtt", "/b.vtt"}},
		{"all of metadata", `<video><track default kind=metadata src=/a.vtt><track default kind=foo src=/b.vtt></video>`, []string{"/a.vtt", "/b.vtt"}},
		{"images for browsers without video count", `<video src=/a.mp4><img src=/b.png></video>`, []string{"/a.mp4", "/b.png"}},
	}.check(t, discover.Options{})
}

func TestFramesAndPlugins(t *testing.T) {
	t.Parallel()
	documents{
		{"a frame", `<iframe src=/a.html></iframe>`, []string{"/a.html"}},
		{"a frame of a frameset", `<frameset><frame src=/a.html></frameset>`, []string{"/a.html"}},
		{"a lazy frame is not", `<iframe loading=lazy src=/a.html></iframe>`, nil},
		{"what is in a frame's tag is text", `<iframe src=/a.html><img src=/b.png></iframe>`, []string{"/a.html"}},
		{"a document that is in itself is not", `<iframe src="page.html#a"></iframe><iframe src="#b"></iframe>`, nil},
		{"a frame by srcdoc", `<iframe srcdoc="<img src=a.png>" src=/b.html></iframe><img src=/c.png>`, []string{"/d/a.png", "/c.png"}},
		{"its entities", `<iframe srcdoc="&lt;img src=&quot;a.png?b&amp;amp;c&quot;&gt;"></iframe>`, []string{"/d/a.png?b&c"}},
		{"its base is its own", `<base href=/x/><iframe srcdoc="<img src=a.png><base href=/y/><img src=a.png>"></iframe><img src=b.png>`, []string{"/x/a.png", "/y/a.png", "/x/b.png"}},
		{"it has no icon and no manifest", `<iframe srcdoc="<link rel=icon href=/a.png><link rel=manifest href=/b>"></iframe>`, nil},
		{"its styles", `<iframe srcdoc="<style>@import '/a.css'"></iframe>`, []string{"/a.css"}},
		{"a frame by srcdoc is never lazy, because it needs no request", `<iframe loading=lazy srcdoc="<img src=a.png>"></iframe>`, []string{"/d/a.png"}},
		{"embed", `<embed src=/a.pdf type=application/pdf>`, []string{"/a.pdf"}},
		{"object", `<object data=/a.svg type=image/svg+xml></object>`, []string{"/a.svg"}},
		{"object without a type", `<object data=/a></object>`, []string{"/a"}},
		{"what browsers do not show is not", `<object data=/a.swf type=application/x-shockwave-flash></object><embed src=/b.swf>`, nil},
		{"the replacement of what is not shown", `<object data=/a.swf><embed src=/b.svg></object>`, []string{"/b.svg"}},
		{"the replacement of what is shown is not", `<object data=/a.svg><embed src=/b.svg><object data=/c.svg></object></object><embed src=/d.svg>`, []string{"/a.svg", "/d.svg"}},
		{"images in it are", `<object data=/a.svg><img src=/b.png></object>`, []string{"/a.svg", "/b.png"}},
	}.check(t, discover.Options{})
}

func TestElementsOfHTMLInSVG(t *testing.T) {
	t.Parallel()
	documents{
		{"they are others there", `<svg><video src=/a.mp4></video><iframe src=/b></iframe><object data=/c></object><base href=/x/></svg><img src=f.png>`, []string{"/d/f.png"}},
		{"those that a preload scanner knows are requested all the same", `<svg><link rel=stylesheet href=/a.css><input type=image src=/b.png></svg>`, []string{"/a.css", "/b.png"}},
		{"what they have is no text", `<svg><iframe><image href=/a.png /></iframe></svg>`, []string{"/a.png"}},
		{"unless SVG says so", `<svg><foreignObject><video src=/a.mp4></video></foreignObject><desc><link rel=stylesheet href=/b.css></desc><g><iframe src=/c></iframe></g></svg>`, []string{"/a.mp4", "/b.css"}},
		{"SVG may be in that", `<svg><foreignObject><svg><iframe src=/a></iframe></svg><iframe src=/b></iframe></foreignObject></svg>`, []string{"/b"}},
		{"some end SVG", `<svg><p><iframe src=/a></iframe></svg><svg><img src=/b.png><video src=/c.mp4></video>`, []string{"/a", "/b.png", "/c.mp4"}},
		{"SVG ends what is open in it", `<svg><foreignObject></svg><iframe src=/a></iframe>`, []string{"/a"}},
		{"templates are others as well", `<svg><template><image href=/a.png /></template></svg>`, []string{"/a.png"}},
		{"an empty one holds nothing", `<svg/><iframe src=/a></iframe><svg><foreignObject/><iframe src=/b></iframe></svg>`, []string{"/a"}},
	}.check(t, discover.Options{})
}

func TestWhatIsNoElement(t *testing.T) {
	t.Parallel()
	documents{
		{"a comment", `<!-- <img src=/a.png> --><img src=/b.png>`, []string{"/b.png"}},
		{"a comment that ends early", `<!--><img src=/a.png>`, []string{"/a.png"}},
		{"a comment that ends with an exclamation mark", `<!-- a --!><img src=/a.png>`, []string{"/a.png"}},
		{"a comment with dashes", `<!-- a -- b - > <img src=/a.png> ---><img src=/b.png>`, []string{"/b.png"}},
		{"a declaration", `<!DOCTYPE html "<img src=/a.png>`, nil},
		{"an instruction", `<?xml a="<img src=/a.png>`, nil},
		{"an end tag with attributes", `</p a="<img src=/a.png>"><img src=/b.png>`, []string{"/b.png"}},
		{"an invalid end tag", `</ <img src=/a.png><img src=/b.png>`, []string{"/b.png"}},
		{"an empty end tag", `</><img src=/a.png>`, []string{"/a.png"}},
		{"a lone angle", `a < b <3 <<img src=/a.png>`, []string{"/a.png"}},
		{"a value with an angle", `<p title="a > <img src=/a.png>"><p title='>'><img src=/b.png>`, []string{"/b.png"}},
		{"a value without quotes", `<img alt=a>b src=/a.png><img alt=a/ src=/b.png>`, []string{"/b.png"}},
		{"a tag that is not closed", `<img src=/a.png`, nil},
		{"a value that is not closed", `<img src="/a.png> <img src=/b.png>`, nil},
		{"attributes without spaces", `<img alt="a"src="/a.png"class=b>`, []string{"/a.png"}},
		{"attributes with slashes", `<img/src=/a.png/alt>`, []string{"/a.png/alt"}},
		{"an equals sign before a name belongs to it", `<p ="a><img src=/a.png>`, []string{"/a.png"}},
		{"the first of two attributes counts", `<img src=/a.png src=/b.png>`, []string{"/a.png"}},
		{"capitals", `<IMG SRC="/A.png">`, []string{"/A.png"}},
		{"a script", `<script>"<img src=/a.png>"</script><img src=/b.png>`, []string{"/b.png"}},
		{"a script with something like its end", `<script>"</scriptx> </scrip <img src=/a.png>"</SCRIPT ><img src=/b.png>`, []string{"/b.png"}},
		{"a script in a comment in a script", `<script><!-- <script> </script> <img src=/a.png> --></script><img src=/b.png>`, []string{"/b.png"}},
		{"a comment in a script", `<script><!-- </script><img src=/a.png>`, []string{"/a.png"}},
		{"a script in a comment that ends", `<script><!-- <script> --> </script><img src=/a.png>`, []string{"/a.png"}},
		{"a comment in a script that ends at once", `<script><!--> <script> </script><img src=/a.png>`, []string{"/a.png"}},
		{"text areas and titles", `<title><img src=/a.png></title><textarea><img src=/b.png></textarea><img src=/c.png>`, []string{"/c.png"}},
		{"what is for browsers without scripts", `<noscript><img src=/a.png></noscript><img src=/b.png>`, []string{"/b.png"}},
		{"what is for ancient ones", `<noembed><img src=/a.png></noembed><noframes><img src=/b.png></noframes><xmp><img src=/c.png></xmp>`, nil},
		{"plain text to the end", `<plaintext><img src=/a.png></plaintext><img src=/b.png>`, nil},
		{"a template", `<template><img src=/a.png><style>@import "/b.css"</style></template><img src=/c.png>`, []string{"/c.png"}},
		{"templates within", `<template><template></template><img src=/a.png></template><img src=/b.png>`, []string{"/b.png"}},
		{"a picture in a template", `<picture><template><source srcset=/a.png></template><img src=/b.png></picture>`, []string{"/b.png"}},
		{"a shadow root is one", `<template shadowrootmode=open><img src=/a.png></template>`, []string{"/a.png"}},
		{"a template in a shadow root is none", `<template shadowrootmode=closed><template><img src=/a.png></template><img src=/b.png></template>`, []string{"/b.png"}},
		{"CDATA in SVG", `<svg><![CDATA[ <img src=/a.png> ]]></svg><img src=/b.png>`, []string{"/b.png"}},
		{"CDATA outside of it ends at an angle", `<![CDATA[ <img src=/a.png> ]]><img src=/b.png>`, []string{"/b.png"}},
	}.check(t, discover.Options{})
}

func TestBase(t *testing.T) {
	t.Parallel()
	documents{
		{"a base", `<base href=/x/><img src=a.png>`, []string{"/x/a.png"}},
		{"it affects what follows", `<img src=a.png><base href=/x/><img src=b.png>`, []string{"/d/a.png", "/x/b.png"}},
		{"the first one counts", `<base href=/x/><base href=/y/><img src=a.png>`, []string{"/x/a.png"}},
		{"one without a reference does not", `<base target=_blank><base href=/y/><img src=a.png>`, []string{"/y/a.png"}},
		{"one of another scheme does nothing", `<base href="data:a"><img src=a.png>`, []string{"/d/a.png"}},
		{"one of another origin", `<base href="https://cdn.example/x/"><img src=a.png>`, []string{"https://cdn.example/x/a.png"}},
		{"one in a template does not count", `<template><base href=/x/></template><img src=a.png>`, []string{"/d/a.png"}},
		{"styles as well", `<base href=/x/><style>@import "a.css"</style>`, []string{"/x/a.css"}},
	}.check(t, discover.Options{})
}

func TestStylesInDocuments(t *testing.T) {
	t.Parallel()
	documents{
		{"an import of a style element", `<style>@import "/a.css";</style>`, []string{"/a.css"}},
		{"one at its end", `<style>@import "/a.css"</style><img src=/b.png>`, []string{"/a.css", "/b.png"}},
		{"one in a comment for ancient browsers", `<style><!-- @import "/a.css"; --></style>`, []string{"/a.css"}},
		{"one of another type is not", `<style type=text/less>@import "/a.css";</style>`, nil},
		{"one in SVG", `<svg><style>@import "/a.css";</style></svg>`, []string{"/a.css"}},
		{"one in SVG in CDATA", `<svg><style><![CDATA[@import "/a.css";]]></style></svg>`, []string{"/a.css"}},
		{"a font", `<style>@font-face{font-family:a;src:url(/a.woff2)}</style>`, []string{"/a.woff2"}},
		{"a font whose media do not match is not", `<style media=print>@font-face{font-family:a;src:url(/a.woff2)}</style>`, nil},
		{"images are not", `<style>p{background:url(/a.png)}</style><p style="background:url(/b.png)">`, nil},
		{"an import in an attribute is not", `<p style="@import '/a.css';">`, nil},
	}.check(t, discover.Options{})
	documents{
		{"images of style elements", `<style>p{background:url(/a.png)}</style>`, []string{"/a.png"}},
		{"images of attributes", `<p style="color:red;background:url(/a.png)">`, []string{"/a.png"}},
		{"images of attributes with entities", `<p STYLE="background:url(&quot;/a.png&quot;)">`, []string{"/a.png"}},
		{"images whose media do not match are not", `<style media=print>p{background:url(/a.png)}</style>`, nil},
		{"images of templates are not", `<template><p style="background:url(/a.png)"></template>`, nil},
		{"images of elements that have no background otherwise", `<p background=/a.png style="background:url(/b.png)">`, []string{"/b.png"}},
		{"images of elements of SVG", `<svg style="background:url(/a.png)"><g style="fill:url(/b.svg)"></g></svg>`, []string{"/a.png", "/b.svg"}},
		{"images of elements that have something else", `<body background=/a.png style="background:url(/b.png)">`, []string{"/a.png", "/b.png"}},
	}.check(t, discover.Options{CSS: discover.All})
}

func TestAPageOfEverythingInOrder(t *testing.T) {
	t.Parallel()
	document := strings.Join([]string{
		`<!doctype html><html><head><title>Shop</title>`, `<link rel=icon href=/icon.png>`,
		`<link rel=preload as=font href=/font.woff2 crossorigin>`, `<link rel=stylesheet href=/main.css>`,
		`<script src=/blocking.js></script>`, `<script async src=/async.js></script>`, `</head><body>`,
		`<img src=/logo.png width=10 height=10>`, `<p>Text`, `<script src=/late.js></script>`, `</body></html>`,
	}, "\n")
	assert.Equal(t, []string{
		"/font.woff2", "/main.css", "/blocking.js", "/async.js", "/logo.png", "/late.js", "/icon.png",
	}, urls(inHTML(t, document, discover.Options{})))
}

func TestTheDocumentsOwnPasswordStays(t *testing.T) {
	t.Parallel()
	const document = "https://user:secret@shop.example/d/"
	var found []string
	scanner := discover.NewHTML(parse(t, document), "", discover.Options{}, func(r discover.Resource) { found = append(found, r.URL) })
	_, err := scanner.Write([]byte(`<img src=a.png><img src="https://user:secret@shop.example/b.png">` +
		`<img src="https://user:other@shop.example/c.png"><img src="https://user:secret@cdn.example/d.png">`))
	require.NoError(t, err)
	scanner.Close()
	assert.Equal(t, []string{document + "a.png", "https://user:secret@shop.example/b.png"}, found)
}

// In XML an element may be empty where HTML expects text or an end tag, and sections of CDATA are everywhere.
func TestDocumentsInXML(t *testing.T) {
	t.Parallel()
	const document = `<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><script src="/a.js"/>` +
		`<style><![CDATA[@import "/b.css";]]></style><title/><object data="/c"/></head>` +
		`<body><iframe src="/d"/><p><![CDATA[<img src="/no.png"/>]]></p><textarea/><img src="/e.png"/><video src="/f.mp4"/><embed src="/g"/><svg><svg/><iframe src="/no"/></svg></body></html>`
	for _, contentType := range []string{"application/xhtml+xml; charset=utf-8", "text/xml", "application/xml"} {
		found := scanHTML(t, document, contentType, discover.Options{}, 7)
		assert.Equal(t, []string{"/a.js", "/b.css", "/c", "/d", "/e.png", "/f.mp4", "/g"}, urls(found), contentType)
	}
	asHTML := inHTML(t, document, discover.Options{})
	assert.Equal(t, []string{"/a.js"}, urls(asHTML), "in HTML all that follows is the script's text")
}
