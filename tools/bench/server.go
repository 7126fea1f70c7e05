package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"embed"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"text/template"
	"time"
)

// server is what everything is fetched from. Each address answers every path with the same page,
// apart from that of a page and its stylesheets.
type server struct {
	what  string // program and version
	cmd   *exec.Cmd
	Dir   string
	Ports struct{ Plain, TLS, HTTP2, Large, Large2 int }
}

//go:embed scripts
var scripts embed.FS

const smallPage, largePage = 1 << 10, 100 << 10

// largeEnd is what large pages end with.
const largeEnd = "</html>"

// startServer starts nginx or, if it is missing, a server in Go. Both run in a process of their own.
func startServer(ctx context.Context, dir string) (*server, error) {
	s := &server{Dir: dir}
	if err := s.prepare(); err != nil {
		return nil, err
	}
	nginx, err := exec.LookPath("nginx")
	if err != nil {
		nginx, err = exec.LookPath("/usr/sbin/nginx")
	}
	if err == nil {
		var out []byte
		if out, err = exec.CommandContext(ctx, nginx, "-v").CombinedOutput(); err != nil { // #nosec G204 -- looked up
			return nil, fmt.Errorf("nginx -v: %w", err)
		}
		s.what = string(bytes.TrimPrefix(bytes.TrimSpace(out), []byte("nginx version: ")))
		s.cmd = exec.Command(nginx, "-e", "stderr", "-p", dir, "-c", filepath.Join(dir, "nginx.conf")) // #nosec G204 -- looked up
	} else {
		s.what = "net/http in Go (there is no nginx)"
		s.cmd = exec.Command(os.Args[0], "-serve", dir) // #nosec G204 G702 -- this program
	}
	s.cmd.Stderr = os.Stderr
	// A session of its own, like a service: schedulers share the processors among sessions, and the server must not count
	// as its client's.
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	if err := s.wait(ctx); err != nil {
		s.stop()
		return nil, err
	}
	return s, nil
}

func (s *server) url(port int) string {
	scheme := "https"
	if port == s.Ports.Plain || port == s.Ports.Large {
		scheme = "http"
	}
	return fmt.Sprintf("%s://127.0.0.1:%d", scheme, port)
}

// prepare writes the pages, the certificate and the configuration.
func (s *server) prepare() error {
	for _, port := range []*int{&s.Ports.Plain, &s.Ports.TLS, &s.Ports.HTTP2, &s.Ports.Large, &s.Ports.Large2} {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return err
		}
		addr, _ := listener.Addr().(*net.TCPAddr)
		*port = addr.Port
		defer func() { _ = listener.Close() }() // all closed at the end, so that no two are the same
	}
	cert, key, err := certificate()
	if err != nil {
		return err
	}
	conf, err := template.ParseFS(scripts, "scripts/nginx.conf")
	if err != nil {
		return err
	}
	var text bytes.Buffer
	if err := conf.Execute(&text, s); err != nil {
		return err
	}
	return errors.Join(
		os.Chmod(s.Dir, 0o755),                         // #nosec G302 -- nginx's workers may be another user
		os.Mkdir(filepath.Join(s.Dir, "pages"), 0o755), // #nosec G301 -- a tool, run by developers on their own machine
		s.write("cert.pem", cert), s.write("key.pem", key), s.write("nginx.conf", text.Bytes()),
		s.write("pages/small.html", bytes.Repeat([]byte("x"), smallPage)),
		s.write("pages/page.html", pageHTML()),
		s.write("pages/small.css", bytes.Repeat([]byte(".card { color: #345; margin: 0 auto }\n"), smallPage/38)),
		s.write("pages/large.html", append(bytes.Repeat([]byte("x"), largePage-len(largeEnd)), largeEnd...)),
	)
}

func (s *server) write(name string, data []byte) error {
	return os.WriteFile(filepath.Join(s.Dir, name), data, 0o644) // #nosec G306 -- as above
}

// wait returns when all addresses answer.
func (s *server) wait(ctx context.Context) error {
	client := &http.Client{Timeout: time.Second, Transport: &http.Transport{
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, // #nosec G402 -- its certificate is made up
	}}
	defer client.CloseIdleConnections()
	for _, port := range []int{s.Ports.Plain, s.Ports.TLS, s.Ports.HTTP2, s.Ports.Large, s.Ports.Large2} {
		for try := 0; ; try++ {
			resp, err := client.Get(s.url(port) + "/1")
			if err == nil {
				_ = resp.Body.Close()
				break
			}
			if try == 100 || ctx.Err() != nil {
				return fmt.Errorf("the server does not answer: %w", err)
			}
			time.Sleep(50 * time.Millisecond)
		}
	}
	return nil
}

func (s *server) stop() {
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	kill := time.AfterFunc(5*time.Second, func() { _ = s.cmd.Process.Kill() })
	defer kill.Stop()
	_ = s.cmd.Wait()
}
