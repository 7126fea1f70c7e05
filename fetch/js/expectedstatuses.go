package js

import (
	"fmt"

	"github.com/grafana/sobek"

	"github.com/xk6-fetch/xk6-fetch/fetch/js/args"
)

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
