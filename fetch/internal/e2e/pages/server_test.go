package pages

import (
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/idna"
)

// delay is how long the server takes for each answer, so that order shows: what is requested because of an answer, or
// waits for a connection, comes at least that much later.
const delay = 20 * time.Millisecond

// server answers for all hosts of the corpus. Each load of a page has hosts of its own, so that loads share neither
// connections nor caches, and may go on at once: a.test is a-7.test in load 7, and cdn.a.test is cdn.a-7.test.
type server struct {
	secure, plain *httptest.Server

	mu    sync.Mutex
	loads map[string]*load // by the suffix of hosts
}

func startServer(t *testing.T) *server {
	t.Helper()
	s := &server{loads: make(map[string]*load)}
	s.plain = httptest.NewServer(s)
	s.secure = httptest.NewUnstartedServer(s)
	s.secure.TLS = &tls.Config{NextProtos: []string{"http/1.1"}} // of which a browser has six connections to a host
	s.secure.StartTLS()
	t.Cleanup(s.secure.Close)
	t.Cleanup(s.plain.Close)
	return s
}

// addr returns where the server is for a port of a host.
func (s *server) addr(port string) string {
	if port == "80" {
		return s.plain.Listener.Addr().String()
	}
	return s.secure.Listener.Addr().String()
}

// keyHash is that by which Chromium trusts the server's certificate, which is for another host.
func (s *server) keyHash() string {
	sum := sha256.Sum256(s.secure.Certificate().RawSubjectPublicKeyInfo)
	return base64.StdEncoding.EncodeToString(sum[:])
}

// begin begins a load of a page.
func (s *server) begin(p *page) *load {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := newLoad(p, fmt.Sprintf("-%d", len(s.loads)+1))
	s.loads[l.suffix] = l
	return l
}

// hostOfLoad matches hosts as requests have them.
var hostOfLoad = regexp.MustCompile(`(-\d+)\.test(:\d+)?$`)

// ServeHTTP implements http.Handler.
func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if l := s.loadOf(r.Host); l != nil {
		l.serve(w, r)
		return
	}
	http.Error(w, "no host of a load", http.StatusMisdirectedRequest)
}

func (s *server) loadOf(host string) *load {
	host, err := idna.ToUnicode(host)
	m := hostOfLoad.FindStringSubmatch(host)
	if err != nil || m == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.loads[m[1]]
}
