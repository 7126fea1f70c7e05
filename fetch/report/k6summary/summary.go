// Package k6summary holds what k6 says of a test when it ends: what it hands to handleSummary.
package k6summary

// Summary is k6's own account of a test.
type Summary struct {
	Thresholds []Threshold
	Checks     []Check
}

// Threshold is one expression of a metric, and what became of it.
type Threshold struct {
	// Metric is its name with its tags, such as "http_req_duration{name:home}"; Expression is such as "p(95)<200".
	Metric, Expression string
	Ok                 bool
	// Value is what was compared, in words, such as "p(95)=212ms"; empty if k6 does not say.
	Value string
}

// Check is a check of k6's, by what it is called in its group.
type Check struct {
	// Group is the path of the group, such as "login::form"; empty outside of groups.
	Group, Name   string
	Passes, Fails int
}

// Passed reports whether all thresholds passed.
func (s *Summary) Passed() bool {
	for _, t := range s.Thresholds {
		if !t.Ok {
			return false
		}
	}
	return true
}
