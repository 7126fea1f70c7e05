package args

import (
	"cmp"
	"errors"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"time"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/lib"
	"go.k6.io/k6/v2/lib/netext/httpext"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/lists"
)

// TargetReader reads the targets of a call: what http.batch takes, and baseURL applied to what is relative.
type TargetReader struct {
	Base    *settings
	State   *lib.State
	BaseURL *url.URL
	// Method and Body are those of entries of lists that have no method of their own.
	Method string
	Body   []byte
	// User is put into URLs that have no user info. It may be nil.
	User *url.Userinfo
	// plain is the spec of all targets that say nothing but their URL.
	Plain *fetch.Spec
	// specs are those of the names that targets without params of their own have.
	specs map[string]*fetch.Spec
	// index is that of the target that is being read, and key its name, nil if it has none.
	index int
	key   *string
	// starts are the earliest starts of the targets that have been read.
	starts starts
	// listOf returns the list that an object is. It may be nil.
	ListOf func(o *sobek.Object) (*lists.List, bool)
	// atMost is how many targets there may be, 0 for what is usual.
	atMost int
}

// Targets are what a call is about: one list, to be gone through as often as need be.
type Targets interface {
	Iterator() fetch.Iterator
	Len() int
}

// listed is a target in a list, and targetList one of those without names.
type (
	listed struct {
		url  string
		spec *fetch.Spec
	}
	targetList []listed
)

func (l *targetList) Len() int { return len(*l) }

func (l *targetList) At(i int) fetch.Target {
	return fetch.Target{URL: (*l)[i].url, Spec: (*l)[i].spec}
}

// add reads a target.
func (l *targetList) add(r *TargetReader, f Field) error {
	var one listed
	err := one.read(r, f)
	*l = append(*l, one)
	return err
}

func (t *listed) read(r *TargetReader, f Field) error {
	target, err := r.readOne(f)
	t.url, t.spec = target.URL, target.Spec
	return err
}

// namedTargets are a list of targets with names.
type namedTargets struct {
	targetList

	keys []string
}

func (l *namedTargets) At(i int) fetch.Target {
	target := l.targetList.At(i)
	target.Key = &l.keys[i]
	return target
}

// starts are the earliest starts of targets, up to the last that has one: most lists have none.
type starts []time.Duration

func (s *starts) set(i int, start time.Duration) {
	if start == 0 {
		return
	}
	*s = slices.Grow(*s, i+1-len(*s))[:i+1]
	(*s)[i] = start
}

// inMemory are targets that have all been read.
type inMemory struct {
	fetch.List

	starts starts
}

func (l inMemory) Iterator() fetch.Iterator {
	if l.starts == nil {
		return fetch.From(l.List)
	}
	return fetch.FromAt(l.List, l.starts)
}

const (
	// MaxTargets is how many targets an array may have. Longer lists are read from files.
	MaxTargets = 10_000_000
	// maxIterated is how many an iterable may yield: one without an end comes to it in seconds, and in memory's bounds.
	maxIterated = 1_000_000
)

const mustBeTargets = "an array of targets, another iterable of them, or an object or a Map of targets by name"

// Read reads all targets.
func (r *TargetReader) Read(f Field) (Targets, error) {
	o, ok := f.Value.(*sobek.Object)
	if !ok {
		return nil, f.Wrong(mustBeTargets)
	}
	if r.ListOf != nil {
		if list, ok := r.ListOf(o); ok {
			return r.ReadEntries(list)
		}
	}
	r.starts = nil
	list, err := r.kindOf(o)(f, o)
	return inMemory{list, r.starts}, err
}

// kindOf returns what reads a kind of targets.
func (r *TargetReader) kindOf(o *sobek.Object) func(Field, *sobek.Object) (fetch.List, error) {
	switch {
	case IsArray(o):
		return r.readArray
	case isMap(o):
		return r.readMap
	case isOnce(o):
		return r.readIterable
	default:
		return r.readNamed
	}
}

func isMap(o *sobek.Object) bool { return o.ExportType() == reflect.TypeFor[[][2]any]() }

// isOnce reports whether an object is an iterable that may be gone through only once, such as a generator.
func isOnce(o *sobek.Object) bool { return !IsArray(o) && !isMap(o) && isIterable(o) && !isText(o) }

// isText reports whether an iterable has characters or numbers in it.
func isText(o *sobek.Object) bool {
	t := o.ExportType()
	return o.ClassName() == "String" || t != nil && t.Kind() == reflect.Slice && t != reflect.TypeFor[[]any]()
}

