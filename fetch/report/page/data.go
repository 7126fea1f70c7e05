package page

import (
	"fmt"
	"strings"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/phrase"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/certificate"
)

// The data of the page's script. Times are in microseconds, and texts are named by their places.
type (
	pageData struct {
		Title string   `json:"title"`
		Texts []string `json:"texts"`
		// Rows are the single results: those of the lines, one line after the other, and then others that were kept.
		Rows    [][]int64    `json:"rows"`
		Details []detailData `json:"details"`
		// Resources are what rows are to the pages that needed them.
		Resources []resourceData       `json:"resources"`
		Certs     []certificateData    `json:"certificates"`
		Lines     []lineData           `json:"lines"`
		Compare   []int                `json:"compared"`
		Single    []int                `json:"single"`
		Phases    map[string]phaseData `json:"phases"`
		Names     [][]any              `json:"names"`
		Time      *timeData            `json:"time"`
	}
	lineData struct {
		Mode        string `json:"mode"`
		Why         string `json:"why"` // it is kept
		Started     int64  `json:"started"`
		Concurrency int    `json:"concurrency"`
		Elapsed     int64  `json:"elapsed"`
		Count       int    `json:"count"`
		Failed      int    `json:"failed"`
		NotRun      int    `json:"notRun"`
		Peak        int    `json:"peak"`
		// First is the place of its first row, and Rows how many it has.
		First int        `json:"first"`
		Rows  int        `json:"rows"`
		Visit *visitData `json:"visit,omitempty"`
	}
	phaseData struct {
		Count   int        `json:"count"`
		P50     int64      `json:"p50"`
		P95     int64      `json:"p95"`
		P99     int64      `json:"p99"`
		Buckets [][3]int64 `json:"buckets"`
	}
	// detailData is what a row opens to. The place of its certificate counts from 1; headers are pairs of texts.
	detailData struct {
		Proto     int64      `json:"proto"`
		Remote    int64      `json:"remote"`
		TLS       int64      `json:"tls"`
		Cipher    int64      `json:"cipher"`
		Cert      int        `json:"cert"`
		Sent      []int64    `json:"sent"`
		Received  []int64    `json:"received"`
		Redirects [][3]int64 `json:"redirects"`
		// MoreSent and MoreReceived are lines of headers that are left out.
		MoreSent     int   `json:"moreSent,omitempty"`
		MoreReceived int   `json:"moreReceived,omitempty"`
		BodySize     int64 `json:"body"`
	}
	certificateData struct {
		Subject string   `json:"subject"`
		Issuer  string   `json:"issuer"`
		From    string   `json:"from"`
		Until   string   `json:"until"`
		Left    string   `json:"left"` // in days
		Bad     bool     `json:"bad"`  // it should have been replaced
		Names   []string `json:"names"`
		Serial  string   `json:"serial"`
		SHA256  string   `json:"sha256"`
	}
	timeData struct {
		Width  int64       `json:"width"` // of a step
		Steps  int         `json:"steps"`
		Charts []chartData `json:"charts"`
		// Points are when they ended, how long they took, how many were in flight, and whether they failed.
		Points  [][4]float64 `json:"points"`
		Scatter *scatterData `json:"scatter"`
	}
	chartData struct {
		ID      string          `json:"id"`
		Title   string          `json:"title"`
		Unit    string          `json:"unit"`
		Max     float64         `json:"max"`
		Stacked bool            `json:"stacked"`
		Lines   []chartLineData `json:"lines"`
		// Worse are parts of the time, in steps.
		Worse [][2]int `json:"worse"`
	}
	chartLineData struct {
		Name   string    `json:"name"`
		Values []float64 `json:"values"`
	}
	scatterData struct {
		Low  float64 `json:"low"`
		High float64 `json:"high"`
		Most float64 `json:"most"`
		Log  bool    `json:"log"`
	}
)

// pageTexts gives each text a place.
type pageTexts struct {
	texts  []string
	places map[string]int64
}

func (t *pageTexts) place(s string) int64 {
	s = phrase.Clean(s)
	place, ok := t.places[s]
	if !ok {
		place = int64(len(t.texts))
		t.places[s] = place
		t.texts = append(t.texts, s)
	}
	return place
}

