package report

import (
	"github.com/xk6-fetch/xk6-fetch/fetch/budget"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
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
	if s.k6 == nil {
		return nil
	}
	r := &k6Record{Passed: s.k6.Passed(), Thresholds: []thresholdRecord{}, Checks: []checkRecord{}}
	for _, t := range s.k6.Thresholds {
		r.Thresholds = append(r.Thresholds, thresholdRecord{clean(t.Metric), clean(t.Expression), t.Ok, clean(t.Value)})
	}
	for _, c := range s.k6.Checks {
		r.Checks = append(r.Checks, checkRecord{clean(c.Group), clean(c.Name), c.Passes, c.Fails})
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
			records[i].Names[j] = nameCount{clean(n.Name), n.Count}
		}
	}
	return records
}
