package report

import (
	"math"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/phrase"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
)

// How a test went over its time, in the JSON report: a list for each figure, of one value for each step. That is less
// than half as long as an object for each step.
type (
	seriesRecord struct {
		Begun   time.Time     `json:"begun"`
		Width   float64       `json:"width"`
		Reasons []causeRecord `json:"reasons"`
		Steps   stepColumns   `json:"steps"`
	}
	stepColumns struct {
		Count    []int     `json:"count"`
		Failed   []int     `json:"failed"`
		Failures [][]int   `json:"failures"`
		P50      []float64 `json:"p50"`
		P95      []float64 `json:"p95"`
		P99      []float64 `json:"p99"`
		InFlight []float64 `json:"inFlight"`
		VUs      []int     `json:"vus"`
	}
)

func seriesRecordOf(s *aggregate.Series) *seriesRecord {
	if s == nil {
		return nil
	}
	n := len(s.Steps)
	record := &seriesRecord{
		Begun: s.Begun.UTC(), Width: phrase.Millis(s.Width), Reasons: make([]causeRecord, len(s.Reasons)),
		Steps: stepColumns{
			Count: make([]int, n), Failed: make([]int, n), Failures: make([][]int, len(s.Reasons)), VUs: make([]int, n),
			P50: make([]float64, n), P95: make([]float64, n), P99: make([]float64, n), InFlight: make([]float64, n),
		},
	}
	c := &record.Steps
	for i := range s.Steps {
		step := &s.Steps[i]
		c.Count[i], c.Failed[i], c.VUs[i] = step.Count, step.Failed, step.VUs
		c.P50[i], c.P95[i], c.P99[i] = phrase.Millis(step.P50), phrase.Millis(step.P95), phrase.Millis(step.P99)
		c.InFlight[i] = hundredths(step.InFlight)
	}
	for reason, cause := range s.Reasons {
		column, sum := make([]int, n), 0
		for i := range s.Steps {
			column[i] = s.Steps[i].Failures[reason]
			sum += column[i]
		}
		record.Reasons[reason], c.Failures[reason] = causeRecordOf(cause, sum), column
	}
	return record
}

func hundredths(v float64) float64 {
	const hundred = 100
	return math.Round(v*hundred) / hundred
}
