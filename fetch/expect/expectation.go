package expect

import (
	"slices"

	"github.com/xk6-fetch/xk6-fetch/fetch/budget"
)

// Part is what a check is about, as scripts write it.
type Part string

// The parts of a response, in the order in which they are judged.
const (
	Status      Part = "status"
	Headers     Part = "headers"
	Body        Part = "body"
	JSON        Part = "json"
	Certificate Part = "certificate"
)

// Parts are all of them.
func Parts() []Part { return []Part{Status, Headers, Body, JSON, Certificate} }

// Check is one thing that a response must be. It never changes.
type Check struct {
	// Check names it for k6's checks and for reports. Names are bounded and printable.
	*budget.Check

	part Part
	rule rule
}

// rule is what a check is about. It is one of the types that end in Rule.
type rule any

// newCheck returns a check with a name. Reports list checks in the order of their bounds, which is that of the parts.
func newCheck(part Part, name string, r rule) *Check {
	check := &budget.Check{Name: name, Key: budget.Expected, Bound: float64(part.place())}
	return &Check{Check: check, part: part, rule: r}
}

func (p Part) place() int { return slices.Index(Parts(), p) }

// Expectation is what a response must be. It never changes; nil expects nothing.
type Expectation struct {
	checks []*Check
	// reads reports whether the body has to be looked at, and whole whether all of it is needed at its end.
	reads, whole bool
	// heads reports whether the header is judged, and json whether JSON is.
	heads, json bool
}

// With returns the expectation with the checks of a part replaced. Checks of the same name count once.
func (e *Expectation) With(part Part, checks ...*Check) *Expectation {
	next := &Expectation{}
	if e != nil {
		next.checks = slices.DeleteFunc(slices.Clone(e.checks), func(c *Check) bool { return c.part == part })
	}
	for _, check := range checks {
		if !slices.ContainsFunc(next.checks, func(other *Check) bool { return other.Name == check.Name }) {
			next.checks = append(next.checks, check)
		}
	}
	slices.SortStableFunc(next.checks, func(a, b *Check) int { return a.part.place() - b.part.place() })
	for _, check := range next.checks {
		switch check.rule.(type) {
		case textRule, digestRule:
			next.reads = true
		case patternRule:
			next.reads, next.whole = true, true
		case jsonRule:
			next.reads, next.whole, next.json = true, true, true
		case headerRule:
			next.heads = true
		}
	}
	if len(next.checks) == 0 {
		return nil
	}
	return next
}

// ReadsBody reports whether the body has to be looked at.
func (e *Expectation) ReadsBody() bool { return e != nil && e.reads }

// NeedsBody reports whether all of a body is needed at its end.
func (e *Expectation) NeedsBody() bool { return e != nil && e.whole }

// Checks are what is expected.
func (e *Expectation) Checks() []*Check {
	if e == nil {
		return nil
	}
	return e.checks
}

// Unmet is a check that a response did not meet.
type Unmet struct {
	*Check

	// Got says what came instead. It is bounded and printable.
	Got string
}

// Text says what was expected and what came.
func (u *Unmet) Text() string { return u.Name + ": " + u.Got }

// Record is an unmet check in the form of scripts and reports.
type Record struct {
	Check string `json:"check"`
	Got   string `json:"got"`
}

// Records returns unmet checks as records. It never returns nil, so that scripts and JSON have an empty array.
func Records(unmet []Unmet) []Record {
	records := make([]Record, len(unmet))
	for i := range unmet {
		records[i] = Record{unmet[i].Name, unmet[i].Got}
	}
	return records
}
