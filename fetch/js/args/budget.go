package args

import (
	"slices"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/lib/types"

	"github.com/xk6-fetch/xk6-fetch/fetch/budget"
)

// budgetReader reads the option budget, or the param of that name, over what is there already: key by key.
type budgetReader struct {
	// ofRun reports whether it may be about all results of a run, and the run itself.
	ofRun bool
}

// budget reads the param of a target.
func (f Field) budget(base budget.Checks) (budget.Checks, error) { return budgetReader{}.read(base, f) }

// setBudget reads the option of a run, which is about its targets and about itself.
func (o *Options) setBudget(f Field) error {
	checks, err := budgetReader{ofRun: true}.read(slices.Concat(o.Budget, o.RunBudget), f)
	o.Budget, o.RunBudget = checks.Split()
	return err
}

func (r budgetReader) read(base budget.Checks, f Field) (budget.Checks, error) {
	if sobek.IsNull(f.Value) {
		return nil, nil
	}
	keys := budget.TargetKeys()
	if r.ofRun {
		keys = budget.RunKeys()
	}
	err := f.Each("an object of bounds, or null for none", func(name string, bounds Field) error {
		key := budget.Key(name)
		if !slices.Contains(keys, key) {
			known := make([]string, len(keys))
			for i := range keys {
				known[i] = string(keys[i])
			}
			return Unknown(bounds, "a key of a budget", known)
		}
		checks, err := r.bounds(key, bounds)
		base = base.With(key, checks...)
		return err
	})
	if err != nil {
		return nil, err
	}
	return base, nil
}

// maxBounds is how many bounds there may be for one key.
const maxBounds = 100

// bounds reads what is said for one key: a bound, several of them, or null for none.
func (r budgetReader) bounds(key budget.Key, f Field) ([]*budget.Check, error) {
	if sobek.IsNull(f.Value) {
		return nil, nil
	}
	if key == budget.Status {
		statuses, err := f.statuses()
		if err != nil {
			return nil, err
		}
		return []*budget.Check{budget.In(statuses.ranges)}, nil
	}
	items := []Field{f}
	if f.isArray() {
		var err error
		if items, err = f.items(maxBounds); err != nil {
			return nil, err
		}
		if len(items) == 0 {
			return nil, f.Wrong(r.must(key))
		}
	}
	checks := make([]*budget.Check, len(items))
	for i, item := range items {
		check, ok := item.bound(key)
		if !ok || !r.ofRun && check.OfRun() {
			return nil, item.Wrong(r.must(key))
		}
		checks[i] = check
	}
	return checks, nil
}

func (f Field) bound(key budget.Key) (*budget.Check, bool) {
	if n, ok := f.Number(); ok {
		check, err := key.Limit(n)
		return check, err == nil
	}
	text, ok := f.export().(string)
	if !ok {
		return nil, false
	}
	check, err := key.Parse(text, budget.Units{Duration: types.ParseExtendedDuration, Size: ParseSize})
	return check, err == nil
}

// must says what can be said for a key.
func (r budgetReader) must(key budget.Key) string {
	switch {
	case key.IsTime() && r.ofRun:
		return "milliseconds, a duration ('500ms'), a bound ('<500') or an expression ('p(95)<500'), or an array of those"
	case key.IsTime(), key == budget.RunElapsed:
		return "milliseconds, a duration ('500ms') or a bound ('<500'), or an array of those"
	case key == budget.Bytes:
		return "a number of bytes, a size ('100kB') or a bound ('<100kB'), or an array of those"
	case key == budget.Failed, key == budget.NotRun:
		return "a number or an expression ('rate<0.01', 'count<=3'), or an array of those"
	case key == budget.Speedup:
		return "a number, which it must reach, or a bound ('>2'), or an array of those"
	default:
		return "a number or a bound ('<=2'), or an array of those"
	}
}
