package page_test

import (
	"context"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/page"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// nobody observes a run and drops what it sees.
type nobody struct{}

func (nobody) Exchanged(*fetch.Target, *transport.Exchange) {}
func (nobody) Finished(*fetch.Result, time.Time)            {}

// site is a server with files by their paths. What begins with < is HTML, and a path that ends in .css is a stylesheet.
type site struct {
	*httptest.Server

	files map[string]string
	// hold, if set, is called for each request before it is answered.
	hold func(r *http.Request)

	mu    sync.Mutex
	asked []string
	heads map[string]http.Header
}

func newSite(t *testing.T, files map[string]string) *site {
	t.Helper()
	s := &site{files: files, heads: map[string]http.Header{}}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

// newHTTP2Site is one that speaks HTTP/2.
func newHTTP2Site(t *testing.T, files map[string]string) *site {
	t.Helper()
	s := &site{files: files, heads: map[string]http.Header{}}
	s.Server = httptest.NewUnstartedServer(s)
	s.EnableHTTP2 = true
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.asked = append(s.asked, r.URL.Path)
	s.heads[r.URL.Path] = r.Header.Clone()
	s.mu.Unlock()
	if s.hold != nil {
		s.hold(r)
	}
	body, ok := s.files[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	for strings.HasPrefix(body, "+") { // a header
		line, rest, _ := strings.Cut(body[1:], "\n")
		name, value, _ := strings.Cut(line, ": ")
		w.Header().Set(name, value)
		body = rest
	}
	switch {
	case w.Header().Get("Content-Type") != "":
	case strings.HasSuffix(r.URL.Path, ".css"):
		w.Header().Set("Content-Type", "text/css")
	case strings.HasPrefix(body, "<"):
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
	default:
		w.Header().Set("Content-Type", "application/octet-stream")
	}
	if to := w.Header().Get("Location"); to != "" {
		w.WriteHeader(http.StatusFound)
		return
	}
	if tag := w.Header().Get("ETag"); tag != "" && r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	_, _ = w.Write([]byte(body))
}

// paths are what was asked for, in order.
func (s *site) paths() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	asked := s.asked
	s.asked = nil
	return asked
}

func (s *site) head(path string) http.Header {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.heads[path]
}

func spec() *fetch.Spec {
	return &fetch.Spec{Spec: transport.Spec{
		Redirects: 10, Timeout: time.Minute,
		Expected: func(status int) bool { return status >= 200 && status < 400 },
	}}
}

// visiting is how a test visits.
type visiting struct {
	page page.Options
	run  fetch.Options

	client   *fetch.Client
	document *fetch.Spec
	ctx      context.Context //nolint:containedctx // of one visit
}

func visitor(t *testing.T, s *site) *visiting {
	t.Helper()
	v := &visiting{ctx: t.Context(), document: spec()}
	v.run.Concurrency = 100
	v.page.MaxResources, v.page.Depth = 500, 1
	v.page.SpecOf = func(string, string) *fetch.Spec { return spec() }
	v.document.Jar, _ = cookiejar.New(nil)
	cfg := fetch.Config{}
	if s.TLS != nil {
		cfg.Transport = s.Client().Transport.(*http.Transport).Clone()
	}
	v.client = fetch.NewClient(cfg)
	t.Cleanup(v.client.Close)
	return v
}

func (v *visiting) visit(url string) *fetch.Run {
	target := fetch.Target{URL: url, Spec: v.document}
	return page.New(target, v.page).Run(v.ctx, v.client, v.run, nobody{})
}

// results are the paths of results, in order.
func results(run *fetch.Run) []string {
	var all []string
	for _, r := range run.Results.All() {
		_, path, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(r.Target.URL, "https://"), "http://"), "/")
		all = append(all, "/"+path)
	}
	return all
}

// result returns the result of a path.
func result(t *testing.T, run *fetch.Run, path string) *fetch.Result {
	t.Helper()
	for i, p := range results(run) {
		if p == path {
			return run.Results.At(i)
		}
	}
	require.Fail(t, "no result of "+path)
	return nil
}
