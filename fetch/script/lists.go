package script

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/js/common"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/source"
)

// listObject is the JavaScript object of a list from a file.
type listObject struct {
	mi   *Instance
	list *source.List
}

var (
	_ sobek.DynamicObject = &listObject{}
	_ parts               = &listObject{}
)

//nolint:gochecknoglobals // a constant list
var listKeys = []string{"length", "skipped"}

func (mi *Instance) newList(list *source.List) *sobek.Object {
	o := mi.rt.NewDynamicObject(&listObject{mi, list})
	if err := o.SetPrototype(mi.protos.list); err != nil {
		common.Throw(mi.rt, err)
	}
	return o
}

// listOf returns the list that an object is.
func listOf(o *sobek.Object) (*listObject, bool) {
	if isArray(o) {
		return nil, false // the export of which may be large
	}
	list, ok := o.Export().(*listObject)
	return list, ok
}

// newListPrototype makes the methods of lists.
func (mi *Instance) newListPrototype() *sobek.Object {
	proto := mi.rt.NewObject()
	for name, method := range map[string]func(l *listObject, call sobek.FunctionCall) sobek.Value{
		"filter": (*listObject).jsFilter,
		"sample": (*listObject).jsSample,
		"slice":  (*listObject).jsSlice,
		"toJSON": (*listObject).jsToJSON,
	} {
		mi.method(proto, name, func(call sobek.FunctionCall) sobek.Value {
			if o, ok := call.This.(*sobek.Object); ok {
				if l, ok := listOf(o); ok {
					return method(l, call)
				}
			}
			panic(mi.rt.NewTypeError(name + "() is a method of lists"))
		})
	}
	return proto
}

func (l *listObject) Keys() []string { return listKeys }

func (l *listObject) Has(key string) bool { return slices.Contains(listKeys, key) }

func (l *listObject) Get(key string) sobek.Value {
	switch key {
	case "length":
		return l.mi.rt.ToValue(l.list.Len())
	case "skipped":
		return l.mi.rt.ToValue(l.list.Skipped())
	default:
		return nil
	}
}

func (l *listObject) Set(string, sobek.Value) bool { return false }
func (l *listObject) Delete(string) bool           { return false }

// MarshalJSON makes a list fit for what setup() returns: an array of targets.
func (l *listObject) MarshalJSON() ([]byte, error) {
	records := make([]any, 0, l.list.Len())
	var failure error
	for _, e := range l.list.All(func(err error) { failure = err }) {
		records = append(records, targetRecordOf(e))
	}
	if failure != nil {
		return nil, failure
	}
	return json.Marshal(records)
}

// targetRecord is an entry as a target that a script could have written.
type targetRecord struct {
	Method string        `json:"method,omitempty"`
	URL    string        `json:"url"`
	Body   string        `json:"body,omitempty"`
	Params *recordParams `json:"params,omitempty"`
}

type recordParams struct {
	Name    string            `json:"name,omitempty"`
	Headers map[string]string `json:"headers,omitempty"`
}

func targetRecordOf(e *source.Entry) any {
	if e.IsURL() {
		return e.URL
	}
	record := targetRecord{Method: e.Method, URL: e.URL, Body: string(e.Body)}
	if e.Name != "" || e.Header != nil {
		record.Params = &recordParams{Name: e.Name, Headers: make(map[string]string, len(e.Header))}
		for name, values := range e.Header {
			record.Params.Headers[name] = strings.Join(values, ", ")
		}
	}
	return record
}

func (l *listObject) jsToJSON(sobek.FunctionCall) sobek.Value { return l.mi.plain(l) }

// jsFilter is filter((target, index) => boolean).
func (l *listObject) jsFilter(call sobek.FunctionCall) sobek.Value {
	f := field{path: "filter() function", value: call.Argument(0), rt: l.mi.rt}
	function, ok := sobek.AssertFunction(f.value)
	if !ok {
		throwMisuse(l.mi.rt, f.wrong("a function"))
	}
	list, err := l.list.Filter(func(i int, e *source.Entry) bool {
		o := l.mi.object("url", e.URL, "method", e.Method, "name", e.Name)
		keep, err := function(sobek.Undefined(), o, l.mi.rt.ToValue(i))
		if err != nil {
			common.Throw(l.mi.rt, err)
		}
		if _, isPromise := keep.Export().(*sobek.Promise); isPromise { // which would keep all
			throwMisuse(l.mi.rt, &misuse{"filter() function must return a value, not a promise"})
		}
		return keep.ToBoolean()
	})
	if err != nil {
		common.Throw(l.mi.rt, err)
	}
	return l.mi.newList(list)
}

// jsSample is sample(n, seed = 0).
func (l *listObject) jsSample(call sobek.FunctionCall) sobek.Value {
	n, err := field{path: "sample() n", value: call.Argument(0), rt: l.mi.rt}.integer(0)
	if err != nil {
		throwMisuse(l.mi.rt, err)
	}
	seed := uint64(0)
	if f := (field{path: "sample() seed", value: call.Argument(1), rt: l.mi.rt}); f.given() {
		if seed, err = f.seed(); err != nil {
			throwMisuse(l.mi.rt, err)
		}
	}
	return l.mi.newList(l.list.Sample(n, seed))
}

