package report

import (
	"fmt"
	"strings"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/budget"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
)

// brokenBudgets is how many checks of budgets were broken.
func (s *Subject) brokenBudgets() int {
	n := 0
	for i := range s.Budgets {
		if s.Budgets[i].Broken > 0 {
			n++
		}
	}
	return n
}

// budgetVerdict is what a verdict says of budgets that were broken; empty if none was.
func budgetVerdict(s *Subject) string {
	if n := s.brokenBudgets(); n > 0 {
		return ", " + plural(n, "budget") + " broken"
	}
	return ""
}

// worst is the worst value of a check, in words.
func worst(b *aggregate.Budget) string {
	switch {
	case b.HasWorst:
		return b.Check.Text(b.Worst)
	case b.Unanswered > 0:
		return "no answer"
	default:
		return "–"
	}
}

// budgetOutcome says what became of a check: how often it was broken, and the worst value.
func budgetOutcome(b *aggregate.Budget) string {
	all := b.Passed + b.Broken
	if all == 1 && !b.Rest {
		return worst(b)
	}
	text := number(all) + " passed"
	if b.Broken > 0 {
		text = fmt.Sprintf("%s of %s broken", number(b.Broken), number(all))
	}
	if b.HasWorst {
		text += ", worst " + worst(b)
	}
	if b.Unanswered > 0 {
		text += fmt.Sprintf(", %s not answered", number(b.Unanswered))
	}
	return text
}

// breakers are the names that broke a check, a few of them, and whether there are others.
func breakers(b *aggregate.Budget, most int, show func(string) string) (names []string, others bool) {
	for _, n := range b.Names[:min(len(b.Names), most)] {
		names = append(names, show(n.Name))
	}
	return names, len(b.Names) > len(names) || b.More > 0 && len(names) > 0
}

// maxBreakers is how many names are told where there is little room.
const maxBreakers = 3

// budgets are the lines of a text about them, a mark at the beginning of each.
func (l layout) budgets(budgets []aggregate.Budget) []string {
	if len(budgets) == 0 {
		return nil
	}
	out := []string{"", "budgets"}
	for i := range budgets[:min(len(budgets), maxText)] {
		b := &budgets[i]
		mark, color := "✓", green
		if b.Broken > 0 {
			mark, color = "✗", red
		}
		names, others := breakers(b, maxBreakers, shown)
		more := ""
		if others {
			more = "and others"
		}
		lines := l.listed("  "+mark+" ", b.Check.Name+": "+budgetOutcome(b), names, more)
		lines[0] = strings.Replace(lines[0], mark, l.paint(color, mark), 1)
		out = append(out, lines...)
	}
	if more := len(budgets) - maxText; more > 0 {
		out = append(out, fmt.Sprintf("  and %s more budgets", number(more)))
	}
	return out
}

func mdBudgets(out *strings.Builder, s *Subject) {
	if len(s.Budgets) == 0 {
		return
	}
	out.WriteString("\n### Budgets\n\n| | check | passed | broken | worst | broken by |\n|---|---|--:|--:|--:|---|\n")
	for i := range s.Budgets[:min(len(s.Budgets), maxMarkdown)] {
		b := &s.Budgets[i]
		mark := "✅"
		if b.Broken > 0 {
			mark = "❌"
		}
		names, others := breakers(b, maxBreakers, mdCode)
		if others {
			names = append(names, "others")
		}
		fmt.Fprintf(out, "| %s | %s | %s | %s | %s | %s |\n", mark, mdText(b.Check.Name), number(b.Passed), number(b.Broken),
			worst(b), strings.Join(names, ", "))
	}
	if more := len(s.Budgets) - maxMarkdown; more > 0 {
		fmt.Fprintf(out, "\nand %s more budgets\n", number(more))
	}
}

// addBudgets adds a test case for each of some checks of budgets.
func (s *junitSuite) addBudgets(budgets []aggregate.Budget) {
	for i := range budgets {
		b := &budgets[i]
		test := junitCase{Name: b.Check.Name, Class: s.Name + " budgets", Time: "0.000"}
		if b.Broken > 0 {
			s.Failures++
			lines := []string{budgetOutcome(b)}
			for _, n := range b.Names {
				lines = append(lines, fmt.Sprintf("%s: %s", number(n.Count), shown(n.Name)))
			}
			if b.More > 0 {
				lines = append(lines, fmt.Sprintf("%s: others", number(b.More)))
			}
			test.Failure = &junitFailure{Type: "budget", Message: lines[0], Text: strings.Join(lines, "\n")}
		}
		s.Tests++
		s.Cases = append(s.Cases, test)
	}
}

// tapBudgets writes a test point for each check of budgets, the first of them with that number.
func tapBudgets(out *strings.Builder, budgets []aggregate.Budget, first int) {
	for i := range budgets {
		b := &budgets[i]
		result := "ok"
		if b.Broken > 0 {
			result = "not ok"
		}
		fmt.Fprintf(out, "%s %d - budget: %s\n  ---\n  passed: %d\n  broken: %d\n  worst: %s\n",
			result, first+i, tapText(b.Check.Name), b.Passed, b.Broken, quoted(worst(b)))
		if len(b.Names) > 0 {
			out.WriteString("  names:\n")
			for _, n := range b.Names {
				fmt.Fprintf(out, "    - name: %s\n      count: %d\n", quoted(clean(n.Name)), n.Count)
			}
		}
		out.WriteString("  ...\n")
	}
}

// budgetRecord is a check of budgets in the JSON report.
type budgetRecord struct {
	Check      string      `json:"check"`
	Rest       bool        `json:"rest,omitempty"`
	Key        budget.Key  `json:"key,omitempty"`
	OfRun      bool        `json:"ofRun"`
	Passed     int         `json:"passed"`
	Broken     int         `json:"broken"`
	Unanswered int         `json:"unanswered"`
	Worst      *float64    `json:"worst"`
	Names      []nameCount `json:"names"`
	More       int         `json:"more"`
}

func budgetRecords(budgets []aggregate.Budget) []budgetRecord {
	records := make([]budgetRecord, len(budgets))
	for i := range budgets {
		b := &budgets[i]
		records[i] = budgetRecord{
			Check: b.Check.Name, Rest: b.Rest, Key: b.Check.Key, OfRun: !b.Rest && b.Check.OfRun(),
			Passed: b.Passed, Broken: b.Broken, Unanswered: b.Unanswered, Names: make([]nameCount, len(b.Names)), More: b.More,
		}
		if b.HasWorst {
			records[i].Worst = &b.Worst
		}
		for j, n := range b.Names {
			records[i].Names[j] = nameCount{clean(n.Name), n.Count}
		}
	}
	return records
}

// verdictRecords are nil without a budget.
func verdictRecords(r *fetch.Result) []budget.Record {
	var records []budget.Record
	for v := range r.Verdicts() {
		records = append(records, v.Record())
	}
	return records
}

// brokenChecks names those that a result broke, for a cell of a table.
func brokenChecks(r *fetch.Result) string {
	var names []string
	for v := range r.Verdicts() {
		if !v.Ok {
			names = append(names, v.Name)
		}
	}
	return strings.Join(names, "; ")
}