func pageDataOf(s *phrase.Subject, title string, charts *pageTime) *pageData {
	d := &pageData{
		Title: phrase.Clean(title), Rows: [][]int64{}, Details: []detailData{}, Certs: []certificateData{},
		Resources: []resourceData{}, Lines: []lineData{}, Phases: make(map[string]phaseData), Names: [][]any{},
	}
	texts := &pageTexts{places: make(map[string]int64)}
	texts.place("")
	d.addRows(s, texts)
	for _, p := range shownPhases {
		d.Phases[p.phase.String()] = phaseDataOf(&s.All.Times[p.phase])
	}
	causes := causesByName(s, texts)
	for _, n := range phrase.ByFailure(s.Names) {
		d.Names = append(d.Names, append(nameData(n), causes[n.Name]))
	}
	d.Texts = texts.texts
	d.Time = timeDataOf(charts)
	return d
}

// addRows adds the results of the lines, and those that were kept besides: the slowest, and some that failed.
func (d *pageData) addRows(s *phrase.Subject, texts *pageTexts) {
	details := &pageDetails{data: d, texts: texts, certs: make(map[string]int)}
	resources := &pageResources{data: d, texts: texts, places: make(map[resourceData]int64)}
	add := func(r *aggregate.Sample) {
		d.Rows = append(d.Rows, rowData(r, texts.place, details.place(r), resources.place(r)))
	}
	seen := make(map[rowKey]bool)
	var lines []*aggregate.Timeline
	lines, d.Compare, d.Single = linesOf(s)
	for _, t := range lines {
		d.Lines = append(d.Lines, lineData{
			t.Mode, strings.Join(t.Why, ", "), t.Started.Sub(s.Begun).Microseconds(),
			min(t.Concurrency, t.Count), t.Elapsed.Microseconds(), t.Count,
			t.Failed, t.NotRun, t.Peak, len(d.Rows), len(t.Rows), visitDataOf(t.Visit),
		})
		for i := range t.Rows {
			seen[keyOf(&t.Rows[i])] = true
			add(&t.Rows[i])
		}
	}
	for _, kept := range [][]aggregate.Sample{s.SlowestResults, s.FailedResults} {
		for i := range kept {
			if key := keyOf(&kept[i]); !seen[key] {
				seen[key] = true
				add(&kept[i])
			}
		}
	}
}

// rowKey identifies a result. Times are kept to the nanosecond, so no two results have the same. Phases are left out
// because a run keeps them rounded, and a result that has just ended has them unrounded.
type rowKey struct {
	url, name        string
	state            fetch.State
	started, elapsed time.Duration
}

func keyOf(r *aggregate.Sample) rowKey {
	return rowKey{r.URL, r.Label(), r.State, r.Due + r.Queued, r.Elapsed}
}

// rowData is a result as the script reads it: the places are those of its constants. What it is to a page, when it was
// due, its trace and why it did not go over HTTP/3 are the last, and left out if they are 0.
func rowData(r *aggregate.Sample, text func(string) int64, detail, resource int64) []int64 {
	var reused int64
	if r.Reused {
		reused |= 1
	}
	if r.EarlyData {
		reused |= 2
	}
	t := &r.Timings
	rest := []int64{resource, r.Due.Microseconds(), text(r.TraceID), text(r.Fallback)}
	for len(rest) > 0 && rest[len(rest)-1] == 0 {
		rest = rest[:len(rest)-1]
	}
	return append([]int64{
		text(r.Label()), text(r.URL), text(r.Method), int64(r.State), int64(r.Status), int64(r.ErrorCode), text(r.Error),
		int64(r.Attempts), r.Bytes, reused, r.Queued.Microseconds(), r.Elapsed.Microseconds(),
		t.Blocked.Microseconds(), t.LookingUp.Microseconds(), t.Connecting.Microseconds(), t.TLSHandshaking.Microseconds(),
		t.Sending.Microseconds(), t.Waiting.Microseconds(), t.Receiving.Microseconds(), text(phrase.BrokenChecks(r.Result())),
		text(r.Name), detail,
	}, rest...)
}

// pageDetails gives what rows open to its places, which count from 1.
type pageDetails struct {
	data  *pageData
	texts *pageTexts
	certs map[string]int
}

func (p *pageDetails) place(s *aggregate.Sample) int64 {
	d := s.Detail
	if d == nil {
		return 0
	}
	fields := func(fields []aggregate.Field) []int64 {
		pairs := make([]int64, 0, 2*len(fields)) //nolint:mnd // pairs
		for _, f := range fields {
			pairs = append(pairs, p.texts.place(f.Name), p.texts.place(f.Value))
		}
		return pairs
	}
	redirects := make([][3]int64, len(d.Redirects))
	for i := range d.Redirects {
		r := &d.Redirects[i]
		t := &r.Timings
		redirects[i] = [3]int64{p.texts.place(r.URL), int64(r.Status), (t.Blocked + t.Duration()).Microseconds()}
	}
	p.data.Details = append(p.data.Details, detailData{
		p.texts.place(d.Proto), p.texts.place(d.Remote), p.texts.place(d.TLSVersion), p.texts.place(d.CipherSuite),
		p.certificate(d.Certificate, s.DaysLeft), fields(d.Sent), fields(d.Received), redirects, d.MoreSent, d.MoreReceived,
		d.BodySize,
	})
	return int64(len(p.data.Details))
}

