package reporttest

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/page"
	"github.com/xk6-fetch/xk6-fetch/fetch/page/cache"
	"github.com/xk6-fetch/xk6-fetch/fetch/report"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
)

// Storefront is a page that has resources of each type, on a server in memory.
type Storefront struct {
	// OnResult is called with each result as it ends. It may be nil.
	OnResult func(*fetch.Result)

	server *http.Server
	conns  *pipes
	client *fetch.Client
	cache  *cache.Cache
}

// StorefrontURL is where the page is.
const StorefrontURL = "http://shop.example/"

// file is what the server has at a path. Its type is that of its extension.
type file struct {
	delay time.Duration
	size  int // of bytes behind the body
	body  string
	cache caching
	to    string // it is elsewhere
}

// caching says whether an answer may be used again, and whether its server must be asked first.
type caching uint8

const (
	never caching = iota
	ask
	always
)

func (c caching) String() string { return [...]string{"no-store", "no-cache", "max-age=600"}[c] }

const ms = time.Millisecond

// The HTML of the page, and of the frame in it.
const (
	storefront = `<!doctype html><title>Shop</title>
<link rel=stylesheet href=/assets/main.8f3a2c.css>
<link rel=manifest href=/site.webmanifest>
<link rel=preload as=font href=//cdn.example/fonts/inter-var-latin.woff2 crossorigin>
<script src=//cdn.example/js/vendor.2b7e1516.js></script>
<script defer src=/assets/app.28aed2a6.js></script>
<img src=/images/products/2026/spring/hero-banner-large.avif>
<img src=/images/products/2026/spring/card-01.webp>
<img src=/images/gone.png>
<video src=/media/intro.mp4></video>
<iframe src=/embed/map.html></iframe>
<script async src=//metrics.example/analytics.js></script>`
	mapFrame = `<!doctype html><img src=/images/map.png><script src=/old/map.js></script>`
	styles   = `@import "base.css"; @font-face { font-family: a; src: url(//cdn.example/fonts/display.woff2) }
body { font-family: a; background: url(/images/noise.png) }`
)

//nolint:gochecknoglobals // a constant table
var storefrontFiles = map[string]file{
	"/":                            {40 * ms, 0, storefront, never, ""},
	"/assets/main.8f3a2c.css":      {35 * ms, 15_000, styles, always, ""},
	"/assets/base.css":             {30 * ms, 4000, "", always, ""},
	"/site.webmanifest":            {5 * ms, 400, "", ask, ""},
	"/fonts/inter-var-latin.woff2": {25 * ms, 90_000, "", always, ""},
	"/fonts/display.woff2":         {20 * ms, 40_000, "", always, ""},
	"/js/vendor.2b7e1516.js":       {55 * ms, 250_000, "", always, ""},
	"/assets/app.28aed2a6.js":      {25 * ms, 50_000, "", ask, ""},
	"/analytics.js":                {80 * ms, 5000, "", never, ""},
	"/images/noise.png":            {12 * ms, 800, "", never, ""},
	"/images/map.png":              {12 * ms, 8000, "", always, ""},
	"/media/intro.mp4":             {30 * ms, 400_000, "", never, ""},
	"/embed/map.html":              {25 * ms, 0, mapFrame, never, ""},
	"/old/map.js":                  {8 * ms, 0, "", never, "/assets/map.js"},
	"/assets/map.js":               {18 * ms, 9000, "", always, ""},

	"/images/products/2026/spring/card-01.webp":           {15 * ms, 18_000, "", always, ""},
	"/images/products/2026/spring/hero-banner-large.avif": {45 * ms, 180_000, "", always, ""},
}

// kinds are the types of the files, by their extensions.
//
//nolint:gochecknoglobals // a constant table
var kinds = map[string]string{
	"": "text/html", ".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".woff2": "font/woff2",
	".webmanifest": "application/manifest+json", ".png": "image/png", ".webp": "image/webp", ".avif": "image/avif",
	".mp4": "video/mp4",
}

// NewStorefront serves the page. Close it when it is no longer needed.
func NewStorefront() *Storefront {
	const mega = 1 << 20
	s := &Storefront{
		conns: &pipes{waiting: make(chan net.Conn), closed: make(chan struct{})}, cache: cache.New(mega),
	}
	s.server = &http.Server{Handler: s, ReadHeaderTimeout: time.Hour}
	go s.server.Serve(s.conns) //nolint:errcheck // it ends when it is closed
	s.client = fetch.NewClient(fetch.Config{Config: transport.Config{Dial: s.conns.dial}})
	return s
}

