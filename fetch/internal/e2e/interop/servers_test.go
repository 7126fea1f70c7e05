//go:build unix

package interop

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// server is a server of HTTP/2 under test.
type server struct {
	base string       // of its URLs
	addr atomic.Value // where to connect to
	seen func() int   // how many requests it has seen
	// goAway makes it end its connections in an orderly way, and take new ones. It is nil if it cannot.
	goAway func()
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
}

//nolint:gochecknoglobals // a constant list
var kinds = []kind{
	{name: "Go", start: startGo},
	{name: "Node", start: startNode},
	{name: "nginx", start: startNginx},
	{name: "HAProxy", start: startHAProxy},
	{name: "nghttpd", start: startNghttpd, static: true},
}

// sizes are those of the pages under /size.
//
//nolint:gochecknoglobals // a constant list
var sizes = []int{0, 1, 1 << 10, 100 << 10, 5 << 20}

// text is what the page of a size holds.
func text(size int) []byte {
	b := make([]byte, size)
	for i := range b {
		b[i] = byte('a' + i%23)
	}
	return b
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
	dir, backend := folder(t), startBackend(t)
	owner := ""
	if os.Geteuid() == 0 {
		owner = "user root;" // the folder is nobody else's
	}
	return startProcess(t, dir, "nginx", "-v", func(port string) []string {
		write(t, dir, "nginx.conf", fmt.Sprintf(`
			daemon off; pid nginx.pid; error_log error.log; worker_processes 1; %s
			events { worker_connections 256; }
			http {
				access_log access.log; default_type text/plain;
				client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
				client_max_body_size 10m; keepalive_requests %d; http2_max_concurrent_streams %d;
				upstream pages { server %s; keepalive 32; }
				server {
					listen 127.0.0.1:%s ssl http2;
					ssl_certificate server.pem; ssl_certificate_key server.pem;
					location /size/ { root .; }
					location / {
						proxy_pass http://pages; proxy_http_version 1.1; proxy_set_header Connection "";
						proxy_buffer_size 32k; proxy_buffers 8 32k; proxy_busy_buffers_size 64k;
					}
				}
			}`, owner, orNumber(l.requests, 1000000), orNumber(l.streams, 128), backend, port))
		return []string{"-p", dir + "/", "-c", "nginx.conf", "-e", "error.log"}
	}, filepath.Join(dir, "access.log"), "HTTP/2.0", syscall.SIGHUP)
}

func startHAProxy(t *testing.T, l limits) *server {
	t.Helper()
	require.NotEmpty(t, program(t, "haproxy"))
	dir, backend := folder(t), startBackend(t)
	return startProcess(t, dir, "haproxy", "-v", func(port string) []string {
		write(t, dir, "haproxy.cfg", fmt.Sprintf(`
global
	log stdout format raw local0
	maxconn 500
	tune.h2.max-concurrent-streams %d
defaults
	mode http
	log global
	option httplog
	timeout connect 10s
	timeout client 10s
	timeout server 10s
frontend front
	bind 127.0.0.1:%s ssl crt %s/server.pem alpn h2,http/1.1
	default_backend pages
backend pages
	server pages %s
`, orNumber(l.streams, 100), port, dir, backend))
		return []string{"-W", "-db", "-f", filepath.Join(dir, "haproxy.cfg")}
	}, filepath.Join(dir, "out.log"), "front~ pages", syscall.SIGUSR2)
}

func startNghttpd(t *testing.T, l limits) *server {
	t.Helper()
	require.NotEmpty(t, program(t, "nghttpd"))
	dir := folder(t)
	pemFile := filepath.Join(dir, "server.pem")
	return startProcess(t, dir, "nghttpd", "--version", func(port string) []string {
		return []string{
			"--address=127.0.0.1", "--htdocs=" + dir, "--echo-upload", "--verbose",
			"--max-concurrent-streams=" + strconv.Itoa(orNumber(l.streams, 100)), port, pemFile, pemFile,
		}
	}, filepath.Join(dir, "out.log"), ":method:", 0)
}

