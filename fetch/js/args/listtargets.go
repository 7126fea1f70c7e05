package args

import (
	"net/http"
	"sync"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/lists"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/urltext"
)

// readList prepares the entries of a list to be read as a run gets to them.
func (r *TargetReader) readList(list *lists.List) (Targets, error) {
	if r.Base.naming == nil && r.Base.Name == "" && !r.Base.hasNameTag() {
		r.Base.naming = byHost
	}
	t := &ListTargets{list: list, reader: r}
	if naming := r.Base.naming; naming != nil && naming.function != nil {
		if err := t.nameAll(naming); err != nil {
			return nil, err
		}
	}
	return t, nil
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
	return &listIterator{ListTargets: t, entries: t.list.Read(), specs: make(map[specKey]*fetch.Spec)}
}

// listIterator hands the entries of a list to a run.
type listIterator struct {
	*ListTargets

	entries *lists.Reader
	next    int
	specs   map[specKey]*fetch.Spec
	broken  sync.Once
}

// specKey is all that differs between entries without headers and bodies.
type specKey struct{ method, name string }

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
	target := fetch.Target{URL: s.reader.resolve(e.URL)}
	target.Spec = s.spec(e, s.name(&target, e, i))
	return target, true
}

func (s *listIterator) name(target *fetch.Target, e *lists.Entry, i int) string {
	naming := s.reader.Base.naming
	switch {
	case e.Name != "":
		return e.Name
	case s.named != nil:
		return s.names[s.named[i]]
	case naming == nil:
		return ""
	}
	name, _ := naming.of(&namedTarget{url: target.URL, method: e.Method, index: i}) // only functions fail
	return name
}

func (s *listIterator) spec(e *lists.Entry, name string) *fetch.Spec {
	if e.Header != nil || e.Body != nil {
		return s.ownSpec(e, name)
	}
	key := specKey{e.Method, name}
	spec := s.specs[key]
	if spec == nil {
		settings := *s.reader.Base
		settings.Method = e.Method
		spec = settings.named(name)
		if len(s.specs) < maxSpecs {
			s.specs[key] = spec
		}
	}
	return spec
}

// ownSpec is the spec of an entry that is unlike others.
func (s *listIterator) ownSpec(e *lists.Entry, name string) *fetch.Spec {
	own := s.reader.Base.clone()
	own.Method = e.Method
	for header, values := range e.Header {
		own.Header[header] = values
		if header == "Host" {
			own.Host = values[0]
		}
	}
	if e.Method != "" && e.Method != http.MethodGet && e.Method != http.MethodHead {
		own.Body = e.Body
	}
	where := urltext.Mask(e.URL)
	if err := own.compress(s.reader.State.Logger, where); err != nil {
		s.reader.State.Logger.WithError(err).Warnf("the body for %s is sent as it is", where)
	}
	own.fixContentLength(s.reader.State.Logger, where)
	return own.named(name)
}