// Close ends the server and all connections to it.
func (s *Storefront) Close() {
	s.client.Shutdown()
	_ = s.server.Close()
}

// Visit visits the page. Later visits have what a cache keeps of earlier ones.
func (s *Storefront) Visit(ctx context.Context, url string) *fetch.Run {
	spec := func(name string) *fetch.Spec {
		return &fetch.Spec{Name: name, Spec: transport.Spec{
			Redirects: 10, Timeout: time.Minute, //nolint:mnd // as browsers do
			Header:   http.Header{"Authorization": {"Bearer topsecret"}},
			Expected: func(status int) bool { return status < http.StatusBadRequest },
		}}
	}
	options := page.Options{
		MaxResources: 1000, Depth: 1, Cache: s.cache,
		SpecOf: func(host, kind string) *fetch.Spec { return spec(host + " " + kind) },
	}
	name := "home"
	if url != StorefrontURL {
		name = ""
	}
	document := fetch.Target{URL: url, Spec: spec(name)}
	run := fetch.Options{Concurrency: 100, OnResult: s.OnResult} //nolint:mnd // more than there are
	return page.New(document, options).Run(ctx, s.client, run, nobody{})
}

// ServeHTTP implements http.Handler.
func (s *Storefront) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f, ok := storefrontFiles[r.URL.Path]
	if !ok {
		f, ok = madeUp(r)
	}
	if !ok {
		f.delay = 4 * ms
	}
	select {
	case <-time.After(f.delay):
	case <-r.Context().Done(): // the client has left
		return
	}
	switch {
	case !ok:
		http.NotFound(w, r)
		return
	case f.to != "":
		http.Redirect(w, r, f.to, http.StatusMovedPermanently)
		return
	}
	w.Header().Set("Content-Type", kinds[path.Ext(r.URL.Path)])
	w.Header().Set("Cache-Control", f.cache.String())
	w.Header().Set("Access-Control-Allow-Origin", "*") // or a browser would not take the fonts
	if f.cache != never {
		const tag = `"1"`
		w.Header().Set("ETag", tag)
		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	w.Header().Set("Content-Length", fmt.Sprint(len(f.body)+f.size))
	_, _ = io.WriteString(w, f.body+strings.Repeat(" ", f.size))
}

// madeUp are pages with so many images, every hundredth of which is gone, or with images whose URLs are much alike.
func madeUp(r *http.Request) (f file, ok bool) {
	const every = 100
	var i int
	switch at := r.URL.Path; {
	case at == "/many":
		n, _ := strconv.Atoi(r.FormValue("n"))
		for i := range n {
			f.body += fmt.Sprintf("<img src=/photos/photo-%d.png>\n", i)
		}
	case at == "/alike":
		const long = "/images/a-very-long-name-of-a-file-that-differs-%d-from-others-in-its-middle-alone.png"
		const ends = "/images/a-very-long-name-of-a-file-that-differs-from-others-at-its-end-%d.png"
		for i := range 2 {
			f.body += fmt.Sprintf("<img src="+long+"><img src="+ends+">\n", i, i)
		}
	case strings.HasPrefix(at, "/images/a-very-long-name"):
		return file{size: 1}, true
	default:
		_, err := fmt.Sscanf(at, "/photos/photo-%d.png", &i)
		return file{size: 1000, delay: time.Duration(1+i%every/10) * ms}, err == nil && i%every != 0
	}
	f.delay = 40 * ms //nolint:mnd // as the other page
	return f, true
}

// nobody observes a run and drops what it sees.
type nobody struct{}

func (nobody) Exchanged(*fetch.Target, *transport.Exchange) {}
func (nobody) Finished(*fetch.Result, time.Time)            {}

// pipes are connections in memory. As a listener they accept what dial makes.
type pipes struct {
	waiting chan net.Conn
	closed  chan struct{}
}

func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case p.waiting <- theirs:
		return ours, nil
	case <-p.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Accept implements net.Listener.
func (p *pipes) Accept() (net.Conn, error) {
	select {
	case conn := <-p.waiting:
		return conn, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener.
func (p *pipes) Close() error {
	close(p.closed)
	return nil
}

// Addr implements net.Listener.
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 80} } //nolint:mnd // made up

// Visited is the second visit of a real page, some of which a cache has then. Its times differ from run to run.
func Visited() *report.Subject {
	s := NewStorefront()
	defer s.Close()
	s.Visit(context.Background(), StorefrontURL)
	return report.OfRun("page", s.Visit(context.Background(), StorefrontURL))
}
