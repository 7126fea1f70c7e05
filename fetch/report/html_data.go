package report

import (
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/collect"
)

// The data of the page's script. Times are in microseconds, and texts are named by their places.
type (
	pageData struct {
		Texts    []string             `json:"texts"`
		Lines    []lineData           `json:"lines"`
		Compared []int                `json:"compared"`
		Single   []int                `json:"single"`
		Phases   map[string]phaseData `json:"phases"`
		Names    [][]any              `json:"names"`
	}
	lineData struct {
		Mode        string    `json:"mode"`
		Concurrency int       `json:"concurrency"`
		Elapsed     int64     `json:"elapsed"`
		Count       int       `json:"count"`
		Failed      int       `json:"failed"`
		NotRun      int       `json:"notRun"`
		Peak        int       `json:"peak"`
		Rows        [][]int64 `json:"rows"`
	}
	phaseData struct {
		Count   int        `json:"count"`
		P50     int64      `json:"p50"`
		P95     int64      `json:"p95"`
		P99     int64      `json:"p99"`
		Buckets [][3]int64 `json:"buckets"`
	}
)

func pageDataOf(s *Source) *pageData {
	d := &pageData{Lines: []lineData{}, Phases: make(map[string]phaseData), Names: [][]any{}}
	places := make(map[string]int64)
	text := func(s string) int64 {
		s = clean(s)
		place, ok := places[s]
		if !ok {
			place = int64(len(d.Texts))
			places[s] = place
			d.Texts = append(d.Texts, s)
		}
		return place
	}
	text("")
	var lines []*collect.Timeline
	lines, d.Compared, d.Single = linesOf(s)
	for _, t := range lines {
		line := lineData{
			t.Mode, min(t.Concurrency, t.Count), t.Elapsed.Microseconds(), t.Count, t.Failed, t.NotRun, t.Peak,
			make([][]int64, len(t.Rows)),
		}
		for i := range t.Rows {
			line.Rows[i] = rowData(&t.Rows[i], text)
		}
		d.Lines = append(d.Lines, line)
	}
	for _, p := range shownPhases {
		h := &s.All.Times[p.phase]
		data := phaseData{
			Count: h.Count(), P50: h.Percentile(median).Microseconds(), P95: h.Percentile(nearlyAll).Microseconds(),
			P99: h.Percentile(outliers).Microseconds(), Buckets: [][3]int64{},
		}
		for b := range h.Buckets() {
			high := b.High.Microseconds()
			if b.High > 0 {
				high = max(high, 1) // 0 is for what took no time at all
			}
			count := int64(b.Count) // #nosec G115 -- nobody fetches that often
			data.Buckets = append(data.Buckets, [3]int64{b.Low.Microseconds(), high, count})
		}
		d.Phases[p.phase.String()] = data
	}
	for _, n := range byFailure(s.Names) {
		d.Names = append(d.Names, nameData(n))
	}
	return d
}

// rowData is a result as the script reads it: the places are those of its constants.
func rowData(r *collect.Sample, text func(string) int64) []int64 {
	var reused int64
	if r.Reused {
		reused = 1
	}
	t := &r.Timings
	return []int64{
		text(r.Label()), text(r.URL), text(r.Method), int64(r.State), int64(r.Status), int64(r.ErrorCode), text(r.Error),
		int64(r.Attempts), r.Bytes, reused, r.Queued.Microseconds(), r.Elapsed.Microseconds(),
		t.Blocked.Microseconds(), t.LookingUp.Microseconds(), t.Connecting.Microseconds(), t.TLSHandshaking.Microseconds(),
		t.Sending.Microseconds(), t.Waiting.Microseconds(), t.Receiving.Microseconds(), text(brokenChecks(r.Result())),
	}
}

// nameData is a name as the script reads it: at the end, the means of what its time is made of.
func nameData(n *collect.Name) []any {
	elapsed := &n.Times[collect.Elapsed]
	mean := func(p collect.Phase) time.Duration { return n.Times[p].Mean() }
	var parts [collect.Parts]int64
	for i, part := range collect.PartsOf(mean) {
		parts[i] = part.Microseconds()
	}
	return []any{
		shown(n.Name), n.Count, n.Failed, n.Bytes, elapsed.Percentile(median).Microseconds(), p95(n).Microseconds(),
		elapsed.Percentile(outliers).Microseconds(), elapsed.Max().Microseconds(), parts,
	}
}
