package report

import "github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"

// JUnit and TAP have a test case for each name, which fails for all that is wrong with its results: failures, budgets
// and the baseline. Budgets of runs have cases of their own. Nothing is counted twice.

// complaint is why a test case fails: the first line is the gist of it.
type complaint struct {
	kind  string
	lines []string
}

// complaintsAbout are the reasons for which the test case of a name fails, the worst kind first. There are none if it
// passes.
func (s *Subject) complaintsAbout(n *aggregate.Name) []complaint {
	var all []complaint
	if n.Failed > 0 {
		all = append(all, complaint{causes(n)[0].kind(), causeLines(n)})
	}
	breaks := sortedBreaks(n)
	for i := range breaks {
		all = append(all, complaint{"budget", []string{"over budget: " + breakLine(&breaks[i], n)}})
	}
	if j := s.judgement(n); isWorse(j) {
		all = append(all, complaint{string(j.Verdict), []string{worseText(j)}})
	}
	return all
}

// caseBudgets are the checks of budgets that have test cases of their own: those of runs. Of checks that are counted
// together it is what no name has counted.
func caseBudgets(budgets []aggregate.Budget) []aggregate.Budget {
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
