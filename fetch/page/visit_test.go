package page_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/page"
)

const shop = `<!doctype html><link rel=stylesheet href=/main.css><script src=/app.js></script>
<script src=/late.js async></script><img src=/a.png><img src=/b.png><iframe src=/frame></iframe>`

func shopFiles() map[string]string {
	return map[string]string{
		"/": shop, "/main.css": `@import "more.css"; @font-face { font-family: x; src: url(x.woff2) }`,
		"/more.css": `body { color: red }`, "/x.woff2": "font", "/app.js": "1", "/late.js": "2", "/a.png": "a", "/b.png": "b",
		"/frame": `<!doctype html><link rel=stylesheet href=/framed.css><iframe src=/deeper></iframe>`, "/framed.css": "p {}",
		"/deeper": `<!doctype html><img src=/deep.png>`, "/deep.png": "d",
	}
}

func TestAPageIsFetchedWithAllItNeeds(t *testing.T) {
	t.Parallel()
	for protocol, start := range map[string]func(*testing.T, map[string]string) *site{
		"HTTP/1.1": newSite, "HTTP/2": newHTTP2Site,
	} {
		t.Run(protocol, func(t *testing.T) {
			t.Parallel()
			s := start(t, shopFiles())
			run := visitor(t, s).visit(s.URL + "/")
			require.Equal(t, 10, run.Count)
			require.Equal(t, 10, run.Ok)
			paths := results(run)
			require.Equal(t, "/", paths[0])
			for _, found := range [][]string{ // as they were discovered, in each of them
				{"/main.css", "/app.js", "/late.js", "/a.png", "/b.png", "/frame"}, {"/more.css", "/x.woff2"}, {"/framed.css"},
			} {
				require.Equal(t, found, only(paths, found))
			}
			for path, want := range map[string]fetch.Resource{
				"/":         {Type: "document", Priority: "highest", Initiator: -1, Blocking: true},
				"/main.css": {Type: "style", Priority: "highest", Element: "link", Blocking: true},
				"/app.js":   {Type: "script", Priority: "high", Element: "script", Blocking: true},
				"/late.js":  {Type: "script", Priority: "low", Element: "script"},
				"/a.png":    {Type: "image", Priority: "medium", Element: "img"},
				"/frame":    {Type: "document", Priority: "highest", Element: "iframe"},
				"/more.css": {Type: "style", Priority: "highest", Element: "css:@import", Initiator: slices.Index(paths, "/main.css"), Blocking: true},
				"/x.woff2":  {Type: "font", Priority: "highest", Element: "css:@font-face", Initiator: slices.Index(paths, "/main.css")},
				"/framed.css": {
					Type: "style", Priority: "highest", Element: "link", Initiator: slices.Index(paths, "/frame"),
				},
			} {
				if want.Initiator >= 0 {
					want.InitiatorURL = run.Results.At(want.Initiator).Target.URL
				}
				require.Equal(t, want, *result(t, run, path).Resource(), path)
			}
			load := run.Page
			require.Equal(t, fetch.PageLoad{
				Document: run.Results.At(0).Ended(), Blocking: load.Blocking, Load: load.Load, Misses: 10,
			}, *load)
			require.GreaterOrEqual(t, load.Blocking, load.Document)
			require.GreaterOrEqual(t, load.Load, load.Blocking)
			require.LessOrEqual(t, load.Load, run.Elapsed)
		})
	}
}

// only returns those of some paths that are among others, in the order of the first.
func only(all, some []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(path string) bool { return !slices.Contains(some, path) })
}

func TestFramesAreFollowedToADepth(t *testing.T) {
	t.Parallel()
	s := newSite(t, shopFiles())
	for depth, want := range []int{8, 10, 12} { // without frames, with one and its stylesheet, and with the one in it
		v := visitor(t, s)
		v.page.Depth = depth
		run := v.visit(s.URL + "/")
		require.Equal(t, want, run.Count, "depth %d: %v", depth, results(run))
	}
}

// What the head refers to is on its way before the document has ended.
func TestADocumentIsReadWhileItStreams(t *testing.T) {
	t.Parallel()
	came := make(chan struct{})
	s := newSite(t, nil)
	s.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			close(came)
			return
		}
		w.Header().Set("Content-Type", "text/html")
		_, _ = fmt.Fprint(w, `<link rel=stylesheet href=main.css><body>`)
		w.(http.Flusher).Flush()
		select {
		case <-came:
		case <-time.After(time.Minute):
			t.Error("the stylesheet was not asked for before the document had ended")
		}
		_, _ = fmt.Fprint(w, `text`)
	})
	require.Equal(t, 2, visitor(t, s).visit(s.URL+"/").Ok)
}

