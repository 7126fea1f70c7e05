package report

import (
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/phrase"

	"github.com/xk6-fetch/xk6-fetch/fetch/budget"
	"github.com/xk6-fetch/xk6-fetch/fetch/expect"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/certificate"
)

// SchemaVersion is raised when a reader of the JSON report would have to change.
const SchemaVersion = 1

// The JSON report, which schema.json describes. Times are in milliseconds.
type (
	// Document is the whole report.
	Document struct {
		Version int    `json:"version"`
		Title   string `json:"title"`
		outcome
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
	// outcome is what became of it all.
	outcome struct {
		Verdict string          `json:"verdict"`
		Passed  bool            `json:"passed"`
		Begun   time.Time       `json:"begun"`
		Wall    float64         `json:"wall"`
		Totals  totals          `json:"totals"`
		Modes   []modeRecord    `json:"modes"`
		Times   map[string]dist `json:"times"`
		Budgets []budgetRecord  `json:"budgets"`
		// Expected is left out where nothing was.
		Expected []budgetRecord `json:"expected,omitempty"`
		Pages    []pageRecord   `json:"pages,omitempty"`
		Types    []typeRecord   `json:"types,omitempty"`
	}
	totals struct {
		Runs       int     `json:"runs"`
		Count      int     `json:"count"`
		Ok         int     `json:"ok"`
		Failed     int     `json:"failed"`
		NotRun     int     `json:"notRun"`
		FromCache  int     `json:"fromCache,omitempty"`
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
		FromCache  int             `json:"fromCache,omitempty"`
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
	// sampleRecord is a single result. It has many fields because a result has.
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
		EarlyData bool               `json:"early_data,omitempty"`
		Fallback  string             `json:"fallback,omitempty"`
		Due       float64            `json:"due,omitempty"`
		Timings   map[string]float64 `json:"timings"`
		Budget    []budget.Record    `json:"budget,omitempty"`
		Unmet     []expect.Record    `json:"unmet,omitempty"`
		Resource  *resourceRecord    `json:"resource,omitempty"`
		// Certificate is absent without TLS, and where no details are kept.
		Certificate *certificate.Record `json:"certificate,omitempty"`
		TraceID     string              `json:"trace_id,omitempty"`
	}
	runRecord struct {
		Mode        string    `json:"mode"`
		Number      int       `json:"number,omitempty"`
		Why         []string  `json:"why,omitempty"`
		Concurrency int       `json:"concurrency"`
		Started     time.Time `json:"started"`
		totals
		Page    *visitRecord   `json:"page,omitempty"`
		Results []sampleRecord `json:"results,omitempty"`
	}
	// comparedRecord has the two runs by their modes, or the ways that a script has named.
	comparedRecord struct {
		Count      int         `json:"count"`
		Speedup    float64     `json:"speedup"`
		Sequential *runRecord  `json:"sequential,omitempty"`
		Concurrent *runRecord  `json:"concurrent,omitempty"`
		Ways       []runRecord `json:"ways,omitempty"`
	}
)

func writeJSON(s *Subject, opts Options) (string, error) {
	return phrase.Marshal(documentOf(s, opts))
}

func documentOf(s *Subject, opts Options) *Document {
	d := &Document{
		Version: SchemaVersion, Title: phrase.Clean(opts.Title),
		outcome: outcomeOf(s, func(aggregate.Phase) bool { return true }),
		Names:   make([]nameRecord, len(s.Names)), Failures: failureRecords(s.Failures),
		Slowest: sampleRecords(s.SlowestResults), Failed: sampleRecords(s.FailedResults), Runs: []runRecord{},
		Series: seriesRecordOf(s.Series), Baseline: againstRecordOf(s.Against), K6: k6RecordOf(s),
	}
	for i, n := range s.Names {
		d.Names[i] = nameRecord{
			Name: phrase.Clean(n.Name), Rest: n.Rest, Count: n.Count, Ok: n.Ok, Failed: n.Failed, NotRun: n.NotRun,
			FromCache: n.Hits, OverBudget: n.OverBudget, Requests: n.Requests, Bytes: n.Bytes, Causes: []causeRecord{},
			Times: distributions(n, func(p aggregate.Phase) bool { return p == aggregate.Elapsed }), Sizes: sizesOf(&n.Sizes),
		}
		for _, c := range phrase.Causes(n) {
			d.Names[i].Causes = append(d.Names[i].Causes, causeRecordOf(c.Cause, c.Count))
		}
	}
	for _, t := range s.Timelines {
		d.Runs = append(d.Runs, runRecordOf(t))
	}
	d.Comparison = comparedRecordOf(s.Comparison)
	return d
}

// outcomeOf is what became of it all. The times of some phases have their buckets.
func outcomeOf(s *Subject, buckets func(aggregate.Phase) bool) outcome {
	o := outcome{
		Verdict: phrase.Verdict(s), Passed: s.Passed(), Begun: s.Begun.UTC(), Wall: phrase.Millis(s.Wall),
		Totals: totalsOf(&s.Totals), Modes: make([]modeRecord, len(s.Modes)), Times: distributions(s.All, buckets),
		Budgets: budgetRecords(s.Budgets), Expected: budgetRecords(s.Expected),
		Pages: pageRecords(s.Pages, buckets(aggregate.Elapsed)),
		Types: typeRecords(s.Types),
	}
	for i := range s.Modes {
		o.Modes[i] = modeRecord{phrase.Clean(s.Modes[i].Mode), totalsOf(&s.Modes[i].Totals)}
	}
	return o
}

func failureRecords(failures []aggregate.Failure) []failureRecord {
	records := make([]failureRecord, len(failures))
	for i := range failures {
		f := &failures[i]
		records[i] = failureRecord{causeRecordOf(f.Cause, f.Count), make([]nameCount, len(f.Names))}
		for j, n := range f.Names {
			records[i].Names[j] = nameCount{phrase.Clean(n.Name), n.Count}
		}
	}
	return records
}

func comparedRecordOf(c *aggregate.Comparison) *comparedRecord {
	if c == nil {
		return nil
	}
	record := &comparedRecord{Count: c.Count, Speedup: c.Speedup()}
	for _, w := range c.Ways {
		record.Ways = append(record.Ways, runRecordOf(w))
	}
	if phrase.BothWays(phrase.FinishesOf(c)) {
		record.Sequential, record.Concurrent, record.Ways = &record.Ways[0], &record.Ways[1], nil
	}
	return record
}

func totalsOf(t *aggregate.Totals) totals {
	return totals{
		t.Runs, t.Count, t.Ok, t.Failed, t.NotRun, t.Hits, t.OverBudget, t.Requests, t.Bytes, phrase.Millis(t.Elapsed),
		phrase.Millis(t.Total), t.Speedup(), t.Peak,
	}
}

func causeRecordOf(c aggregate.Cause, count int) causeRecord {
	return causeRecord{c.Code, c.Status, phrase.Reason(c), count}
}

// distributions are those of all phases, and of some with their buckets.
func distributions(n *aggregate.Name, buckets func(aggregate.Phase) bool) map[string]dist {
	all := make(map[string]dist, aggregate.Phases)
	for phase := range aggregate.Phases {
		all[phase.String()] = distribution(&n.Times[phase], buckets(phase))
	}
	return all
}

// distribution is that of a time, with or without its buckets.
func distribution(h *aggregate.Histogram, buckets bool) dist {
	d := dist{
		Count: h.Count(), Min: phrase.Millis(h.Min()), Mean: phrase.Millis(h.Mean()),
		P50: phrase.Millis(h.Percentile(phrase.Median)), P90: phrase.Millis(h.Percentile(phrase.Upper)),
		P95: phrase.Millis(h.Percentile(phrase.NearlyAll)), P99: phrase.Millis(h.Percentile(phrase.Outliers)),
		Max: phrase.Millis(h.Max()),
	}
	if buckets {
		for b := range h.Buckets() {
			d.Buckets = append(d.Buckets, [3]float64{phrase.Millis(b.Low), phrase.Millis(b.High), float64(b.Count)})
		}
	}
	return d
}

// sizesOf is the distribution of sizes, nil if there are none.
func sizesOf(h *aggregate.Histogram) *dist {
	if h.Count() == 0 {
		return nil
	}
	bytes := func(d time.Duration) float64 { return float64(phrase.InBytes(d)) }
	percentile := func(p float64) float64 { return bytes(h.Percentile(p)) }
	d := &dist{
		Count: h.Count(), Min: bytes(h.Min()), Mean: bytes(h.Mean()), P50: percentile(phrase.Median),
		P90: percentile(phrase.Upper),
		P95: percentile(phrase.NearlyAll), P99: percentile(phrase.Outliers), Max: bytes(h.Max()),
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
			Name: phrase.Clean(s.Name), Key: phrase.Clean(s.Key), Method: phrase.Clean(s.Method), URL: phrase.Clean(s.URL),
			State:  s.State.String(),
			Status: s.Status, ErrorCode: s.ErrorCode, Error: phrase.Clean(s.Error), Attempts: s.Attempts, Resent: s.Resent,
			Requests: s.Requests, Bytes: s.Bytes, Reused: s.Reused,
			EarlyData: s.EarlyData, Fallback: phrase.Clean(s.Fallback), Due: phrase.Millis(s.Due),
			Timings: make(map[string]float64, aggregate.Phases), Budget: budget.Records(s.Result().Verdicts()),
			Unmet:    expect.Records(s.Unmet),
			Resource: resourceRecordOf(s), TraceID: s.TraceID,
		}
		for phase, d := range s.Times() {
			records[i].Timings[aggregate.Phase(phase).String()] = phrase.Millis(d)
		}
		if s.Detail != nil {
			records[i].Certificate = certificateRecordOf(s.Detail.Certificate, s.DaysLeft)
		}
	}
	return records
}

// certificateRecordOf returns what reports have of a certificate, nil for nil.
func certificateRecordOf(info *certificate.Info, daysLeft int) *certificate.Record {
	if info == nil {
		return nil
	}
	return aggregate.BoundedCertificate(info).Shortened(phrase.Clean).Record(daysLeft)
}

func runRecordOf(t *aggregate.Timeline) runRecord {
	return runRecord{
		phrase.Clean(t.Mode), t.Number, t.Why, t.Concurrency, t.Started.UTC(), totalsOf(&t.Totals),
		visitRecordOf(t.Visit), sampleRecords(t.Rows),
	}
}
