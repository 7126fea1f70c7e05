package phrase

import (
	"fmt"
	"slices"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/k6summary"
)

// JudgedBy returns the subject with what k6 says of the test.
func (s *Subject) JudgedBy(k6 *k6summary.Summary) *Subject {
	judged := *s
	judged.K6 = k6
	return &judged
}

// hasThresholds reports whether the verdict is that of k6's thresholds.
func (s *Subject) hasThresholds() bool { return s.K6 != nil && len(s.K6.Thresholds) > 0 }

// thresholdVerdict says whether k6's thresholds passed. It is empty if there are none.
func thresholdVerdict(s *Subject) string {
	if !s.hasThresholds() {
		return ""
	}
	all, broken := len(s.K6.Thresholds), s.K6.Broken()
	switch {
	case broken > 0 && all == 1:
		return "The threshold failed"
	case broken > 0:
		return Number(broken) + " of " + Plural(all, "threshold") + " failed"
	case all == 1:
		return "The threshold passed"
	default:
		return "All " + Number(all) + " thresholds passed"
	}
}

// K6Checks are the checks of the script, those that failed first. Those of budgets, which k6 counts among them, are
// left out: a report has them anyway.
func (s *Subject) K6Checks() []k6summary.Check {
	if s.K6 == nil {
		return nil
	}
	budgets := make(map[string]bool, len(s.Budgets))
	for i := range s.Budgets {
		budgets[s.Budgets[i].Check.Name] = true
	}
	for i := range s.Expected {
		budgets[s.Expected[i].Check.Name] = true
	}
	return slices.DeleteFunc(s.K6.ChecksFirstBroken(), func(c k6summary.Check) bool { return budgets[c.Name] })
}

// K6Thresholds are those of k6, those that failed first.
func (s *Subject) K6Thresholds() []k6summary.Threshold {
	if s.K6 == nil {
		return nil
	}
	return s.K6.ThresholdsFirstBroken()
}

// ThresholdText is a threshold in one line, such as "http_req_duration: p(95)<200".
func ThresholdText(t k6summary.Threshold) string { return Clean(t.Metric + ": " + t.Expression) }

// ThresholdOutcome says what became of a threshold.
func ThresholdOutcome(t k6summary.Threshold) string {
	text := "passed"
	if !t.Ok {
		text = "failed"
	}
	if t.Value != "" {
		text += ", " + Clean(t.Value)
	}
	return text
}

// CheckOutcome says how often a check failed.
func CheckOutcome(c k6summary.Check) string {
	all := c.Passes + c.Fails
	if c.Ok() {
		return Number(all) + " passed"
	}
	return fmt.Sprintf("%s of %s failed", Number(c.Fails), Number(all))
}
