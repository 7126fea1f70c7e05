package fetch

import (
	"io"
	"net/http"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/expect"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/crash"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/failure"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/urltext"
)

// worker takes one target after another from the schedule, until there are none or the run is cut off.
type worker struct {
	*execution

	session *transport.Session
	request transport.Request
	judge   expect.Judge
	inspect func(*transport.Head) io.Writer // has the judge read a body
	cookies transport.OwnCookies            // of the target under way
	result  Result
	// response belongs to the result. details are shared by the results of this worker.
	response Response
	details  sharedDetails
	// cause is why the last attempt failed, nil if it did not.
	cause error
	// begun reports whether result is that of the target under way, admitted whether the target takes a place.
	begun, admitted bool
}

// prepare creates the session. It is called before the run can be cut off.
func (w *worker) prepare(e *execution) {
	w.execution = e
	cfg := transport.SessionConfig{
		Exchanged: func(x *transport.Exchange) { w.obs.Exchanged(&w.result.Target, x) },
		KeepPlans: e.schedule.feed == nil && e.tally.Count <= transport.MaxPlans, // a page is visited again
		Shapes:    &e.shapes,
	}
	if wrap := e.client.wrap; wrap != nil {
		cfg.Wrap = func(rt http.RoundTripper) http.RoundTripper { return wrap(&w.result.Target, rt) }
	}
	w.session = e.client.network.NewSession(cfg)
	w.inspect = func(*transport.Head) io.Writer {
		spec := w.result.Target.Spec
		return w.judge.Begin(spec.Expect, spec.ResponseType != transport.ResponseNone)
	}
	if e.opts.LateCookies {
		w.request.Own = &w.cookies
	}
}

// loop takes one job after another.
func (w *worker) loop() {
	growStack()
	defer w.session.End()
	w.work()
}

// startWith does a job before others.
func (w *worker) startWith(j job) {
	growStack()
	defer w.session.End()
	w.run(j)
	w.schedule.release(j)
	w.work()
}

