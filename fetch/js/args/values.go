package args

import (
	"reflect"
	"slices"
	"strings"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/js/common"
)

// The runtime exports an object with all that is in it: a list with as much memory as its length says, whatever is
// there, and what getters return. It is asked only for values that hold no others; the rest is copied with care.

// export returns a value as Go has it, nil for a symbol and for what holds other values: objects and lists.
func (f Field) export() any {
	if f.nullish() || isSymbol(f.Value) || holdsOthers(f.Value) {
		return nil
	}
	return f.Value.Export()
}

func holdsOthers(v sobek.Value) bool {
	o, ok := v.(*sobek.Object)
	if !ok {
		return false
	}
	if IsArray(o) {
		return true
	}
	switch o.ExportType() {
	case reflect.TypeFor[map[string]any](), reflect.TypeFor[[]any](), reflect.TypeFor[[][2]any](),
		reflect.TypeFor[sobek.Proxy]():
		return true
	default:
		return false
	}
}

// GoValue returns the Go value that an object was made of, if it is one of that type.
func GoValue[T any](v sobek.Value) (T, bool) {
	var none T
	o, ok := v.(*sobek.Object)
	if !ok || o.ExportType() != reflect.TypeFor[T]() {
		return none, false
	}
	value, ok := o.Export().(T)
	return value, ok
}

func isSymbol(v sobek.Value) bool {
	_, ok := v.(*sobek.Symbol)
	return ok
}

// isIterable reports whether an object can be gone through with for…of.
func isIterable(o *sobek.Object) bool {
	_, ok := sobek.AssertFunction(o.GetSymbol(sobek.SymIterator))
	return ok
}

// isAsyncIterable reports whether an object is for `for await`. The runtime does not know that, but a script may.
func isAsyncIterable(rt *sobek.Runtime, o *sobek.Object) bool {
	symbols, ok := rt.GlobalObject().Get("Symbol").(*sobek.Object)
	if !ok {
		return false
	}
	symbol, ok := symbols.Get("asyncIterator").(*sobek.Symbol)
	if !ok {
		return false
	}
	_, ok = sobek.AssertFunction(o.GetSymbol(symbol))
	return ok
}

// maxListed is how many elements a list may have where more than a few make no sense.
const maxListed = 1000

// AsText returns what JavaScript makes of a value that is to be text, as k6 does with headers: toString() of objects,
// and a list with commas.
func (f Field) AsText(must string) (string, error) {
	o, isObject := f.Value.(*sobek.Object)
	switch {
	case f.Value == nil, isSymbol(f.Value), isObject && o.ExportType() == reflect.TypeFor[sobek.Proxy]():
		return "", f.Wrong(must)
	case !isObject || !IsArray(o):
		return f.Value.String(), nil
	}
	items, err := f.items(maxListed)
	if err != nil {
		return "", err
	}
	texts := make([]string, len(items))
	for i, item := range items {
		switch o, isObject := item.Value.(*sobek.Object); {
		case isObject && IsArray(o):
			return "", item.Wrong(must)
		case item.nullish(): // as join() does
		default:
			if texts[i], err = item.AsText(must); err != nil {
				return "", err
			}
		}
	}
	return strings.Join(texts, ","), nil
}

const (
	// maxDepth is how deep values may be nested that are copied. A baseline has half of it; a circle has no end.
	maxDepth = 12
	// maxValues is how many values may be copied at once.
	maxValues = 10_000_000
)

// copier copies values of a script. Each is read once.
type copier struct{ left int }

// copied returns a copy of a value: objects and arrays as maps and slices, and others as they are exported.
func (f Field) copied() (any, error) { return (&copier{maxValues}).value(f, maxDepth) }

func (c *copier) value(f Field, depth int) (any, error) {
	const must = "a string, a number, a boolean, an array or an object"
	o, isObject := f.Value.(*sobek.Object)
	if c.left--; c.left < 0 {
		return nil, Misusef("%s is too large: there may be at most %d values", f.Path, maxValues)
	}
	switch {
	case isSymbol(f.Value):
		return nil, f.Wrong(must)
	case !isObject || !holdsOthers(o):
		return f.export(), nil
	case depth == 0:
		return nil, Misusef("%s", f.Path+" is nested too deeply")
	case IsArray(o):
		return c.list(f, o, depth)
	}
	fields, keys, err := f.Object(must)
	if err != nil {
		return nil, err
	}
	values := make(map[string]any, len(keys))
	for i, key := range keys {
		if values[key], err = c.value(fields[i], depth-1); err != nil {
			return nil, err
		}
	}
	return values, nil
}

func (c *copier) list(f Field, o *sobek.Object, depth int) (any, error) {
	n := ArrayLen(o)
	var values []any
	for i := range n {
		item := f.Item(o, i)
		if item.Value == nil {
			return nil, f.hole(i, n)
		}
		value, err := c.value(item, depth-1)
		if err != nil {
			return nil, err
		}
		values = append(values, value)
	}
	return values, nil
}

// hole says that a list has nothing at an index.
func (f Field) hole(i, n int) error {
	return Misusef("%s must have no holes; nothing is at [%d], and its length is %d", f.Path, i, n)
}

// NewObject makes a plain object of names and values.
func NewObject(rt *sobek.Runtime, pairs ...any) *sobek.Object {
	o := rt.NewObject()
	for pair := range slices.Chunk(pairs, 2) { //nolint:mnd // a pair
		Define(rt, o, pair[0].(string), rt.ToValue(pair[1])) //nolint:forcetypeassert // written out in pairs
	}
	return o
}

// Define gives an object a property as an assignment would, if nothing stood in its way.
func Define(rt *sobek.Runtime, o *sobek.Object, name string, value sobek.Value) {
	if err := o.DefineDataProperty(name, value, sobek.FLAG_TRUE, sobek.FLAG_TRUE, sobek.FLAG_TRUE); err != nil {
		common.Throw(rt, err)
	}
}
