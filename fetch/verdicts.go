package fetch

import (
	"iter"
	"math"

	"github.com/xk6-fetch/xk6-fetch/fetch/budget"
)

// Verdicts yields the verdict on each check of the target's budget. It yields none if the target has no budget, or was
// not run. Verdicts are computed from what [Results] keeps, so that a result gives the same verdicts later.
func (r *Result) Verdicts() iter.Seq[budget.Verdict] {
	checks := r.budget()
	if checks == nil || r.State == StateNotRun {
		return func(func(budget.Verdict) bool) {}
	}
	if r.FromCache { // there was no connection, so there is no certificate to judge
		checks = checks.With(budget.CertificateDays)
	}
	return checks.Judge(r.answered(), r.figure)
}

// OverBudget reports whether the target broke its budget. It costs nothing without a budget.
func (r *Result) OverBudget() bool { return r.budget() != nil && r.breaks() }

func (r *Result) breaks() bool {
	for v := range r.Verdicts() {
		if !v.Ok {
			return true
		}
	}
	return false
}

func (r *Result) budget() budget.Checks {
	if r.Target.Spec == nil {
		return nil
	}
	return r.Target.Spec.Budget
}

// answered reports whether a whole response came, whatever its status.
func (r *Result) answered() bool { return r.Status != 0 }

// figure is the value that a check judges. It is not a number if the target has none.
func (r *Result) figure(key budget.Key) float64 {
	switch key {
	case budget.Bytes:
		return float64(r.Bytes)
	case budget.Status:
		return float64(r.Status)
	case budget.Attempts:
		return float64(r.Attempts)
	case budget.CertificateDays:
		days, known := r.DaysLeft()
		if !known {
			return math.NaN()
		}
		return float64(days)
	default:
		return budget.Milliseconds(r.Time(key))
	}
}
