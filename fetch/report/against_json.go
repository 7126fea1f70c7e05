package report

import (
	"math"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/baseline"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/collect"
)

// How the report differs from a baseline, as schema.json describes it.
type (
	againstRecord struct {
		Title        string            `json:"title"`
		Begun        time.Time         `json:"begun"`
		Significance float64           `json:"significance"`
		Tolerance    float64           `json:"tolerance"`
		Slower       int               `json:"slower"`
		Faster       int               `json:"faster"`
		Same         int               `json:"same"`
		TooFew       int               `json:"tooFew"`
		New          int               `json:"new"`
		Missing      int               `json:"missing"`
		NotCompared  int               `json:"notCompared"`
		Enough       int               `json:"enough"`
		Names        []judgementRecord `json:"names"`
	}
	judgementRecord struct {
		Name    string             `json:"name"`
		Verdict baseline.Verdict   `json:"verdict"`
		Then    *figuresRecord     `json:"then,omitempty"`
		Now     *figuresRecord     `json:"now,omitempty"`
		Change  map[string]float64 `json:"change,omitempty"`
		Test    *testRecord        `json:"test,omitempty"`
		Grown   *grownRecord       `json:"grown,omitempty"`
	}
	figuresRecord struct {
		Count  int     `json:"count"`
		Failed int     `json:"failed"`
		NotRun int     `json:"notRun"`
		Mean   float64 `json:"mean"`
		P50    float64 `json:"p50"`
		P95    float64 `json:"p95"`
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
		Title: clean(c.Title), Begun: c.Begun.UTC(), Significance: c.Significance, Tolerance: c.Tolerance,
		Slower: c.Count(baseline.Slower), Faster: c.Count(baseline.Faster), Same: c.Count(baseline.Same),
		TooFew: c.Count(baseline.TooFew), New: c.Count(baseline.New), Missing: c.Count(baseline.Missing),
		NotCompared: c.NotCompared, Enough: c.Enough, Names: make([]judgementRecord, len(c.Names)),
	}
	for i := range c.Names {
		j := &c.Names[i]
		r.Names[i] = judgementRecord{
			Name: clean(j.Name), Verdict: j.Verdict, Then: figuresRecordOf(j.Then), Now: figuresRecordOf(j.Now),
			Change: changes(j),
		}
		if j.Tested {
			r.Names[i].Test = &testRecord{j.Corrected, j.P, j.Superiority, j.Exact}
		}
		if g := j.Grown; g != nil {
			r.Names[i].Grown = &grownRecord{g.String(), ms(g.Then), ms(g.Now)}
		}
	}
	return r
}

func figuresRecordOf(n *baseline.Name) *figuresRecord {
	if n == nil {
		return nil
	}
	t := &n.Times[collect.Elapsed]
	return &figuresRecord{n.Count, n.Failed, n.NotRun, ms(t.Mean), ms(t.P50), ms(t.P95)}
}

// changes are those of the figures that were not 0.
func changes(j *baseline.Judgement) map[string]float64 {
	if j.Then == nil || j.Now == nil {
		return nil
	}
	then, now := &j.Then.Times[collect.Elapsed], &j.Now.Times[collect.Elapsed]
	if then.Count == 0 || now.Count == 0 {
		return nil
	}
	all := make(map[string]float64)
	for name, change := range map[string]float64{
		"mean": baseline.Change(then.Mean, now.Mean), "p50": baseline.Change(then.P50, now.P50),
		"p95": baseline.Change(then.P95, now.P95),
	} {
		if !math.IsInf(change, 0) {
			all[name] = change
		}
	}
	return all
}
