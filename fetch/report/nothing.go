package report

import (
	"fmt"
	"strings"
	"time"
)

// A test that fetched nothing has most likely a mistake in its script, such as an empty list or a call that was
// rejected. Every report calls it a failure, because a pipeline would take silence for success.

const nothingFetched = "Nothing was fetched"

// nothing reports whether no URL was fetched: because there was none, or because none was run.
func (s *Subject) nothing() bool { return s.Ok+s.Failed == 0 }

// dated returns the subject with a date: where no run began, that of the report itself.
func (s *Subject) dated(now time.Time) *Subject {
	if !s.Begun.IsZero() {
		return s
	}
	dated, summary := *s, *s.Summary
	summary.Begun = now
	dated.Summary = &summary
	return &dated
}

// addNothing adds the test case that fails where nothing was fetched.
func (s *junitSuite) addNothing(about *Subject) {
	if !about.nothing() {
		return
	}
	s.Tests++
	s.Errors++
	s.Cases = append(s.Cases, junitCase{
		Name: "something is fetched", Class: s.Name, Time: "0.000",
		Error: &junitFailure{Type: "nothing", Message: nothingFetched, Text: outcome(about)},
	})
}

// tapNothing writes the test point that fails where nothing was fetched.
func tapNothing(out *strings.Builder, about *Subject, number int) {
	if about.nothing() {
		fmt.Fprintf(out, "not ok %d - %s\n", number, nothingFetched)
	}
}
