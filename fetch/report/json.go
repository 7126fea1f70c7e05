package report

import (
	"bytes"
	"encoding/json"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/budget"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
)

// SchemaVersion is raised when a reader of the JSON report would have to change.
const SchemaVersion = 1

// The JSON report, which schema.json describes. Times are in milliseconds.
type (
	// Document is the whole report.
	Document struct {
		Version    int             `json:"version"`
		Title      string          `json:"title"`
		Verdict    string          `json:"verdict"`
		Passed     bool            `json:"passed"`
		Begun      time.Time       `json:"begun"`
		Wall       float64         `json:"wall"`
		Totals     totals          `json:"totals"`
		Modes      []modeRecord    `json:"modes"`
		Times      map[string]dist `json:"times"`
		Budgets    []budgetRecord  `json:"budgets"`
		Names      []nameRecord    `json:"names"`
		Failures   []failureRecord `json:"failures"`
		Slowest    []sampleRecord  `json:"slowest"`
		Failed     []sampleRecord  `json:"failed"`
		Runs       []runRecord     `json:"runs"`
		Series     *seriesRecord   `json:"series,omitempty"`
		Comparison *comparedRecord `json:"comparison,omitempty"`
		Baseline   *againstRecord  `json:"baseline,omitempty"`
		K6         *k6Record       `json:"k6,omitempty"`
	}
	totals struct {
		Runs       int     `json:"runs"`
		Count      int     `json:"count"`
		Ok         int     `json:"ok"`
		Failed     int     `json:"failed"`
		NotRun     int     `json:"notRun"`
		OverBudget int     `json:"overBudget"`
		Requests   int     `json:"requests"`
		Bytes      int64   `json:"bytes"`
		Elapsed    float64 `json:"elapsed"`
		Total      float64 `json:"total"`
		Speedup    float64 `json:"speedup"`
		Peak       int     `json:"peak"`
	}
	modeRecord struct {
		Mode string `json:"mode"`
		totals
	}
	dist struct {
		Count   int          `json:"count"`
		Min     float64      `json:"min"`
		Mean    float64      `json:"mean"`
		P50     float64      `json:"p50"`
		P90     float64      `json:"p90"`
		P95     float64      `json:"p95"`
		P99     float64      `json:"p99"`
		Max     float64      `json:"max"`
		Buckets [][3]float64 `json:"buckets,omitempty"`
	}
	nameRecord struct {
		Name       string          `json:"name"`
		Rest       bool            `json:"rest,omitempty"`
		Count      int             `json:"count"`
		Ok         int             `json:"ok"`
		Failed     int             `json:"failed"`
		NotRun     int             `json:"notRun"`
		OverBudget int             `json:"overBudget"`
		Requests   int             `json:"requests"`
		Bytes      int64           `json:"bytes"`
		Causes     []causeRecord   `json:"causes"`
		Times      map[string]dist `json:"times"`
		Sizes      *dist           `json:"sizes,omitempty"`
	}
	causeRecord struct {
		Code   int    `json:"code"`
		Status int    `json:"status"`
		Error  string `json:"error"`
		Count  int    `json:"count"`
	}
	failureRecord struct {
		causeRecord
		Names []nameCount `json:"names"`
	}
	nameCount struct {
		Name  string `json:"name"`
		Count int    `json:"count"`
	}
	sampleRecord struct {
		Name      string             `json:"name"`
		Key       string             `json:"key,omitempty"`
		Method    string             `json:"method"`
		URL       string             `json:"url"`
		State     string             `json:"state"`
		Status    int                `json:"status"`
		ErrorCode int                `json:"error_code"`
		Error     string             `json:"error"`
		Attempts  int                `json:"attempts"`
		Resent    int                `json:"resent"`
		Requests  int                `json:"requests"`
		Bytes     int64              `json:"bytes"`
		Reused    bool               `json:"reused"`
		Timings   map[string]float64 `json:"timings"`
		Budget    []budget.Record    `json:"budget,omitempty"`
	}
	runRecord struct {
		Mode        string    `json:"mode"`
		Number      int       `json:"number,omitempty"`
		Why         []string  `json:"why,omitempty"`
		Concurrency int       `json:"concurrency"`
		Started     time.Time `json:"started"`
		totals
		Results []sampleRecord `json:"results,omitempty"`
	}
	comparedRecord struct {
		Count      int       `json:"count"`
		Speedup    float64   `json:"speedup"`
		Sequential runRecord `json:"sequential"`
		Concurrent runRecord `json:"concurrent"`
	}
)

func writeJSON(s *Subject, opts Options) (string, error) {
	return marshal(documentOf(s, opts))
}

// marshal writes JSON that may stand in HTML too: <, > and & are escaped.
func marshal(v any) (string, error) {
	var out bytes.Buffer
	if err := json.NewEncoder(&out).Encode(v); err != nil {
		return "", err
	}
	return out.String(), nil
}

