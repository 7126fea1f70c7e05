//go:build unix

package interop

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// server is a server of HTTP/2 or HTTP/3 under test.
type server struct {
	kind
	http3 bool
	base  string       // of its URLs
	addr  atomic.Value // where to connect to
	seen  func() int   // how many requests it has seen
	// goAway makes it end its connections in an orderly way, and take new ones. It is nil if it cannot.
	goAway func()
	// restart ends it and starts it again, so that it knows nothing of its connections. It is nil for HTTP/2.
	restart func()
}

// limits are what a server is to allow. Each is 0 for its default.
type limits struct {
	streams  int // at once
	requests int // per connection
}

// kind is a kind of server.
type kind struct {
	name  string
	start func(t *testing.T, l limits) *server
	// static says that it answers nothing but files.
	static bool
	// noEcho says that it does not send back the bodies of requests, and noEmpty that it has no empty files.
	noEcho, noEmpty bool
}

//nolint:gochecknoglobals // a constant list
var kinds = []kind{
	{name: "Go", start: startGo},
	{name: "Node", start: startNode},
	{name: "nginx", start: startNginx},
	{name: "HAProxy", start: startHAProxy},
	{name: "nghttpd", start: startNghttpd, static: true},
	{name: "nginx-h3", start: startNginx3},
	{name: "HAProxy-h3", start: startHAProxy3},
	{name: "quiche-h3", start: startQuiche},
	{name: "ngtcp2-h3", start: startNgtcp2, static: true, noEcho: true, noEmpty: true},
}

// sizes are those of the pages under /size.
//
//nolint:gochecknoglobals // a constant list
var sizes = []int{0, 1, 1 << 10, 100 << 10, 5 << 20}

// sizes are those that the server has.
func (s *server) sizes() []int {
	if s.noEmpty {
		return sizes[1:]
	}
	return sizes
}

// text is what the page of a size holds.
func text(size int) []byte {
	const line = "abcdefghijklmnopqrstuvw"
	return bytes.Repeat([]byte(line), size/len(line)+1)[:size]
}

// folder makes a folder with the pages, and with a certificate and its key.
func folder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(dir, "size"), 0o755))
	for _, size := range sizes {
		require.NoError(t, os.WriteFile(filepath.Join(dir, "size", strconv.Itoa(size)), text(size), 0o644))
	}
	srv := httptest.NewTLSServer(nil)
	defer srv.Close()
	cert := srv.TLS.Certificates[0]
	key, err := x509.MarshalPKCS8PrivateKey(cert.PrivateKey)
	require.NoError(t, err)
	all := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Certificate[0]})
	all = append(all, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})...)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "server.pem"), all, 0o600))
	return dir
}

// pages answers what files alone cannot. It counts requests.
func pages(seen *atomic.Int64) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen.Add(1)
		_, page, _ := strings.Cut(r.URL.Path, "/")
		page, arg, _ := strings.Cut(page, "/")
		n, _ := strconv.Atoi(arg)
		switch page {
		case "size":
			w.Header().Set("Content-Length", arg)
			_, _ = w.Write(text(n))
		case "slow":
			time.Sleep(5 * time.Millisecond)
			_, _ = w.Write(text(1 << 10))
		case "status":
			w.WriteHeader(n)
		case "redirect":
			http.Redirect(w, r, "/size/1", http.StatusFound)
		case "echo":
			body, _ := io.ReadAll(r.Body)
			_, _ = w.Write(body)
		case "gzip":
			w.Header().Set("Content-Encoding", "gzip")
			packed := gzip.NewWriter(w)
			_, _ = packed.Write(text(100 << 10))
			_ = packed.Close()
		case "headers":
			w.Header().Set("X-Long", strings.Repeat("x", 8<<10))
			for i := range 50 {
				w.Header().Set(fmt.Sprintf("X-Header-%d", i), strings.Repeat("v", 40)+strconv.Itoa(i))
			}
			_, _ = w.Write([]byte("headers"))
		default:
			http.NotFound(w, r)
		}
	})
}