// readNamed reads an object of targets by name.
func (r *TargetReader) readNamed(f Field, o *sobek.Object) (fetch.List, error) {
	fields, keys, err := f.Object(mustBeTargets)
	if err != nil {
		return nil, err
	}
	if _, isURL := GoValue[httpext.URL](o); isURL {
		return nil, f.Wrong(mustBeTargets)
	}
	targets := &namedTargets{make(targetList, len(keys)), keys}
	for i := range fields {
		r.index, r.key = i, &keys[i]
		if err := targets.targetList[i].read(r, fields[i]); err != nil {
			return nil, singleTarget(keys, err)
		}
	}
	return targets, nil
}

// singleTarget returns the error of an object of targets, with a hint if its keys are those of a single target.
func singleTarget(keys []string, err error) error {
	var misuse *MisuseError
	if !slices.Contains(keys, "url") || !errors.As(err, &misuse) {
		return err
	}
	return &MisuseError{misuse.Text + "; a single target must be in an array"}
}

// readMap reads a Map of targets by name.
func (r *TargetReader) readMap(f Field, o *sobek.Object) (fetch.List, error) {
	targets := &namedTargets{}
	err := r.each(f, o, func(entry sobek.Value) error {
		pair := entry.ToObject(f.Runtime)
		name := Field{Path: f.Path + " key", Value: pair.Get("0"), Runtime: f.Runtime}
		key, err := name.Text("a string")
		if err != nil {
			return err
		}
		if !name.IsUnicode() {
			return f.halved(key)
		}
		r.index, r.key = len(targets.keys), &key
		targets.keys = append(targets.keys, key)
		return targets.add(r, Field{Path: f.Path + "." + shown(key), Value: pair.Get("1"), Runtime: f.Runtime})
	})
	return targets, err
}

// readIterable reads what generators and others yield.
func (r *TargetReader) readIterable(f Field, o *sobek.Object) (fetch.List, error) {
	list := listReader{TargetReader: r, of: f}
	err := r.each(f, o, list.add)
	return list.list(), err
}

// each goes through an iterable, up to an error. More targets than there may be are one: an iterable may have no end.
func (r *TargetReader) each(f Field, o *sobek.Object, do func(sobek.Value) error) error {
	var err error
	n, most := 0, cmp.Or(r.atMost, maxIterated)
	f.Runtime.ForOf(o, func(item sobek.Value) bool {
		if n == most {
			err = Misusef("%s must yield at most %d targets; an array may have %d", f.Path, most, MaxTargets)
			return false
		}
		n++
		err = do(item)
		return err == nil
	})
	return err
}

// readArray reads an array.
func (r *TargetReader) readArray(f Field, o *sobek.Object) (fetch.List, error) {
	const likely = 1 << 20 // a longer one may have nothing in it
	n := ArrayLen(o)
	if most := cmp.Or(r.atMost, MaxTargets); n > most {
		return nil, f.TooMany("targets", most, n)
	}
	list := listReader{TargetReader: r, of: f, urls: make([]string, 0, min(n, likely))}
	for i := range n {
		if err := list.add(o.Get(strconv.Itoa(i))); err != nil {
			return nil, err
		}
	}
	return list.list(), nil
}

// listReader reads targets that have no names, one after another.
type listReader struct {
	*TargetReader

	of Field
	// urls are the targets as long as they are nothing but URLs, which most lists are to their end.
	urls    []string
	targets targetList
}

func (l *listReader) add(item sobek.Value) error {
	isURL := item != nil && sobek.IsString(item) && l.Base.naming == nil
	if isURL && l.targets == nil {
		l.urls = append(l.urls, l.resolve(item.String()))
		return nil
	}
	if l.targets == nil {
		l.targets = make(targetList, len(l.urls), cap(l.urls))
		for i, u := range l.urls {
			l.targets[i] = listed{u, l.Plain}
		}
		l.urls = nil
	}
	if isURL {
		l.targets = append(l.targets, listed{l.resolve(item.String()), l.Plain})
		return nil
	}
	l.index = len(l.targets)
	path := l.of.Path + "[" + strconv.Itoa(l.index) + "]"
	return l.targets.add(l.TargetReader, Field{Path: path, Value: item, Runtime: l.of.Runtime})
}

func (l *listReader) list() fetch.List {
	if targets := l.targets; targets != nil {
		return &targets
	}
	return &fetch.URLList{URLs: l.urls, Spec: l.Plain}
}
