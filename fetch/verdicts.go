package fetch

import (
	"fmt"
	"iter"
	"math"
	"net/http"
	"slices"

	"github.com/xk6-fetch/xk6-fetch/fetch/budget"
	"github.com/xk6-fetch/xk6-fetch/fetch/expect"
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

// expect judges a response by what it must be. One that is from a cache is judged as it was stored.
func (w *worker) expect(r *Result, stored *Stored) {
	e, judged := r.Target.Spec.Expect, false
	w.guard(func() {
		resp := &expect.Response{
			Status: r.Status, Header: r.Response.Header, Body: r.Response.Body,
			Certificate: r.Response.Conn.Certificate, At: r.RunStarted.Add(r.Ended()),
		}
		if stored != nil || !e.ReadsBody() {
			body := w.judge.Begin(e, true)
			if stored != nil {
				resp.Status, resp.Body = stored.Status, stored.Body
				resp.Header = func() http.Header { return stored.Header }
				if body != nil {
					_, _ = body.Write(stored.Body)
				}
			}
		}
		r.Unmet = w.judge.End(resp)
		judged = true
	})
	switch {
	case r.State != StateDone:
	case !judged:
		r.State, r.Error = StateFailed, "what is expected of it could not be judged"
	case len(r.Unmet) > 0:
		r.State, r.Error = StateFailed, r.Unmet[0].Text()
		if more := len(r.Unmet) - 1; more > 0 {
			r.Error += fmt.Sprintf(" (and %d more)", more)
		}
	}
}

// Expectations yields the verdict on each check of what the response must be. A target that was not answered meets no
// check. It yields none if nothing is expected, or the target was not run.
func (r *Result) Expectations() iter.Seq[budget.Verdict] {
	return func(yield func(budget.Verdict) bool) {
		if r.Target.Spec == nil || r.State == StateNotRun {
			return
		}
		for _, check := range r.Target.Spec.Expect.Checks() {
			unmet := slices.ContainsFunc(r.Unmet, func(u expect.Unmet) bool { return u.Name == check.Name })
			if !yield(budget.Verdict{Check: check.Check, Ok: r.answered() && !unmet, HasValue: r.answered()}) {
				return
			}
		}
	}
}

// Checks yields the verdicts on all that is checked of the target: Expectations, and then Verdicts.
func (r *Result) Checks() iter.Seq[budget.Verdict] {
	return func(yield func(budget.Verdict) bool) {
		for _, of := range []iter.Seq[budget.Verdict]{r.Expectations(), r.Verdicts()} {
			for v := range of {
				if !yield(v) {
					return
				}
			}
		}
	}
}

// IsChecked reports whether Checks may yield any.
func (r *Result) IsChecked() bool {
	return r.Target.Spec != nil && (r.Target.Spec.Expect != nil || r.Target.Spec.Budget != nil)
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
