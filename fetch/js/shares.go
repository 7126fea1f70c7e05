package js

import (
	"fmt"
	"iter"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/js/common"
	"go.k6.io/k6/v2/lib"

	"github.com/xk6-fetch/xk6-fetch/fetch/js/args"
	"github.com/xk6-fetch/xk6-fetch/fetch/segments"
)

// parts are targets of any kind, to be divided.
type parts interface {
	length() int
	// slice and pick return some of them, as targets of the same kind.
	slice(from, to int) sobek.Value
	pick(indices iter.Seq[int]) sobek.Value
}

// chunks is chunks(targets, size): how many chunks there are. It can be called in the init context, for options.
func (mi *Instance) chunks(call sobek.FunctionCall) sobek.Value {
	of, size := mi.partsAndSize("chunks", call)
	return mi.rt.ToValue(segments.Chunks(of.length(), size))
}

// chunk is chunk(targets, size): what this iteration takes of the targets.
func (mi *Instance) chunk(call sobek.FunctionCall) sobek.Value {
	plan, state := mi.plan("chunk")
	of, size := mi.partsAndSize("chunk", call)
	from, to, err := plan.Chunk(
		of.length(), size, state.GetScenarioLocalVUIter(), state.GetScenarioGlobalVUIter())
	if err != nil {
		throwMisuse(mi.rt, args.Misusef("%s", "chunk() "+err.Error()))
	}
	return of.slice(from, to)
}

// partition is partition(targets): what this instance takes of the targets.
func (mi *Instance) partition(call sobek.FunctionCall) sobek.Value {
	plan, _ := mi.plan("partition")
	of := mi.parts("partition", call)
	stripe, err := plan.Stripe(of.length())
	if err != nil {
		throwMisuse(mi.rt, args.Misusef("%s", "partition() "+err.Error()))
	}
	return of.pick(stripe)
}

func (mi *Instance) partsAndSize(function string, call sobek.FunctionCall) (parts, int) {
	of := mi.parts(function, call)
	size, err := args.Field{Path: function + " size", Value: call.Argument(1), Runtime: mi.rt}.Integer(1)
	if err != nil {
		throwMisuse(mi.rt, err)
	}
	return of, size
}

const mustBeParts = "an array of targets, an object of targets by name, or a list from a file"

// parts returns the targets that a function was given. What can be gone through but once, such as a generator, has no
// parts: the next iteration would find it empty.
func (mi *Instance) parts(function string, call sobek.FunctionCall) parts {
	f := args.Field{Path: function + " targets", Value: call.Argument(0), Runtime: mi.rt}
	if o, ok := f.Value.(*sobek.Object); ok {
		if list, ok := listOf(o); ok {
			return list
		}
		if args.IsArray(o) {
			n := args.ArrayLen(o)
			if n > args.MaxTargets {
				throwMisuse(mi.rt, f.TooMany("targets", args.MaxTargets, n))
			}
			return arrayParts{f, o, n}
		}
	}
	fields, keys, err := f.Object(mustBeParts)
	if err != nil {
		throwMisuse(mi.rt, err)
	}
	return namedParts{mi.rt, fields, keys}
}

// plan returns how the scenario of this iteration is spread.
func (mi *Instance) plan(function string) (*segments.Plan, *lib.State) {
	state := mi.vu.State()
	if state == nil {
		common.Throw(mi.rt, common.NewInitContextError(fmt.Sprintf(
			"Using %s() in the init context is not supported: it is for the iterations of a scenario", function)))
	}
	scenario := lib.GetScenarioState(mi.vu.Context())
	if scenario == nil || state.GetScenarioLocalVUIter == nil {
		throwMisuse(mi.rt, args.Misusef(
			"%s() is for the iterations of a scenario, not for setup() and teardown()", function))
	}
	if mi.plans == nil {
		mi.plans = make(map[string]*segments.Plan)
	}
	plan := mi.plans[scenario.Name]
	if plan == nil {
		var err error
		if plan, err = segments.NewPlan(&state.Options, scenario.Name); err != nil {
			throwMisuse(mi.rt, args.Misusef("%s", function+"() "+err.Error()))
		}
		mi.plans[scenario.Name] = plan
	}
	return plan, state
}

// arrayParts are an array, which may be a SharedArray.
type arrayParts struct {
	args.Field

	list *sobek.Object
	n    int
}

func (p arrayParts) length() int { return p.n }

func (p arrayParts) slice(from, to int) sobek.Value {
	return p.pick(between(from, to))
}

func (p arrayParts) pick(indices iter.Seq[int]) sobek.Value {
	var values []any
	for i := range indices {
		item := p.Item(p.list, i)
		if item.Value == nil { // then the length says nothing
			throwMisuse(p.Runtime, item.Wrong("a target"))
		}
		values = append(values, item.Value)
	}
	return p.Runtime.NewArray(values...)
}

// between yields the indices from one to before another.
func between(from, to int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := range to - from {
			if !yield(from + i) {
				return
			}
		}
	}
}

// namedParts are an object of targets by name.
type namedParts struct {
	rt     *sobek.Runtime
	fields []args.Field
	keys   []string
}

func (p namedParts) length() int { return len(p.keys) }

func (p namedParts) slice(from, to int) sobek.Value {
	return p.pick(between(from, to))
}

func (p namedParts) pick(indices iter.Seq[int]) sobek.Value {
	some := p.rt.NewObject()
	for i := range indices {
		value := p.fields[i].Value
		if value == nil {
			value = sobek.Undefined()
		}
		args.Define(p.rt, some, p.keys[i], value)
	}
	return some
}