// held is a server's hold that lets requests in and keeps them until a test lets them go.
type held struct {
	mu           sync.Mutex
	inside, most int
	arrived      chan string
	leave        chan struct{}
}

func newHeld() *held { return &held{arrived: make(chan string, 1000), leave: make(chan struct{})} }

func (h *held) hold(r *http.Request) {
	if r.URL.Path == "/" {
		return
	}
	h.mu.Lock()
	h.inside++
	h.most = max(h.most, h.inside)
	h.mu.Unlock()
	h.arrived <- r.URL.Path
	<-h.leave
	h.mu.Lock()
	h.inside--
	h.mu.Unlock()
}

func images(n int) string {
	var b strings.Builder
	b.WriteString("<!doctype html>")
	for i := range n {
		fmt.Fprintf(&b, "<img src=/%d.png width=10 height=10>", i)
	}
	return b.String()
}

// Of a host of HTTP/1.1, six requests are in flight, or as many as were asked for.
func TestAHostHasAsManyRequestsAsInABrowser(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		perHost page.PerHost
		http2   bool
		want    int
	}{
		"six over HTTP/1.1":           {want: 6},
		"as many as given":            {perHost: page.PerHost{Limit: 3, Given: true}, want: 3},
		"no limit is given":           {perHost: page.PerHost{Given: true}, want: 20},
		"as many as found, HTTP/2":    {http2: true, want: 20},
		"as many as given for HTTP/2": {http2: true, perHost: page.PerHost{Limit: 3, Given: true}, want: 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			start := newSite
			if c.http2 {
				start = newHTTP2Site
			}
			s := start(t, map[string]string{"/": images(20)})
			h := newHeld()
			s.hold = h.hold
			v := visitor(t, s)
			v.page.PerHost = c.perHost
			ended := make(chan *fetch.Run)
			go func() { ended <- v.visit(s.URL + "/") }()
			for range c.want {
				<-h.arrived
			}
			close(h.leave)
			require.Equal(t, 21, (<-ended).Count)
			require.Equal(t, c.want, h.most)
		})
	}
}

// The most urgent starts first whenever a request has ended, whatever was found first.
func TestTheMostUrgentStartsFirst(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{
		"/": images(8) + `<script src=/async.js async></script><script src=/late.js></script>
			<link rel=stylesheet href=/late.css media=print><link rel=stylesheet href=/style.css><img src=/last.png>`,
		"/style.css": "a {}", "/late.css": "b {}",
	})
	h := newHeld()
	s.hold = h.hold
	v := visitor(t, s)
	v.page.PerHost = page.PerHost{Limit: 1, Given: true}
	v.run.Concurrency = 1 // so that the document is read before anything else starts
	ended := make(chan *fetch.Run)
	go func() { ended <- v.visit(s.URL + "/") }()
	order := make([]string, 13)
	for i := range order {
		order[i] = <-h.arrived
		h.leave <- struct{}{}
	}
	require.Equal(t, 14, (<-ended).Count)
	require.Equal(t, []string{
		"/late.js", "/style.css", "/last.png", // medium: behind the first image, and the first large image
		"/0.png", "/1.png", "/2.png", "/3.png", "/4.png", "/5.png", "/6.png", "/7.png", "/async.js", "/late.css",
	}, order)
}

// Each URL is fetched once. A preload that is used as a stylesheet keeps the page from being shown.
func TestEachURLIsFetchedOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{
		"/": `<link rel=preload as=style href=/main.css><link rel=stylesheet href=/main.css>
			<img src=/a.png><img src=/a.png#fragment><a href=/other></a>`,
		"/main.css": "a {}", "/a.png": "a",
	})
	run := visitor(t, s).visit(s.URL + "/")
	require.Equal(t, []string{"/", "/main.css", "/a.png"}, results(run))
	require.True(t, result(t, run, "/main.css").Resource().Blocking)
	require.ElementsMatch(t, results(run), s.paths())
}

func TestWhatIsWantedIsFetched(t *testing.T) {
	t.Parallel()
	s := newSite(t, shopFiles())
	v := visitor(t, s)
	v.page.Wanted = func(f page.Found) bool { return f.Type != "image" && !strings.HasSuffix(f.URL, "/frame") }
	require.ElementsMatch(t, []string{"/", "/main.css", "/app.js", "/late.js", "/more.css", "/x.woff2"},
		results(v.visit(s.URL+"/")))
}