func documentOf(s *Subject, opts Options) *Document {
	d := &Document{
		Version: SchemaVersion, Title: clean(opts.Title), Verdict: verdict(s), Passed: s.passed(),
		Begun: s.Begun.UTC(), Wall: ms(s.Wall), Totals: totalsOf(&s.Totals),
		Modes: []modeRecord{}, Times: distributions(s.All, func(aggregate.Phase) bool { return true }),
		Budgets: budgetRecords(s.Budgets),
		Names:   make([]nameRecord, len(s.Names)), Failures: make([]failureRecord, len(s.Failures)),
		Slowest: sampleRecords(s.SlowestResults), Failed: sampleRecords(s.FailedResults), Runs: []runRecord{},
		Series: seriesRecordOf(s.Series), Baseline: againstRecordOf(s.against), K6: k6RecordOf(s),
	}
	for i := range s.Modes {
		d.Modes = append(d.Modes, modeRecord{s.Modes[i].Mode, totalsOf(&s.Modes[i].Totals)})
	}
	for i, n := range s.Names {
		d.Names[i] = nameRecord{
			Name: clean(n.Name), Rest: n.Rest, Count: n.Count, Ok: n.Ok, Failed: n.Failed, NotRun: n.NotRun,
			OverBudget: n.OverBudget, Requests: n.Requests, Bytes: n.Bytes, Causes: []causeRecord{},
			Times: distributions(n, func(p aggregate.Phase) bool { return p == aggregate.Elapsed }), Sizes: sizesOf(&n.Sizes),
		}
		for _, c := range causes(n) {
			d.Names[i].Causes = append(d.Names[i].Causes, causeRecordOf(c.Cause, c.count))
		}
	}
	for i := range s.Failures {
		f := &s.Failures[i]
		d.Failures[i] = failureRecord{causeRecordOf(f.Cause, f.Count), make([]nameCount, len(f.Names))}
		for j, n := range f.Names {
			d.Failures[i].Names[j] = nameCount{clean(n.Name), n.Count}
		}
	}
	for _, t := range s.Timelines {
		d.Runs = append(d.Runs, runRecordOf(t))
	}
	if c := s.Comparison; c != nil {
		d.Comparison = &comparedRecord{
			Count: c.Count, Speedup: c.Speedup(),
			Sequential: runRecordOf(c.Sequential), Concurrent: runRecordOf(c.Concurrent),
		}
	}
	return d
}

func totalsOf(t *aggregate.Totals) totals {
	return totals{
		t.Runs, t.Count, t.Ok, t.Failed, t.NotRun, t.OverBudget, t.Requests, t.Bytes, ms(t.Elapsed), ms(t.Total),
		t.Speedup(), t.Peak,
	}
}

func causeRecordOf(c aggregate.Cause, count int) causeRecord {
	return causeRecord{c.Code, c.Status, reason(c), count}
}

// distributions are those of all phases, and of some with their buckets.
func distributions(n *aggregate.Name, buckets func(aggregate.Phase) bool) map[string]dist {
	all := make(map[string]dist, aggregate.Phases)
	for phase := range aggregate.Phases {
		h := &n.Times[phase]
		d := dist{
			Count: h.Count(), Min: ms(h.Min()), Mean: ms(h.Mean()), P50: ms(h.Percentile(median)), P90: ms(h.Percentile(upper)),
			P95: ms(h.Percentile(nearlyAll)), P99: ms(h.Percentile(outliers)), Max: ms(h.Max()),
		}
		if buckets(phase) {
			for b := range h.Buckets() {
				d.Buckets = append(d.Buckets, [3]float64{ms(b.Low), ms(b.High), float64(b.Count)})
			}
		}
		all[phase.String()] = d
	}
	return all
}

// sizesOf is the distribution of sizes, nil if there are none.
func sizesOf(h *aggregate.Histogram) *dist {
	if h.Count() == 0 {
		return nil
	}
	bytes := func(d time.Duration) float64 { return float64(inBytes(d)) }
	percentile := func(p float64) float64 { return bytes(h.Percentile(p)) }
	d := &dist{
		Count: h.Count(), Min: bytes(h.Min()), Mean: bytes(h.Mean()), P50: percentile(median), P90: percentile(upper),
		P95: percentile(nearlyAll), P99: percentile(outliers), Max: bytes(h.Max()),
	}
	for b := range h.Buckets() {
		d.Buckets = append(d.Buckets, [3]float64{bytes(b.Low), bytes(b.High), float64(b.Count)})
	}
	return d
}

func sampleRecords(samples []aggregate.Sample) []sampleRecord {
	records := make([]sampleRecord, len(samples))
	for i := range samples {
		s := &samples[i]
		records[i] = sampleRecord{
			Name: clean(s.Name), Key: clean(s.Key), Method: clean(s.Method), URL: clean(s.URL), State: s.State.String(),
			Status: s.Status, ErrorCode: s.ErrorCode, Error: clean(s.Error), Attempts: s.Attempts, Resent: s.Resent,
			Requests: s.Requests, Bytes: s.Bytes, Reused: s.Reused, Timings: make(map[string]float64, aggregate.Phases),
			Budget: budget.Records(s.Result().Verdicts()),
		}
		for phase, d := range s.Times() {
			records[i].Timings[aggregate.Phase(phase).String()] = ms(d)
		}
	}
	return records
}

func runRecordOf(t *aggregate.Timeline) runRecord {
	return runRecord{
		t.Mode, t.Number, t.Why, t.Concurrency, t.Started.UTC(), totalsOf(&t.Totals), sampleRecords(t.Rows),
	}
}
