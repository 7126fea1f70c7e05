package aggregate

import (
	"strings"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/budget"
	"github.com/xk6-fetch/xk6-fetch/fetch/expect"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/certificate"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/urltext"
)

// Sample is what is kept of a single result. It holds no body. It has many fields because a result has.
type Sample struct {
	Name, Key string
	// URL is where the result ended, user info masked.
	Method, URL string
	State       fetch.State
	Status      int
	ErrorCode   int
	Error       string
	Attempts    int
	Resent      int
	Requests    int
	Bytes       int64
	Reused      bool
	EarlyData   bool
	// Fallback says why it did not go over HTTP/3 although that was offered.
	Fallback string
	// FromCache reports whether it came from a cache, without a request. Resource is what it is to a page, nil if it
	// belongs to none. User info is masked in it.
	FromCache bool
	Resource  *fetch.Resource
	Due       time.Duration
	Queued    time.Duration
	Elapsed   time.Duration
	Timings   transport.Timings
	Budget    budget.Checks
	Expect    *expect.Expectation
	Unmet     []expect.Unmet
	// TraceID is empty if it has none.
	TraceID string
	// Sent is of the last request, which Bytes and Timings are of as well.
	Sent transport.Sent
	// DaysLeft is for how many days the certificate was still valid. Certified reports whether there was one.
	DaysLeft  int
	Certified bool
	// Detail is nil unless it was kept: it is for the slowest, for those that failed, and for the first rows.
	Detail *Detail
}

// SampleOf returns what is kept of a result, without details.
func SampleOf(r *fetch.Result) Sample {
	s := Sample{
		Key: kept(r.Key()), Method: r.Method(), URL: kept(r.URL()), State: r.State,
		Status: r.Status, ErrorCode: r.ErrorCode, Error: cut(r.Error),
		Attempts: r.Attempts, Resent: r.Resent, Requests: r.Requests, Bytes: r.Bytes, Reused: r.Reused,
		EarlyData: r.EarlyData, Fallback: cut(r.Fallback), FromCache: r.FromCache, Resource: resourceOf(r),
		Due: r.Due, Queued: r.Queued, Elapsed: r.Elapsed, Timings: r.Timings,
		TraceID: strings.Clone(r.TraceID()), Sent: r.LastSent(),
	}
	if spec := r.Target.Spec; spec != nil {
		s.Budget, s.Expect, s.Unmet = spec.Budget, spec.Expect, r.Unmet
	}
	s.DaysLeft, s.Certified = r.DaysLeft()
	s.Name = s.URL // one text, not two alike
	if name := cut(r.Name()); name != s.URL {
		s.Name = strings.Clone(name)
	}
	return s
}

// resourceOf returns a copy of what a result is to its page.
func resourceOf(r *fetch.Result) *fetch.Resource {
	about := r.Resource()
	if about == nil {
		return nil
	}
	c := *about
	c.InitiatorURL = kept(urltext.Mask(c.InitiatorURL))
	return &c
}

// kept is a bounded copy of a text, which may be a part of something large.
func kept(s string) string { return strings.Clone(cut(s)) }

// Label is what a person would call the result.
func (s *Sample) Label() string {
	if s.Key != "" {
		return s.Key
	}
	return s.Name
}

// Cause is why the result failed.
func (s *Sample) Cause() Cause { return Cause{s.ErrorCode, s.Status, s.Error} }

// Timeline is a run whose results are looked at one by one.
type Timeline struct {
	Totals

	Mode        string
	Concurrency int
	Started     time.Time
	// Number is which run of its mode it is, from 1 on in the order of their ends, and Why says why it is kept, by the
	// constants Slowest, MostFailures, Last and Recent. Those of a comparison have neither.
	Number int
	Why    []string
	// Visit is what became of the page that the results are of, nil if they are of none.
	Visit *Visit
	// Rows are the results in the order of the targets: the first ones, if there are too many.
	Rows []Sample

	held *held // where the rows are to come from; nil if they are there
}

// DetailedRows is how many rows of a timeline have details: the first ones.
const DetailedRows = 600

// TimelineOf makes a timeline of up to limit results of a run.
func TimelineOf(mode string, run *fetch.Run, limit int) *Timeline {
	t := lineOf(mode, run)
	t.Rows = rowsOf(run, limit, DetailedRows)
	return t
}

// lineOf makes a timeline without rows.
func lineOf(mode string, run *fetch.Run) *Timeline {
	t := &Timeline{Mode: mode, Concurrency: run.Concurrency, Started: run.Started, Visit: visitOf(run)}
	t.add(run)
	return t
}

// rowsOf copies up to limit results of a run, of which up to detailed have details.
func rowsOf(run *fetch.Run, limit, detailed int) []Sample {
	rows := make([]Sample, min(run.Results.Len(), limit))
	var made details
	var r fetch.Result
	for i := range rows {
		run.Results.Read(i, &r)
		rows[i] = SampleOf(&r)
		if i < detailed && r.State != fetch.StateNotRun {
			rows[i].Detail = made.of(&r)
		}
	}
	return rows
}

// Times returns all times of the result, by phase.
func (s *Sample) Times() [Phases]time.Duration { return TimesOf(s.Result()) }

// Result is the result that the sample is of, as far as it is kept.
func (s *Sample) Result() *fetch.Result {
	spec := &fetch.Spec{Name: s.Name, Budget: s.Budget, Expect: s.Expect}
	spec.Method = s.Method
	if s.Resource != nil {
		spec.Page, spec.Type = keptResource{s.Resource}, s.Resource.Type
	}
	var response *fetch.Response
	if s.Certified && spec.Budget.Have(budget.CertificateDays) {
		response = &fetch.Response{Conn: s.connection()}
	}
	return &fetch.Result{
		Response: response,
		Target:   fetch.Target{URL: s.URL, Key: &s.Key, Spec: spec},
		State:    s.State, Status: s.Status, ErrorCode: s.ErrorCode, Error: s.Error, Unmet: s.Unmet,
		Attempts: s.Attempts, Resent: s.Resent,
		Requests: s.Requests, Bytes: s.Bytes, Reused: s.Reused, EarlyData: s.EarlyData,
		Fallback: s.Fallback, FromCache: s.FromCache,
		Due: s.Due, Queued: s.Queued, Elapsed: s.Elapsed, Timings: s.Timings,
	}
}

// connection returns a connection whose certificate has as many days left as that of the sample. Nothing else of it is
// known, and the sample's result does not know when its run began.
func (s *Sample) connection() *transport.ConnInfo {
	ended := time.Time{}.Add(s.Due + s.Queued + s.Elapsed)
	return transport.WithCertificate(&certificate.Info{NotAfter: ended.AddDate(0, 0, s.DaysLeft)})
}

// keptResource is the page of a sample's result, which knows of nothing but that.
type keptResource struct{ about *fetch.Resource }

var _ fetch.Page = keptResource{}

// Resource implements fetch.Page.
func (k keptResource) Resource(int) *fetch.Resource { return k.about }

// Stored implements fetch.Page.
func (keptResource) Stored(int) *fetch.Stored { return nil }

// Judge implements fetch.Page.
func (keptResource) Judge(*fetch.Result) *fetch.Stored { return nil }
