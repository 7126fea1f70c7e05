package pages

import (
	"maps"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
)

// loads is how often both load a page before a difference counts.
const loads = 6

// TestPages loads each page of the corpus as we do and in Chromium, and compares the requests.
func TestPages(t *testing.T) { //nolint:tparallel // its one subtest waits for the others
	t.Parallel()
	path := findChromium()
	if path == "" && os.Getenv("CI") == "" {
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

// compare loads a page until there is nothing unexpected.
func compare(t *testing.T, s *server, b *browser, p *page) {
	t.Helper()
	always, ever := differences(nil), make(differences)
	var unexpected differences
	var needless []except
	for i := range loads {
		d := differ(ours(t, s, s.begin(p)), b.load(t, s.begin(p)))
		if maps.Copy(ever, d); i == 0 {
			always = d
		}
		always = always.and(d)
		if unexpected, needless = p.judge(always, ever); len(unexpected) == 0 && len(needless) == 0 {
			return
		}
	}
	assert.Empty(t, unexpected.lines(), "differences from Chromium in %d loads: %s", loads, p.title)
	assert.Empty(t, needless, "excepts that no load needs")
}

// judge returns the differences of all loads for which there is no except, and the excepts without a difference in any
// load.
func (p *page) judge(always, ever differences) (unexpected differences, needless []except) {
	unexpected = maps.Clone(always)
	for _, e := range p.excepts {
		what := e.kind + " " + e.what
		delete(unexpected, what)
		if _, needed := ever[what]; !needed && !e.sometimes {
			needless = append(needless, e)
		}
	}
	return unexpected, needless
}
