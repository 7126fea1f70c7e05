// Package web has the servers that scripts of tests fetch from. What a server does is in the path.
package web

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Patience is how long the server waits for what a test has promised it, before it gives up with 504.
const Patience = 20 * time.Second

// Server counts the visits of each path, and how many were there at once.
type Server struct {
	*httptest.Server

	mu     sync.Mutex
	hits   map[string]int
	inside map[string]int
	most   map[string]int
	gates  map[string]*gate
	conns  atomic.Int64
	more   chan struct{} // closed with the next visit
}

// gate holds requests until enough have come.
type gate struct {
	come int
	open chan struct{}
}

type connKey struct{}

// New starts a server that a test closes at its end.
func New(tb testing.TB) *Server {
	tb.Helper()
	w := Start()
	tb.Cleanup(w.Close)
	return w
}

// Start starts a server.
func Start() *Server {
	w := &Server{
		hits: make(map[string]int), inside: make(map[string]int), most: make(map[string]int),
		gates: make(map[string]*gate), more: make(chan struct{}),
	}
	w.Server = httptest.NewUnstartedServer(w.routes())
	w.Config.ConnContext = func(ctx context.Context, _ net.Conn) context.Context {
		return context.WithValue(ctx, connKey{}, w.conns.Add(1))
	}
	w.Start()
	return w
}

func (w *Server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/echo", echo)
	mux.HandleFunc("/status/{code}", func(rw http.ResponseWriter, r *http.Request) {
		code, _ := strconv.Atoi(r.PathValue("code"))
		rw.WriteHeader(code)
	})
	mux.HandleFunc("/redirect/{n}", func(rw http.ResponseWriter, r *http.Request) {
		to := "/echo"
		if n, _ := strconv.Atoi(r.PathValue("n")); n > 1 {
			to = "/redirect/" + strconv.Itoa(n-1)
		}
		http.SetCookie(rw, &http.Cookie{Name: "hop", Value: r.PathValue("n")}) // #nosec G124 -- of a test
		http.Redirect(rw, r, to, http.StatusFound)
	})
	mux.HandleFunc("/to", func(rw http.ResponseWriter, r *http.Request) {
		http.Redirect(rw, r, r.FormValue("url"), http.StatusFound) // #nosec G710 -- a test wants it
	})
	mux.HandleFunc("/bytes/{n}", func(rw http.ResponseWriter, r *http.Request) {
		n, _ := strconv.Atoi(r.PathValue("n"))
		_, _ = rw.Write([]byte(strings.Repeat("x", n)))
	})
	mux.HandleFunc("/cookie/{name}/{value}", func(rw http.ResponseWriter, r *http.Request) {
		http.SetCookie(rw, &http.Cookie{ // #nosec G124 -- of a test
			Name: r.PathValue("name"), Value: r.PathValue("value"), Path: "/", HttpOnly: true, MaxAge: 600,
		})
	})
	// /gate/a?n=3 answers when three have come to it; /hold/a when the gate is open, without counting.
	mux.HandleFunc("/gate/{name}", func(rw http.ResponseWriter, r *http.Request) {
		n, _ := strconv.Atoi(r.FormValue("n"))
		await(rw, r, w.Come(r.PathValue("name"), n))
	})
	mux.HandleFunc("/hold/{name}", func(rw http.ResponseWriter, r *http.Request) {
		await(rw, r, w.Come(r.PathValue("name"), 0))
	})
	mux.HandleFunc("/hang", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	mux.HandleFunc("/delay/{ms}", func(_ http.ResponseWriter, r *http.Request) {
		ms, _ := strconv.Atoi(r.PathValue("ms"))
		select {
		case <-time.After(time.Duration(ms) * time.Millisecond):
		case <-r.Context().Done():
		}
	})
	// /flaky/a?n=2&status=503 fails twice, then answers.
	mux.HandleFunc("/flaky/{name}", func(rw http.ResponseWriter, r *http.Request) {
		n, _ := strconv.Atoi(r.FormValue("n"))
		if w.Hits(r.URL.Path) <= n {
			if after := r.FormValue("after"); after != "" {
				rw.Header().Set("Retry-After", after)
			}
			code, _ := strconv.Atoi(r.FormValue("status"))
			rw.WriteHeader(code)
		}
	})
	mux.HandleFunc("/drop", func(rw http.ResponseWriter, _ *http.Request) {
		if conn, _, err := http.NewResponseController(rw).Hijack(); err == nil {
			_ = conn.Close()
		}
	})
	mux.HandleFunc("/file/{name}", file)
	mux.HandleFunc("/page-with-credentials", pageWithCredentials)
	cookieRoutes(mux)
	mux.HandleFunc("/basic", basic)
	mux.HandleFunc("/digest", digest)
	mux.HandleFunc("/gzip", gzipped)
	mux.HandleFunc("/alt-svc", altSvc)
	mux.HandleFunc("/peer", peer)
	mux.HandleFunc("/_/hits", func(rw http.ResponseWriter, r *http.Request) {
		_, _ = fmt.Fprint(rw, w.Hits(r.FormValue("path")))
	})
	// /_/arrived?path=/hang&n=4 answers when four have come to /hang.
	mux.HandleFunc("/_/arrived", func(rw http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), Patience)
		defer cancel()
		if n, _ := strconv.Atoi(r.FormValue("n")); !w.arrived(ctx, r.FormValue("path"), n) {
			rw.WriteHeader(http.StatusGatewayTimeout)
		}
	})
	mux.HandleFunc("/_/most", func(rw http.ResponseWriter, r *http.Request) {
		w.mu.Lock()
		defer w.mu.Unlock()
		_, _ = fmt.Fprint(rw, w.most[r.FormValue("path")])
	})
	return w.counted(mux)
}

