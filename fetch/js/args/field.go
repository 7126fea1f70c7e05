// Package args reads what a script hands over: values, options and targets. It is called on the event loop, before any
// work starts, and makes no answers. A mistake of the script is a [MisuseError], which says where it is and what is
// allowed.
package args

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/js/common"
	"go.k6.io/k6/v2/lib/types"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/urltext"
)

// MisuseError is a script's mistake. It becomes a TypeError.
type MisuseError struct{ Text string }

// Misusef returns a mistake, whose text is formatted.
func Misusef(format string, a ...any) error { return &MisuseError{fmt.Sprintf(format, a...)} }

// Error implements error.
func (m *MisuseError) Error() string { return m.Text }

// Field is a value that a script gave, and where it stands: its path is what an error calls it.
type Field struct {
	Path    string
	Value   sobek.Value
	Runtime *sobek.Runtime
}

// Wrong says what the field must be, and what it is.
func (f Field) Wrong(must string) error {
	return Misusef("%s must be %s; got %s", f.Path, must, describe(f.Value))
}

// longestShown bounds what an error shows of a script's own text.
const longestShown = 60

// shown is a script's text as an error shows it: without secrets, and not at any length.
func shown(text string) string {
	text = urltext.Mask(text)
	if len(text) > longestShown {
		return strings.ToValidUTF8(text[:longestShown], "") + "…"
	}
	return text
}

// describe shows a value as a script's author would recognise it.
func describe(v sobek.Value) string {
	if o, ok := v.(*sobek.Object); ok {
		return describeObject(o)
	}
	switch {
	case v == nil:
		return "undefined"
	case isSymbol(v):
		return "a symbol"
	case sobek.IsString(v):
		return strconv.Quote(shown(v.String()))
	case sobek.IsBigInt(v):
		return shown(v.String()) + "n"
	default:
		return v.String()
	}
}

func describeObject(o *sobek.Object) string {
	if _, ok := sobek.AssertFunction(o); ok {
		return "a function"
	}
	switch class := className(o); class {
	case "Array":
		return "an array"
	case plainObject:
		return "an object"
	default:
		return article(class)
	}
}

func article(class string) string {
	if strings.IndexByte("AEIOUaeiou", class[0]) >= 0 {
		return "an " + class
	}
	return "a " + class
}

// plainObject is the class of objects that are nothing but their fields.
const plainObject = "Object"

// className returns what kind of object it is: "Object" for one that is nothing but its fields. The runtime calls more
// objects than that so. What they export to, their tags, and what can be done with them tell them apart.
func className(o *sobek.Object) string {
	switch class := o.ClassName(); class {
	case plainObject:
	case "": // the namespace of a module: import * as pages from './pages.js'
		return plainObject
	default:
		return class
	}
	switch t := o.ExportType(); {
	case t == nil:
	case t == reflect.TypeFor[*sobek.Promise]():
		return "Promise"
	case t == reflect.TypeFor[sobek.ArrayBuffer]():
		return "ArrayBuffer"
	case t == reflect.TypeFor[[][2]any]():
		return "Map"
	case t == reflect.TypeFor[[]any]():
		return "Set"
	case t.Kind() == reflect.Slice:
		return "typed array"
	}
	if tag := o.GetSymbol(sobek.SymToStringTag); tag != nil && sobek.IsString(tag) && isTag(tag.String()) {
		return tag.String()
	}
	if isIterable(o) {
		return "iterable object"
	}
	return plainObject
}

// isTag reports whether a Symbol.toStringTag is the name of a class: "Generator", "Map Iterator".
func isTag(tag string) bool {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 "
	return tag != "" && len(tag) <= longestShown && strings.Trim(tag, letters) == ""
}

// IsPlain reports whether an object is nothing but its fields. Others, such as a Promise or a Map, have none, and would
// pass for empty objects.
func IsPlain(o *sobek.Object) bool {
	_, isFunction := sobek.AssertFunction(o)
	return !isFunction && className(o) == plainObject
}

// Given reports whether there is a value: anything but undefined.
func (f Field) Given() bool   { return f.Value != nil && !sobek.IsUndefined(f.Value) }
func (f Field) nullish() bool { return common.IsNullish(f.Value) }

