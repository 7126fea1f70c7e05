package fetch

import (
	"context"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/crash"
)

// worker takes targets from the schedule, one after another, until there are none or the run is cut off.
type worker struct {
	*execution

	attempt attempt
	result  Result
	// spec is that of the target before, and shape its shape: most targets of a run have the same.
	spec  *Spec
	shape *shape
	// cause is why the last attempt failed, nil if it did not.
	cause error
	// begun says that the result is that of the target under way, and admitted that it takes a place.
	begun, admitted bool
}

func (w *worker) loop() {
	w.attempt.client, w.attempt.obs = w.client, w.obs
	w.attempt.keepPlans = w.tally.Count <= maxPlans
	w.attempt.lateCookies = w.opts.LateCookies
	defer w.attempt.stop()
	for {
		j, ok := w.schedule.take()
		if !ok {
			return
		}
		w.run(j)
		w.schedule.release(j)
	}
}

// run fetches one target and hands its result over.
func (w *worker) run(j job) {
	r := &w.result
	ended, err := w.try(j)
	if err != nil {
		ended = w.crash(j, err)
	}
	if set := w.attempt.set; set != nil {
		w.attempt.set = nil
		w.client.guard(func() { w.cookies.add(r.Index, r.Target.Spec.Jar, set) })
	}
	if r.State != StateNotRun {
		r.Elapsed = ended.Sub(w.start) - r.Queued
		w.client.guard(func() { w.obs.Finished(r, ended) })
		w.explain(r)
	}
	w.emit(r)
}

// explain tells of a target that has no answer, and why.
func (w *worker) explain(r *Result) {
	if w.cause == nil || w.opts.Unanswered == nil || r.State != StateFailed || w.ctx.Err() != nil {
		return
	}
	cause := explained(r, w.cause)
	w.client.guard(func() { w.opts.Unanswered(r, cause) })
}

// try fetches one target, and returns when that ended. Its error is a panic.
func (w *worker) try(j job) (ended time.Time, err error) {
	defer crash.To(&err)
	w.begun, w.cause = false, nil
	if j.broken != nil {
		return ended, j.broken
	}
	admitted := w.admit(j.target.URL)
	now := w.begin(&w.result, j)
	w.begun = true
	if admitted {
		ended = w.fetch(&w.result, now)
	}
	return ended, nil
}

// crash makes a failed result of a target that has panicked.
func (w *worker) crash(j job, err error) (ended time.Time) {
	if w.admitted {
		w.dismiss(j.target.URL)
	}
	if !w.begun {
		w.begin(&w.result, j)
	}
	w.attempt.crash(&w.result, err)
	return w.attempt.finished.End
}

// admit waits until the next attempt at a URL may start: for the rate, and then, where the runs of a client share them,
// for a place at the host. It returns false if the run ends first; else whoever has made the attempt must dismiss it.
func (w *worker) admit(url string) bool {
	for _, limit := range w.opts.Limits {
		if err := limit.Wait(w.ctx); err != nil {
			return false
		}
	}
	if w.ctx.Err() != nil || w.sharesHosts() && !w.client.gate.enter(w.ctx, hostOf(url), w.opts.PerHost) {
		return false
	}
	w.entered()
	w.admitted = true
	return true
}

// dismiss gives the place of an attempt back.
func (w *worker) dismiss(url string) {
	w.admitted = false
	w.left()
	if w.sharesHosts() {
		w.client.gate.leave(hostOf(url))
	}
}

func (w *worker) sharesHosts() bool { return w.client.gate != nil && w.opts.PerHost > 0 }

// fetch makes attempts, the first of them now, until one succeeds, or there is no use in or no leave for another. It
// returns when that was.
func (w *worker) fetch(r *Result, now time.Time) (ended time.Time) {
	if r.Target.Spec != w.spec {
		w.spec = r.Target.Spec
		w.shape = w.client.planner.shapeOf(w.spec)
	}
	for retry := 0; ; retry++ {
		err := w.attempt.do(w.ctx, r, w.shape, now)
		w.cause = err
		w.dismiss(r.Target.URL)
		if r.Requests == 0 {
			// Cut off before its request was sent: whatever was prepared for it, the target was not run.
			*r = Result{Index: r.Index, Target: r.Target, RunStarted: r.RunStarted, Queued: r.Queued}
			return now
		}
		if retry == w.opts.Retries || !worthRetrying(r, err) {
			return w.attempt.finished.End
		}
		if !sleep(w.ctx, retryWait(retry, r)) || !w.admit(r.Target.URL) {
			return time.Now()
		}
		now = time.Now()
	}
}

// worthRetrying tells whether another attempt may end better, and does no harm.
func worthRetrying(r *Result, err error) bool {
	if !r.Target.Spec.idempotent() {
		return false
	}
	if err != nil {
		return !permanent(r.ErrorCode) && crash.In(err) == nil &&
			(r.ErrorCode != CodeGeneric || r.Response.Conn.RemoteIP != "")
	}
	switch r.Status {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	default:
		return false
	}
}

// retryWait is how long to wait before the next attempt: what the server asks for, else a random part of a time that
// doubles with each attempt, so that many clients do not come back all at once.
func retryWait(retry int, r *Result) time.Duration {
	if wait, ok := retryAfter(r.Response.Header().Get("Retry-After"), time.Now()); ok {
		return min(wait, retryMax)
	}
	longest := retryMax
	if retry < 8 { //nolint:mnd // 100 ms << 8 is close to the bound
		longest = min(retryBase<<retry, retryMax)
	}
	return rand.N(longest) + 1 // #nosec G404 -- jitter
}

// retryAfter reads a Retry-After header: seconds or a date (RFC 9110, section 10.2.3). A date that has passed is now.
func retryAfter(value string, now time.Time) (time.Duration, bool) {
	if wait, ok := delaySeconds(value); ok {
		return wait, true
	}
	if date, err := http.ParseTime(value); err == nil {
		return max(date.Sub(now), 0), true
	}
	return 0, false
}

// delaySeconds reads decimal seconds, of any size: from retryMax on they are all the same. Servers also send fractions,
// which it rounds up, because who comes early is refused again.
func delaySeconds(value string) (time.Duration, bool) {
	whole, fraction, hasFraction := strings.Cut(value, ".")
	if !isDigits(whole) || hasFraction && !isDigits(fraction) {
		return 0, false
	}
	seconds, _ := strconv.ParseUint(whole, 10, 64) // which is the largest number if the text is out of range
	wait := time.Duration(min(seconds, uint64(retryMax/time.Second))) * time.Second
	if strings.Trim(fraction, "0") != "" {
		wait += time.Second
	}
	return wait, true
}

func isDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// sleep waits, and returns false if ctx ends first.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
