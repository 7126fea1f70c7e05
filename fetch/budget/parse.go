package budget

import (
	"errors"
	"slices"
	"strconv"
	"strings"
)

var errExpression = errors.New("not an expression")

// Limit returns the check that a number alone means. It is an upper bound, except for speedup and the days of a
// certificate, where it is a lower one.
func (k Key) Limit(n float64) (*Check, error) {
	n, err := number(n)
	if err != nil {
		return nil, err
	}
	return newCheck(Check{Key: k, Aggregate: k.counted(), Operator: k.usual(), Bound: n}), nil
}

// counted is Count for keys whose numbers are counts of results.
func (k Key) counted() Aggregate {
	if k == Failed || k == NotRun {
		return Count
	}
	return Plain
}

func (k Key) usual() Operator {
	if k == Speedup || k == CertificateDays {
		return AtLeast
	}
	return AtMost
}

// Parse reads a bound with or without an operator, such as "<500" and "500ms". It also reads expressions of k6's
// thresholds, such as "p(95)<500", in which the number may have a unit.
func (k Key) Parse(text string, units Units) (*Check, error) {
	if k == Status {
		return nil, errExpression // statuses have ranges only
	}
	method, operator, value, ok := scan(text)
	if !ok {
		method, operator, value = "", k.usual(), strings.TrimSpace(text)
	}
	c := Check{Key: k, Operator: operator}
	if err := c.setMethod(method); err != nil {
		return nil, err
	}
	of := k.unit()
	var err error
	if c.Bound, err = of.parse(value, units); err != nil {
		return nil, err
	}
	if c.Aggregate == Rate && c.Bound > 1 {
		return nil, errors.New("a rate is at most 1")
	}
	return newCheck(c), nil
}

// scan splits an expression where k6 does: at the first of the operators, in this order, that is followed by something.
func scan(text string) (method string, operator Operator, value string, ok bool) {
	for _, op := range [...]string{"<=", "<", ">=", ">", "===", "==", "!="} {
		left, right, _ := strings.Cut(text, op)
		if right == "" {
			continue
		}
		operator = Operator(op)
		if op == "===" {
			operator = Equal
		}
		return strings.TrimSpace(left), operator, strings.TrimSpace(right), true
	}
	return "", "", "", false
}

// setMethod reads the part before the operator.
func (c *Check) setMethod(method string) error {
	if method == "" {
		c.Aggregate = c.Key.counted()
		return nil
	}
	if inner, ok := strings.CutPrefix(method, "p("); ok && c.Key.IsTime() {
		inner, ok = strings.CutSuffix(inner, ")")
		p, err := strconv.ParseFloat(inner, 64)
		if ok = ok && err == nil && p >= 0 && p <= 100; !ok {
			return errExpression
		}
		c.Aggregate, c.Percentile = Percentile, p+0 // without the sign of -0
		return nil
	}
	c.Aggregate = Aggregate(method)
	if !slices.Contains(c.Key.aggregates(), c.Aggregate) {
		return errExpression
	}
	return nil
}

// aggregates are the key's aggregates without a number of their own.
func (k Key) aggregates() []Aggregate {
	switch {
	case k.IsTime():
		return []Aggregate{Avg, Min, Med, Max}
	case k == Failed, k == NotRun:
		return []Aggregate{Rate, Count}
	default:
		return nil
	}
}