// certificate gives a certificate its place. Those that are alike have the same.
func (p *pageDetails) certificate(c *certificate.Info, daysLeft int) int {
	if c == nil {
		return 0
	}
	day := func(t time.Time) string { return t.UTC().Format(time.RFC3339) }
	data := certificateData{
		phrase.Clean(c.Subject), phrase.Clean(c.Issuer), day(c.NotBefore), day(c.NotAfter), phrase.DaysLeft(daysLeft),
		phrase.Expiring(c, daysLeft),
		[]string{},
		c.Serial, c.SHA256,
	}
	for _, name := range c.DNSNames {
		data.Names = append(data.Names, phrase.Clean(name))
	}
	if c.More > 0 {
		data.Names = append(data.Names, phrase.Number(c.More)+" more")
	}
	key := fmt.Sprint(data)
	place, ok := p.certs[key]
	if !ok {
		p.data.Certs = append(p.data.Certs, data)
		place = len(p.data.Certs)
		p.certs[key] = place
	}
	return place
}

func phaseDataOf(h *aggregate.Histogram) phaseData {
	data := phaseData{
		Count: h.Count(), P50: h.Percentile(phrase.Median).Microseconds(), P95: h.Percentile(phrase.NearlyAll).Microseconds(),
		P99: h.Percentile(phrase.Outliers).Microseconds(), Buckets: [][3]int64{},
	}
	for b := range h.Buckets() {
		high := b.High.Microseconds()
		if b.High > 0 {
			high = max(high, 1) // 0 is for what took no time at all
		}
		count := int64(b.Count) // #nosec G115 -- nobody fetches that often
		data.Buckets = append(data.Buckets, [3]int64{b.Low.Microseconds(), high, count})
	}
	return data
}

// nameData is a name as the script reads it: at the end, the means of what its time is made of.
func nameData(n *aggregate.Name) []any {
	elapsed := &n.Times[aggregate.Elapsed]
	mean := func(p aggregate.Phase) time.Duration { return n.Times[p].Mean() }
	var parts [aggregate.Parts]int64
	for i, part := range aggregate.PartsOf(mean) {
		parts[i] = part.Microseconds()
	}
	return []any{
		phrase.Shown(n.Name), n.Count, n.Failed, n.Bytes, elapsed.Percentile(phrase.Median).Microseconds(),
		phrase.P95(n).Microseconds(),
		elapsed.Percentile(phrase.Outliers).Microseconds(), elapsed.Max().Microseconds(), parts,
	}
}

// causesByName are the reasons why names failed: how often, the text, the code and the status, the most frequent first.
func causesByName(s *phrase.Subject, texts *pageTexts) map[string][][4]int64 {
	causes := make(map[string][][4]int64)
	for i := range s.Failures {
		f := &s.Failures[i]
		for _, n := range f.Names {
			causes[n.Name] = append(causes[n.Name],
				[4]int64{int64(n.Count), texts.place(phrase.Reason(f.Cause)), int64(f.Code), int64(f.Status)})
		}
	}
	return causes
}

func timeDataOf(p *pageTime) *timeData {
	if p == nil {
		return nil
	}
	d := &timeData{Width: p.series.Width.Microseconds(), Steps: len(p.series.Steps), Points: [][4]float64{}}
	for i := range p.Charts {
		c := &p.Charts[i]
		chart := chartData{c.ID, c.Title, c.unit, c.max, c.stacked, nil, [][2]int{}}
		for _, f := range c.stretches {
			chart.Worse = append(chart.Worse, [2]int{f.from, f.to})
		}
		for _, line := range c.Lines {
			chart.Lines = append(chart.Lines, chartLineData{line.Name, line.values})
		}
		d.Charts = append(d.Charts, chart)
	}
	if p.Scatter == nil {
		return d
	}
	d.Scatter = &scatterData{p.Scatter.low, p.Scatter.high, p.Scatter.most, p.Scatter.log}
	for i := range p.series.Points {
		point := &p.series.Points[i]
		failed := 0.0
		if point.Failed {
			failed = 1
		}
		d.Points = append(d.Points, [4]float64{
			float64(point.Ended.Microseconds()), float64(point.Elapsed.Microseconds()), rounded(point.InFlight), failed,
		})
	}
	return d
}