// startGo starts a server of net/http in this process.
func startGo(t *testing.T, l limits) *server {
	t.Helper()
	var seen atomic.Int64
	start := func() *httptest.Server {
		srv := httptest.NewUnstartedServer(pages(&seen))
		srv.EnableHTTP2 = true
		srv.Config.HTTP2 = &http.HTTP2Config{MaxConcurrentStreams: l.streams}
		srv.Config.ErrorLog = log.New(io.Discard, "", 0) // about clients that left
		srv.StartTLS()
		t.Cleanup(srv.Close)
		return srv
	}
	now := start()
	s := &server{base: now.URL, seen: func() int { return int(seen.Load()) }}
	s.addr.Store(now.Listener.Addr().String())
	s.goAway = func() {
		old := now
		now = start()
		s.addr.Store(now.Listener.Addr().String())
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		go func() {
			defer cancel()
			_ = old.Config.Shutdown(ctx)
		}()
	}
	return s
}

// startBackend starts what proxies get their pages from.
func startBackend(t *testing.T) string {
	t.Helper()
	var seen atomic.Int64
	srv := httptest.NewServer(pages(&seen))
	t.Cleanup(srv.Close)
	return srv.Listener.Addr().String()
}

// orNumber is n, or what to say instead of 0.
func orNumber(n, instead int) int {
	if n == 0 {
		return instead
	}
	return n
}

func startNginx(t *testing.T, l limits) *server {
	t.Helper()
	require.NotEmpty(t, program(t, "nginx"))
	return nginx(t, l, process{name: "nginx", line: "HTTP/2.0", goAway: syscall.SIGHUP}, "listen 127.0.0.1:%s ssl http2;")
}

func startNginx3(t *testing.T, l limits) *server {
	t.Helper()
	p := process{name: "nginx", path: program3(t, "nginx", "-V", "http_v3_module"), http3: true, line: "HTTP/3.0"}
	// With the same key before and after a restart, nginx can tell clients that it has forgotten their connections.
	return nginx(t, l, p, "quic_host_key server.pem; listen 127.0.0.1:%s quic;")
}

// nginx starts nginx. It listens as listen says.
func nginx(t *testing.T, l limits, p process, listen string) *server {
	t.Helper()
	backend, streams, owner := startBackend(t), "http2_max_concurrent_streams", ""
	if p.http3 {
		streams = "http3_max_concurrent_streams"
	}
	if os.Geteuid() == 0 {
		owner = "user root;" // the folder is nobody else's
	}
	p.dir, p.version, p.log = folder(t), "-v", "access.log"
	p.args = func(port string) []string {
		write(t, p.dir, "nginx.conf", fmt.Sprintf(`
			daemon off; pid nginx.pid; error_log error.log; worker_processes 1; %s
			events { worker_connections 256; }
			http {
				access_log access.log; default_type text/plain;
				client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
				client_max_body_size 10m; keepalive_requests %d; %s %d;
				upstream pages { server %s; keepalive 32; }
				server {
					%s
					ssl_certificate server.pem; ssl_certificate_key server.pem;
					location /size/ { root .; }
					location / {
						proxy_pass http://pages; proxy_http_version 1.1; proxy_set_header Connection "";
						proxy_buffer_size 32k; proxy_buffers 8 32k; proxy_busy_buffers_size 64k;
					}
				}
			}`, owner, orNumber(l.requests, 1000000), streams, orNumber(l.streams, 128), backend, fmt.Sprintf(listen, port)))
		return []string{"-p", p.dir + "/", "-c", "nginx.conf", "-e", "error.log"}
	}
	return p.start(t)
}

func startHAProxy(t *testing.T, l limits) *server {
	t.Helper()
	require.NotEmpty(t, program(t, "haproxy"))
	return haproxy(t, process{name: "haproxy"}, "tune.h2.max-concurrent-streams "+strconv.Itoa(orNumber(l.streams, 100)),
		"127.0.0.1:%s ssl crt server.pem alpn h2,http/1.1")
}