func (w *worker) work() {
	for !w.isOver() {
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
	if set := w.cookies.Set; set != nil {
		w.cookies.Set = nil
		w.guard(func() { w.late.add(r.Index, r.Target.Spec.Jar, set) })
	}
	if r.State != StateNotRun {
		r.Elapsed = ended.Sub(w.start) - r.Started()
		var stored *Stored
		if page := r.Target.Spec.Page; page != nil {
			w.guard(func() { stored = page.Judge(r) })
		}
		if r.Target.Spec.Expect != nil && r.answered() {
			w.expect(r, stored)
		}
		w.guard(func() { w.obs.Finished(r, ended) })
		w.explain(r)
	}
	w.emit(r)
}

// explain reports a target that has no answer, and why.
func (w *worker) explain(r *Result) {
	if w.cause == nil || w.opts.Unanswered == nil || r.State != StateFailed || w.ctx.Err() != nil {
		return
	}
	cause := failure.Explained(r.Method(), r.URL(), w.cause)
	w.guard(func() { w.opts.Unanswered(r, cause) })
}

// try fetches one target and returns when it ended. An error is a panic.
func (w *worker) try(j job) (ended time.Time, err error) {
	defer crash.To(&err)
	w.begun, w.cause, w.request.Trace = false, nil, nil
	if j.broken != nil {
		return ended, j.broken
	}
	if stored := w.stored(j); stored != nil {
		now := w.begin(&w.result, j)
		w.begun = true
		w.recall(&w.result, stored)
		return now, nil
	}
	admitted := w.admit(j.target.URL)
	now := w.begin(&w.result, j)
	w.begun = true
	if admitted {
		ended = w.fetch(&w.result, now)
	}
	return ended, nil
}

// crash makes the result of a target that panicked a failed one.
func (w *worker) crash(j job, err error) (ended time.Time) {
	if w.admitted {
		w.dismiss(j.target.URL)
	}
	if !w.begun {
		w.begin(&w.result, j)
	}
	r := &w.result
	w.ask(r)
	out := w.session.Crash(w.ctx, &w.request, err, r.Requests == 0)
	w.record(r, out)
	return out.Ended
}

// admit waits until the next attempt at a URL may start: first for the rate, then, with shared limits, for a place at
// the host. It returns false if the run ends first. After true, the caller must call dismiss.
func (w *worker) admit(url string) bool {
	for _, limit := range w.opts.Limits {
		if err := limit.Wait(w.starting); err != nil {
			return false
		}
	}
	if w.isDrained() || w.starting.Err() != nil {
		return false
	}
	if w.sharesHosts() && !w.client.gate.enter(w.starting, urltext.Host(url), w.opts.PerHost) {
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
		w.client.gate.leave(urltext.Host(url))
	}
}

func (w *worker) sharesHosts() bool { return w.client.gate != nil && w.opts.PerHost > 0 }

// fetch makes attempts, the first of them now, until one succeeds, or another would not help or is not allowed. It
// returns when the last one ended.
func (w *worker) fetch(r *Result, now time.Time) (ended time.Time) {
	w.ask(r)
	if tracer := r.Target.Spec.Tracer; tracer != nil {
		w.request.Trace = tracer.Begin(w.ctx)
	}
	for retry := 0; ; retry++ {
		out := w.session.Do(w.ctx, &w.request, now)
		w.cause = out.Err
		w.dismiss(r.Target.URL)
		if !out.Cut || r.Attempts == 0 {
			ended = out.Ended
		}
		w.record(r, out)
		if r.Requests == 0 {
			// The run was cut off before the request was sent, so the target was not run.
			*r = Result{Index: r.Index, Target: r.Target, RunStarted: r.RunStarted, Due: r.Due, Queued: r.Queued}
			return now
		}
		if retry == w.opts.Retries || !worthRetrying(r, out.Err) {
			return ended
		}
		if !sleep(w.starting, retryWait(retry, r)) || !w.admit(r.Target.URL) {
			return time.Now()
		}
		now = time.Now()
	}
}

// ask points the request at a target.
func (w *worker) ask(r *Result) {
	w.request.URL, w.request.Spec, w.request.Inspect = r.Target.URL, &r.Target.Spec.Spec, nil
	if r.Target.Spec.Expect.ReadsBody() {
		w.request.Inspect = w.inspect
	}
}

// record writes the outcome of an attempt into the result. If an attempt was cut off before its last request was sent,
// the result stays that of the attempt before, if there was one.
func (w *worker) record(r *Result, out *transport.Outcome) {
	r.Requests += out.Requests
	r.Resent += out.Resent
	if out.Cut && r.Attempts > 0 {
		return
	}
	r.Attempts++
	resp := &out.Response
	r.State, r.Status, r.ErrorCode, r.Error = StateFailed, resp.Status, out.ErrorCode, out.Error
	r.Bytes, r.Timings, r.Reused = resp.Bytes, out.Timings, out.Reused
	r.EarlyData, r.Fallback = out.EarlyData, out.Fallback
	w.response = Response{
		URL: resp.URL, SentHeader: resp.SentHeader, StatusText: resp.StatusText, Proto: resp.Proto, Conn: resp.Conn,
		Body: resp.Body, Redirects: resp.Redirects, header: resp.Header,
	}
	if resp.Head != nil {
		w.response.plain = w.details.of(resp.Head, resp.Conn, r.Fallback)
	}
	r.Response = &w.response
	if w.request.Trace != nil {
		r.Response.Trace = w.request.Trace.Sent()
	}
	if out.Err == nil {
		r.State = r.Target.Spec.StateOf(r.Status)
	}
}

// guard calls foreign code whose panic must end only the call.
func (e *execution) guard(f func()) { e.client.network.Guard(f) }
