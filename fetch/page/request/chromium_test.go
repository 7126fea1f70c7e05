package request_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

//nolint:gochecknoglobals // a flag
var update = flag.Bool("update", false, "write what Chromium sends to testdata")

// patience is how long the browser may take to start, or to fetch a page.
const patience = 10 * time.Second

// A real Chromium fetches every page, and sends what the table says. It is the program that CHROMIUM names; without it,
// the test is skipped. Another version than that of the table may send something else:
//
//	CHROMIUM=/usr/bin/chromium go test -run TestChromium ./fetch/page/request -update
func TestChromium(t *testing.T) {
	t.Parallel()
	program := os.Getenv("CHROMIUM")
	if program == "" {
		t.Skip("CHROMIUM does not name a browser")
	}
	site := newSite(t)
	browser := startBrowser(t, program, site)
	all := pages()
	for _, origin := range []string{shop, static, cdn, other, local, localPort, localName} {
		browser.open(origin + "/cookies")
		site.wait(t, origin+"/cookies")
	}
	for i := range all {
		resources := all[i].resources(t)
		site.serve(resources)
		browser.open(all[i].url)
		for _, r := range resources {
			if !r.unsent {
				site.wait(t, r.url)
			}
		}
	}
	got := "# " + browser.version + " sends this with the pages of pages_test.go. TestChromium writes it, with -update.\n" + site.table(t, all)
	if *update {
		require.NoError(t, os.WriteFile(table, []byte(got), 0o600))
	}
	want, err := os.ReadFile(table)
	require.NoError(t, err)
	require.Equal(t, string(want), got)
}

// site serves every origin, and notes what is sent.
type site struct {
	http, https string // addresses

	mu      sync.Mutex
	content map[string]resource
	first   map[string]sent          // what came with the first request for a URL
	came    map[string]chan struct{} // closed then
}

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{content: make(map[string]resource), first: make(map[string]sent), came: make(map[string]chan struct{})}
	plain := httptest.NewServer(s)
	t.Cleanup(plain.Close)
	secure := httptest.NewUnstartedServer(s)
	secure.TLS = &tls.Config{Certificates: []tls.Certificate{certificate(t)}, MinVersion: tls.VersionTLS12}
	secure.Config.ErrorLog = log.New(io.Discard, "", 0) // the browser opens connections that it does not need
	secure.StartTLS()
	t.Cleanup(secure.Close)
	s.http, s.https = plain.Listener.Addr().String(), secure.Listener.Addr().String()
	return s
}

func certificate(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

func (s *site) serve(resources []resource) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range resources {
		s.content[bare(r.url)] = r
	}
}

// bare returns a URL as a server sees it.
func bare(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		panic(err)
	}
	u.User, u.Fragment = nil, ""
	return u.String()
}

func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	text := scheme + "://" + r.Host + r.URL.RequestURI()
	s.mu.Lock()
	if _, again := s.first[text]; !again {
		s.first[text] = relevant(r.Header)
		close(s.channel(text))
	}
	found := s.content[text]
	s.mu.Unlock()
	header := w.Header()
	header.Set("Cache-Control", "no-store")
	if strings.HasSuffix(text, "/cookies") {
		header.Set("Set-Cookie", "a=1; Path=/; Secure; SameSite=None")
	}
	if origin := r.Header.Get("Origin"); origin != "" {
		header.Set("Access-Control-Allow-Origin", origin)
		header.Set("Access-Control-Allow-Credentials", "true")
	}
	if found.policy != "" {
		header.Set("Referrer-Policy", found.policy)
	}
	header.Set("Content-Type", found.contentType)
	_, _ = io.WriteString(w, found.content)
}

// channel returns the channel that is closed when a URL is requested. The mutex is held.
func (s *site) channel(text string) chan struct{} {
	if s.came[text] == nil {
		s.came[text] = make(chan struct{})
	}
	return s.came[text]
}

