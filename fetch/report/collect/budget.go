package collect

import (
	"cmp"
	"slices"
	"sync"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/budget"
)

// Budget is what became of one check of budgets.
type Budget struct {
	// Check is what is checked; it has nothing but its name where Rest tells that these are several checks, for which
	// there was no place.
	Check budget.Check
	Rest  bool
	// Passed and Broken count results, or runs where the check is about a run. Unanswered are those of the broken
	// that nothing came from.
	Passed, Broken, Unanswered int
	// Worst is the value that was furthest on the wrong side, or closest to it. It means nothing where there is none.
	Worst    float64
	HasWorst bool
	// Names are those that broke it, the most frequent first: names of targets, or ways of fetching. Up to a bound:
	// under further ones it was broken More times.
	Names []NameCount
	More  int
}

// OtherBudgets is the name of checks that are counted together when there are too many.
const OtherBudgets = "other budgets"

const (
	maxBudgets     = 200 // checks that are told apart
	maxBudgetNames = 20  // names that are kept of each
)

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

// budget counts what became of the budget of a result.
func (c *Collector) budget(r *fetch.Result, name string) {
	if s := r.Target.Spec; s == nil || s.Budget == nil {
		return
	}
	c.budgets.addResult(r, name)
}

// addResult counts the verdicts on a result under a name.
func (b *Budgets) addResult(r *fetch.Result, name string) {
	for v := range r.Verdicts() {
		b.add(v, name)
	}
}

// add counts a verdict under a name.
func (b *Budgets) add(v budget.Verdict, name string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.of(v.Check).add(v, name)
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
		count = b.others()
	}
	return count
}

func (b *Budgets) others() *budgetCount {
	b.rest.Rest, b.rest.Check.Name = true, OtherBudgets
	return &b.rest
}

func (c *budgetCount) add(v budget.Verdict, name string) {
	if v.HasValue && !c.Rest && (!c.HasWorst || c.Check.Worse(v.Value, c.Worst)) {
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
		return cmp.Or(cmp.Compare(min(y.Broken, 1), min(x.Broken, 1)), budget.Compare(&x.Check, &y.Check))
	})
	if b.rest.Rest {
		list = append(list, b.rest.budget())
	}
	return list
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

// BudgetsOf returns what became of the budgets of one run.
func BudgetsOf(mode string, run *fetch.Run) []Budget {
	var b Budgets
	for _, r := range run.Results.All() {
		b.addResult(r, kept(r.Name()))
	}
	b.addUnkept(run)
	b.addRun(mode, run)
	return b.list()
}
