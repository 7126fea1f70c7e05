package budget

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Check is one bound. It never changes.
type Check struct {
	// Name says what is checked. It is the same for all targets: "elapsed <= 500 ms".
	Name string
	Key  Key
	// Aggregate combines the results of a run. It is empty for a check of one target, or of a figure that a run has once.
	Aggregate Aggregate
	// Percentile, from 0 to 100, is set if Aggregate is [Percentile].
	Percentile float64
	Operator   Operator
	// Bound is in milliseconds, in bytes, or a plain number, as the key's unit is.
	Bound float64

	ranges [][2]int // of statuses
}

// Aggregate combines many numbers into one, as in k6's thresholds.
type Aggregate string

// The aggregates. Rate and Count are of what happened or did not; the others are of times.
const (
	Plain      Aggregate = ""
	Avg        Aggregate = "avg"
	Min        Aggregate = "min"
	Med        Aggregate = "med"
	Max        Aggregate = "max"
	Percentile Aggregate = "p"
	Rate       Aggregate = "rate"
	Count      Aggregate = "count"
)

// Operator compares a value with the bound.
type Operator string

// The operators of k6's thresholds.
const (
	AtMost  Operator = "<="
	Less    Operator = "<"
	AtLeast Operator = ">="
	Greater Operator = ">"
	Equal   Operator = "=="
	Unequal Operator = "!="
)

// OfRun reports whether the check is about a run, not about each target.
func (c *Check) OfRun() bool { return c.Aggregate != Plain || c.Key.ofRun() }

// Holds reports whether a value keeps the bound.
func (c *Check) Holds(value float64) bool {
	if c.ranges != nil {
		return slices.ContainsFunc(c.ranges, func(r [2]int) bool {
			return float64(r[0]) <= value && value <= float64(r[1])
		})
	}
	switch c.Operator {
	case AtMost:
		return value <= c.Bound
	case Less:
		return value < c.Bound
	case AtLeast:
		return value >= c.Bound
	case Greater:
		return value > c.Bound
	case Equal:
		return value == c.Bound
	default:
		return value != c.Bound
	}
}

// Worse reports whether a value is worse than another. A value that breaks the bound is worse than one that keeps it.
// Otherwise the value that is further on the wrong side is worse.
func (c *Check) Worse(value, than float64) bool {
	if ok := c.Holds(value); ok != c.Holds(than) {
		return !ok
	}
	switch {
	case c.ranges != nil, c.Operator == Unequal:
		return value > than
	case c.Operator == AtLeast, c.Operator == Greater:
		return value < than
	case c.Operator == Equal:
		return math.Abs(value-c.Bound) > math.Abs(than-c.Bound)
	default:
		return value > than
	}
}

// Text is a value of the check in about four digits, with its unit: "1.234 s".
func (c *Check) Text(value float64) string {
	if c.Aggregate == Rate || c.Aggregate == Count {
		return unitNone.short(value)
	}
	return c.Key.unit().short(value)
}

// newCheck returns the check with its name.
func newCheck(c Check) *Check {
	subject := string(c.Key)
	switch c.Aggregate {
	case Plain:
	case Percentile:
		subject = fmt.Sprintf("p(%s) of %s", decimal(c.Percentile), c.Key)
	case Rate, Count:
		subject = fmt.Sprintf("%s %s", c.Key, c.Aggregate)
	default:
		subject = fmt.Sprintf("%s of %s", c.Aggregate, c.Key)
	}
	bound := decimal(c.Bound)
	if c.Aggregate != Rate && c.Aggregate != Count {
		bound = c.Key.unit().text(c.Bound)
	}
	c.Name = fmt.Sprintf("%s %s %s", subject, c.Operator, bound)
	return &c
}

// maxRanges is how many ranges of statuses the name lists.
const maxRanges = 8

// In returns the check that a status is in one of the ranges, which include their limits.
func In(ranges [][2]int) *Check {
	texts := make([]string, 0, len(ranges))
	for _, r := range ranges[:min(len(ranges), maxRanges)] {
		text := strconv.Itoa(r[0])
		if r[1] != r[0] {
			text += "-" + strconv.Itoa(r[1])
		}
		texts = append(texts, text)
	}
	if more := len(ranges) - maxRanges; more > 0 {
		texts = append(texts, fmt.Sprintf("%d more", more))
	}
	in := "in"
	if len(ranges) == 1 && ranges[0][0] == ranges[0][1] {
		in = "=="
	}
	return &Check{
		Name: fmt.Sprintf("%s %s %s", Status, in, strings.Join(texts, ", ")), Key: Status, ranges: slices.Clone(ranges),
	}
}

// Compare orders checks for display: those of targets before those of runs, then by their keys.
func Compare(a, b *Check) int {
	ofRun := func(c *Check) int {
		if c.OfRun() {
			return 1
		}
		return 0
	}
	return cmp.Or(cmp.Compare(ofRun(a), ofRun(b)), cmp.Compare(a.Key.place(), b.Key.place()),
		cmp.Compare(a.Key, b.Key), cmp.Compare(a.Bound, b.Bound), cmp.Compare(a.Name, b.Name))
}

// Checks are a budget. They never change; nil is no budget.
type Checks []*Check

// With returns the budget with the checks of a key replaced, in the order of the keys. Checks of the same name count
// once.
func (c Checks) With(key Key, checks ...*Check) Checks {
	all := slices.DeleteFunc(slices.Clone(c), func(old *Check) bool { return old.Key == key })
	for _, check := range checks {
		if !slices.ContainsFunc(all, func(other *Check) bool { return other.Name == check.Name }) {
			all = append(all, check)
		}
	}
	slices.SortStableFunc(all, func(a, b *Check) int { return cmp.Compare(a.Key.place(), b.Key.place()) })
	if len(all) == 0 {
		return nil
	}
	return all
}

// Have reports whether there is a check of a key.
func (c Checks) Have(key Key) bool {
	return slices.ContainsFunc(c, func(check *Check) bool { return check.Key == key })
}

// Split returns the checks of each target and the checks of the run.
func (c Checks) Split() (target, run Checks) {
	for _, check := range c {
		if check.OfRun() {
			run = append(run, check)
		} else {
			target = append(target, check)
		}
	}
	return target, run
}
