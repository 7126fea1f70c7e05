package phrase

import "github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"

// JUnit and TAP have a test case for each name, which fails for all that is wrong with its results: failures, budgets
// and the baseline. Budgets of runs have cases of their own. Nothing is counted twice.

// Complaint is why a test case fails: the first line is the gist of it.
type Complaint struct {
	Kind  string
	Lines []string
}

// ComplaintsAbout are the reasons for which the test case of a name fails, the worst kind first. There are none if it
// passes.
func (s *Subject) ComplaintsAbout(n *aggregate.Name) []Complaint {
	var all []Complaint
	if n.Failed > 0 {
		all = append(all, Complaint{Causes(n)[0].kind(), causeLines(n)})
	}
	breaks := SortedBreaks(n)
	for i := range breaks {
		all = append(all, Complaint{"budget", []string{overBudget + breakLine(&breaks[i], n)}})
	}
	if j := s.Judgement(n); IsWorse(j) {
		all = append(all, Complaint{string(j.Verdict), []string{WorseText(j)}})
	}
	return all
}

// CaseBudgets are the checks of budgets that have test cases of their own: those of runs. Of checks that are counted
// together it is what no name has counted.
func CaseBudgets(budgets []aggregate.Budget) []aggregate.Budget {
	var own []aggregate.Budget
	for i := range budgets {
		switch b := budgets[i]; {
		case b.Rest && b.OfRuns > 0:
			b.Passed, b.Broken, b.Unanswered, b.Names, b.More = 0, b.OfRuns, 0, nil, 0
			own = append(own, b)
		case !b.Rest && b.Check.OfRun():
			own = append(own, b)
		}
	}
	return own
}
