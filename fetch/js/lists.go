package js

import (
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/js/common"
	"go.k6.io/k6/v2/metrics"

	"github.com/xk6-fetch/xk6-fetch/fetch/js/args"
	"github.com/xk6-fetch/xk6-fetch/fetch/lists"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/urltext"
)

// listObject is the JavaScript object of a list from a file.
type listObject struct {
	mi   *Instance
	list *lists.List
}

var (
	_ sobek.DynamicObject = &listObject{}
	_ parts               = &listObject{}
)

//nolint:gochecknoglobals // a constant list
var listKeys = []string{"length", "skipped"}

func (mi *Instance) newList(list *lists.List) *sobek.Object {
	o := mi.rt.NewDynamicObject(&listObject{mi, list})
	if err := o.SetPrototype(mi.protos.list); err != nil {
		common.Throw(mi.rt, err)
	}
	return o
}

// openedListOf returns the list that an object is.
func openedListOf(o *sobek.Object) (*lists.List, bool) {
	if l, ok := listOf(o); ok {
		return l.list, true
	}
	return nil, false
}

// listOf returns the object of Go that an object of lists is.
func listOf(o *sobek.Object) (*listObject, bool) {
	return args.GoValue[*listObject](o)
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
		if !utf8.Valid(e.Body) {
			return nil, fmt.Errorf("the body for %s is binary, which JSON cannot hold: pass the list itself",
				urltext.Mask(e.URL))
		}
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
	Start  float64       `json:"start,omitempty"` // in ms
	Params *recordParams `json:"params,omitempty"`
}

type recordParams struct {
	Name    string            `json:"name,omitempty"`
	Headers map[string]string `json:"headers,omitempty"`
}

func targetRecordOf(e *lists.Entry) any {
	if e.IsURL() {
		return e.URL
	}
	record := targetRecord{Method: e.Method, URL: e.URL, Body: string(e.Body), Start: metrics.D(e.Start)}
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
	f := args.Field{Path: "filter() function", Value: call.Argument(0), Runtime: l.mi.rt}
	function, ok := sobek.AssertFunction(f.Value)
	if !ok {
		throwMisuse(l.mi.rt, f.Wrong("a function"))
	}
	list, err := l.list.Filter(func(i int, e *lists.Entry) bool {
		o := l.mi.object("url", e.URL, "method", e.Method, "name", e.Name)
		keep, err := function(sobek.Undefined(), o, l.mi.rt.ToValue(i))
		if err != nil {
			common.Throw(l.mi.rt, err)
		}
		if _, isPromise := args.GoValue[*sobek.Promise](keep); isPromise { // which would keep all
			throwMisuse(l.mi.rt, args.Misusef("%s", "filter() function must return a value, not a promise"))
		}
		return keep.ToBoolean()
	})
	if err != nil {
		common.Throw(l.mi.rt, err)
	}
	return l.mi.newList(list.Anew())
}

// jsSample is sample(n, seed = 0).
func (l *listObject) jsSample(call sobek.FunctionCall) sobek.Value {
	n, err := args.Field{Path: "sample() n", Value: call.Argument(0), Runtime: l.mi.rt}.Integer(0)
	if err != nil {
		throwMisuse(l.mi.rt, err)
	}
	seed := uint64(0)
	if f := (args.Field{Path: "sample() seed", Value: call.Argument(1), Runtime: l.mi.rt}); f.Given() {
		if seed, err = f.Seed(); err != nil {
			throwMisuse(l.mi.rt, err)
		}
	}
	return l.mi.newList(l.list.Sample(n, seed).Anew())
}

// jsSlice is slice(from = 0, to = length), with the meaning that it has for arrays.
func (l *listObject) jsSlice(call sobek.FunctionCall) sobek.Value {
	length := l.list.Len()
	bound := func(name string, i, otherwise int) int {
		f := args.Field{Path: "slice() " + name, Value: call.Argument(i), Runtime: l.mi.rt}
		if !f.Given() {
			return otherwise
		}
		n, err := f.Integer(-args.MaxInteger)
		if err != nil {
			throwMisuse(l.mi.rt, err)
		}
		if n < 0 {
			n += length
		}
		return min(max(n, 0), length)
	}
	from, to := bound("from", 0, 0), bound("to", 1, length)
	return l.mi.newList(l.list.Slice(min(from, to), to).Anew())
}

func (l *listObject) length() int { return l.list.Len() }

// slice and pick keep the starts of a recording, so that all who fetch parts of it replay it together.
func (l *listObject) slice(from, to int) sobek.Value { return l.mi.newList(l.list.Slice(from, to)) }

func (l *listObject) pick(indices iter.Seq[int]) sobek.Value {
	return l.mi.newList(l.list.Pick(slices.Collect(indices)))
}

// openedLists are the lists that the VUs have opened, each once.
type openedLists struct {
	mu     sync.Mutex
	opened map[string]*openedList
}

type openedList struct {
	once sync.Once
	list *lists.List
	err  error
}

// open returns the list of a key, which the first to ask for it opens.
func (l *openedLists) open(key string, open func() (*lists.List, error)) (*lists.List, error) {
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
