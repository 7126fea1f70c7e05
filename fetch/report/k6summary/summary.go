// Package k6summary is k6's own account of a test: what it hands to handleSummary, and the text that it would have
// printed.
package k6summary

import (
	"cmp"
	"slices"
	"strings"
)

// Summary is k6's own account of a test.
type Summary struct {
	// Thresholds are sorted by their metrics, Metrics by their names. Checks are in k6's order.
	Thresholds []Threshold
	Checks     []Check
	Metrics    []Metric
	// Machine reports that it is k6's machine-readable summary, which says nothing of thresholds.
	Machine bool

	stats []string // the statistics of a trend, in the order in which they are shown
	unit  string   // of times: "s", "ms" or "us"; empty for the one that fits
	took  float64  // the test, in milliseconds; 0 if that is not known
}

// Threshold is one expression of a metric, and what became of it.
type Threshold struct {
	// Metric is its name with its tags, such as "http_req_duration{name:home}"; Expression is such as "p(95)<200".
	Metric, Expression string
	Ok                 bool
	// Value is what was compared, in words, such as "p(95)=212.5ms"; empty if k6 does not say.
	Value string
}

// Check is a check of k6's, by what it is called in its group.
type Check struct {
	// Group is the path of the group, such as "login::form"; empty outside of groups.
	Group, Name   string
	Passes, Fails int
}

// Metric is a metric of k6's or of the script's.
type Metric struct {
	Name string
	// Type is "counter", "gauge", "rate" or "trend". Contains is "default", "time" or "data".
	Type, Contains string
	// Values are by what k6 calls them, such as "count" or "p(95)". Times are in milliseconds.
	Values map[string]float64
}

// Passed reports whether all thresholds passed.
func (s *Summary) Passed() bool { return s.Broken() == 0 }

// Broken is how many thresholds failed.
func (s *Summary) Broken() int {
	n := 0
	for _, t := range s.Thresholds {
		if !t.Ok {
			n++
		}
	}
	return n
}

// ThresholdsFirstBroken returns the thresholds, those that failed first.
func (s *Summary) ThresholdsFirstBroken() []Threshold {
	return slices.SortedStableFunc(slices.Values(s.Thresholds), func(a, b Threshold) int { return okLast(a.Ok, b.Ok) })
}

// ChecksFirstBroken returns the checks, those that failed first.
func (s *Summary) ChecksFirstBroken() []Check {
	return slices.SortedStableFunc(slices.Values(s.Checks), func(a, b Check) int { return okLast(a.Ok(), b.Ok()) })
}

func okLast(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	default:
		return 1
	}
}

// Ok reports whether the check never failed.
func (c *Check) Ok() bool { return c.Fails == 0 }

// Path is the check's name with those of its groups before it, such as "login › form › is shown".
func (c *Check) Path() string {
	if c.Group == "" {
		return c.Name
	}
	return strings.ReplaceAll(c.Group, "::", " › ") + " › " + c.Name
}

// parent is the metric without its tags.
func parent(metric string) string {
	name, _, _ := strings.Cut(metric, "{")
	return name
}

// compareNames sorts metrics by their names, and submetrics behind what they are of.
func compareNames(a, b string) int {
	return cmp.Or(
		strings.Compare(strings.ToLower(parent(a)), strings.ToLower(parent(b))), strings.Compare(parent(a), parent(b)),
		strings.Compare(strings.ToLower(a), strings.ToLower(b)), strings.Compare(a, b),
	)
}