func (s *site) wait(t *testing.T, text string) {
	t.Helper()
	s.mu.Lock()
	came := s.channel(bare(text))
	s.mu.Unlock()
	select {
	case <-came:
	case <-time.After(patience):
		t.Errorf("Chromium did not request %s", text)
	}
}

// relevant returns the fields of a request that the table has.
func relevant(header http.Header) sent {
	kept := make(http.Header)
	for name, lines := range header {
		switch {
		case strings.HasPrefix(name, "Sec-Fetch-"):
		case name == "Accept-Encoding" && strings.HasPrefix(lines[0], "gzip"):
			continue
		case name == "Accept", name == "Accept-Encoding", name == "Origin", name == "Range", name == "Referer",
			name == "Upgrade-Insecure-Requests":
		default:
			continue
		}
		kept[name] = lines
	}
	return fields(kept, header.Get("Cookie") != "")
}

// table writes what was sent, in the order of the pages.
func (s *site) table(t *testing.T, pages []page) string {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	var text strings.Builder
	for i := range pages {
		text.WriteString("# " + pages[i].says + "\n")
		for _, r := range pages[i].resources(t) {
			text.WriteString(r.url + "\n")
			for line := range strings.Lines(string(s.first[bare(r.url)])) {
				text.WriteString("\t" + line)
			}
		}
	}
	return text.String()
}

// browser is a Chromium that resolves every name to the site.
type browser struct {
	t       *testing.T
	tools   string // the URL of its developer tools
	version string
}

func startBrowser(t *testing.T, program string, s *site) *browser {
	t.Helper()
	profile, err := os.MkdirTemp("", "chromium") //nolint:usetesting // the browser may still write when it is removed
	require.NoError(t, err)
	// Some distributions block the cookies of other sites by default.
	require.NoError(t, os.Mkdir(filepath.Join(profile, "Default"), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(profile, "Default", "Preferences"),
		[]byte(`{"profile":{"cookie_controls_mode":0,"block_third_party_cookies":false}}`), 0o600))
	ctx, cancel := context.WithCancel(t.Context())
	rules := fmt.Sprintf("MAP *.example:443 %s, MAP *.example:80 %s, MAP 127.0.0.1:8080 %[2]s, MAP 127.0.0.1:8081 %[2]s, "+
		"MAP localhost:8080 %[2]s, MAP * ~NOTFOUND", s.https, s.http)
	command := exec.CommandContext(ctx, program, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
		"--ignore-certificate-errors", "--remote-debugging-port=0", "--user-data-dir="+profile,
		"--host-resolver-rules="+rules, "about:blank")
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	command.WaitDelay = patience
	require.NoError(t, command.Start())
	t.Cleanup(func() {
		cancel()
		_ = command.Wait() // it was interrupted
		_ = os.RemoveAll(profile)
	})
	b := &browser{t: t, tools: toolsOf(t, profile)}
	var about struct{ Browser string }
	require.NoError(t, json.Unmarshal(b.call(http.MethodGet, "/json/version"), &about))
	b.version = about.Browser
	return b
}

// toolsOf waits until the browser has written the port of its developer tools.
func toolsOf(t *testing.T, profile string) string {
	t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		text, err := os.ReadFile(filepath.Join(profile, "DevToolsActivePort"))
		if port, _, whole := strings.Cut(string(text), "\n"); err == nil && whole {
			return "http://" + net.JoinHostPort("127.0.0.1", port)
		}
	}
	t.Fatal("Chromium did not start")
	return ""
}

// open has the browser open a URL in a tab of its own, as if its address was typed.
func (b *browser) open(text string) {
	b.t.Helper()
	b.call(http.MethodPut, "/json/new?"+url.QueryEscape(text))
}

func (b *browser) call(method, path string) []byte {
	b.t.Helper()
	req, err := http.NewRequestWithContext(b.t.Context(), method, b.tools+path, nil)
	require.NoError(b.t, err)
	resp, err := http.DefaultClient.Do(req)
	require.NoError(b.t, err)
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	require.NoError(b.t, err)
	require.Equal(b.t, http.StatusOK, resp.StatusCode, string(body))
	return body
}