// Number returns a finite number.
func (f Field) Number() (float64, bool) {
	switch n := f.export().(type) {
	case int64:
		return float64(n), true
	case float64:
		return n, !math.IsNaN(n) && !math.IsInf(n, 0)
	default:
		return 0, false
	}
}

// MaxInteger keeps whole numbers in what every platform's int can hold.
const MaxInteger = math.MaxInt32

// Integer reads a whole number.
func (f Field) Integer(least int) (int, error) {
	n, ok := f.Number()
	if !ok || n != math.Trunc(n) || n < float64(least) || n > MaxInteger {
		return 0, f.Wrong("an integer of at least " + strconv.Itoa(least))
	}
	return int(n), nil
}

// Seed reads a seed, which may be a time.
func (f Field) Seed() (uint64, error) {
	const most = 1<<53 - 1 // up to which each number has its own value
	n, ok := f.Number()
	if !ok || n != math.Trunc(n) || n < 0 || n > most {
		return 0, f.Wrong("an integer from 0 to " + strconv.FormatUint(most, 10))
	}
	return uint64(n), nil
}

// Boolean reads true or false.
func (f Field) Boolean() (bool, error) {
	if b, ok := f.export().(bool); ok {
		return b, nil
	}
	return false, f.Wrong("true or false")
}

// Text reads a string. The error says what it must be.
func (f Field) Text(must string) (string, error) {
	if s, ok := f.export().(string); ok {
		return s, nil
	}
	return "", f.Wrong(must)
}

// duration reads a duration of more than nothing: a string such as '1m30s', or milliseconds.
func (f Field) duration() (time.Duration, error) {
	d, ok := f.time()
	if !ok || d <= 0 {
		return 0, f.Wrong("a duration of more than 0, as a string ('1m30s') or in milliseconds")
	}
	return d, nil
}

// start reads a duration that may be nothing.
func (f Field) start() (time.Duration, error) {
	d, ok := f.time()
	if !ok || d < 0 {
		return 0, f.Wrong("a duration of at least 0, as a string ('250ms') or in milliseconds")
	}
	return d, nil
}

// time reads a duration of any kind.
func (f Field) time() (time.Duration, bool) {
	if n, ok := f.Number(); ok {
		return time.Duration(n * float64(time.Millisecond)), math.Abs(n) <= float64(math.MaxInt64/time.Millisecond)
	}
	s, ok := f.export().(string)
	if !ok {
		return 0, false
	}
	d, err := types.ParseExtendedDuration(s)
	return d, err == nil
}

// Pace reads how many times as fast as it was recorded something happens.
func (f Field) Pace() (float64, error) {
	if name, ok := f.export().(string); ok && name == "recorded" {
		return 1, nil
	}
	if n, ok := f.Number(); ok && n > 0 {
		return n, nil
	}
	return 0, f.Wrong("'recorded' or a finite number above 0")
}

// size reads a number of bytes: a number, or a string such as '10MB'.
func (f Field) size() (int64, error) {
	const must = "a size of more than 0, as a string ('10MB') or in bytes"
	if n, ok := f.Number(); ok {
		if n != math.Trunc(n) || n <= 0 || n > MaxSize {
			return 0, f.Wrong(must)
		}
		return int64(n), nil
	}
	s, ok := f.export().(string)
	if !ok {
		return 0, f.Wrong(must)
	}
	n, err := ParseSize(s)
	if err != nil {
		return 0, f.Wrong(must)
	}
	return n, nil
}

// MaxSize is the largest whole number that JavaScript can tell from its neighbours.
const MaxSize = 1<<53 - 1

