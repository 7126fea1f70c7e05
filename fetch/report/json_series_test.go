package report_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/reporttest"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/baseline"
)

// seriesDocument is what the JSON report says of a test over its time.
type seriesDocument struct {
	Totals struct{ Count, Failed, NotRun int }
	Series struct {
		Begun   time.Time
		Width   float64
		Reasons []struct{ Code, Status, Count int }
		Steps   struct {
			Count, Failed, VUs      []int
			Failures                [][]int
			P50, P95, P99, InFlight []float64
		}
	}
}

// The series of a long test is in the JSON report, in less than 60 kB.
func TestJSONHasTheTestOverItsTime(t *testing.T) {
	t.Parallel()
	about := reporttest.Load()
	text := write(t, "json", about)
	var d seriesDocument
	require.NoError(t, json.Unmarshal([]byte(text), &d))
	s := &d.Series
	require.Equal(t, about.Begun, s.Begun)
	require.InDelta(t, 1280, s.Width, 0)
	steps := len(s.Steps.Count)
	require.Greater(t, steps, 500)
	for _, column := range [][]float64{s.Steps.P50, s.Steps.P95, s.Steps.P99, s.Steps.InFlight} {
		require.Len(t, column, steps)
	}
	require.Len(t, s.Steps.VUs, steps)
	sum := func(column []int) (all int) {
		require.Len(t, column, steps)
		for _, n := range column {
			all += n
		}
		return all
	}
	require.Equal(t, d.Totals.Count-d.Totals.NotRun, sum(s.Steps.Count))
	require.Equal(t, d.Totals.Failed, sum(s.Steps.Failed))
	require.Len(t, s.Reasons, len(s.Steps.Failures))
	for i, reason := range s.Reasons {
		require.Equal(t, reason.Count, sum(s.Steps.Failures[i]))
	}

	var parts map[string]json.RawMessage
	require.NoError(t, json.Unmarshal([]byte(text), &parts))
	require.Less(t, len(parts["series"]), 60_000)
	_, err := baseline.Read([]byte(text))
	require.NoError(t, err, "a baseline has no use for it, and is none the worse")
}

func TestJSONOfNothingHasNoSeries(t *testing.T) {
	t.Parallel()
	require.NotContains(t, write(t, "json", reporttest.Empty()), `"series"`)
}
