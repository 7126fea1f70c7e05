package aggregate

import (
	"cmp"
	"iter"
	"slices"
	"sync"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/budget"
)

// Budget is what became of one check: of budgets, or of what is expected.
type Budget struct {
	// Check is what is checked. It has nothing but its name where Rest is set: then it stands for several checks,
	// for which there was no place.
	Check budget.Check
	Rest  bool
	// Passed and Broken count results, or runs where the check is about a run. Unanswered are those of the broken
	// that had no value, because nothing came from them or because they had no certificate.
	Passed, Broken, Unanswered int
	// Worst is the value that was furthest on the wrong side, or closest to it. It means nothing where there is none.
	Worst    float64
	HasWorst bool
	// Names are those that broke it, the most frequent first: names of targets, or ways of fetching. Up to a bound:
	// under further ones it was broken More times.
	Names []NameCount
	More  int
	// OfRuns are, of those that broke several checks, how often a run did, or a result that no name has counted. Each of
	// the others is in the Breaks of a name.
	OfRuns int
}

// OtherBudgets is the name of checks that are counted together when there are too many, and OtherExpected that of those
// of responses.
const (
	OtherBudgets  = "other budgets"
	OtherExpected = "other expectations"
)

const (
	maxBudgets     = 200 // checks that are told apart
	maxBudgetNames = 20  // names that are kept of each
	maxBreaks      = 20  // checks that are told apart of those that a name broke
)

// Break is a check of budgets that the results of a name broke.
type Break struct {
	Check budget.Check
	// Rest reports whether these are several checks, for which there was no place.
	Rest bool
	// Count is how many results broke it. Unanswered are those of them that had no value.
	Count, Unanswered int
	// Worst is the value that was furthest on the wrong side. It means nothing where there is none.
	Worst    float64
	HasWorst bool
}

// Breaks are the checks that the results of a name broke, in the order in which they first did, up to a bound.
type Breaks []Break

// add counts what a result broke.
func (b *Breaks) add(r *fetch.Result) {
	for v := range r.Verdicts() {
		if v.Ok {
			continue
		}
		one := Break{Check: *v.Check, Count: 1, Worst: v.Value, HasWorst: v.HasValue}
		if !v.HasValue {
			one.Unanswered = 1
		}
		b.join(&one)
	}
}

// join adds what results broke to what others did.
func (b *Breaks) join(other *Break) {
	place := slices.IndexFunc(*b, func(one Break) bool { return one.Rest || one.Check.Name == other.Check.Name })
	switch {
	case place >= 0:
	case len(*b) < maxBreaks && !other.Rest:
		place = len(*b)
		*b = append(*b, Break{Check: other.Check})
	default:
		place = len(*b)
		*b = append(*b, Break{Check: budget.Check{Name: OtherBudgets}, Rest: true})
	}
	one := &(*b)[place]
	one.Count += other.Count
	one.Unanswered += other.Unanswered
	if other.HasWorst && !one.Rest && (!one.HasWorst || one.Check.Worse(other.Worst, one.Worst)) {
		one.Worst, one.HasWorst = other.Worst, true
	}
}

// Budgets counts what became of the checks of budgets, in memory that does not grow with the number of results. It is
// safe for use by many goroutines. The zero value is empty.
type Budgets struct {
	mu     sync.Mutex
	checks map[string]*budgetCount
	rest   budgetCount
}

type budgetCount struct {
	Budget

	names map[string]int
}

// budget counts what became of the checks of a result.
func (c *Collector) budget(r *fetch.Result, name string) {
	if !r.IsChecked() {
		return
	}
	c.budgets.addResult(r.Verdicts(), name)
	c.expected.addResult(r.Expectations(), name)
}

// addResult counts the verdicts on a result under a name.
func (b *Budgets) addResult(verdicts iter.Seq[budget.Verdict], name string) {
	for v := range verdicts {
		b.add(v, name)
	}
}

// add counts a verdict under a name.
func (b *Budgets) add(v budget.Verdict, name string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	count := b.of(v.Check)
	if count.add(v, name); count.Rest && !v.Ok && v.OfRun() {
		count.OfRuns++
	}
}

// of returns the count of a check. The lock is held.
func (b *Budgets) of(check *budget.Check) *budgetCount {
	count := b.checks[check.Name]
	switch {
	case count != nil:
	case len(b.checks) < maxBudgets:
		if b.checks == nil {
			b.checks = make(map[string]*budgetCount)
		}
		count = &budgetCount{Budget: Budget{Check: *check}}
		b.checks[check.Name] = count
	default:
		if count = b.others(); check.Key == budget.Expected {
			count.Check.Name = OtherExpected
		}
	}
	return count
}

func (b *Budgets) others() *budgetCount {
	b.rest.Rest, b.rest.Check.Name = true, OtherBudgets
	return &b.rest
}

func (c *budgetCount) add(v budget.Verdict, name string) {
	if v.HasValue && v.Key != budget.Expected && !c.Rest && (!c.HasWorst || c.Check.Worse(v.Value, c.Worst)) {
		c.Worst, c.HasWorst = v.Value, true
	}
	if v.Ok {
		c.Passed++
		return
	}
	c.Broken++
	if !v.HasValue {
		c.Unanswered++
	}
	if _, known := c.names[name]; !known && len(c.names) >= maxBudgetNames {
		c.More++
		return
	}
	if c.names == nil {
		c.names = make(map[string]int)
	}
	c.names[name]++
}

// addRun counts the verdicts on a run itself. Those on its results are counted one by one.
func (b *Budgets) addRun(mode string, run *fetch.Run) {
	for _, v := range run.Budget {
		b.add(v, mode)
	}
}

// addUnkept counts the results of a run that kept none: all that is known is how many of them broke their budgets.
func (b *Budgets) addUnkept(run *fetch.Run) {
	if run.Results.Len() > 0 || run.OverBudget == 0 {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	rest := b.others()
	rest.Broken += run.OverBudget
	rest.More += run.OverBudget
	rest.OfRuns += run.OverBudget
}

// list returns a copy of the counts: those that are broken first, and the rest last.
func (b *Budgets) list() []Budget {
	b.mu.Lock()
	defer b.mu.Unlock()
	list := make([]Budget, 0, len(b.checks)+1)
	for _, count := range b.checks {
		list = append(list, count.budget())
	}
	slices.SortFunc(list, func(x, y Budget) int {
		return cmp.Or(cmp.Compare(y.weight(), x.weight()), budget.Compare(&x.Check, &y.Check))
	})
	if b.rest.Rest {
		list = append(list, b.rest.budget())
	}
	return list
}

// weight orders checks: those that are broken first, and of what is expected those that most responses do not meet.
func (b *Budget) weight() int {
	if b.Check.Key == budget.Expected {
		return b.Broken
	}
	return min(b.Broken, 1)
}

func (c *budgetCount) budget() Budget {
	b := c.Budget
	b.Names = make([]NameCount, 0, len(c.names))
	for name, count := range c.names {
		b.Names = append(b.Names, NameCount{name, count})
	}
	slices.SortFunc(b.Names, byCount)
	return b
}

// ChecksOf returns what became of what was expected in one run, and of its budgets.
func ChecksOf(mode string, run *fetch.Run) (expected, budgets []Budget) {
	var e, b Budgets
	for _, r := range run.Results.All() {
		name := kept(r.Name())
		e.addResult(r.Expectations(), name)
		b.addResult(r.Verdicts(), name)
	}
	b.addUnkept(run)
	b.addRun(mode, run)
	return e.list(), b.list()
}
