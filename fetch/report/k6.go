package report

import (
	"fmt"
	"slices"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/k6summary"
)

// judgedBy returns the subject with what k6 says of the test.
func (s *Subject) judgedBy(k6 *k6summary.Summary) *Subject {
	judged := *s
	judged.k6 = k6
	return &judged
}

// hasThresholds reports whether the verdict is that of k6's thresholds.
func (s *Subject) hasThresholds() bool { return s.k6 != nil && len(s.k6.Thresholds) > 0 }

// thresholdVerdict is what a verdict begins with: whether k6's thresholds passed. It is empty if there are none.
func thresholdVerdict(s *Subject) string {
	if !s.hasThresholds() {
		return ""
	}
	all, broken := len(s.k6.Thresholds), s.k6.Broken()
	switch {
	case broken > 0 && all == 1:
		return "The threshold failed; "
	case broken > 0:
		return number(broken) + " of " + plural(all, "threshold") + " failed; "
	case all == 1:
		return "The threshold passed; "
	default:
		return "All " + number(all) + " thresholds passed; "
	}
}

// k6Checks are the checks of the script, those that failed first. Those of budgets, which k6 counts among them, are
// left out: a report has them anyway.
func (s *Subject) k6Checks() []k6summary.Check {
	if s.k6 == nil {
		return nil
	}
	budgets := make(map[string]bool, len(s.Budgets))
	for i := range s.Budgets {
		budgets[s.Budgets[i].Check.Name] = true
	}
	return slices.DeleteFunc(s.k6.ChecksFirstBroken(), func(c k6summary.Check) bool { return budgets[c.Name] })
}

// k6Thresholds are those of k6, those that failed first.
func (s *Subject) k6Thresholds() []k6summary.Threshold {
	if s.k6 == nil {
		return nil
	}
	return s.k6.ThresholdsFirstBroken()
}

// thresholdText is a threshold in one line, such as "http_req_duration: p(95)<200".
func thresholdText(t k6summary.Threshold) string { return clean(t.Metric + ": " + t.Expression) }

// thresholdOutcome says what became of a threshold.
func thresholdOutcome(t k6summary.Threshold) string {
	text := "passed"
	if !t.Ok {
		text = "failed"
	}
	if t.Value != "" {
		text += ", " + clean(t.Value)
	}
	return text
}

// checkOutcome says how often a check failed.
func checkOutcome(c k6summary.Check) string {
	all := c.Passes + c.Fails
	if c.Ok() {
		return number(all) + " passed"
	}
	return fmt.Sprintf("%s of %s failed", number(c.Fails), number(all))
}
