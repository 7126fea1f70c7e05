package args

import (
	"sync"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/lists"
)

// ReadEntries prepares the entries of a list to be read as a run gets to them.
func (r *TargetReader) ReadEntries(list *lists.List) (Targets, error) {
	r.nameByHost()
	t := &ListTargets{list: list, reader: r}
	if naming := r.Base.naming; naming != nil && naming.function != nil {
		if err := t.nameAll(naming); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// nameByHost names targets by their hosts unless something was said about names.
func (r *TargetReader) nameByHost() {
	if r.Base.naming == nil && r.Base.Name == "" && !r.Base.hasNameTag() {
		r.Base.naming = byHost
	}
}

// ListTargets are the entries of a list as targets.
type ListTargets struct {
	list   *lists.List
	reader *TargetReader
	// names are what a script's function has said, and named which of them each entry has: functions of a script cannot
	// be asked while the run goes on.
	names []string
	named []uint32
}

// nameAll asks the script for the name of each entry.
func (t *ListTargets) nameAll(naming *naming) error {
	known := map[string]uint32{}
	t.named = make([]uint32, 0, t.list.Len())
	var failure error
	for i, e := range t.list.All(func(err error) { failure = err }) {
		name := e.Name
		if name == "" {
			var err error
			if name, err = naming.of(&namedTarget{url: t.reader.resolve(e.URL), method: e.Method, index: i}); err != nil {
				return err
			}
		}
		number, ok := known[name]
		if !ok {
			number = uint32(len(t.names)) // #nosec G115 -- nobody has four billion URLs in a file
			known[name] = number
			t.names = append(t.names, name)
		}
		t.named = append(t.named, number)
	}
	return failure
}

// Len is how many targets there are.
func (t *ListTargets) Len() int { return t.list.Len() }

// Iterator returns the targets anew.
func (t *ListTargets) Iterator() fetch.Iterator {
	it := &listIterator{ListTargets: t, entries: t.list.Read(), targets: newEntryTargets(t.reader)}
	it.targets.nameOf = t.nameOf()
	if t.list.Paced() {
		return &pacedIterator{it}
	}
	return it
}

// nameOf returns what a function of the script has said of each entry, nil if none was asked.
func (t *ListTargets) nameOf() func(i int) string {
	if t.named == nil {
		return nil
	}
	return func(i int) string { return t.names[t.named[i]] }
}

// listIterator hands the entries of a list to a run.
type listIterator struct {
	*ListTargets

	entries *lists.Reader
	targets *entryTargets
	next    int
	start   time.Duration // of the last
	broken  sync.Once
}

// pacedIterator hands the entries of a list to a run that have starts.
type pacedIterator struct{ *listIterator }

var _ fetch.Paced = &pacedIterator{}

func (p *pacedIterator) Start() time.Duration { return p.start }

// Next is called by the workers. An entry that cannot be read, though it could be when the list was opened, is a target
// without a URL, which fails.
func (s *listIterator) Next() (fetch.Target, bool) {
	if s.next == s.list.Len() {
		s.entries.Close()
		return fetch.Target{}, false
	}
	i := s.next
	s.next++
	e, err := s.entries.Next()
	if err != nil {
		s.broken.Do(func() { s.reader.State.Logger.WithError(err).Error("a list cannot be read on") })
		return fetch.Target{Spec: s.reader.Plain}, true
	}
	s.start = e.Start
	return s.targets.of(e, i), true
}
