package args

import (
	"slices"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/js/common"
)

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