// counted counts visits, and adds to each answer which connection it came over.
func (w *Server) counted(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		path := r.URL.Path
		w.mu.Lock()
		w.hits[path]++
		w.inside[path]++
		w.most[path] = max(w.most[path], w.inside[path])
		close(w.more)
		w.more = make(chan struct{})
		w.mu.Unlock()
		defer func() {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.inside[path]--
		}()
		rw.Header().Set("X-Conn", fmt.Sprint(r.Context().Value(connKey{})))
		next.ServeHTTP(rw, r)
	})
}

// Hits counts the visits of a path.
func (w *Server) Hits(path string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.hits[path]
}

// Total counts the visits of all paths but those that tests ask for counts.
func (w *Server) Total() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	sum := 0
	for path, n := range w.hits {
		if !strings.HasPrefix(path, "/_/") {
			sum += n
		}
	}
	return sum
}

// Conns counts the connections that were opened.
func (w *Server) Conns() int64 { return w.conns.Load() }

// Arrived waits until a path has been visited n times.
func (w *Server) Arrived(tb testing.TB, path string, n int) {
	tb.Helper()
	late, cancel := context.WithTimeout(tb.Context(), Patience)
	defer cancel()
	if !w.arrived(late, path, n) {
		tb.Fatalf("%s was visited %d times, not %d", path, w.Hits(path), n)
	}
}

// arrived reports whether a path was visited n times before ctx ended.
func (w *Server) arrived(ctx context.Context, path string, n int) bool {
	for {
		w.mu.Lock()
		hits, more := w.hits[path], w.more
		w.mu.Unlock()
		if hits >= n {
			return true
		}
		select {
		case <-more:
		case <-ctx.Done():
			return false
		}
	}
}

// Come enters a gate, and opens it as the n-th. 0 does not count.
func (w *Server) Come(name string, n int) <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	g := w.gates[name]
	if g == nil {
		g = &gate{open: make(chan struct{})}
		w.gates[name] = g
	}
	if n > 0 {
		if g.come++; g.come == n {
			close(g.open)
		}
	}
	return g.open
}

func await(rw http.ResponseWriter, r *http.Request, open <-chan struct{}) {
	select {
	case <-open:
	case <-r.Context().Done():
	case <-time.After(Patience):
		rw.WriteHeader(http.StatusGatewayTimeout)
	}
}

// peer answers with what the server sees of its client: the address, and the subject of its certificate.
func peer(rw http.ResponseWriter, r *http.Request) {
	host, _, _ := net.SplitHostPort(r.RemoteAddr)
	subject := "-"
	if r.TLS != nil && len(r.TLS.PeerCertificates) > 0 {
		subject = r.TLS.PeerCertificates[0].Subject.CommonName
	}
	_, _ = fmt.Fprint(rw, r.Proto, " ", host, " ", subject) // #nosec G705 -- no browser asks
}

func echo(rw http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	cookies := make([]string, 0, len(r.Cookies()))
	for _, c := range r.Cookies() {
		cookies = append(cookies, c.Name+"="+c.Value)
	}
	headers := map[string]string{}
	for name := range r.Header {
		headers[name] = strings.Join(r.Header[name], ", ")
	}
	rw.Header().Set("Content-Type", "application/json")
	answer := struct {
		Method  string            `json:"method"`
		Path    string            `json:"path"`
		Query   string            `json:"query"`
		Host    string            `json:"host"`
		Headers map[string]string `json:"headers"`
		Cookies []string          `json:"cookies"`
		Body    string            `json:"body"`
	}{r.Method, r.URL.Path, r.URL.RawQuery, r.Host, headers, cookies, string(body)}
	data, _ := json.Marshal(answer) //nolint:errchkjson // a test that reads it would fail
	_, _ = rw.Write(data)
}
