package view

import (
	"bytes"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/columns"
)

// screen writes lines to a stream that may be a terminal, and on a terminal keeps a footer below them. Lines are
// written together, a few times a second. A stream that takes them slowly makes whoever writes lines wait.
type screen struct {
	out io.Writer
	// size is how many columns the terminal has now. It is nil where there is none.
	size func() int
	// footer returns what stands below the lines, in fewer columns than the width. It is nil where nothing does.
	footer func(width int) string

	mu      sync.Mutex
	pending bytes.Buffer
	shown   int // columns of the footer on the terminal
	failed  error
	stop    chan struct{}
	ticking sync.WaitGroup
}

const (
	// frame is the time between two frames.
	frame = 100 * time.Millisecond
	// mostPending bounds what waits to be written, in bytes.
	mostPending = 64 << 10
)

// start begins to write.
func (s *screen) start() {
	s.stop = make(chan struct{})
	s.ticking.Go(func() {
		ticks := time.NewTicker(frame)
		defer ticks.Stop()
		for {
			select {
			case <-ticks.C:
				s.mu.Lock()
				s.flush(s.footer)
				s.mu.Unlock()
			case <-s.stop:
				return
			}
		}
	})
}

// write adds lines, whole ones. It returns an error if the stream can no longer be written to.
func (s *screen) write(lines string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pending.WriteString(lines)
	if s.pending.Len() > mostPending {
		s.flush(s.footer)
	}
	return s.failed
}

// aside writes something else to the terminal, above the footer.
func (s *screen) aside(write func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.flush(nil)
	write()
	s.flush(s.footer)
}

// close writes what is left, and removes the footer.
func (s *screen) close() error {
	close(s.stop)
	s.ticking.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.flush(nil)
	return s.failed
}

// flush writes a frame: it removes the footer, and writes the lines and the new footer. The lock is held.
func (s *screen) flush(footer func(width int) string) {
	var out bytes.Buffer
	width := 0
	if s.size != nil {
		width = s.size()
	}
	out.Write(s.erasing(width))
	out.Write(s.pending.Bytes())
	s.pending.Reset()
	s.shown = 0
	if footer != nil && width > 0 {
		text := footer(width)
		out.WriteString(text)
		s.shown = columns.Of(columns.Plain(text))
	}
	if out.Len() == 0 || s.failed != nil {
		return
	}
	_, s.failed = s.out.Write(out.Bytes())
}

// erasing removes the footer, of which the cursor is at the end. In a terminal that has become narrower it takes
// several lines.
func (s *screen) erasing(width int) []byte {
	if s.shown == 0 || width <= 0 {
		return nil
	}
	text := "\r"
	if above := (s.shown - 1) / width; above > 0 {
		text += fmt.Sprintf("\x1b[%dA", above)
	}
	return []byte(text + "\x1b[J")
}
