package args

import (
	"slices"
	"strings"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/lib/types"

	"github.com/xk6-fetch/xk6-fetch/fetch/budget"
	"github.com/xk6-fetch/xk6-fetch/fetch/page"
)

// budgetReader reads the option budget, or the param of that name, over what is there already: key by key.
type budgetReader struct {
	// ofRun reports whether it may be about all results of a run, and the run itself. ofPage reports whether it may be
	// about a page.
	ofRun, ofPage bool
}

// budget reads the param of a target.
func (f Field) budget(base budget.Checks) (budget.Checks, error) { return budgetReader{}.read(base, f) }

// setBudget reads the option of a run, which is about its targets and about itself.
func (o *Options) setBudget(f Field, ofPage bool) error {
	checks, err := budgetReader{ofRun: true, ofPage: ofPage}.read(slices.Concat(o.Budget, o.RunBudget), f)
	o.Budget, o.RunBudget = checks.Split()
	return err
}

func (r budgetReader) read(base budget.Checks, f Field) (budget.Checks, error) {
	if sobek.IsNull(f.Value) {
		return nil, nil
	}
	keys := r.keys()
	err := f.Each("an object of bounds, or null for none", func(name string, bounds Field) error {
		key := budget.Key(name)
		if !slices.Contains(keys, key) {
			return r.unknown(key, keys, bounds)
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

// keys are those that may be used.
func (r budgetReader) keys() []budget.Key {
	switch {
	case r.ofPage:
		return slices.Concat(budget.RunKeys(), budget.PageKeys(page.Types()))
	case r.ofRun:
		return budget.RunKeys()
	default:
		return budget.TargetKeys()
	}
}

// unknown says that there is no such key. Of those with a type, it does not list each.
func (r budgetReader) unknown(key budget.Key, keys []budget.Key, f Field) error {
	const what = "a key of a budget"
	names, listed := make([]string, len(keys)), []string(nil)
	for i, known := range keys {
		names[i] = string(known)
		if known.Of() == "" {
			listed = append(listed, names[i])
		}
	}
	switch {
	case r.ofPage:
		listed = append(listed, string(budget.CountOf("<type>")), string(budget.BytesOf("<type>")))
	case r.ofRun && slices.Contains(budget.PageKeys(page.Types()), key):
		return unknown(f, what+", except of that of page()", "", listed)
	}
	if kind := key.Of(); typeMeant(kind) != "" {
		return unknown(f, what, strings.TrimSuffix(string(key), kind)+typeMeant(kind), listed)
	}
	return unknown(f, what, nearest(string(key), names), listed)
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
	case key.IsTime(), key == budget.RunElapsed, key == budget.PageLoad, key == budget.PageBlocking:
		return "milliseconds, a duration ('500ms') or a bound ('<500'), or an array of those"
	case key == budget.Bytes, key == budget.BytesOf(key.Of()):
		return "a number of bytes, a size ('100kB') or a bound ('<100kB'), or an array of those"
	case key == budget.Failed, key == budget.NotRun:
		return "a number or an expression ('rate<0.01', 'count<=3'), or an array of those"
	case key == budget.CertificateDays:
		return "a number of days, which must be left, or a bound ('>14'), or an array of those"
	case key == budget.Speedup:
		return "a number, which it must reach, or a bound ('>2'), or an array of those"
	default:
		return "a number or a bound ('<=2'), or an array of those"
	}
}
