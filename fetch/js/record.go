package js

import (
	"slices"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/metrics"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/budget"
	"github.com/xk6-fetch/xk6-fetch/fetch/expect"
	"github.com/xk6-fetch/xk6-fetch/fetch/js/work"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/certificate"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/urltext"
)

// runRecord is what toJSON() gives of a run: what a report needs, without headers and bodies. It has many fields: one
// for each key that index.d.ts describes.
type runRecord struct {
	Mode        string          `json:"mode"`
	Concurrency int             `json:"concurrency"`
	Elapsed     float64         `json:"elapsed"`
	Total       float64         `json:"total"`
	Speedup     float64         `json:"speedup"`
	Peak        int             `json:"peak"`
	Count       int             `json:"count"`
	Ok          int             `json:"ok"`
	Failed      int             `json:"failed"`
	NotRun      int             `json:"notRun"`
	Requests    int             `json:"requests"`
	Bytes       int64           `json:"bytes"`
	OverBudget  int             `json:"overBudget"`
	Budget      []budget.Record `json:"budget"`
	*visitRecord

	Results []resultRecord `json:"results"`
}

// resultRecord is one result in it. It has many fields: one for each key that index.d.ts describes.
type resultRecord struct {
	Index     int                `json:"index"`
	Key       any                `json:"key"`
	Name      string             `json:"name"`
	URL       string             `json:"url"`
	State     string             `json:"state"`
	Ok        bool               `json:"ok"`
	Status    int                `json:"status"`
	Error     string             `json:"error"`
	ErrorCode int                `json:"error_code"`
	Started   float64            `json:"started"`
	Ended     float64            `json:"ended"`
	Reused    bool               `json:"reused"`
	Bytes     int64              `json:"bytes"`
	Attempts  int                `json:"attempts"`
	Resent    int                `json:"resent"`
	Timings   map[string]float64 `json:"timings"`
	Redirects []redirectRecord   `json:"redirects"`
	Budget    []budget.Record    `json:"budget"`
	Unmet     []expect.Record    `json:"unmet"`
	// Certificate is null without TLS.
	Certificate *certificate.Record `json:"certificate"`
	TraceID     string              `json:"trace_id,omitempty"`
	EarlyData   bool                `json:"early_data"`
	Fallback    string              `json:"fallback"`
	*resourceRecord
}

// visitRecord is what a run has besides that was a page's, and resourceRecord what each of its results has.
type visitRecord struct {
	Timings struct {
		Document float64 `json:"document"`
		Blocking float64 `json:"blocking"`
		Load     float64 `json:"load"`
	} `json:"timings"`
	Hits      int `json:"hits"`
	Validated int `json:"validated"`
	Misses    int `json:"misses"`
	Skipped   int `json:"skipped"`
}

type resourceRecord struct {
	Type      string           `json:"type"`
	Priority  string           `json:"priority"`
	Blocking  bool             `json:"blocking"`
	FromCache bool             `json:"fromCache"`
	Initiator *initiatorRecord `json:"initiator"`
}

type initiatorRecord struct {
	Index   int    `json:"index"`
	Element string `json:"element"`
	URL     string `json:"url"`
}

func visitRecordOf(run *fetch.Run) *visitRecord {
	load := run.Page
	if load == nil {
		return nil
	}
	record := &visitRecord{Hits: load.Hits, Validated: load.Validated, Misses: load.Misses, Skipped: load.Skipped}
	record.Timings.Document = metrics.D(load.Document)
	record.Timings.Blocking = metrics.D(load.Blocking)
	record.Timings.Load = metrics.D(load.Load)
	return record
}

func resourceRecordOf(r *fetch.Result) *resourceRecord {
	about := r.Resource()
	if about == nil {
		return nil
	}
	record := &resourceRecord{
		Type: about.Type, Priority: about.Priority, Blocking: about.Blocking, FromCache: r.FromCache,
	}
	if about.Initiator >= 0 {
		record.Initiator = &initiatorRecord{about.Initiator, about.Element, urltext.Mask(about.InitiatorURL)}
	}
	return record
}

// certificateRecordOf returns the server's certificate, nil without TLS.
func certificateRecordOf(r *fetch.Result) *certificate.Record {
	daysLeft, _ := r.DaysLeft()
	return r.Certificate().Record(daysLeft)
}

type redirectRecord struct {
	URL     string             `json:"url"`
	Status  int                `json:"status"`
	Timings map[string]float64 `json:"timings"`
}

func runRecordOf(mode work.Mode, run *fetch.Run) *runRecord {
	record := &runRecord{
		Mode: string(mode), Concurrency: run.Concurrency,
		Elapsed: metrics.D(run.Elapsed), Total: metrics.D(run.Total), Speedup: run.Speedup(),
		Peak: run.Peak, Count: run.Count, Ok: run.Ok, Failed: run.Failed, NotRun: run.NotRun,
		Requests: run.Requests, Bytes: run.Bytes,
		OverBudget: run.OverBudget, Budget: budget.Records(slices.Values(run.Budget)),
		Results: []resultRecord{}, visitRecord: visitRecordOf(run),
	}
	for _, r := range run.Results.All() {
		record.Results = append(record.Results, recordOf(r))
	}
	return record
}

func recordOf(r *fetch.Result) resultRecord {
	record := resultRecord{
		Index: r.Index, Key: r.Index, Name: r.Name(), URL: r.URL(), State: r.State.String(), Ok: r.Ok(),
		Status: r.Status, Error: r.Error, ErrorCode: r.ErrorCode,
		Started: metrics.D(r.Started()), Ended: metrics.D(r.Ended()),
		Reused: r.Reused, Bytes: r.Bytes, Attempts: r.Attempts, Resent: r.Resent,
		TraceID: r.TraceID(), EarlyData: r.EarlyData, Fallback: r.Fallback,
		Timings: make(map[string]float64, len(timingKeys)), Redirects: []redirectRecord{},
		Budget: budget.Records(r.Verdicts()), Unmet: expect.Records(r.Unmet),
		Certificate: certificateRecordOf(r), resourceRecord: resourceRecordOf(r),
	}
	if r.Target.Key != nil {
		record.Key = *r.Target.Key
	}
	for _, key := range timingKeys {
		d, _ := timing(r, key)
		record.Timings[key] = metrics.D(d)
	}
	if r.Response != nil {
		for i := range r.Response.Redirects {
			hop := &r.Response.Redirects[i]
			timings := make(map[string]float64, len(phaseKeys))
			for _, key := range phaseKeys {
				d, _ := phase(&hop.Timings, key)
				timings[key] = metrics.D(d)
			}
			record.Redirects = append(record.Redirects, redirectRecord{hop.URL, hop.Status, timings})
		}
	}
	return record
}

// verdicts makes an array of plain objects.
func (mi *Instance) verdicts(records []budget.Record) sobek.Value {
	values := make([]any, len(records))
	for i := range records {
		value := sobek.Null()
		if v := records[i].Value; v != nil {
			value = mi.rt.ToValue(*v)
		}
		values[i] = mi.object("check", records[i].Check, "ok", records[i].Ok, "value", value)
	}
	return mi.rt.NewArray(values...)
}

// unmet makes the array of the checks that a response does not meet.
func (mi *Instance) unmet(r *fetch.Result) sobek.Value {
	values := make([]any, len(r.Unmet))
	for i, u := range expect.Records(r.Unmet) {
		values[i] = mi.object("check", u.Check, "got", u.Got)
	}
	return mi.rt.NewArray(values...)
}