func startHAProxy3(t *testing.T, l limits) *server {
	t.Helper()
	settings := []string{
		// Debian builds it without the QUIC of a library of TLS, so it wants to be told that it may do with less.
		"limited-quic",
		// It is to HAProxy what the host key is to nginx.
		"cluster-secret secret",
		// In a hurry it closes connections after the last response, before it has sent all of that.
		"close-spread-time 1s",
		"tune.quic.frontend.max-streams-bidi " + strconv.Itoa(orNumber(l.streams, 100)),
	}
	return haproxy(t, process{name: "haproxy", path: program3(t, "haproxy", "-vv", "+QUIC"), http3: true},
		strings.Join(settings, "\n\t"), "quic4@127.0.0.1:%s ssl crt server.pem alpn h3")
}

// haproxy starts HAProxy with global settings. It listens as bind says.
func haproxy(t *testing.T, p process, settings, bind string) *server {
	t.Helper()
	backend := startBackend(t)
	p.dir, p.version, p.log, p.line, p.goAway = folder(t), "-v", "out.log", "front~ pages", syscall.SIGUSR2
	p.args = func(port string) []string {
		write(t, p.dir, "haproxy.cfg", fmt.Sprintf(`
global
	log stdout format raw local0
	maxconn 500
	%s
defaults
	mode http
	log global
	option httplog
	timeout connect 10s
	timeout client 10s
	timeout server 10s
frontend front
	bind %s
	default_backend pages
backend pages
	server pages %s
`, settings, fmt.Sprintf(bind, port), backend))
		return []string{"-W", "-db", "-f", "haproxy.cfg"}
	}
	return p.start(t)
}

func startNghttpd(t *testing.T, l limits) *server {
	t.Helper()
	require.NotEmpty(t, program(t, "nghttpd"))
	dir := folder(t)
	return process{
		name: "nghttpd", version: "--version", dir: dir, log: "out.log", line: ":method:",
		args: func(port string) []string {
			return []string{
				"--address=127.0.0.1", "--htdocs=" + dir, "--echo-upload", "--verbose",
				"--max-concurrent-streams=" + strconv.Itoa(orNumber(l.streams, 100)), port, "server.pem", "server.pem",
			}
		},
	}.start(t)
}

func startNgtcp2(t *testing.T, l limits) *server {
	t.Helper()
	return ngtcp2(t, l)
}

// ngtcp2 starts the server of ngtcp2 and nghttp3.
func ngtcp2(t *testing.T, l limits, options ...string) *server {
	t.Helper()
	require.NotEmpty(t, program(t, "gtlsserver"))
	dir := folder(t)
	return process{
		name: "gtlsserver", http3: true, stop: syscall.SIGINT, dir: dir, log: "out.log", line: ":method:",
		args: func(port string) []string {
			return append(slices.Clone(options), "--htdocs="+dir, "--no-quic-dump", "--no-http-dump",
				"--max-streams-bidi="+strconv.Itoa(orNumber(l.streams, 100)), "127.0.0.1", port, "server.pem", "server.pem")
		},
	}.start(t)
}

func startNode(t *testing.T, l limits) *server {
	t.Helper()
	return node(t, l, process{goAway: syscall.SIGHUP})
}

// startQuiche starts a server of Node.js that speaks HTTP/3 by quiche.
func startQuiche(t *testing.T, l limits) *server {
	t.Helper()
	modules, err := filepath.Abs(filepath.Join(root, "tools", "http3"))
	require.NoError(t, err)
	if _, err := os.Stat(filepath.Join(modules, "node_modules")); err != nil {
		lacking(t, "node_modules of tools/http3")
	}
	return node(t, l, process{http3: true, both: true, stop: syscall.SIGTERM}, modules)
}

func node(t *testing.T, l limits, p process, more ...string) *server {
	t.Helper()
	require.NotEmpty(t, program(t, "node"))
	script, err := filepath.Abs(filepath.Join("testdata", "server.mjs"))
	require.NoError(t, err)
	p.name, p.version, p.dir, p.log, p.line = "node", "--version", folder(t), "access.log", "request "
	p.args = func(port string) []string {
		return append([]string{script, port, p.dir, strconv.Itoa(orNumber(l.streams, 100))}, more...)
	}
	return p.start(t)
}
