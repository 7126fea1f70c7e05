package report

import (
	"github.com/xk6-fetch/xk6-fetch/fetch/budget"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/phrase"
)

// k6Record is what k6 says of the test, in JSON.
type k6Record struct {
	Passed     bool              `json:"passed"`
	Thresholds []thresholdRecord `json:"thresholds"`
	Checks     []checkRecord     `json:"checks"`
}

type (
	thresholdRecord struct {
		Metric     string `json:"metric"`
		Expression string `json:"expression"`
		Ok         bool   `json:"ok"`
		Value      string `json:"value"`
	}
	checkRecord struct {
		Group  string `json:"group"`
		Name   string `json:"name"`
		Passes int    `json:"passes"`
		Fails  int    `json:"fails"`
	}
)

// k6RecordOf is nil where the report was handed nothing of k6's.
func k6RecordOf(s *Subject) *k6Record {
	if s.K6 == nil {
		return nil
	}
	r := &k6Record{Passed: s.K6.Passed(), Thresholds: []thresholdRecord{}, Checks: []checkRecord{}}
	for _, t := range s.K6.Thresholds {
		r.Thresholds = append(r.Thresholds, thresholdRecord{
			phrase.Clean(t.Metric), phrase.Clean(t.Expression), t.Ok, phrase.Clean(t.Value),
		})
	}
	for _, c := range s.K6.Checks {
		r.Checks = append(r.Checks, checkRecord{phrase.Clean(c.Group), phrase.Clean(c.Name), c.Passes, c.Fails})
	}
	return r
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
			records[i].Names[j] = nameCount{phrase.Clean(n.Name), n.Count}
		}
	}
	return records
}
