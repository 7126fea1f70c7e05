package phrase

import (
	"fmt"
	"slices"
	"strings"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/budget"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
)

// BrokenBudgets is how many checks of budgets were broken.
func (s *Subject) BrokenBudgets() int { return Broken(s.Budgets) }

// Broken is how many of some checks were broken.
func Broken(checks []aggregate.Budget) int {
	n := 0
	for i := range checks {
		if checks[i].Broken > 0 {
			n++
		}
	}
	return n
}

// budgetVerdict is what a verdict says of budgets that were broken; empty if none was.
func budgetVerdict(s *Subject) string {
	if n := s.BrokenBudgets(); n > 0 {
		return ", " + Plural(n, "budget") + " broken"
	}
	return ""
}

// Worst is the worst value of a check, in words.
func Worst(b *aggregate.Budget) string {
	switch {
	case b.HasWorst:
		return b.Check.Text(b.Worst)
	case b.Unanswered > 0:
		return withoutValue(&b.Check)
	case b.Check.Key == budget.Expected && b.Broken > 0:
		return "not met"
	case b.Check.Key == budget.Expected:
		return "met"
	default:
		return "–"
	}
}

// withoutValue says why a check had no value.
func withoutValue(c *budget.Check) string {
	if c.Key == budget.CertificateDays {
		return "no certificate"
	}
	return "no answer"
}

// CountWithoutValue says how often a check had no value.
func CountWithoutValue(c *budget.Check, n int) string {
	if c.Key == budget.CertificateDays {
		return Number(n) + " without a certificate"
	}
	return Number(n) + " not answered"
}

// BudgetOutcome says what became of a check: how often it was broken, and the worst value.
func BudgetOutcome(b *aggregate.Budget) string {
	all := b.Passed + b.Broken
	if all == 1 && !b.Rest {
		return Worst(b)
	}
	met, broken := "passed", "broken"
	if b.Check.Key == budget.Expected {
		met, broken = "met", "not met"
	}
	text := Number(all) + " " + met
	if b.Broken > 0 {
		text = fmt.Sprintf("%s of %s %s", Number(b.Broken), Number(all), broken)
	}
	if b.HasWorst {
		text += ", worst " + Worst(b)
	}
	if b.Unanswered > 0 {
		text += ", " + CountWithoutValue(&b.Check, b.Unanswered)
	}
	return text
}

// Breakers are the names that broke a check, a few of them, and whether there are others.
func Breakers(b *aggregate.Budget, most int, show func(string) string) (names []string, others bool) {
	for _, n := range b.Names[:min(len(b.Names), most)] {
		names = append(names, show(n.Name))
	}
	return names, len(b.Names) > len(names) || b.More > 0 && len(names) > 0
}

// MaxBreakers is how many names are listed where space is short.
const MaxBreakers = 3

// BrokenChecks names those that a result broke, for a cell of a table.
func BrokenChecks(r *fetch.Result) string {
	var names []string
	for v := range r.Verdicts() {
		if !v.Ok {
			names = append(names, v.Name)
		}
	}
	return strings.Join(names, "; ")
}

// SortedBreaks are the checks of budgets that a name broke, in the order in which checks are shown.
func SortedBreaks(n *aggregate.Name) []aggregate.Break {
	breaks := slices.Clone(n.Breaks)
	slices.SortStableFunc(breaks, func(a, b aggregate.Break) int {
		if a.Rest != b.Rest {
			return counted(a.Rest) - counted(b.Rest)
		}
		return budget.Compare(&a.Check, &b.Check)
	})
	return breaks
}

// overBudget is what a failure of a test case begins with.
const overBudget = "over budget: "

// BrokenBudget says which check was broken, and what became of it.
func BrokenBudget(b *aggregate.Budget) string {
	return overBudget + b.Check.Name + ": " + BudgetOutcome(b)
}

// breakLine says how often a name broke a check, and by how much.
func breakLine(b *aggregate.Break, n *aggregate.Name) string {
	ran := n.Count - n.NotRun
	if ran == 1 && !b.Rest {
		return b.Check.Name + ": " + WorstOf(b)
	}
	text := fmt.Sprintf("%s: %s of %s", b.Check.Name, Number(b.Count), Number(ran))
	switch {
	case b.Rest:
		return fmt.Sprintf("%s: broken %s times", b.Check.Name, Number(b.Count))
	case !b.HasWorst && b.Check.Key == budget.CertificateDays:
		return text + ", none with a certificate"
	case !b.HasWorst:
		return text + ", none answered"
	case b.Unanswered > 0:
		text += ", " + CountWithoutValue(&b.Check, b.Unanswered)
	}
	return text + ", worst " + WorstOf(b)
}

// WorstOf is the worst value of a check that was broken, in words.
func WorstOf(b *aggregate.Break) string {
	if b.HasWorst {
		return b.Check.Text(b.Worst)
	}
	return withoutValue(&b.Check)
}
