package page

import (
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/phrase"
)

// pageBudget is a row of the table of budgets.
type pageBudget struct {
	Check, Passed, Broken, Worst, Note string
	Bad                                bool
	Names                              []pageChip
	More                               string
}

// pageBudgets are those that are seen at once, and those that a reader opens.
type pageBudgets struct {
	Open, More []pageBudget
	MoreText   string
}

// pageBudgetsOf returns the rows of checks, of which each is called one, and is broken or kept in these words.
func pageBudgetsOf(budgets []aggregate.Budget, one, isBroken, isKept string) *pageBudgets {
	if len(budgets) == 0 {
		return nil
	}
	rows, broken := budgetRows(budgets), phrase.Broken(budgets)
	open := opened(len(rows), broken, maxBroken)
	return &pageBudgets{rows[:open], rows[open:], moreOf(len(rows), broken, open, one, isBroken, isKept)}
}

func budgetRows(budgets []aggregate.Budget) []pageBudget {
	rows := make([]pageBudget, len(budgets))
	for i := range budgets {
		b := &budgets[i]
		row := pageBudget{
			Check: b.Check.Name, Passed: phrase.Number(b.Passed), Broken: phrase.Number(b.Broken), Worst: phrase.Worst(b),
			Bad: b.Broken > 0,
		}
		if b.Unanswered > 0 && b.HasWorst {
			row.Note = phrase.CountWithoutValue(&b.Check, b.Unanswered)
		}
		more := b.More
		for j, n := range b.Names {
			if j < maxChips {
				row.Names = append(row.Names, pageChip{phrase.Shown(n.Name), phrase.Number(n.Count)})
			} else {
				more += n.Count
			}
		}
		if more > 0 {
			row.More = phrase.Number(more)
		}
		rows[i] = row
	}
	return rows
}

// budgetTile says how many budgets there are, or how many of them were broken.
func budgetTile(s *phrase.Subject) []tile {
	broken, all := s.BrokenBudgets(), len(s.Budgets)
	switch {
	case all == 0:
		return nil
	case broken == 0:
		return []tile{{"budgets", phrase.Number(all), "kept", ""}}
	default:
		return []tile{{"budgets", phrase.Number(broken), "of " + phrase.Number(all) + " broken", "bad"}}
	}
}
