// Package view is what the command shows while it runs: a line for each result as it ends, as text or as JSON, and on a
// terminal how far the run is.
package view

import (
	"io"
	"sync"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/report"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/phrase"
)

// Config says what is shown, and where.
type Config struct {
	Out io.Writer
	// Size is how many columns the terminal has at the time. It is nil where the output is no terminal.
	Size func() int
	// Colors is for a terminal of somebody who wants them.
	Colors bool
	// Quiet shows no single results, and not how far the run is.
	Quiet bool
	// JSON writes results as lines of JSON.
	JSON bool
	// Failed is called once if the output can no longer be written to.
	Failed func(error)
}

// View shows runs. It is safe for use by many goroutines.
type View struct {
	cfg    Config
	screen *screen

	mu      sync.Mutex
	scale   scale
	begun   time.Time
	now     underway
	current func() fetch.Progress
	failing sync.Once
	// explained reports whether it was said which colour is which phase.
	explained bool
}

// New starts a view. Close it.
func New(cfg Config) *View {
	v := &View{cfg: cfg, screen: &screen{out: cfg.Out, size: cfg.Size}}
	if cfg.Size != nil && !cfg.Quiet && !cfg.JSON {
		v.screen.footer = v.footer
	}
	v.screen.start()
	return v
}

// Watch returns a function for [fetch.Options.Watch]. What is shown of the run begins with a name, if it has one.
func (v *View) Watch(what string) func(progress func() fetch.Progress) (ended func()) {
	return func(progress func() fetch.Progress) func() {
		v.mu.Lock()
		defer v.mu.Unlock()
		v.begun, v.current, v.now.what = time.Now(), progress, what
		return func() {
			v.mu.Lock()
			defer v.mu.Unlock()
			v.current = nil
		}
	}
}

// Ending shows that the run ends early, and what it waits for.
func (v *View) Ending(text string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.now.ending = text
}

func (v *View) footer(width int) string {
	v.mu.Lock()
	now, current := v.now, v.current
	now.took = time.Since(v.begun)
	v.mu.Unlock()
	if current == nil {
		return ""
	}
	now.progress = current()
	return now.footer(width, v.cfg.Colors)
}

// Result shows a result.
func (v *View) Result(mode string, r *fetch.Result) {
	v.Notice(r)
	switch {
	case v.cfg.Quiet:
	case v.cfg.JSON:
		line, err := report.ResultLine(mode, r)
		if err != nil {
			v.fail(err)
			return
		}
		v.Print(string(line))
	default:
		st := style{colors: v.cfg.Colors}
		if v.cfg.Size != nil {
			st.width = max(v.cfg.Size()-1, 1) // a line that fills the last column breaks in some terminals
		}
		v.mu.Lock()
		line := st.line(r, &v.scale)
		if v.cfg.Colors && !v.explained {
			v.explained = true
			line = legend() + line
		}
		v.mu.Unlock()
		v.Print(line)
	}
}

// Visited shows what became of a page, if its document came.
func (v *View) Visited(run *fetch.Run) {
	document := run.Results.At(0)
	if !v.cfg.Quiet && !v.cfg.JSON && document.Status != 0 {
		v.Print(phrase.VisitSum(run) + ": " + phrase.VisitName(document) + "\n")
	}
}

// Notice counts a result that is not shown by itself.
func (v *View) Notice(r *fetch.Result) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.now.slowest = max(v.now.slowest, r.Elapsed)
}

// Print writes lines.
func (v *View) Print(lines string) {
	if err := v.screen.write(lines); err != nil {
		v.fail(err)
	}
}

// fail says that the output cannot be written to.
func (v *View) fail(err error) {
	if v.cfg.Failed != nil {
		v.failing.Do(func() { v.cfg.Failed(err) })
	}
}

// Aside returns a writer to the same terminal, whose text stands above what is shown below the lines.
func (v *View) Aside(out io.Writer) io.Writer { return &aside{v.screen, out} }

type aside struct {
	screen *screen
	out    io.Writer
}

func (a *aside) Write(p []byte) (n int, err error) {
	a.screen.aside(func() { n, err = a.out.Write(p) })
	return n, err
}

// Close writes what is left, and leaves nothing but lines.
func (v *View) Close() error { return v.screen.close() }
