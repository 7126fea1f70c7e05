package pages

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// settled is how long nothing must happen behind the last request, until a page counts as loaded.
const settled = 250 * time.Millisecond

// tab is what the browser says of a page that it loads.
type tab struct {
	loaded chan struct{}
	once   sync.Once

	mu      sync.Mutex
	parents map[string]string // of frames
	said    map[string]said   // by URL, of the first request
}

// said is what the browser says of a request.
type said struct {
	priority string
	frame    string // whose document refers to it
}

func newTab() *tab {
	return &tab{loaded: make(chan struct{}), parents: make(map[string]string), said: make(map[string]said)}
}

// event takes an event of the tab.
func (p *tab) event(method string, params json.RawMessage) {
	var event struct {
		FrameID, ParentFrameID string
		Type                   string
		Request                struct{ URL, InitialPriority string }
		RedirectResponse       json.RawMessage
	}
	if json.Unmarshal(params, &event) != nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	switch method {
	case "Page.loadEventFired":
		p.once.Do(func() { close(p.loaded) })
	case "Page.frameAttached":
		p.parents[event.FrameID] = event.ParentFrameID
	case "Network.requestWillBeSent":
		url, _, _ := strings.Cut(event.Request.URL, "#")
		if _, known := p.said[url]; known {
			return
		}
		frame := event.FrameID
		if event.Type == "Document" {
			frame = p.parents[frame]
		}
		said := said{priority: event.Request.InitialPriority, frame: frame}
		if event.RedirectResponse != nil {
			said.priority = "" // layout may have changed it since the request that was redirected
		}
		p.said[url] = said
	}
}

// wait returns when the page is loaded and no request comes any more.
func (p *tab) wait(ctx context.Context, t *testing.T, l *load) {
	t.Helper()
	select {
	case <-p.loaded:
	case <-ctx.Done():
		require.NoError(t, ctx.Err(), "the load event of %s does not come", l.page.name)
	}
	for !l.quiet(settled) {
		require.NoError(t, ctx.Err(), "%s does not settle", l.page.name)
		time.Sleep(settled / 10)
	}
}

// requests returns those of a load, with what the browser said of them.
func (p *tab) requests(l *load) []request {
	names := map[string]string{
		"VeryLow": "lowest", "Low": "low", "Medium": "medium", "High": "high", "VeryHigh": "highest",
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	known := make(map[string]said, len(p.said))
	for url, s := range p.said {
		known[l.corpusURL(url)] = s
	}
	requests := l.seen()
	for i := range requests {
		s := known[requests[i].url]
		requests[i].priority, requests[i].frame = names[s.priority], s.frame
	}
	return requests
}
