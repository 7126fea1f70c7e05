package script

import (
	"fmt"
	"math"
	"reflect"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/js/common"
)

// statuses are the statuses that count as a success.
type statuses struct {
	ranges [][2]int
}

// defaultStatuses are k6's: 200 to 399.
func defaultStatuses() *statuses { return &statuses{ranges: [][2]int{{200, 399}}} }

func (s *statuses) match(status int) bool {
	for _, r := range s.ranges {
		if r[0] <= status && status <= r[1] {
			return true
		}
	}
	return false
}

// expectedStatuses makes a value for the option of that name. It can be called in the init context.
func (mi *Instance) expectedStatuses(call sobek.FunctionCall) sobek.Value {
	s := &statuses{}
	if len(call.Arguments) == 0 {
		panic(mi.rt.NewTypeError(
			"expectedStatuses() must be given at least one status, or an object like {min: 200, max: 299}"))
	}
	for i, arg := range call.Arguments {
		f := field{path: fmt.Sprintf("expectedStatuses() argument %d", i+1), value: arg, rt: mi.rt}
		if err := s.add(f); err != nil {
			throwMisuse(mi.rt, err)
		}
	}
	return mi.rt.ToValue(s)
}

// statuses reads the option expectedStatuses: what expectedStatuses() made, a status, a range, or an array of those.
func (f field) statuses() (*statuses, error) {
	if s, ok := goValue[*statuses](f.value); ok {
		return s, nil
	}
	s := &statuses{}
	if !f.isArray() {
		return s, s.add(f)
	}
	items, err := f.items(maxListed)
	if err != nil {
		return nil, err
	}
	if len(items) == 0 {
		return nil, f.wrong("at least one status, or an object like {min: 200, max: 299}")
	}
	for _, item := range items {
		if err := s.add(item); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func (s *statuses) add(f field) error {
	const must = "an integer status or an object like {min: 200, max: 299}"
	if n, ok := f.number(); ok && n == math.Trunc(n) && n >= 0 && n <= maxInteger {
		s.ranges = append(s.ranges, [2]int{int(n), int(n)})
		return nil
	}
	fields, keys, err := f.object(must)
	if err != nil || len(keys) != len(limitNames) {
		return f.wrong(must)
	}
	var limits [len(limitNames)]int
	for i, name := range limitNames {
		found := false
		for j, key := range keys {
			if key != name {
				continue
			}
			found = true
			if limits[i], err = fields[j].integer(0); err != nil {
				return err
			}
		}
		if !found {
			return f.wrong(must)
		}
	}
	if limits[0] > limits[1] {
		return f.wrong("a range whose min is not above its max")
	}
	s.ranges = append(s.ranges, limits)
	return nil
}

//nolint:gochecknoglobals // a constant list
var limitNames = [2]string{"min", "max"}

// responseCallback reads k6's param of that name, so that a script of http.batch runs unchanged: null, or what k6's
// http.expectedStatuses() returns. That type is k6's own secret, so its numbers are read by reflection.
func (f field) responseCallback() (*statuses, error) {
	if f.nullish() {
		return nil, nil //nolint:nilnil // null: nothing is judged
	}
	if s, ok := goValue[*statuses](f.value); ok {
		return s, nil
	}
	const must = "null or what http.expectedStatuses() returns"
	v := reflect.Indirect(reflect.ValueOf(f.export()))
	if v.Kind() != reflect.Struct {
		return nil, f.wrong(must)
	}
	ranges, exact := v.FieldByName("minmax"), v.FieldByName("exact")
	if !isIntLists(ranges, exact) {
		return nil, f.wrong(must)
	}
	s := &statuses{}
	for i := range ranges.Len() {
		r := ranges.Index(i)
		s.ranges = append(s.ranges, [2]int{int(r.Index(0).Int()), int(r.Index(1).Int())})
	}
	for i := range exact.Len() {
		n := int(exact.Index(i).Int())
		s.ranges = append(s.ranges, [2]int{n, n})
	}
	return s, nil
}

func isIntLists(ranges, exact reflect.Value) bool {
	return ranges.IsValid() && exact.IsValid() &&
		ranges.Type() == reflect.TypeFor[[][2]int]() && exact.Type() == reflect.TypeFor[[]int]()
}

// throwMisuse throws a script's mistake as a TypeError, anything else as the error it is.
func throwMisuse(rt *sobek.Runtime, err error) {
	if m, ok := err.(*misuse); ok { //nolint:errorlint // it is never wrapped
		panic(rt.NewTypeError("%s", m.text))
	}
	common.Throw(rt, err)
}
