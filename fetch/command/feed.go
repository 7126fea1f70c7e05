package command

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/sirupsen/logrus"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/crash"
	"github.com/xk6-fetch/xk6-fetch/fetch/lists"
)

// feed reads lines of what can be read only once, in a goroutine of its own, because reading may wait for ever. A line
// that is no URL is a target all the same, which fails: nobody can tell in time that the list is invalid.
type feed struct {
	lines  chan lists.Entry
	end    chan struct{}
	ending sync.Once
	entry  lists.Entry
	skip   bool
	logger logrus.FieldLogger
	// skipped is how many invalid lines were left out, and cut reports whether there was more than could be read.
	skipped atomic.Int64
	cut     atomic.Bool
}

// newFeed starts to read.
func newFeed(name string, r io.Reader, skip bool, logger logrus.FieldLogger) *feed {
	const ahead = 100 // lines that are read before they are asked for
	f := &feed{lines: make(chan lists.Entry, ahead), end: make(chan struct{}), skip: skip, logger: logger}
	go func() {
		defer close(f.lines)
		if err := crash.Guard(func() { f.read(lists.NewStream(name, r)) }); err != nil {
			f.fail(err)
		}
	}()
	return f
}

func (f *feed) read(s *lists.Stream) {
	for {
		var e lists.Entry
		err := s.Next(&e)
		malformed := &lists.MalformedError{}
		switch {
		case err == nil:
		case errors.Is(err, io.EOF):
			return
		case !errors.As(err, &malformed) || malformed.Broken():
			f.fail(err)
			return
		case f.skip:
			f.skipped.Add(1)
			continue
		case e.URL == "":
			f.logger.Warn(malformed.Error())
			e.Name = fmt.Sprintf("line %d", s.Line())
		case hasPassword(e.URL):
			e.URL = masked(e.URL)
		}
		select {
		case f.lines <- e:
		case <-f.end:
			return
		}
	}
}

// hasPassword reports whether an invalid URL has a password, but not the slashes by which others know where it begins.
func hasPassword(raw string) bool {
	user, _, found := strings.Cut(raw, "@")
	return found && strings.Contains(user, ":") && !strings.Contains(user, "//")
}

func (f *feed) fail(err error) {
	f.cut.Store(true)
	f.logger.WithError(err).Error("the list cannot be read on")
}

// Next waits for a line.
func (f *feed) Next() (*lists.Entry, bool) {
	select {
	case <-f.end:
		return nil, false
	default:
	}
	select {
	case <-f.end:
		return nil, false
	case e, ok := <-f.lines:
		f.entry = e
		return &f.entry, ok
	}
}

// Stop ends the feed, but not the reading of a line that has begun: that ends with the process.
func (f *feed) Stop() { f.ending.Do(func() { close(f.end) }) }
