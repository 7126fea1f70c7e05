package pages

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// loads is how often both load a page before a difference counts.
const loads = 6

// TestPages loads each page of the corpus as we do and in Chromium, and compares the requests.
func TestPages(t *testing.T) { //nolint:tparallel // its one subtest waits for the others
	t.Parallel()
	path := findChromium()
	if path == "" {
		t.Skip("there is no Chromium; install it, or say where one is with CHROMIUM=path")
	}
	s := startServer(t)
	b := startChromium(t, path, s)
	t.Run("page", func(t *testing.T) {
		for _, p := range corpus(t) {
			t.Run(p.name, func(t *testing.T) {
				t.Parallel()
				compare(t, s, b, p)
			})
		}
	})
}

// compare loads a page until there is nothing to complain about.
func compare(t *testing.T, s *server, b *browser, p *page) {
	t.Helper()
	in := judgement{page: p}
	for range loads {
		theirs := b.load(t, s.begin(p))
		if in.take(differ(ours(t, s, s.begin(p)), theirs), theirs); in.settled() {
			return
		}
	}
	assert.Empty(t, in.unexpected().lines(), "differences from Chromium in %d loads: %s", loads, p.title)
	assert.Empty(t, in.needless(), "excepts that no load needs")
	assert.Empty(t, in.unused(), "files that nobody requests")
}
