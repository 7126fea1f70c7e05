package report

import (
	"math"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/phrase"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/baseline"
)

// How the report differs from a baseline, as schema.json describes it.
type (
	// againstRecord has many fields: one for each key in schema.json.
	againstRecord struct {
		Title        string            `json:"title"`
		Begun        *time.Time        `json:"begun,omitempty"`
		Summary      string            `json:"summary"`
		Significance float64           `json:"significance"`
		Tolerance    float64           `json:"tolerance"`
		Failing      int               `json:"failing"`
		Slower       int               `json:"slower"`
		Grew         int               `json:"grew"`
		Healed       int               `json:"healed"`
		Faster       int               `json:"faster"`
		Shrank       int               `json:"shrank"`
		Same         int               `json:"same"`
		TooFew       int               `json:"tooFew"`
		New          int               `json:"new"`
		Missing      int               `json:"missing"`
		NotCompared  int               `json:"notCompared"`
		Enough       int               `json:"enough"`
		Names        []judgementRecord `json:"names"`
	}
	judgementRecord struct {
		Name     string             `json:"name"`
		Verdict  baseline.Verdict   `json:"verdict"`
		Then     *figuresRecord     `json:"then,omitempty"`
		Now      *figuresRecord     `json:"now,omitempty"`
		Change   map[string]float64 `json:"change,omitempty"`
		Test     *testRecord        `json:"test,omitempty"`
		Grown    *grownRecord       `json:"grown,omitempty"`
		Failures *sharesRecord      `json:"failures,omitempty"`
		Sizes    *sizesRecord       `json:"sizes,omitempty"`
	}
	figuresRecord struct {
		Count  int     `json:"count"`
		Failed int     `json:"failed"`
		NotRun int     `json:"notRun"`
		Mean   float64 `json:"mean"`
		P50    float64 `json:"p50"`
		P95    float64 `json:"p95"`
		Bytes  *int64  `json:"bytes,omitempty"`
	}
	sharesRecord struct {
		P           float64 `json:"p"`
		Uncorrected float64 `json:"uncorrected"`
	}
	sizesRecord struct {
		Verdict baseline.Verdict `json:"verdict"`
		testRecord
	}
	testRecord struct {
		P           float64 `json:"p"`
		Uncorrected float64 `json:"uncorrected"`
		Superiority float64 `json:"superiority"`
		Exact       bool    `json:"exact"`
	}
	grownRecord struct {
		Phase string  `json:"phase"`
		Then  float64 `json:"then"`
		Now   float64 `json:"now"`
	}
)

func againstRecordOf(c *baseline.Comparison) *againstRecord {
	if c == nil {
		return nil
	}
	r := &againstRecord{
		Title: phrase.Clean(c.Title), Summary: phrase.Counts(c), Significance: c.Significance, Tolerance: c.Tolerance,
		Failing: c.Count(baseline.Failing), Slower: c.Count(baseline.Slower), Grew: c.Count(baseline.Grew),
		Healed: c.Count(baseline.Healed), Faster: c.Count(baseline.Faster), Shrank: c.Count(baseline.Shrank),
		Same: c.Count(baseline.Same), TooFew: c.Count(baseline.TooFew), New: c.Count(baseline.New),
		Missing:     c.Count(baseline.Missing),
		NotCompared: c.NotCompared, Enough: c.Enough, Names: make([]judgementRecord, len(c.Names)),
	}
	if begun := c.Begun.UTC(); !begun.IsZero() {
		r.Begun = &begun
	}
	for i := range c.Names {
		r.Names[i] = judgementRecordOf(&c.Names[i])
	}
	return r
}

func judgementRecordOf(j *baseline.Judgement) judgementRecord {
	r := judgementRecord{
		Name: phrase.Clean(j.Name), Verdict: j.Verdict, Then: figuresRecordOf(j.Then), Now: figuresRecordOf(j.Now),
		Change: changes(j),
	}
	if j.Tested {
		r.Test = &testRecord{j.Corrected, j.P, j.Superiority, j.Exact}
	}
	if g := j.Grown; g != nil {
		r.Grown = &grownRecord{g.String(), phrase.Millis(g.Then), phrase.Millis(g.Now)}
	}
	if f := j.Failures; f != nil {
		r.Failures = &sharesRecord{f.Corrected, f.P}
	}
	if s := j.Sizes; s != nil {
		r.Sizes = &sizesRecord{s.Verdict, testRecord{s.Corrected, s.P, s.Superiority, s.Exact}}
	}
	return r
}

func figuresRecordOf(n *baseline.Name) *figuresRecord {
	if n == nil {
		return nil
	}
	t := &n.Times[aggregate.Elapsed]
	r := &figuresRecord{
		Count: n.Count, Failed: n.Failed, NotRun: n.NotRun, Mean: phrase.Millis(t.Mean), P50: phrase.Millis(t.P50),
		P95: phrase.Millis(t.P95),
	}
	if n.Sizes.Count > 0 {
		bytes := phrase.InBytes(n.Sizes.P50)
		r.Bytes = &bytes
	}
	return r
}

// changes are those of the figures that were not 0.
func changes(j *baseline.Judgement) map[string]float64 {
	if j.Then == nil || j.Now == nil {
		return nil
	}
	then, now := &j.Then.Times[aggregate.Elapsed], &j.Now.Times[aggregate.Elapsed]
	if then.Count == 0 || now.Count == 0 {
		return nil
	}
	all := make(map[string]float64)
	for name, change := range map[string]float64{
		"mean": baseline.Change(then.Mean, now.Mean), "p50": baseline.Change(then.P50, now.P50),
		"p95": baseline.Change(then.P95, now.P95), "bytes": baseline.Change(j.Then.Sizes.P50, j.Now.Sizes.P50),
	} {
		if !math.IsInf(change, 0) {
			all[name] = change
		}
	}
	return all
}
