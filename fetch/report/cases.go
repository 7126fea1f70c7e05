package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/xk6-fetch/xk6-fetch/fetch/budget"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
)

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

// sortedBreaks are the checks of budgets that a name broke, in the order in which checks are shown.
func sortedBreaks(n *aggregate.Name) []aggregate.Break {
	breaks := slices.Clone(n.Breaks)
	slices.SortStableFunc(breaks, func(a, b aggregate.Break) int {
		if a.Rest != b.Rest {
			return counted(a.Rest) - counted(b.Rest)
		}
		return budget.Compare(&a.Check, &b.Check)
	})
	return breaks
}

// breakLine says how often a name broke a check, and by how much.
func breakLine(b *aggregate.Break, n *aggregate.Name) string {
	ran := n.Count - n.NotRun
	if ran == 1 && !b.Rest {
		return b.Check.Name + ": " + worstOf(b)
	}
	text := fmt.Sprintf("%s: %s of %s", b.Check.Name, number(b.Count), number(ran))
	switch {
	case b.Rest:
		return fmt.Sprintf("%s: broken %s times", b.Check.Name, number(b.Count))
	case !b.HasWorst:
		return text + ", none answered"
	case b.Unanswered > 0:
		text += fmt.Sprintf(", %s not answered", number(b.Unanswered))
	}
	return text + ", worst " + worstOf(b)
}

// worstOf is the worst value of a check that was broken, in words.
func worstOf(b *aggregate.Break) string {
	if b.HasWorst {
		return b.Check.Text(b.Worst)
	}
	return "no answer"
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

// failed is the failure of a test case, with all reasons in the message too: many readers show nothing else.
func failed(all []complaint) *junitFailure {
	gists := make([]string, 0, len(all))
	var lines []string
	for _, c := range all {
		gists = append(gists, c.lines[0])
		lines = append(lines, c.lines...)
	}
	return &junitFailure{Type: all[0].kind, Message: strings.Join(gists, "; "), Text: strings.Join(lines, "\n")}
}

// tapBreaks adds what a name broke to the diagnostics of its test point.
func tapBreaks(out *strings.Builder, n *aggregate.Name) {
	if len(n.Breaks) == 0 {
		return
	}
	out.WriteString("  budgets:\n")
	breaks := sortedBreaks(n)
	for i := range breaks {
		b := &breaks[i]
		fmt.Fprintf(out, "    - check: %s\n      broken: %d\n      worst: %s\n",
			quoted(b.Check.Name), b.Count, quoted(worstOf(b)))
	}
}