func TestAPageThatIsNoHTMLHasNoResources(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"/": "+Content-Type: text/plain\n" + shop})
	run := visitor(t, s).visit(s.URL + "/")
	require.Equal(t, 1, run.Count)
	require.Equal(t, 1, run.Ok)
	require.Equal(t, run.Page.Document, run.Page.Load)
}

func TestWhatGoesWrongWithAResourceIsData(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{
		"/": `<link rel=stylesheet href=/missing.css><img src=http://127.0.0.1:1/refused.png><img src="http://[bad/x.png">`,
	})
	run := visitor(t, s).visit(s.URL + "/")
	require.Equal(t, 3, run.Count)
	require.Equal(t, 2, run.Failed)
	require.Equal(t, http.StatusNotFound, result(t, run, "/missing.css").Status)
	require.Zero(t, result(t, run, "/refused.png").Status)
}

// References are resolved against where the document was found, and those of a stylesheet against its own.
func TestReferencesAreResolvedAfterRedirects(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{
		"/": "+Location: /there/\n", "/there/": `<link rel=stylesheet href=main.css>`,
		"/there/main.css": "+Location: /css/main.css\n", "/css/main.css": `@import "more.css"`, "/css/more.css": "a {}",
	})
	run := visitor(t, s).visit(s.URL + "/")
	require.Equal(t, []string{"/", "/there/main.css", "/css/more.css"}, results(run))
	require.Equal(t, 3, run.Ok)
}

// A visit that is cut off loses nothing: what was found and not fetched is not run.
func TestAVisitThatIsCutOffLosesNothing(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(v *visiting) (cut func()){
		"the caller goes": func(v *visiting) func() {
			ctx, cancel := context.WithCancel(v.ctx)
			v.ctx = ctx
			return cancel
		},
		"the deadline comes": func(v *visiting) func() {
			v.run.Deadline = 300 * time.Millisecond
			return func() {}
		},
		"it is drained": func(v *visiting) func() {
			drain := make(chan struct{})
			v.run.Drain = drain
			return func() { close(drain) }
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, map[string]string{"/": images(20)})
			h := newHeld()
			s.hold = h.hold
			v := visitor(t, s)
			var mu sync.Mutex
			seen := map[int]fetch.State{}
			v.run.OnResult = func(r *fetch.Result) {
				mu.Lock()
				defer mu.Unlock()
				seen[r.Index] = r.State
			}
			cut := end(v)
			ended := make(chan *fetch.Run)
			go func() { ended <- v.visit(s.URL + "/") }()
			for range 6 {
				<-h.arrived
			}
			cut()
			if v.run.Drain != nil {
				close(h.leave) // what is under way ends as usual
			}
			run := <-ended
			if v.run.Drain == nil {
				close(h.leave)
			}
			require.Equal(t, 21, run.Count)
			require.Equal(t, 21, run.Ok+run.Failed+run.NotRun)
			require.Equal(t, 14, run.NotRun)
			require.Len(t, seen, 21)
			require.Equal(t, 21, run.Results.Len())
			for i, r := range run.Results.All() {
				require.Equal(t, seen[i], r.State)
			}
		})
	}
}

// A resource waits for its turn from when it was found: what led to it is none of its queue time.
func TestAResourceIsQueuedFromWhenItWasFound(t *testing.T) {
	t.Parallel()
	const delay = 50 * time.Millisecond
	s := newSite(t, map[string]string{"/": images(2)})
	s.hold = func(r *http.Request) {
		if r.URL.Path == "/" {
			time.Sleep(delay) // which is measured
		}
	}
	run := visitor(t, s).visit(s.URL + "/")
	for i := 1; i < run.Results.Len(); i++ {
		r := run.Results.At(i)
		require.GreaterOrEqual(t, r.Due, delay)
		require.Equal(t, r.Started(), r.Due+r.Queued)
	}
	require.Zero(t, run.Results.At(0).Due)
}

// A stylesheet that states no encoding has that of the document.
func TestAStylesheetHasTheEncodingOfItsDocument(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{
		"/":      "+Content-Type: text/html; charset=koi8-r\n" + `<link rel=stylesheet href=a.css>`,
		"/a.css": "@import '/\xc1.css'",
	})
	require.Equal(t, []string{"/", "/a.css", "/%D0%B0.css"}, results(visitor(t, s).visit(s.URL+"/")))
}

// Of a page with more resources than it may have, the first are fetched, and the others are counted.
func TestResourcesAreBounded(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"/": images(20) + images(20)})
	v := visitor(t, s)
	v.page.MaxResources = 3
	run := v.visit(s.URL + "/")
	require.Equal(t, 4, run.Count, "three besides the document")
	require.Equal(t, 17, run.Page.Skipped)
}