func startNode(t *testing.T, l limits) *server {
	t.Helper()
	require.NotEmpty(t, program(t, "node"))
	dir := folder(t)
	script, err := filepath.Abs(filepath.Join("testdata", "server.mjs"))
	require.NoError(t, err)
	return startProcess(t, dir, "node", "--version", func(port string) []string {
		return []string{script, port, dir, strconv.Itoa(orNumber(l.streams, 100))}
	}, filepath.Join(dir, "access.log"), "request ", syscall.SIGHUP)
}

// program finds a program. If there is none, it skips the test, unless SERVERS says that they were installed.
func program(t *testing.T, name string) string {
	t.Helper()
	for _, path := range []string{name, filepath.Join("/usr/sbin", name)} {
		if found, err := exec.LookPath(path); err == nil {
			return found
		}
	}
	if os.Getenv("SERVERS") != "" {
		t.Fatalf("%s is not installed: see .ci/servers", name)
	}
	t.Skipf("%s is not installed", name)
	return ""
}

func write(t *testing.T, dir, name, content string) {
	t.Helper()
	require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600))
}

// startProcess starts a server and waits until it listens. Its port is free when it is chosen, but may be taken before
// the server has it: then there is another try.
func startProcess(
	t *testing.T, dir, name, version string, args func(port string) []string, logFile, line string, goAway syscall.Signal,
) *server {
	t.Helper()
	path := program(t, name)
	said, err := exec.CommandContext(t.Context(), path, version).CombinedOutput()
	require.NoError(t, err, string(said))
	first, _, _ := strings.Cut(string(said), "\n")
	t.Log(name, first)
	for range 5 {
		port := freePort(t)
		out, err := os.Create(filepath.Join(dir, "out.log"))
		require.NoError(t, err)
		cmd := exec.Command(path, args(port)...)
		cmd.Dir, cmd.Stdout, cmd.Stderr = dir, out, out
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		require.NoError(t, cmd.Start())
		_ = out.Close()
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			_ = cmd.Wait()
		}()
		t.Cleanup(func() {
			_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
			<-ended
			if t.Failed() {
				said, _ := os.ReadFile(filepath.Join(dir, "out.log"))
				t.Logf("%s says: %.2000s", name, said)
			}
		})
		addr := net.JoinHostPort("127.0.0.1", port)
		if !listens(addr, ended) {
			continue
		}
		s := &server{base: "https://" + addr, seen: func() int {
			content, _ := os.ReadFile(logFile)
			return bytes.Count(content, []byte(line))
		}}
		s.addr.Store(addr)
		if goAway != 0 {
			s.goAway = func() { _ = cmd.Process.Signal(goAway) }
		}
		return s
	}
	said, _ = os.ReadFile(filepath.Join(dir, "out.log"))
	require.Fail(t, name+" does not start", string(said))
	return nil
}

// listens waits until a server listens, and reports whether it does.
func listens(addr string, ended chan struct{}) bool {
	for range 1000 {
		conn, err := net.Dial("tcp4", addr)
		if err == nil {
			_ = conn.Close()
			return true
		}
		select {
		case <-ended:
			return false
		case <-time.After(10 * time.Millisecond):
		}
	}
	return false
}

// freePort returns a port that is free now, below those that the system gives to clients.
func freePort(t *testing.T) string {
	t.Helper()
	for {
		port := strconv.Itoa(20_000 + rand.IntN(12_000))
		l, err := net.Listen("tcp4", net.JoinHostPort("127.0.0.1", port))
		if err != nil {
			continue
		}
		require.NoError(t, l.Close())
		return port
	}
}

// tlsConfig trusts any server.
func tlsConfig() *tls.Config { return &tls.Config{InsecureSkipVerify: true} }
