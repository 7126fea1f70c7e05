package pages

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// browser is one Chromium, for all pages.
type browser struct {
	*devtools

	mu   sync.Mutex
	idle []string // sessions of tabs
}

// findChromium returns where a browser is, as tools/reports does it, or nothing.
func findChromium() string {
	for _, name := range []string{
		os.Getenv("CHROMIUM"), "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome",
		"/usr/bin/google-chrome-stable", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
		"/Applications/Chromium.app/Contents/MacOS/Chromium",
	} {
		if _, err := os.Stat(name); name != "" && err == nil {
			return name
		}
	}
	return ""
}

// flags are those of a browser that finds the hosts of the corpus at the server, and no others. It trusts the server's
// certificate. It is as a user has it, apart from what takes time: processes for each site, and images on a screen.
func flags(s *server, profile string) []string {
	return []string{
		"--headless", "--remote-debugging-pipe", "--user-data-dir=" + profile, "--no-first-run", "--no-sandbox",
		"--ignore-certificate-errors-spki-list=" + s.keyHash(), "--no-proxy-server", "--disable-quic",
		fmt.Sprintf("--host-resolver-rules=MAP *.test:80 %s, MAP *.test %s, MAP * ~NOTFOUND", s.addr("80"), s.addr("443")),
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
		"--disable-backgrounding-occluded-windows", "--disable-renderer-backgrounding", "--mute-audio", "--disable-gpu",
		"--blink-settings=primaryHoverType=2,availableHoverTypes=2,primaryPointerType=4,availablePointerTypes=4",
		"--disable-site-isolation-trials", "--renderer-process-limit=2",
		"--disable-features=BackForwardCache,ProactivelySwapBrowsingInstance,SpareRendererForSitePerProcess",
	}
}

// oldest is the version of the oldest browser that is compared with: what browsers request changes.
const oldest = 156

// startChromium starts a browser. It skips the test if that is too old.
func startChromium(t *testing.T, path string, s *server) *browser {
	t.Helper()
	require.NotEmpty(t, path, "there is no Chromium")
	commands, toBrowser, err := os.Pipe()
	require.NoError(t, err)
	fromBrowser, events, err := os.Pipe()
	require.NoError(t, err)
	profile, err := os.MkdirTemp("", "pages") //nolint:usetesting // a process of the browser may still write to it
	require.NoError(t, err)
	process := exec.Command(path, flags(s, profile)...)
	process.ExtraFiles = []*os.File{commands, events}
	require.NoError(t, process.Start())
	require.NoError(t, commands.Close())
	require.NoError(t, events.Close())
	b := &browser{devtools: newDevtools(toBrowser, fromBrowser)}
	t.Cleanup(func() {
		b.close(t, process)
		_ = toBrowser.Close()
		<-b.done
		_ = fromBrowser.Close()
		_ = os.RemoveAll(profile)
	})
	b.skipOld(t)
	return b
}

// close ends the browser, in one way or the other.
func (b *browser) close(t *testing.T, process *exec.Cmd) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 10*time.Second)
	defer cancel()
	if err := b.call(ctx, "", "Browser.close", nil, nil); err != nil {
		_ = process.Process.Kill()
	}
	_ = process.Wait()
}

func (b *browser) skipOld(t *testing.T) {
	t.Helper()
	var version struct{ Product string }
	b.must(t.Context(), t, "", "Browser.getVersion", nil, &version)
	_, number, _ := strings.Cut(version.Product, "/")
	number, _, _ = strings.Cut(number, ".")
	if major, err := strconv.Atoi(number); err != nil || major < oldest {
		t.Skipf("%s is older than %d", version.Product, oldest)
	}
}

// load loads a page, and returns its requests when there are no more.
func (b *browser) load(t *testing.T, l *load) []request {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	session := b.take(ctx, t)
	tab := newTab()
	b.listen(session, tab.event)
	b.must(ctx, t, session, "Page.navigate", parameters{"url": l.document()}, nil)
	tab.wait(ctx, t, l)
	b.listen(session, nil)
	b.giveBack(session)
	return tab.requests(l)
}

// take returns the session of a tab that nobody else uses.
func (b *browser) take(ctx context.Context, t *testing.T) (session string) {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if last := len(b.idle) - 1; last >= 0 {
		session = b.idle[last]
		b.idle = b.idle[:last]
		return session
	}
	var target struct{ TargetID string }
	b.must(ctx, t, "", "Target.createTarget", parameters{"url": "about:blank", "newWindow": true}, &target)
	var attached struct{ SessionID string }
	b.must(ctx, t, "", "Target.attachToTarget", parameters{"targetId": target.TargetID, "flatten": true}, &attached)
	b.must(ctx, t, attached.SessionID, "Page.enable", nil, nil)
	b.must(ctx, t, attached.SessionID, "Network.enable", nil, nil)
	b.must(ctx, t, attached.SessionID, "Emulation.setDeviceMetricsOverride",
		parameters{"width": 1280, "height": 720, "deviceScaleFactor": 1, "mobile": false}, nil)
	return attached.SessionID
}

func (b *browser) giveBack(session string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.idle = append(b.idle, session)
}

func (b *browser) must(
	ctx context.Context, t *testing.T, session, method string, params parameters, into any,
) {
	t.Helper()
	require.NoError(t, b.call(ctx, session, method, params, into))
}
