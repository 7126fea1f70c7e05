package js

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/js/common"

	"github.com/xk6-fetch/xk6-fetch/fetch/js/args"
)

// Objects are made by defining their properties, and without the globals of the script: setters that it has put into
// prototypes are not called, and what it has replaced is not missed.

func (mi *Instance) object(pairs ...any) *sobek.Object { return args.NewObject(mi.rt, pairs...) }

// newError makes a JavaScript Error.
func (mi *Instance) newError(text string) *sobek.Object {
	failure := mi.rt.NewTypeError("%s", text)
	if mi.protos.failure != nil {
		_ = failure.SetPrototype(mi.protos.failure) // or it stays a TypeError, which is an Error as well
	}
	return failure
}

// errorPrototype is Error.prototype.
func errorPrototype(rt *sobek.Runtime) *sobek.Object {
	if typeError := rt.NewTypeError("").Prototype(); typeError != nil {
		return typeError.Prototype()
	}
	return nil
}

// method defines a property that enumerations and JSON leave out.
func (mi *Instance) method(o *sobek.Object, name string, fn func(call sobek.FunctionCall) sobek.Value) {
	err := o.DefineDataProperty(name, mi.function(name, fn), sobek.FLAG_TRUE, sobek.FLAG_TRUE, sobek.FLAG_FALSE)
	if err != nil {
		common.Throw(mi.rt, err)
	}
}

// function makes a JavaScript function that says its own name, and not that of a piece of Go.
func (mi *Instance) function(name string, fn func(call sobek.FunctionCall) sobek.Value) *sobek.Object {
	return mi.named(name, func(call sobek.FunctionCall) sobek.Value {
		defer mi.rethrow()
		return fn(call)
	})
}

// class makes a function that is called with new.
func (mi *Instance) class(name string, fn func(call sobek.ConstructorCall) *sobek.Object) *sobek.Object {
	return mi.named(name, func(call sobek.ConstructorCall) *sobek.Object {
		defer mi.rethrow()
		return fn(call)
	})
}

func (mi *Instance) named(name string, fn any) *sobek.Object {
	o := mi.rt.ToValue(fn).ToObject(mi.rt)
	err := o.DefineDataProperty("name", mi.rt.ToValue(name), sobek.FLAG_FALSE, sobek.FLAG_TRUE, sobek.FLAG_FALSE)
	if err != nil {
		common.Throw(mi.rt, err)
	}
	return o
}

// plain makes plain JavaScript objects of what Go marshals to JSON.
func (mi *Instance) plain(v any) sobek.Value {
	data, err := json.Marshal(v)
	if err != nil {
		common.Throw(mi.rt, err)
	}
	parser := jsonParser{rt: mi.rt, tokens: json.NewDecoder(bytes.NewReader(data))}
	value, err := parser.value()
	if err != nil {
		common.Throw(mi.rt, err)
	}
	return value
}

// jsonParser is JSON.parse, for JSON that Go has written.
type jsonParser struct {
	rt     *sobek.Runtime
	tokens *json.Decoder
}

func (p *jsonParser) value() (sobek.Value, error) {
	token, err := p.tokens.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case nil:
		return sobek.Null(), nil
	case json.Delim('{'):
		return p.object()
	case json.Delim('['):
		return p.array()
	default:
		return p.rt.ToValue(token), nil
	}
}

func (p *jsonParser) object() (sobek.Value, error) {
	o := p.rt.NewObject()
	for p.tokens.More() {
		name, err := p.tokens.Token()
		if err != nil {
			return nil, err
		}
		value, err := p.value()
		if err != nil {
			return nil, err
		}
		args.Define(p.rt, o, name.(string), value) //nolint:forcetypeassert // as names are in JSON
	}
	_, err := p.tokens.Token()
	return o, err
}

func (p *jsonParser) array() (sobek.Value, error) {
	var items []any
	for p.tokens.More() {
		value, err := p.value()
		if err != nil {
			return nil, err
		}
		items = append(items, value)
	}
	_, err := p.tokens.Token()
	return p.rt.NewArray(items...), err
}

// expectedStatuses makes a value for the option of that name. It can be called in the init context.
func (mi *Instance) expectedStatuses(call sobek.FunctionCall) sobek.Value {
	s := &args.Statuses{}
	if len(call.Arguments) == 0 {
		panic(mi.rt.NewTypeError(
			"expectedStatuses() must be given at least one status, or an object like {min: 200, max: 299}"))
	}
	for i, arg := range call.Arguments {
		f := args.Field{Path: fmt.Sprintf("expectedStatuses() argument %d", i+1), Value: arg, Runtime: mi.rt}
		if err := s.Add(f); err != nil {
			throwMisuse(mi.rt, err)
		}
	}
	return mi.rt.ToValue(s)
}
