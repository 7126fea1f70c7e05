package args

import (
	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/lists"
)

// Entries are entries that come while a run goes on.
type Entries interface {
	// Next waits for the next entry, which is valid until the next call. It returns false at the end, and when Stop is
	// called.
	Next() (*lists.Entry, bool)
	Stop()
}

// ReadFeed prepares entries to be read as they come. They are read once.
func (r *TargetReader) ReadFeed(entries Entries) Targets {
	r.nameByHost()
	return &feedTargets{&feedIterator{entries: entries, targets: newEntryTargets(r)}}
}

// feedTargets are targets that come while a run goes on.
type feedTargets struct{ *feedIterator }

func (t *feedTargets) Iterator() fetch.Iterator { return t.feedIterator }

// feedIterator is a feed of the engine.
type feedIterator struct {
	entries Entries
	targets *entryTargets
	next    int
}

var _ fetch.Feed = &feedIterator{}

func (f *feedIterator) Next() (fetch.Target, bool) {
	e, ok := f.entries.Next()
	if !ok {
		return fetch.Target{}, false
	}
	f.next++
	return f.targets.of(e, f.next-1), true
}

func (f *feedIterator) Len() int { return f.next }

func (f *feedIterator) Stop() { f.entries.Stop() }