// jsSlice is slice(from = 0, to = length), with the meaning that it has for arrays.
func (l *listObject) jsSlice(call sobek.FunctionCall) sobek.Value {
	length := l.list.Len()
	bound := func(name string, i, otherwise int) int {
		f := field{path: "slice() " + name, value: call.Argument(i), rt: l.mi.rt}
		if !f.given() {
			return otherwise
		}
		n, err := f.integer(-maxInteger)
		if err != nil {
			throwMisuse(l.mi.rt, err)
		}
		if n < 0 {
			n += length
		}
		return min(max(n, 0), length)
	}
	from, to := bound("from", 0, 0), bound("to", 1, length)
	return l.slice(min(from, to), to)
}

func (l *listObject) length() int                    { return l.list.Len() }
func (l *listObject) slice(from, to int) sobek.Value { return l.mi.newList(l.list.Slice(from, to)) }
func (l *listObject) pick(indices []int) sobek.Value { return l.mi.newList(l.list.Pick(indices)) }

// readList prepares the entries of a list to be read as a run gets to them.
func (r *targetReader) readList(l *listObject) (targets, error) {
	if r.base.naming == nil && r.base.Name == "" && !r.base.hasNameTag() {
		r.base.naming = byHost
	}
	t := &listTargets{list: l.list, reader: r}
	if naming := r.base.naming; naming != nil && naming.function != nil {
		if err := t.nameAll(naming); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// listTargets are the entries of a list as targets.
type listTargets struct {
	list   *source.List
	reader *targetReader
	// names are what a script's function has said, and named which of them each entry has: functions of a script cannot
	// be asked while the run goes on.
	names []string
	named []uint32
}

// nameAll asks the script for the name of each entry.
func (t *listTargets) nameAll(naming *naming) error {
	known := map[string]uint32{}
	t.named = make([]uint32, 0, t.list.Len())
	var failure error
	for i, e := range t.list.All(func(err error) { failure = err }) {
		name := e.Name
		if name == "" {
			var err error
			if name, err = naming.of(&namedTarget{t.reader.resolve(e.URL), e.Method, i}); err != nil {
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

func (t *listTargets) Len() int { return t.list.Len() }

func (t *listTargets) source() fetch.Source {
	return &listSource{listTargets: t, entries: t.list.Read(), specs: make(map[specKey]*fetch.Spec)}
}

// listSource hands the entries of a list to a run.
type listSource struct {
	*listTargets

	entries *source.Reader
	next    int
	specs   map[specKey]*fetch.Spec
	broken  sync.Once
}

// specKey is all that differs between entries without headers and bodies.
type specKey struct{ method, name string }

// Next is called by the workers. An entry that cannot be read, though it could be when the list was opened, is a target
// without a URL, which fails.
func (s *listSource) Next() (fetch.Target, bool) {
	if s.next == s.list.Len() {
		s.entries.Close()
		return fetch.Target{}, false
	}
	i := s.next
	s.next++
	e, err := s.entries.Next()
	if err != nil {
		s.broken.Do(func() { s.reader.state.Logger.WithError(err).Error("a list cannot be read on") })
		return fetch.Target{Spec: s.reader.plain}, true
	}
	target := fetch.Target{URL: s.reader.resolve(e.URL)}
	target.Spec = s.spec(e, s.name(&target, e, i))
	return target, true
}

func (s *listSource) name(target *fetch.Target, e *source.Entry, i int) string {
	naming := s.reader.base.naming
	switch {
	case e.Name != "":
		return e.Name
	case s.named != nil:
		return s.names[s.named[i]]
	case naming == nil:
		return ""
	}
	name, _ := naming.of(&namedTarget{target.URL, e.Method, i}) // only functions fail
	return name
}

func (s *listSource) spec(e *source.Entry, name string) *fetch.Spec {
	if e.Header != nil || e.Body != nil {
		return s.ownSpec(e, name)
	}
	key := specKey{e.Method, name}
	spec := s.specs[key]
	if spec == nil {
		settings := *s.reader.base
		settings.Method = e.Method
		spec = settings.named(name)
		if len(s.specs) < maxSpecs {
			s.specs[key] = spec
		}
	}
	return spec
}

// ownSpec is the spec of an entry that is unlike others.
func (s *listSource) ownSpec(e *source.Entry, name string) *fetch.Spec {
	own := s.reader.base.clone()
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
	where := fetch.MaskURL(e.URL)
	if err := own.compress(s.reader.state.Logger, where); err != nil {
		s.reader.state.Logger.WithError(err).Warnf("the body for %s is sent as it is", where)
	}
	own.fixContentLength(s.reader.state.Logger, where)
	return own.named(name)
}

// lists are the lists that the VUs have opened, each once.
type lists struct {
	mu     sync.Mutex
	opened map[string]*openedList
}

type openedList struct {
	once sync.Once
	list *source.List
	err  error
}

// open returns the list of a key, which the first to ask for it opens.
func (l *lists) open(key string, open func() (*source.List, error)) (*source.List, error) {
	l.mu.Lock()
	one := l.opened[key]
	if one == nil {
		if l.opened == nil {
			l.opened = make(map[string]*openedList)
		}
		one = &openedList{}
		l.opened[key] = one
	}
	l.mu.Unlock()
	one.once.Do(func() { one.list, one.err = open() })
	return one.list, one.err
}
