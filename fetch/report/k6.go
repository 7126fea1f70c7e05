package report

import "github.com/xk6-fetch/xk6-fetch/fetch/report/k6summary"

// judgedBy returns the source with what k6 says of the test.
func (s *Source) judgedBy(k6 *k6summary.Summary) *Source {
	judged := *s
	judged.k6 = k6
	return &judged
}

// hasThresholds reports whether the verdict is that of k6's thresholds.
func (s *Source) hasThresholds() bool { return s.k6 != nil && len(s.k6.Thresholds) > 0 }

// thresholdVerdict is what a verdict begins with: whether k6's thresholds passed. It is empty if there are none.
func thresholdVerdict(s *Source) string {
	if !s.hasThresholds() {
		return ""
	}
	all, broken := len(s.k6.Thresholds), 0
	for _, t := range s.k6.Thresholds {
		if !t.Ok {
			broken++
		}
	}
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
