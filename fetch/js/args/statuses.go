package args

import (
	"math"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/k6private"
)

// Statuses are the statuses that count as a success.
type Statuses struct {
	ranges [][2]int
}

// defaultStatuses are k6's: 200 to 399.
func defaultStatuses() *Statuses { return &Statuses{ranges: [][2]int{{200, 399}}} }

func (s *Statuses) match(status int) bool {
	for _, r := range s.ranges {
		if r[0] <= status && status <= r[1] {
			return true
		}
	}
	return false
}

// statuses reads the option expectedStatuses: what expectedStatuses() made, a status, a range, or an array of those.
func (f Field) statuses() (*Statuses, error) {
	if s, ok := GoValue[*Statuses](f.Value); ok {
		return s, nil
	}
	s := &Statuses{}
	if !f.isArray() {
		return s, s.Add(f)
	}
	items, err := f.items(maxListed)
	if err != nil {
		return nil, err
	}
	if len(items) == 0 {
		return nil, f.Wrong("at least one status, or an object like {min: 200, max: 299}")
	}
	for _, item := range items {
		if err := s.Add(item); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// Add reads a status or a range.
func (s *Statuses) Add(f Field) error {
	const must = "an integer status or an object like {min: 200, max: 299}"
	if n, ok := f.Number(); ok && n == math.Trunc(n) && n >= 0 && n <= MaxInteger {
		s.ranges = append(s.ranges, [2]int{int(n), int(n)})
		return nil
	}
	fields, keys, err := f.Object(must)
	if err != nil || len(keys) != len(limitNames) {
		return f.Wrong(must)
	}
	var limits [len(limitNames)]int
	for i, name := range limitNames {
		found := false
		for j, key := range keys {
			if key != name {
				continue
			}
			found = true
			if limits[i], err = fields[j].Integer(0); err != nil {
				return err
			}
		}
		if !found {
			return f.Wrong(must)
		}
	}
	if limits[0] > limits[1] {
		return f.Wrong("a range whose min is not above its max")
	}
	s.ranges = append(s.ranges, limits)
	return nil
}

//nolint:gochecknoglobals // a constant list
var limitNames = [2]string{"min", "max"}

// responseCallback reads k6's param of that name, so that a script of http.batch runs unchanged: null, or what k6's
// http.expectedStatuses() returns.
func (f Field) responseCallback() (*Statuses, error) {
	if f.nullish() {
		return nil, nil //nolint:nilnil // null: nothing is judged
	}
	if s, ok := GoValue[*Statuses](f.Value); ok {
		return s, nil
	}
	if ranges, ok := k6private.Statuses(f.export()); ok {
		return &Statuses{ranges: ranges}, nil
	}
	return nil, f.Wrong("null or what http.expectedStatuses() returns")
}