// ParseSize reads a size: digits, perhaps with a fraction, and a unit of B, kB, MB, GB (powers of 1000) or KiB, MiB,
// GiB (powers of 1024), in any case.
func ParseSize(s string) (int64, error) {
	s = strings.TrimSpace(s)
	digits := strings.TrimRight(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ ")
	units := map[string]float64{
		"": 1, "b": 1, "kb": 1e3, "mb": 1e6, "gb": 1e9, "kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30,
	}
	unit, ok := units[strings.ToLower(strings.TrimSpace(s[len(digits):]))]
	if !ok || strings.Trim(digits, "0123456789.") != "" {
		return 0, errors.New("not a size")
	}
	n, err := strconv.ParseFloat(digits, 64)
	if err != nil {
		return 0, err
	}
	if n *= unit; n < 1 || n > MaxSize {
		return 0, errors.New("size out of range")
	}
	return int64(n), nil
}

// OneOf returns the place of a string among the allowed ones.
func (f Field) OneOf(allowed ...string) (int, error) {
	s, ok := f.export().(string)
	if ok {
		for i, a := range allowed {
			if s == a {
				return i, nil
			}
		}
	}
	return 0, f.Wrong("one of '" + strings.Join(allowed, "', '") + "'")
}

// Each reads the properties of a plain object that are given, in their order, until one cannot be read.
func (f Field) Each(must string, read func(key string, property Field) error) error {
	fields, keys, err := f.Object(must)
	if err != nil {
		return err
	}
	for i, key := range keys {
		if !fields[i].Given() {
			continue
		}
		if err = read(key, fields[i]); err != nil {
			return err
		}
	}
	return nil
}

// Object returns the fields of a plain object, in their order.
func (f Field) Object(must string) ([]Field, []string, error) {
	o, ok := f.Value.(*sobek.Object)
	if !ok || !IsPlain(o) {
		return nil, nil, f.Wrong(must)
	}
	keys := o.Keys()
	if len(keys) == 0 && isAsyncIterable(f.Runtime, o) {
		return nil, nil, Misusef("%s", f.Path+" must be "+must+"; got an async iterable object")
	}
	fields := make([]Field, len(keys))
	var odd map[string]bool
	for i, key := range keys {
		value := o.Get(key)
		if strings.ContainsRune(key, utf8.RuneError) {
			// Half a surrogate pair has come out as U+FFFD, as has every other.
			if value == nil || odd[key] {
				return nil, nil, f.halved(key)
			}
			if odd == nil {
				odd = make(map[string]bool)
			}
			odd[key] = true
		}
		fields[i] = Field{Path: f.Path + "." + shown(key), Value: value, Runtime: f.Runtime}
	}
	return fields, keys, nil
}

// halved says that a key has half of a surrogate pair.
func (f Field) halved(key string) error {
	return Misusef("%s must have keys that are Unicode; %q has half of a surrogate pair", f.Path, shown(key))
}

// IsUnicode reports whether a string is what Go makes of it, without halves of surrogate pairs.
func (f Field) IsUnicode() bool {
	return !sobek.IsString(f.Value) || f.Runtime.ToValue(f.Value.String()).SameAs(f.Value)
}

// isArray reports whether the field is an array of any kind, a SharedArray included.
func (f Field) isArray() bool {
	o, ok := f.Value.(*sobek.Object)
	return ok && IsArray(o)
}

// items returns the elements of an array. The bound is there because a script can give an array any length.
func (f Field) items(most int) ([]Field, error) {
	o := f.Value.ToObject(f.Runtime)
	n := ArrayLen(o)
	if n > most {
		return nil, f.TooMany("elements", most, n)
	}
	items := make([]Field, n)
	for i := range items {
		items[i] = f.Item(o, i)
	}
	return items, nil
}

// TooMany says that there are more of something than there may be.
func (f Field) TooMany(what string, most, n int) error {
	return Misusef("%s must have at most %d %s; got %d", f.Path, most, what, n)
}

// Item returns an element of the array that the field is.
func (f Field) Item(o *sobek.Object, i int) Field {
	index := strconv.Itoa(i)
	return Field{Path: f.Path + "[" + index + "]", Value: o.Get(index), Runtime: f.Runtime}
}

// IsArray reports whether an object is an array of any kind, a SharedArray included.
func IsArray(o *sobek.Object) bool { return o.ClassName() == "Array" }

// ArrayLen is the length of an array, which may be any: it says nothing about what is in it.
func ArrayLen(o *sobek.Object) int {
	length := o.Get("length")
	if length == nil {
		return 0
	}
	return int(max(length.ToInteger(), 0))
}
